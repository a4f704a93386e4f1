package io.credence.models.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes a set of three features, the second of which never varies, and splits of some rows. */
public final class MadeTable {

  private MadeTable() {}

  /**
   * Writes and reads a set of that many rows; split k leaves out and tests every row of k mod 5.
   */
  public static TabularSet of(Path folder, int rows, int splits) throws IOException {
    write(folder, rows, splits);
    return TabularSet.read(folder);
  }

  static void write(Path folder, int rows, int splits) throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      double a = 30 + 4 * random.nextDouble();
      double b = random.nextDouble() - 9;
      double y = 100 + 20 * Math.sin(a) + 5 * b;
      lines.add(y + " " + a + "\t0.1   " + b);
    }
    put(folder, "data.txt", String.join("\n", lines) + "\n\n");
    put(folder, "index_features.txt", "1\n2\n3\n");
    put(folder, "index_target.txt", "0\n");
    for (int k = 0; k < splits; k++) {
      int split = k;
      put(folder, "index_train_" + k + ".txt", rows(rows, i -> i % 5 != split));
      put(folder, "index_test_" + k + ".txt", rows(rows, i -> i % 5 == split));
    }
  }

  private static String rows(int rows, java.util.function.IntPredicate which) {
    return IntStream.range(0, rows)
        .filter(which)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining("\n"));
  }

  static void put(Path folder, String name, String text) throws IOException {
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data").resolve(name), text);
  }
}
