package io.credence.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.OutputKind;
import io.credence.Sidecar;
import io.credence.decision.Abstention;
import io.credence.decision.AbstentionTarget;
import io.credence.statistics.ClassificationMeasure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of calibrations: what they hold, and what is refused. */
class CalibrationJsonTest {

  private static final double[] NUMBERS = {1.1, Math.PI, -1e-300, .1, 5e10, 1 / 3.0};

  @TempDir Path folder;

  private static Calibration of(Scaling scaling) {
    int classes = scaling == Scaling.MATRIX ? 2 : 3;
    double[] numbers = scaling == Scaling.TEMPERATURE ? new double[] {1 / 3.0} : NUMBERS;
    return new Calibration(
        "sha256:ab",
        scaling,
        OutputKind.PROBABILITIES,
        classes,
        numbers,
        new Calibration.Fit(12, .5, .25));
  }

  @ParameterizedTest
  @EnumSource
  void read_whatWasWritten_isTheSame(Scaling scaling) throws IOException {
    Path file = folder.resolve(Calibration.FILE_NAME);
    Calibration written = of(scaling);
    written.write(file);
    Calibration read = Calibration.read(file, "sha256:ab");
    assertEquals(written, read);
    assertEquals(written.hashCode(), read.hashCode());
    assertEquals(written.toJson(), read.toJson());
    assertNotEquals(written, of(scaling == Scaling.MATRIX ? Scaling.VECTOR : Scaling.MATRIX));
  }

  @Test
  void toJson_ofEachScaling_isAsDocumented() {
    String head = "{\"schema\":\"credence.calibration/1\",\"model\":\"sha256:ab\",";
    String tail =
        ",\"heldOut\":{\"inputs\":12,\"negativeLogLikelihoodBefore\":0.5,"
            + "\"negativeLogLikelihoodAfter\":0.25}}";
    assertEquals(
        head
            + "\"outputKind\":\"PROBABILITIES\",\"classes\":3,\"scaling\":\"TEMPERATURE\","
            + "\"temperature\":0.3333333333333333"
            + tail,
        of(Scaling.TEMPERATURE).toJson().toString());
    assertEquals(
        head
            + "\"outputKind\":\"PROBABILITIES\",\"classes\":3,\"scaling\":\"VECTOR\","
            + "\"weights\":[1.1,3.141592653589793,-1.0E-300],"
            + "\"biases\":[0.1,5.0E10,0.3333333333333333]"
            + tail,
        of(Scaling.VECTOR).toJson().toString());
    assertEquals(
        head
            + "\"outputKind\":\"PROBABILITIES\",\"classes\":2,\"scaling\":\"MATRIX\","
            + "\"weights\":[[1.1,3.141592653589793],[-1.0E-300,0.1]],"
            + "\"biases\":[5.0E10,0.3333333333333333]"
            + tail,
        of(Scaling.MATRIX).toJson().toString());
  }

  private static Abstention chosen() {
    return Abstention.choose(
        AbstentionTarget.RISK,
        .25,
        ClassificationMeasure.MARGIN,
        new double[] {.9, .2, .4, .7, .1},
        new double[] {0, 1, 0, 0, 1});
  }

  @Test
  void read_withAbstention_isTheSame() throws IOException {
    Calibration written = of(Scaling.TEMPERATURE).withAbstention(chosen());
    assertEquals(
        "{\"measure\":\"margin\",\"threshold\":0.2,\"target\":\"RISK\",\"level\":0.25,"
            + "\"coverage\":0.8,\"risk\":0.25}",
        written.toJson().get("abstention").toString());
    Path file = folder.resolve("c.json");
    written.write(file);
    assertEquals(written, Calibration.read(file, "sha256:ab"));
    assertEquals(Optional.of(chosen()), Calibration.read(file, "sha256:ab").abstention());
    assertNotEquals(written, of(Scaling.TEMPERATURE));
  }

  @Test
  void read_withPasses_isTheSame() throws IOException {
    Calibration written = of(Scaling.VECTOR).withPasses(0).withAbstention(chosen());
    Path file = folder.resolve("c.json");
    written.write(file);
    assertEquals(written, Calibration.read(file, "sha256:ab"));
    assertEquals(OptionalInt.of(0), Calibration.read(file, "sha256:ab").passes());
    assertNotEquals(written, written.withPasses(50));
    assertEquals(OptionalInt.of(50), written.withPasses(50).withAbstention(chosen()).passes());
    assertThrows(IllegalArgumentException.class, () -> written.withPasses(-1));
    refused(
        "passes is -1; a whole number from 0 on is needed",
        Scaling.VECTOR,
        j -> j.put("passes", -1));
  }

  @Test
  void read_abstentionThatCannotBe_isRefused() throws IOException {
    abstentionRefused(
        "abstention.target is \"LUCK\"; choose one of [COVERAGE, RISK, FALSE_ALARM_RATE]",
        j -> j.put("target", "LUCK"));
    abstentionRefused(
        "abstention.threshold is missing; a number is needed", j -> j.remove("threshold"));
    abstentionRefused(
        "level is 0.25, coverage 0.0, risk 0.25; level must be within [0, 1], coverage within (0,"
            + " 1], risk at least 0",
        j -> j.put("coverage", 0.0));
    ObjectNode json = of(Scaling.TEMPERATURE).withAbstention(chosen()).toJson();
    json.withObject("abstention").put("measure", "mean");
    Path file = folder.resolve("bad.json");
    Files.writeString(file, json.toString());
    String message =
        assertThrows(IllegalArgumentException.class, () -> Calibration.read(file, "sha256:ab"))
            .getMessage();
    assertTrue(message.contains("there is no measure \"mean\" of classifiers"), message);
  }

  private void abstentionRefused(String message, Consumer<ObjectNode> change) throws IOException {
    refused(
        message,
        Scaling.TEMPERATURE,
        j -> {
          ObjectNode abstention =
              (ObjectNode)
                  of(Scaling.TEMPERATURE).withAbstention(chosen()).toJson().get("abstention");
          change.accept(abstention);
          j.set("abstention", abstention);
        });
  }

  @Test
  void attach_thenOfModel_isTheSame_andAllElseIsKept() throws IOException {
    Path model = Files.createDirectory(folder.resolve("model"));
    Files.writeString(model.resolve("saved_model.pb"), "graph");
    assertEquals(Optional.empty(), Calibration.ofModel(model));
    String fingerprint = ModelFingerprint.of(List.of(model));
    Calibration written =
        new Calibration(
                fingerprint,
                Scaling.TEMPERATURE,
                OutputKind.PROBABILITIES,
                3,
                new double[] {2},
                new Calibration.Fit(12, .5, .25))
            .withAbstention(chosen());
    written.attach(model);
    assertEquals(Optional.of(written), Calibration.ofModel(model));
    assertEquals(Sidecar.empty(), Sidecar.ofModel(model));

    Path sidecar = model.resolve(Sidecar.FILE_NAME);
    Files.writeString(
        sidecar, "{\"schema\":\"credence.sidecar/1\",\"labels\":[\"a\",\"b\"],\"mine\":1}");
    assertEquals(Optional.empty(), Calibration.ofModel(model));
    written.attach(model);
    assertEquals(Optional.of(written), Calibration.ofModel(model));
    assertEquals(List.of("a", "b"), Sidecar.ofModel(model).labels());
    assertTrue(Files.readString(sidecar).contains("\"mine\" : 1"), Files.readString(sidecar));

    Files.writeString(model.resolve("saved_model.pb"), "another graph");
    String message =
        assertThrows(IllegalArgumentException.class, () -> Calibration.ofModel(model)).getMessage();
    assertTrue(message.startsWith(sidecar + " calibrates the model " + fingerprint), message);
    assertThrows(IllegalArgumentException.class, () -> written.attach(model));
    Files.writeString(sidecar, "[1]");
    assertThrows(IllegalArgumentException.class, () -> of(Scaling.VECTOR).attach(model));
    assertEquals("[1]", Files.readString(sidecar));
  }

  @Test
  void read_forAnotherModel_isRefusedNamingBoth() throws IOException {
    Path file = folder.resolve("c.json");
    of(Scaling.TEMPERATURE).write(file);
    assertEquals(
        file
            + " calibrates the model sha256:ab, but is to be applied to sha256:cd; give that"
            + " model's calibration, or fit one",
        assertThrows(IllegalArgumentException.class, () -> Calibration.read(file, "sha256:cd"))
            .getMessage());
  }

  @Test
  void read_whatCannotBe_isRefused() throws IOException {
    refused(
        "schema is missing; this version reads \"credence.calibration/1\"",
        Scaling.TEMPERATURE,
        j -> j.remove("schema"));
    refused(
        "schema is \"credence.calibration/2\"; this version reads \"credence.calibration/1\"",
        Scaling.TEMPERATURE,
        j -> j.put("schema", "credence.calibration/2"));
    refused(
        "temperature is -1.0; it must be above 0; fit the calibration again",
        Scaling.TEMPERATURE,
        j -> j.put("temperature", -1.0));
    refused(
        "temperature is \"hot\"; a number is needed",
        Scaling.TEMPERATURE,
        j -> j.put("temperature", "hot"));
    refused(
        "a weight or bias is Infinity; it must be finite; fit the calibration again",
        Scaling.TEMPERATURE,
        j -> j.put("temperature", new java.math.BigDecimal("1e999")));
    refused(
        "scaling is \"PLATT\"; choose one of [TEMPERATURE, VECTOR, MATRIX]",
        Scaling.TEMPERATURE,
        j -> j.put("scaling", "PLATT"));
    refused(
        "outputKind is \"MEAN\"; choose one of [PROBABILITIES, LOGITS]",
        Scaling.TEMPERATURE,
        j -> j.put("outputKind", "MEAN"));
    refused(
        "classes is 1; a whole number from 2 on is needed",
        Scaling.TEMPERATURE,
        j -> j.put("classes", 1));
    refused(
        "classes is 2.5; a whole number from 2 on is needed",
        Scaling.TEMPERATURE,
        j -> j.put("classes", 2.5));
    refused("model is missing; a text is needed", Scaling.VECTOR, j -> j.remove("model"));
    refused(
        "model is blank; give the fingerprint of the model that the calibration is for",
        Scaling.VECTOR,
        j -> j.put("model", ""));
    refused(
        "heldOut.inputs is missing; a whole number from 1 on is needed",
        Scaling.VECTOR,
        j -> j.remove("heldOut"));
    refused(
        "weights is an array of 3; an array of 4 is needed, one for each class",
        Scaling.VECTOR,
        j -> j.put("classes", 4));
    refused(
        "biases is missing; an array of 3 is needed, one for each class",
        Scaling.VECTOR,
        j -> j.remove("biases"));
    refused(
        "weights[1] is 5; an array of 2 is needed, one for each class",
        Scaling.MATRIX,
        j -> j.withArray("weights").set(1, 5));
    refused(
        "weights[0] is null; a number is needed",
        Scaling.VECTOR,
        j -> j.withArray("weights").setNull(0));
  }

  private void refused(String message, Scaling scaling, Consumer<ObjectNode> change)
      throws IOException {
    ObjectNode json = of(scaling).toJson();
    change.accept(json);
    Path file = folder.resolve("bad.json");
    Files.writeString(file, json.toString());
    assertEquals(
        file + ": " + message,
        assertThrows(IllegalArgumentException.class, () -> Calibration.read(file, "sha256:ab"))
            .getMessage());
  }

  @Test
  void read_noJson_isRefused() throws IOException {
    Path file = folder.resolve("bad.json");
    Files.writeString(file, "{\"schema\": ");
    String message =
        assertThrows(IllegalArgumentException.class, () -> Calibration.read(file, "m"))
            .getMessage();
    assertTrue(message.startsWith(file + " is no JSON: "), message);
    assertTrue(message.endsWith("; fit the calibration again"), message);
    Files.writeString(file, "{} {}");
    assertThrows(IllegalArgumentException.class, () -> Calibration.read(file, "m"));
    Files.writeString(file, "");
    assertThrows(IllegalArgumentException.class, () -> Calibration.read(file, "m"));
  }
}
