package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SidecarTest {

  private static final String HEAD = "{\"schema\": \"credence.sidecar/1\", ";
  private static final String IMAGE =
      HEAD
          + "\"image\": {\"height\": H, \"width\": 3, \"channels\": C, \"scale\": S, \"offset\": 0}}";

  @TempDir Path model;

  @Test
  void ofModel_written_isTheSame() throws IOException {
    Map<String, String> training = new LinkedHashMap<>();
    training.put("recipe", "LeNet, \"dropout\" 0.5");
    training.put("accuracy", "0.991");
    training.put("arXiv", "1506.02142");
    for (int epoch = 10; epoch > 0; epoch--) {
      training.put("loss " + epoch, "0." + epoch);
    }
    Sidecar sidecar =
        new Sidecar(
            Optional.of(OutputKind.LOGITS),
            List.of("cat", "größer als \"ein\" Hund", "猫", ""),
            Optional.of(new ImagePreprocessing(28, 24, 3, 1 / 255.0, -0.5)),
            Optional.of(new InputRange(-0.5, 0.5)),
            training);
    sidecar.write(model);
    Sidecar read = Sidecar.ofModel(model);
    assertEquals(sidecar, read);
    assertEquals(List.copyOf(training.keySet()), List.copyOf(read.training().keySet()), "order");
  }

  @ParameterizedTest
  @EnumSource
  void ofModel_writtenOutputKind_isTheSame(OutputKind kind) throws IOException {
    Sidecar sidecar =
        new Sidecar(Optional.of(kind), List.of(), Optional.empty(), Optional.empty(), Map.of());
    sidecar.write(model);
    assertEquals(sidecar, Sidecar.ofModel(model));
  }

  static Stream<RegressionHead> heads() {
    return Stream.of(
        RegressionHead.Mean.withObservationVariance(.1),
        new RegressionHead.Quantiles(List.of(.05, .5, .95)),
        new RegressionHead.MixtureDensity(5));
  }

  @ParameterizedTest
  @MethodSource("heads")
  void ofModel_writtenRegressionHead_isTheSame(RegressionHead head) throws IOException {
    Sidecar sidecar =
        new Sidecar(
            Optional.of(head.kind()),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Optional.of(head));
    sidecar.write(model);
    assertEquals(sidecar, Sidecar.ofModel(model));
    assertEquals(Optional.of(head), Sidecar.ofModel(model).regressionHead());
  }

  @Test
  void of_headOfAnotherKind_isRefused() {
    Optional<RegressionHead> head = Optional.of(new RegressionHead.MixtureDensity(5));
    assertEquals(
        "outputKind is MEAN, but the head is MixtureDensity[components=5]; declare outputKind"
            + " MIXTURE_DENSITY",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new Sidecar(
                        Optional.of(OutputKind.MEAN),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        head))
            .getMessage());
  }

  @Test
  void ofModel_emptyWritten_isEmpty() throws IOException {
    Sidecar.empty().write(model);
    assertTrue(Files.exists(model.resolve("credence.json")));
    assertEquals(Sidecar.empty(), Sidecar.ofModel(model));
  }

  @Test
  void ofModel_noFile_isEmpty() throws IOException {
    assertEquals(Sidecar.empty(), Sidecar.ofModel(model));
  }

  @Test
  void ofModel_writtenByHand_isRead() throws IOException {
    put(
        HEAD
            + """
            "outputKind": "binary-logit", "labels": ["no", "yes"], "comment": "unknown is let be",
            "image": {"height": 28.0, "width": 30, "channels": 1, "scale": 2, "offset": 1},
            "inputRange": {"min": 1, "max": 511},
            "training": {"seed": 7, "test": {"accuracy": 0.5}, "by": "hand"}}
            """);
    assertEquals(
        new Sidecar(
            Optional.of(OutputKind.BINARY_LOGIT),
            List.of("no", "yes"),
            Optional.of(new ImagePreprocessing(28, 30, 1, 2, 1)),
            Optional.of(new InputRange(1, 511)),
            Map.of("seed", "7", "test", "{\"accuracy\":0.5}", "by", "hand")),
        Sidecar.ofModel(model));
  }

  @Test
  void ofModel_byteOrderMark_isSkipped() throws IOException {
    put("\uFEFF" + HEAD + "\"labels\": [\"é\"]}");
    assertEquals(List.of("é"), Sidecar.ofModel(model).labels());
  }

  static Stream<Arguments> malformed() {
    String reads = "; this version reads \"credence.sidecar/1\"";
    String kinds = "choose one of " + OutputKind.choices();
    return Stream.of(
        arguments("", ": schema is missing" + reads),
        arguments("[]", ": schema is missing" + reads),
        arguments("{}", ": schema is missing" + reads),
        arguments("{\"schema\": 1}", ": schema is 1" + reads),
        arguments(
            "{\"schema\": \"credence.sidecar/2\"}", ": schema is \"credence.sidecar/2\"" + reads),
        with("\"outputKind\": \"sigmoid\"", "output kind \"sigmoid\" is unknown; " + kinds),
        with("\"outputKind\": null", "outputKind is null; a text is needed"),
        with("\"outputKind\": [\"LOGITS\"]", "outputKind is [\"LOGITS\"]; a text is needed"),
        with(
            "\"outputKind\": \"QUANTILES\", \"quantileLevels\": 0.5",
            "quantileLevels is 0.5; an array of numbers is needed"),
        with(
            "\"outputKind\": \"QUANTILES\", \"quantileLevels\": [0.5, \"x\"]",
            "quantileLevels[1] is \"x\"; a number is needed"),
        with(
            "\"outputKind\": \"QUANTILES\", \"quantileLevels\": [0.5, 0.1]",
            "levels are [0.5, 0.1]; they must ascend, between 0 and 1, both exclusive"),
        with(
            "\"outputKind\": \"MIXTURE_DENSITY\", \"mixtureComponents\": 2.5",
            "mixtureComponents is 2.5; a whole number is needed"),
        with(
            "\"outputKind\": \"MEAN\", \"observationVariance\": 0",
            "observationVariance is 0.0; it must be above 0 and finite"),
        with(
            "\"outputKind\": \"LOGITS\", \"observationVariance\": 1",
            "observationVariance is given, but outputKind is LOGITS; it needs MEAN"),
        with(
            "\"outputKind\": \"MEAN\", \"quantileLevels\": [0.5]",
            "quantileLevels is given, but outputKind is MEAN; it needs QUANTILES"),
        with(
            "\"mixtureComponents\": 3",
            "mixtureComponents is given, but outputKind is missing; it needs MIXTURE_DENSITY"),
        with("\"labels\": \"cat, dog\"", "labels is \"cat, dog\"; an array of texts is needed"),
        with("\"labels\": {\"0\": \"a\"}", "labels is {\"0\":\"a\"}; an array of texts is needed"),
        with("\"labels\": [\"cat\", [\"dog\"]]", "labels[1] is [\"dog\"]; a text is needed"),
        with("\"labels\": [null]", "labels[0] is null; a text is needed"),
        with("\"training\": \"2024\"", "training is \"2024\"; an object is needed"),
        with("\"image\": [28, 28]", "image is [28,28]; an object is needed"),
        with("\"image\": {}", "image.height is missing; a whole number is needed"),
        image("28.5", "1", "1", "image.height is 28.5; a whole number is needed"),
        image("1e12", "1", "1", "image.height is 1.0E12; a whole number is needed"),
        image("\"28\"", "1", "1", "image.height is \"28\"; a whole number is needed"),
        image("0", "1", "1", "image size is 0 × 3; both must be at least 1"),
        image("28", "4", "1", "channels is 4; it must be 1 (grey) or 3 (red, green, blue)"),
        image("28", "1", "\"1/255\"", "image.scale is \"1/255\"; a number is needed"),
        image("28", "1", "0", "scale is 0.0, offset is 0.0; both must be finite, and scale not 0"),
        with("\"inputRange\": [0, 1]", "inputRange is [0,1]; an object is needed"),
        with("\"inputRange\": {\"min\": 0}", "inputRange.max is missing; a number is needed"),
        with(
            "\"inputRange\": {\"min\": 1, \"max\": 0}",
            "input range [1.0, 0.0] is empty or not finite; min < max is needed"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void ofModel_impossible_isRefusedAndNamesFileAndProblem(String text, String problem)
      throws IOException {
    put(text);
    assertEquals(model.resolve("credence.json") + problem, refusal());
  }

  @Test
  void ofModel_noJson_isRefusedAndNamesFileAndPlace() throws IOException {
    put(HEAD + "\n  \"labels\": [cat]}");
    assertTrue(
        refusal()
            .startsWith(
                model.resolve("credence.json")
                    + " is no JSON (line 2, column 14): Unrecognized token 'cat'"),
        refusal());
    assertTrue(refusal().endsWith("; mend or remove it"), refusal());
  }

  @Test
  void ofModel_cutOff_isRefused() throws IOException {
    put("{\"schema\": ");
    String start =
        model.resolve("credence.json") + " is no JSON (line 1, column 12): Unexpected end";
    assertTrue(refusal().startsWith(start), refusal());
  }

  @Test
  void ofModel_twoObjects_isRefused() throws IOException {
    put(HEAD + "\"labels\": []}\n{}");
    String start =
        model.resolve("credence.json") + " is no JSON (line 2, column 1): Trailing token";
    assertTrue(refusal().startsWith(start), refusal());
  }

  @Test
  void ofModel_notUtf8_isRefused() throws IOException {
    Files.write(
        model.resolve("credence.json"),
        (HEAD + "\"labels\": [\"é\"]}").getBytes(StandardCharsets.ISO_8859_1));
    assertTrue(
        refusal().startsWith(model.resolve("credence.json") + " is no JSON (line 1"), refusal());
    assertTrue(refusal().contains("Invalid UTF-8"), refusal());
  }

  @Test
  void of_collectionsChangedAfterwards_areCopied() {
    List<String> labels = new ArrayList<>(List.of("a"));
    Map<String, String> training = new LinkedHashMap<>(Map.of("k", "v"));
    Sidecar sidecar =
        new Sidecar(Optional.empty(), labels, Optional.empty(), Optional.empty(), training);
    labels.add("b");
    training.clear();
    assertEquals(List.of("a"), sidecar.labels());
    assertEquals(Map.of("k", "v"), sidecar.training());
    assertThrows(UnsupportedOperationException.class, () -> sidecar.training().clear());
  }

  private static Arguments with(String field, String problem) {
    return arguments(HEAD + field + "}", ": " + problem);
  }

  private static Arguments image(String height, String channels, String scale, String problem) {
    String text = IMAGE.replace("H", height).replace("C", channels).replace("S", scale);
    return arguments(text, ": " + problem);
  }

  private void put(String text) throws IOException {
    Files.writeString(model.resolve("credence.json"), text);
  }

  private String refusal() {
    return assertThrows(IllegalArgumentException.class, () -> Sidecar.ofModel(model)).getMessage();
  }
}
