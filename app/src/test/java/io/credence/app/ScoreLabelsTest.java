package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.ClassificationPrediction;
import io.credence.ElementType;
import io.credence.ModelDescription;
import io.credence.OutputKind;
import io.credence.SamplingCost;
import io.credence.SamplingPlan;
import io.credence.TensorSpec;
import io.credence.app.input.BadInputException;
import io.credence.app.input.NpyBytes;
import io.credence.models.BundledModel;
import io.credence.statistics.ClassificationMoments;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** {@code --labels}: what it adds to lines and summary, and what it refuses. */
class ScoreLabelsTest {

  /** The digits that the pictures show, but for the second, which is mislabelled. */
  private static final int[] LABELS = labels();

  private static BundledModel model;
  @TempDir Path folder;
  private Path input;
  private Path out;

  private static int[] labels() {
    int[] labels = DigitInputs.PICTURES.stream().mapToInt(p -> p.label().orElseThrow()).toArray();
    labels[1] = (labels[1] + 1) % 10;
    return labels;
  }

  @BeforeAll
  static void unpack() {
    model = BundledModel.streetDigits();
  }

  @AfterAll
  static void remove() {
    model.close();
  }

  @BeforeEach
  void write() throws IOException {
    input = DigitInputs.float32(folder.resolve("digits.npy"));
    out = folder.resolve("s.jsonl");
  }

  private Path text(Object... labels) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Object label : labels) {
      lines.append(label).append('\n');
    }
    return Files.writeString(folder.resolve("labels.txt"), lines);
  }

  private Path text() throws IOException {
    Object[] all = new Object[LABELS.length];
    Arrays.setAll(all, i -> LABELS[i]);
    return text(all);
  }

  private CommandRun run(Path scored, Path labels, Object... options) {
    List<Object> args = new ArrayList<>(List.of("score", "--model", model.folder()));
    args.addAll(List.of("--input", scored, "--labels", labels, "--out", out, "--passes", 7));
    args.addAll(List.of(options));
    return CommandRun.done(args.toArray());
  }

  private CommandRun refused(Path scored, Path labels, Object... options) {
    List<Object> args = new ArrayList<>(List.of("--model", model.folder(), "--input", scored));
    args.addAll(List.of("--labels", labels));
    args.addAll(List.of(options));
    return CommandRun.refusedScore(folder, args.toArray());
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void summary_json_isWhatTheLinesComeTo() throws IOException {
    JsonNode summary = CommandRun.json(run(input, text(), "--json").out());
    double errors = 0;
    double loss = 0;
    double brier = 0;
    double[] gaps = new double[15];
    List<JsonNode> rows = CommandRun.rows(out);
    for (int i = 0; i < LABELS.length; i++) {
      JsonNode row = rows.get(i);
      assertEquals(LABELS[i], row.get("label").intValue());
      double confidence = row.get("maxProbability").doubleValue();
      boolean right = row.get("predictedClass").intValue() == LABELS[i];
      gaps[(int) Math.ceil(confidence * 15) - 1] += (right ? 1 : 0) - confidence;
      errors += row.get("predictedClass").intValue() == LABELS[i] ? 0 : 1;
      loss -= Math.log(row.get("meanProbabilities").get(LABELS[i]).doubleValue());
      for (int k = 0; k < 10; k++) {
        double p = row.get("meanProbabilities").get(k).doubleValue();
        brier += Math.pow(p - (k == LABELS[i] ? 1 : 0), 2);
      }
    }
    assertTrue(1 <= errors && errors <= 2, rows::toString);
    assertEquals(errors / LABELS.length, summary.get("errorRate").doubleValue(), 1e-12);
    assertEquals(loss / LABELS.length, summary.get("negativeLogLikelihood").doubleValue(), 1e-12);
    assertEquals(brier / LABELS.length, summary.get("brierScore").doubleValue(), 1e-12);
    List<String> names = names(summary);
    assertEquals(
        List.of(
            "largestStandardError",
            "errorRate",
            "negativeLogLikelihood",
            "brierScore",
            "expectedCalibrationError",
            "plan"),
        names.subList(names.size() - 6, names.size()));
    assertEquals(
        Arrays.stream(gaps).map(Math::abs).sum() / LABELS.length,
        summary.get("expectedCalibrationError").doubleValue(),
        1e-12);
  }

  @Test
  void line_endsInLabelNameAndPlan() throws IOException {
    run(input, text());
    for (JsonNode row : CommandRun.rows(out)) {
      List<String> names = names(row);
      assertEquals(
          List.of("standardError", "label", "labelName", "plan"),
          names.subList(names.size() - 4, names.size()));
      assertEquals(row.get("label").asText(), row.get("labelName").textValue());
    }
  }

  @Test
  void lines_withoutLabels_areTheSameOtherwise() throws IOException {
    run(input, text());
    List<JsonNode> labelled = CommandRun.rows(out);
    List<JsonNode> plain =
        CommandRun.score(out, "--model", model.folder(), "--input", input, "--passes", 7);
    for (int i = 0; i < LABELS.length; i++) {
      assertFalse(plain.get(i).has("label"));
      ((ObjectNode) labelled.get(i)).remove(List.of("label", "labelName"));
      assertEquals(plain.get(i), labelled.get(i));
    }
  }

  @Test
  void summary_ofPeople_namesScoresAndUnits() throws IOException {
    String text = run(input, text()).out();
    assertTrue(text.contains("\nerror rate                0."), text);
    assertTrue(text.matches("(?s).*\nnegative log-likelihood   [0-9.]+ nats\n.*"), text);
    assertTrue(text.contains("\nBrier score               0."), text);
  }

  @Test
  void labels_ofEveryKind_giveTheSameLines() throws IOException {
    run(input, text());
    String expected = Files.readString(out);
    byte[] bytes = new byte[LABELS.length];
    ByteBuffer longs = NpyBytes.littleEndian(8 * LABELS.length);
    for (int i = 0; i < LABELS.length; i++) {
      bytes[i] = (byte) LABELS[i];
      longs.putLong(LABELS[i]);
    }
    Path idx = folder.resolve("labels-idx1-ubyte");
    run(input, Files.write(idx, DigitInputs.idxBytes(bytes, bytes.length)));
    assertEquals(expected, Files.readString(out));
    run(input, NpyBytes.write(folder.resolve("y.npy"), "<i8", "(6, 1)", longs));
    assertEquals(expected, Files.readString(out));
    run(DigitInputs.idx(folder.resolve("x-idx4-ubyte")), idx);
    assertEquals(6, CommandRun.rows(out).stream().filter(row -> row.has("label")).count());
  }

  @Test
  void labels_acrossBatches_keepToTheirRows() throws IOException {
    Path fixed = TinyModels.of(folder.resolve("fixed"), TFloat32.class, 2, 4);
    Files.writeString(
        fixed.resolve("credence.json"),
        "{\"schema\":\"credence.sidecar/1\",\"labels\":[\"cat\",\"dog\",\"cow\"]}");
    Path rows = folder.resolve("rows.jsonl");
    Files.writeString(rows, "{\"x\":[1,2,3,4]}\n".repeat(6));
    List<JsonNode> lines =
        CommandRun.score(
            out,
            "--model",
            fixed,
            "--input",
            rows,
            "--labels",
            text("cow", "cat", 1, "dog", 0, "cow"));
    assertEquals(
        List.of(2, 0, 1, 1, 0, 2), lines.stream().map(row -> row.get("label").intValue()).toList());
    assertEquals(
        List.of("cow", "cat", "dog", "dog", "cat", "cow"),
        lines.stream().map(row -> row.get("labelName").textValue()).toList());
  }

  @Test
  void model_withoutNames_hasNoLabelName() throws IOException {
    Path plain = TinyModels.of(folder.resolve("plain"), TFloat32.class, -1, 4);
    Path rows = Files.writeString(folder.resolve("rows.jsonl"), "{\"x\":[1,2,3,4]}\n");
    JsonNode line =
        CommandRun.score(out, "--model", plain, "--input", rows, "--labels", text(2)).get(0);
    assertEquals(2, line.get("label").intValue());
    assertFalse(line.has("labelName"));
    CommandRun.refusedScore(folder, "--model", plain, "--input", rows, "--labels", text("cat"))
        .assertSays("line 1, holds \"cat\"", "the model names none");
  }

  @Test
  void number_other_isRefusedBeforeScoring() throws IOException {
    Path labels = text(1, 2, 3, 4, 5);
    refused(input, labels)
        .assertSays(
            labels + " holds 5 labels, but " + input + " 6 rows; give one label for each row");
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 7})
  void number_otherThanJsonLines_isRefusedInTheEnd(int count) throws IOException {
    Path rows = DigitInputs.jsonLines(folder.resolve("x.jsonl"), true);
    Object[] some = new Object[count];
    Arrays.fill(some, 1);
    Path labels = text(some);
    refused(rows, labels)
        .assertSays(
            labels + " holds " + count + " labels, but " + rows,
            count < 6 ? " has more rows; give one label" : " 6 rows; give one label");
  }

  @Test
  void label_ofNoClass_isRefused() throws IOException {
    Path labels = text(1, 2, 10, 4, 5, 6);
    refused(input, labels)
        .assertSays(
            labels + ", line 3, holds the label 10; the classes of the model are 0 to 9", "mend");
    refused(input, text("one", 2, 3, 4, 5, 6)).assertSays("line 1, holds \"one\"", "0, 1, 2, 3");
  }

  @Test
  void regressor_isRefused() throws IOException {
    Path regressor = TinyModels.logits(folder.resolve("regressor"));
    Path rows = Files.writeString(folder.resolve("rows.jsonl"), "{\"x\":[1,2,3,4]}\n");
    CommandRun.refusedScore(
            folder,
            "--model",
            regressor,
            "--output-kind",
            "MEAN",
            "--input",
            rows,
            "--labels",
            text(1))
        .assertSays(
            "--labels are classes, but " + regressor + " is a regressor, its output MEAN",
            "leave out --labels");
  }

  @Test
  void skipBadOrFolder_isRefused() throws IOException {
    refused(input, text(), "--skip-bad")
        .assertSays("--labels goes by the order of rows, which --skip-bad would break; mend");
    Path pictures = DigitInputs.png(folder.resolve("pictures"));
    refused(pictures, text())
        .assertSays("order of rows, but " + pictures + " is a folder of pictures", "by id");
  }

  @Test
  void files_missingOrTheOutput_areRefused() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    refused(input, nowhere).assertSays("no labels at " + nowhere + "; name an IDX (.gz too), .npy");
    refused(input, folder).assertSays("labels " + folder + " is a folder; name");
    Path labels = text();
    String before = Files.readString(labels);
    CommandRun.of(
            "score",
            "--model",
            model.folder(),
            "--input",
            input,
            "--labels",
            labels,
            "--out",
            labels)
        .assertRefused("--out is the file of labels, " + labels + "; name another file");
    assertEquals(before, Files.readString(labels));
  }

  private static ModelDescription description(Shape output) {
    return new ModelDescription(
        "m",
        "s",
        List.of(),
        new TensorSpec("y", ElementType.FLOAT32, output),
        OutputKind.PROBABILITIES,
        List.of(),
        List.of(),
        new SamplingCost(1, 1, .5, Optional.empty()));
  }

  @Test
  void classes_toldByTheFirstBatchOnly_areCheckedThen() throws IOException {
    Path file = text(0, 3);
    ScoreLabels labels =
        ScoreLabels.read(file, input, description(Shape.unknown()), OptionalLong.empty());
    String message =
        assertThrows(BadInputException.class, () -> labels.add(prediction(.5f, .25f, .25f)))
            .getMessage();
    assertTrue(message.contains("line 2, holds the label 3; the classes of the model are 0 to 2"));
    Shape three = Shape.of(-1, 3);
    assertEquals(
        message,
        assertThrows(
                BadInputException.class,
                () -> ScoreLabels.read(file, input, description(three), OptionalLong.empty()))
            .getMessage());
  }

  @Test
  void summary_labelOfProbabilityZero_isInfinite() throws IOException {
    ScoreLabels labels =
        ScoreLabels.read(text(1), input, description(Shape.unknown()), OptionalLong.of(1));
    labels.add(prediction(1, 0, 0));
    StringWriter text = new StringWriter();
    labels.print(new PrintWriter(text, true));
    assertTrue(
        text.toString()
            .contains("negative log-likelihood   Infinity nats, a label has probability 0\n"),
        text::toString);
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode summary = mapper.createObjectNode();
    labels.putInto(summary);
    assertEquals(
        "{\"errorRate\":1.0,\"negativeLogLikelihood\":\"Infinity\",\"brierScore\":2.0,"
            + "\"expectedCalibrationError\":1.0}",
        mapper.writeValueAsString(summary));
  }

  private static ClassificationPrediction prediction(float... probabilities) {
    ClassificationMoments moments =
        ClassificationMoments.of(1, probabilities.length, OutputKind.PROBABILITIES);
    moments.add(probabilities);
    return new ClassificationPrediction(moments.summaries(), SamplingPlan.of(1), List.of());
  }
}
