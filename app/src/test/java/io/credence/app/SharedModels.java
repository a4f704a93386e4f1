package io.credence.app;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.credence.app.input.NpyBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/** SavedModels of other people, and rows that they can read. */
enum SharedModels {
  MLPERF_KWS,
  VESPA_TF1_DROPOUT,
  STOCK_NLX,
  STOCK_TRANSFORMER,
  OPTBA_LSTM_RECDROP,
  RONGO_LSTM,
  HEART_TABULAR;

  private static final String[] CHEST_PAIN = {"ATA", "NAP", "ASY", "TA"};
  private static final String[] ECG = {"Normal", "ST", "LVH"};
  private static final String[] SLOPE = {"Up", "Flat", "Down"};

  /** The shape of a row, where it is one array. */
  private int[] shape() {
    return switch (this) {
      case MLPERF_KWS -> new int[] {49, 10, 1};
      case VESPA_TF1_DROPOUT -> new int[] {784};
      case STOCK_NLX -> new int[] {30, 1};
      case STOCK_TRANSFORMER -> new int[] {30, 6};
      case OPTBA_LSTM_RECDROP -> new int[] {13};
      case RONGO_LSTM -> new int[] {11}; // it reads sequences of any length
      case HEART_TABULAR -> throw new IllegalStateException("a table");
    };
  }

  /** A number of the kind that it was trained on: features, pixels, prices, words. */
  private double value(SplittableRandom random) {
    return switch (this) {
      case MLPERF_KWS -> random.nextDouble(-120, 120);
      case VESPA_TF1_DROPOUT -> random.nextInt(5) == 0 ? random.nextDouble() : 0;
      case OPTBA_LSTM_RECDROP, RONGO_LSTM -> random.nextInt(9);
      default -> random.nextDouble();
    };
  }

  /** The folder of all of them; skips the test where there is none. */
  static Path root() {
    String variable = System.getenv("CREDENCE_SHARED");
    Path root =
        (variable == null ? Path.of("../../shared") : Path.of(variable)).resolve("savedmodels");
    assumeTrue(Files.isDirectory(root), "nothing at " + root + ": set CREDENCE_SHARED");
    return root;
  }

  Path folder() {
    return root().resolve(name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  boolean isRegressor() {
    return name().startsWith("STOCK");
  }

  /** The options that its own last op does not make needless. */
  List<Object> options() {
    List<Object> options = new ArrayList<>(List.of("--model", folder()));
    if (isRegressor()) {
      options.addAll(List.of("--output-kind", "MEAN"));
    } else if (this == VESPA_TF1_DROPOUT) {
      options.addAll(List.of("--output-kind", "LOGITS"));
    }
    return options;
  }

  /** Writes some of the 64 rows that a seed makes, in this order. */
  Path write(Path file, List<Integer> rows) {
    try {
      return this == HEART_TABULAR ? patients(file, rows) : npy(file, rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path npy(Path file, List<Integer> rows) throws IOException {
    int each = 1;
    StringBuilder dims = new StringBuilder("(" + rows.size());
    for (int dim : shape()) {
      each *= dim;
      dims.append(", ").append(dim);
    }
    ByteBuffer data = NpyBytes.littleEndian(4 * each * rows.size());
    for (int row : rows) {
      SplittableRandom random = new SplittableRandom(7000L + row);
      for (int i = 0; i < each; i++) {
        data.putFloat((float) value(random));
      }
    }
    return NpyBytes.write(file, "<f4", dims.append(")").toString(), data);
  }

  private static Path patients(Path file, List<Integer> rows) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int row : rows) {
      SplittableRandom r = new SplittableRandom(7000L + row);
      lines.add(
          "{\"Age\":%d,\"ChestPainType\":\"%s\",\"Cholesterol\":%d,\"ExerciseAngina\":\"%s\",\"FastingBS\":%d,\"MaxHR\":%d,\"Oldpeak\":%s,\"RestingBP\":%d,\"RestingECG\":\"%s\",\"ST_Slope\":\"%s\",\"Sex\":\"%s\"}"
              .formatted(
                  r.nextInt(28, 78),
                  CHEST_PAIN[r.nextInt(4)],
                  r.nextInt(85, 400),
                  r.nextBoolean() ? "Y" : "N",
                  r.nextInt(2),
                  r.nextInt(60, 203),
                  Double.toString(r.nextInt(-10, 45) / 10.0),
                  r.nextInt(80, 200),
                  ECG[r.nextInt(3)],
                  SLOPE[r.nextInt(3)],
                  r.nextBoolean() ? "M" : "F"));
    }
    return Files.write(file, lines);
  }

  /** SHA-256 of each file in a folder, by path. */
  static Map<String, String> hashes(Path folder) {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
          in.transferTo(OutputStream.nullOutputStream());
        }
        hashes.put(file.toString(), HexFormat.of().formatHex(digest.digest()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    return hashes;
  }
}
