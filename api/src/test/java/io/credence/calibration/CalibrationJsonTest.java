package io.credence.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.OutputKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
