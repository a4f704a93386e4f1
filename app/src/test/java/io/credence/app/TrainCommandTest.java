package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on a few pictures of eight by eight, bright or dark, and all that can be wrong. */
class TrainCommandTest {

  private static final int SIZE = 8;

  @TempDir Path folder;
  private Path data;
  private Path out;

  @BeforeEach
  void write() throws IOException {
    data = Files.createDirectory(folder.resolve("data"));
    out = folder.resolve("models").resolve("tiny");
    pictures("train", 64);
    pictures("t10k", 20);
  }

  private void pictures(String prefix, int count) throws IOException {
    SplittableRandom random = new SplittableRandom(count);
    byte[] pixels = new byte[count * SIZE * SIZE];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 2);
      for (int j = 0; j < SIZE * SIZE; j++) {
        pixels[i * SIZE * SIZE + j] = (byte) (200 * labels[i] + random.nextInt(50));
      }
    }
    Files.write(
        data.resolve(prefix + "-images-idx3-ubyte"),
        DigitInputs.idxBytes(pixels, count, SIZE, SIZE));
    Files.write(data.resolve(prefix + "-labels-idx1-ubyte"), DigitInputs.idxBytes(labels, count));
  }

  private static CommandRun train(Object... args) {
    Object[] all = new Object[args.length + 1];
    all[0] = "train";
    System.arraycopy(args, 0, all, 1, args.length);
    return CommandRun.of(all);
  }

  @Test
  void lenet_exportsAModelThatScoresItsTestSet() {
    CommandRun run =
        CommandRun.done("train", "lenet", "--data", data, "--out", out, "--epochs", 40);
    assertTrue(
        run.out().contains("lenet: 64 training and 20 test pictures of 8 × 8 × 1, 2 classes"),
        run.out());
    assertTrue(run.out().contains("test accuracy 100.00 %"), run.out());
    assertTrue(run.out().contains("written to " + out), run.out());
    assertEquals(List.of("tiny"), CommandRun.names(out.getParent()));
    List<JsonNode> rows =
        CommandRun.score(
            folder.resolve("s.jsonl"),
            "--model",
            out,
            "--input",
            data.resolve("t10k-images-idx3-ubyte"));
    assertEquals(20, rows.size());
    for (int i = 0; i < rows.size(); i++) {
      assertEquals(Integer.toString(i), rows.get(i).get("id").textValue());
      assertEquals(Integer.toString(i % 2), rows.get(i).get("predictedLabel").textValue());
    }
  }

  @Test
  void lenet5_hasNoDropout_andAnswersAsServed() {
    CommandRun run =
        CommandRun.done("train", "lenet5", "--data", data, "--out", out, "--epochs", 30);
    assertTrue(run.out().contains("lenet5: 64 training and 20 test pictures"), run.out());
    Path input = data.resolve("t10k-images-idx3-ubyte");
    Path scores = folder.resolve("s.jsonl");
    CommandRun.of("score", "--model", out, "--input", input, "--out", scores)
        .assertRefused("no dropout");
    List<JsonNode> rows = CommandRun.score(scores, "--model", out, "--input", input, "--as-served");
    for (int i = 0; i < 20; i++) {
      assertEquals(Integer.toString(i % 2), rows.get(i).get("predictedLabel").textValue());
      assertEquals(1, rows.get(i).get("samples").intValue());
    }
  }

  @Test
  void lenet_limit_learnsFromTheFirstPicturesOnly() throws IOException {
    CommandRun run =
        CommandRun.done(
            "train", "lenet", "--data", data, "--out", out, "--epochs", 1, "--limit", 7);
    assertTrue(run.out().contains("lenet: 7 training and 20 test pictures"), run.out());
    assertTrue(
        Files.readString(out.resolve("credence.json")).contains("\"trainingPictures\" : \"7\""));
    train("lenet", "--data", data, "--out", folder.resolve("none"), "--limit", 0)
        .assertMessage("--limit is 0; it must be at least 1 picture");
    train("outliers-2d", "--out", folder.resolve("none"), "--limit", 5)
        .assertRefused("recipe outliers-2d has no use for --limit");
  }

  @Test
  void recipe_unknown_listsTheKnown() {
    train("resnet", "--out", out)
        .assertRefused(
            "recipe \"resnet\" is unknown",
            "choose one of street-digits, lenet, lenet5, outlier-exposure");
  }

  @Test
  void recipe_missing_isAskedFor() {
    train("--out", out).assertRefused("Missing required parameter", "RECIPE");
  }

  @Test
  void lenet_withoutData_saysWhatIsNeeded() {
    train("lenet", "--out", out).assertRefused("recipe lenet needs --data DIR", "four IDX files");
    assertTrue(Files.notExists(out.getParent()));
  }

  @Test
  void streetDigits_withData_isRefused() {
    train("street-digits", "--data", data, "--out", out)
        .assertRefused("recipe street-digits has no use for --data", "leave it out");
  }

  @Test
  void outlierExposure_withoutWeights_saysWhatIsNeeded() {
    train("outlier-exposure", "--out", out)
        .assertRefused("recipe outlier-exposure needs --weights DIR", "eight .npy files");
    train("outlier-exposure", "--out", out, "--weights", folder.resolve("nowhere"))
        .assertRefused(folder.resolve("nowhere") + " is no folder", "conv1, conv2, fc1 and fc2");
    train("outlier-exposure", "--out", out, "--weights", data)
        .assertRefused(data + " lacks conv1.weight.npy, conv1.bias.npy");
    assertTrue(Files.notExists(out));
  }

  @Test
  void lenet_outliers_areAnsweredWithoutAChoice() throws IOException {
    Path file = folder.resolve("outliers");
    byte[] pixels = new byte[30 * SIZE * SIZE];
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (random.nextInt(2) * 255);
    }
    Files.write(file, DigitInputs.idxBytes(pixels, 30, SIZE, SIZE));
    CommandRun run =
        CommandRun.done(
            "train", "lenet", "--data", data, "--out", out, "--epochs", 60, "--outliers", file);
    assertTrue(run.out().contains("exposed to 30 outliers of " + file + ", lambda 0.5"), run.out());
    assertTrue(run.out().contains("test accuracy 100.00 %"), run.out());
    List<JsonNode> rows =
        CommandRun.score(folder.resolve("s.jsonl"), "--model", out, "--input", file);
    double mean =
        rows.stream()
            .mapToDouble(row -> row.get("maxProbability").doubleValue())
            .average()
            .orElse(1);
    assertTrue(mean < .65, "mean max probability of outliers " + mean);
  }

  @Test
  void outliers_thatCannotBe_areRefused() throws IOException {
    train("lenet", "--data", data, "--out", out, "--lambda", 1)
        .assertRefused("--lambda is the weight of outliers", "add --outliers PATH");
    Path file = folder.resolve("outliers");
    Files.write(file, DigitInputs.idxBytes(new byte[SIZE * SIZE], 1, SIZE, SIZE));
    train("lenet", "--data", data, "--out", out, "--outliers", file)
        .assertRefused(file + " holds no value above 1", "save them unscaled");
    byte[] bright = new byte[SIZE * SIZE];
    bright[0] = 99;
    Files.write(file, DigitInputs.idxBytes(bright, 1, SIZE, SIZE));
    train("lenet", "--data", data, "--out", out, "--outliers", file, "--lambda", -1)
        .assertRefused("lambda is -1.0; it must be at least 0");
    train("outlier-exposure", "--out", out, "--outliers", file)
        .assertRefused("recipe outlier-exposure has no use for --outliers");
    assertTrue(Files.notExists(out));
  }

  @Test
  void data_missingFile_namesItAndTheFolder() throws IOException {
    Files.delete(data.resolve("t10k-labels-idx1-ubyte"));
    train("lenet", "--data", data, "--out", out)
        .assertRefused(data + " holds neither t10k-labels-idx1-ubyte", "name the folder");
  }

  @Test
  void epochs_zero_isRefused() {
    train("lenet", "--data", data, "--out", out, "--epochs", 0)
        .assertRefused("epochs 0", "one epoch");
  }

  @Test
  void out_thereAlready_isKeptAndBothWaysOutAreNamed() throws IOException {
    Files.createDirectories(out);
    Path precious = Files.writeString(out.resolve("saved_model.pb"), "precious");
    train("street-digits", "--out", out)
        .assertRefused(out + " is there already", "name another folder, or say --overwrite");
    assertEquals("precious", Files.readString(precious));
    assertEquals(List.of("tiny"), CommandRun.names(out.getParent()));
  }

  @Test
  void out_aFile_isNotOverwritten() throws IOException {
    Files.createDirectories(out.getParent());
    Files.writeString(out, "precious");
    train("lenet", "--data", data, "--out", out, "--overwrite")
        .assertRefused(out + " is there already");
    assertEquals("precious", Files.readString(out));
    assertEquals(List.of("tiny"), CommandRun.names(out.getParent()));
  }

  @Test
  void out_thereAlready_overwrite_replacesIt() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("saved_model.pb"), "old");
    Files.writeString(out.resolve("fingerprint.pb"), "old");
    CommandRun.done("train", "lenet", "--data", data, "--out", out, "--epochs", 1, "--overwrite");
    assertEquals(List.of("credence.json", "saved_model.pb", "variables"), CommandRun.names(out));
    assertEquals(List.of("tiny"), CommandRun.names(out.getParent()));
  }

  @Test
  void out_folderThatIsNoModel_isNotOverwritten() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("thesis.txt"), "precious");
    train("lenet", "--data", data, "--out", out, "--overwrite")
        .assertRefused(out + " holds more than a model, [thesis.txt]", "name another folder");
    assertEquals("precious", Files.readString(out.resolve("thesis.txt")));
  }
}
