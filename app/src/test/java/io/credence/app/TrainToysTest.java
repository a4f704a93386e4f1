package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small recipes show what they are there to show, and leave models that are scored. */
class TrainToysTest {

  @TempDir private Path folder;

  /** The numbers of the line that begins so. */
  private static double[] numbers(CommandRun run, String name) {
    String line = run.out().lines().filter(l -> l.startsWith(name + " ")).findFirst().orElseThrow();
    return Arrays.stream(line.substring(name.length()).strip().split(" +", -1))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  private static int width(Path picture) throws IOException {
    return ImageIO.read(picture.toFile()).getWidth();
  }

  @Test
  void outliers2d_softmaxIsSureOfOutliers_andOutlierExposureIsNot() throws IOException {
    Path out = folder.resolve("plane");
    CommandRun run = CommandRun.done("train", "outliers-2d", "--out", out);
    double[] one = numbers(run, "one network");
    double[] passes = numbers(run, "its 50 passes with dropout");
    double[] five = numbers(run, "five networks");
    double[] exposed = numbers(run, "Outlier Exposure");
    for (double[] method : List.of(one, passes, five, exposed)) {
      assertTrue(method[0] > .98, "sure of the clusters: " + method[0]);
    }
    assertTrue(one[1] > .95, "max softmax of outliers " + one[1]);
    assertTrue(exposed[1] < .65, "max softmax of outliers, exposed " + exposed[1]);
    assertTrue(exposed[2] > .6, "entropy of outliers, exposed " + exposed[2]);
    assertEquals(0, one[3]);
    assertTrue(width(out.resolve("outliers-2d.png")) > 1000);
    assertEquals(List.of("ensemble", "outlier-exposure", "outliers-2d.png"), CommandRun.names(out));
    Path points = Files.writeString(folder.resolve("p.jsonl"), "{\"x\": [5.5, -3.5]}\n");
    JsonNode row =
        CommandRun.score(
                folder.resolve("s.jsonl"), "--model", out.resolve("ensemble"), "--input", points)
            .get(0);
    assertEquals("1", row.get("predictedLabel").textValue());
    CommandRun.of("train", "outliers-2d", "--out", out)
        .assertRefused("is there already", "--overwrite");
  }

  @Test
  void regression1d_reluDoubtsFarFromItsData_andTanhDoesNot() throws IOException {
    Path out = folder.resolve("cube");
    CommandRun run = CommandRun.done("train", "regression-1d", "--out", out);
    double[] relu = numbers(run, "relu");
    double[] tanh = numbers(run, "tanh");
    assertTrue(relu[1] > 4 * relu[0] && relu[2] > 1.3 * relu[1], Arrays.toString(relu));
    assertTrue(tanh[2] < 1.3 * tanh[1], Arrays.toString(tanh));
    assertTrue(CommandRun.names(out).containsAll(List.of("relu", "tanh")));
    if (!run.out().contains("no fonts")) {
      assertEquals(1240, width(out.resolve("regression-1d.png")));
    }
    String report = CommandRun.done("inspect", "--model", out.resolve("relu")).out();
    assertTrue(report.contains("dropout_2"), report);
  }

  @Test
  void mixture1d_componentsLieOnTheBranches() {
    Path out = folder.resolve("mixture");
    CommandRun run = CommandRun.done("train", "mixture-1d", "--out", out);
    String line =
        run.out().lines().filter(l -> l.startsWith("at x = .5")).findFirst().orElseThrow();
    double[] places =
        Arrays.stream(line.substring(line.indexOf("components ") + 11).split(", ", -1))
            .mapToDouble(c -> Double.parseDouble(c.replaceAll(".* at | ±.*", "")))
            .sorted()
            .toArray();
    // t + 0.3 sin 2πt = 0.5 at .5 and at .5 ± .290, by bisection.
    assertEquals(.210, places[0], .06);
    assertEquals(.5, places[1], .06);
    assertEquals(.790, places[2], .06);
  }

  @Test
  void options_withoutUse_areRefused() {
    CommandRun.of("train", "mixture-1d", "--out", folder.resolve("m"), "--lambda", 1)
        .assertRefused("recipe mixture-1d has no use for --lambda");
    CommandRun.of("train", "outliers-2d", "--out", folder.resolve("m"), "--epochs", 0)
        .assertRefused("epochs 0", "one epoch");
  }
}
