package io.credence.calibration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.OutputKind;
import io.credence.Sidecar;
import io.credence.decision.Abstention;
import io.credence.decision.AbstentionRule;
import io.credence.decision.AbstentionTarget;
import io.credence.statistics.Measure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads and writes {@link Calibration}. */
final class CalibrationJson {

  /** The field of a sidecar that holds a calibration. */
  private static final String CARRIED = "calibration";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private CalibrationJson() {}

  static ObjectNode write(Calibration calibration) {
    int classes = calibration.classes();
    ObjectNode root =
        JSON.createObjectNode()
            .put("schema", Calibration.SCHEMA)
            .put("model", calibration.model())
            .put("outputKind", calibration.kind().name())
            .put("classes", classes)
            .put("scaling", calibration.scaling().name());
    calibration.passes().ifPresent(passes -> root.put("passes", passes));
    calibration.temperature().ifPresent(t -> root.put("temperature", t));
    if (calibration.scaling() != Scaling.TEMPERATURE) {
      ArrayNode weights = root.putArray("weights");
      ArrayNode biases = root.putArray("biases");
      for (int to = 0; to < classes; to++) {
        biases.add(calibration.bias(to));
        if (calibration.scaling() == Scaling.VECTOR) {
          weights.add(calibration.weight(to, to));
        } else {
          ArrayNode row = weights.addArray();
          for (int from = 0; from < classes; from++) {
            row.add(calibration.weight(to, from));
          }
        }
      }
    }
    root.putObject("heldOut")
        .put("inputs", calibration.fit().inputs())
        .put("negativeLogLikelihoodBefore", calibration.fit().negativeLogLikelihoodBefore())
        .put("negativeLogLikelihoodAfter", calibration.fit().negativeLogLikelihoodAfter());
    calibration.abstention().ifPresent(chosen -> write(chosen, root.putObject("abstention")));
    return root;
  }

  private static void write(Abstention chosen, ObjectNode node) {
    node.put("measure", chosen.rule().measure().key())
        .put("threshold", chosen.rule().threshold())
        .put("target", chosen.target().name())
        .put("level", chosen.level())
        .put("coverage", chosen.coverage())
        .put("risk", chosen.risk());
  }

  static void write(Calibration calibration, Path file) throws IOException {
    Files.writeString(file, pretty(write(calibration)));
  }

  private static String pretty(ObjectNode node) throws IOException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
  }

  /** Puts a calibration into a sidecar, which is made if need be, and replaced as a whole. */
  static void attach(Calibration calibration, Path sidecar) throws IOException {
    JsonNode root =
        Files.exists(sidecar)
            ? tree(sidecar, "mend or remove it")
            : JSON.createObjectNode().put("schema", Sidecar.SCHEMA);
    if (!(root instanceof ObjectNode object)) {
      throw new IllegalArgumentException(sidecar + " is no JSON object; mend or remove it");
    }
    object.set(CARRIED, write(calibration));
    Path part = sidecar.resolveSibling("." + sidecar.getFileName() + ".part");
    try {
      Files.writeString(part, pretty(object));
      Files.move(
          part, sidecar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  static Optional<Calibration> carried(Path sidecar) throws IOException {
    if (!Files.exists(sidecar)) {
      return Optional.empty();
    }
    JsonNode carried = tree(sidecar, "mend or remove it").path(CARRIED);
    return carried.isMissingNode()
        ? Optional.empty()
        : Optional.of(parse(sidecar + ", " + CARRIED, carried));
  }

  /** Refuses a calibration of another model than is asked for. */
  static void check(Calibration calibration, Path where, String asked) {
    if (!calibration.model().equals(asked)) {
      throw new IllegalArgumentException(
          where
              + " calibrates the model "
              + calibration.model()
              + ", but is to be applied to "
              + asked
              + "; give that model's calibration, or fit one");
    }
  }

  static Calibration read(Path file) throws IOException {
    return parse(file.toString(), tree(file, "fit the calibration again"));
  }

  private static JsonNode tree(Path file, String remedy) throws IOException {
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          file + " is no JSON: " + e.getOriginalMessage() + "; " + remedy, e);
    }
  }

  private static Calibration parse(String where, JsonNode root) {
    try {
      return parse(root);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
    }
  }

  private static Calibration parse(JsonNode root) {
    JsonNode schema = root.path("schema");
    if (!schema.asText().equals(Calibration.SCHEMA)) {
      throw new IllegalArgumentException(
          "schema is " + describe(schema) + "; this version reads \"" + Calibration.SCHEMA + "\"");
    }
    Scaling scaling = choice("scaling", root.path("scaling"), List.of(Scaling.values()));
    OutputKind kind =
        choice(
            "outputKind",
            root.path("outputKind"),
            List.of(OutputKind.PROBABILITIES, OutputKind.LOGITS));
    int classes = atLeast(2, "classes", root.path("classes"));
    JsonNode heldOut = root.path("heldOut");
    Calibration calibration =
        new Calibration(
            text("model", root.path("model")),
            scaling,
            kind,
            classes,
            scaling == Scaling.TEMPERATURE
                ? new double[] {number("temperature", root.path("temperature"))}
                : affine(root, scaling, classes),
            new Calibration.Fit(
                atLeast(1, "heldOut.inputs", heldOut.path("inputs")),
                number(
                    "heldOut.negativeLogLikelihoodBefore",
                    heldOut.path("negativeLogLikelihoodBefore")),
                number(
                    "heldOut.negativeLogLikelihoodAfter",
                    heldOut.path("negativeLogLikelihoodAfter"))));
    if (root.has("passes")) {
      calibration = calibration.withPasses(atLeast(0, "passes", root.get("passes")));
    }
    return root.has("abstention")
        ? calibration.withAbstention(abstention(root.get("abstention")))
        : calibration;
  }

  private static Abstention abstention(JsonNode node) {
    AbstentionTarget target =
        choice("abstention.target", node.path("target"), List.of(AbstentionTarget.values()));
    String measure = text("abstention.measure", node.path("measure"));
    return new Abstention(
        new AbstentionRule(
            Measure.parse(measure, true), number("abstention.threshold", node.path("threshold"))),
        target,
        number("abstention.level", node.path("level")),
        number("abstention.coverage", node.path("coverage")),
        number("abstention.risk", node.path("risk")));
  }

  private static double[] affine(JsonNode root, Scaling scaling, int classes) {
    JsonNode weights = root.path("weights");
    double[] numbers = {};
    if (scaling == Scaling.VECTOR) {
      numbers = numbers("weights", weights, classes);
    } else {
      checkSize("weights", weights, classes);
      for (int to = 0; to < classes; to++) {
        numbers = join(numbers, numbers("weights[" + to + "]", weights.get(to), classes));
      }
    }
    return join(numbers, numbers("biases", root.path("biases"), classes));
  }

  private static double[] join(double[] first, double... second) {
    double[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static void checkSize(String field, JsonNode array, int size) {
    if (!array.isArray() || array.size() != size) {
      throw new IllegalArgumentException(
          field
              + " is "
              + (array.isArray() ? "an array of " + array.size() : describe(array))
              + "; an array of "
              + size
              + " is needed, one for each class");
    }
  }

  private static double[] numbers(String field, JsonNode array, int size) {
    checkSize(field, array, size);
    double[] numbers = new double[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = number(field + "[" + i + "]", array.get(i));
    }
    return numbers;
  }

  private static <E extends Enum<E>> E choice(String field, JsonNode value, List<E> allowed) {
    for (E each : allowed) {
      if (each.name().equals(value.asText())) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        field
            + " is "
            + describe(value)
            + "; choose one of "
            + allowed.stream().map(Enum::name).toList());
  }

  private static String text(String field, JsonNode value) {
    if (!value.isTextual()) {
      throw new IllegalArgumentException(field + " is " + describe(value) + "; a text is needed");
    }
    return value.textValue();
  }

  private static double number(String field, JsonNode value) {
    if (!value.isNumber()) {
      throw new IllegalArgumentException(field + " is " + describe(value) + "; a number is needed");
    }
    return value.doubleValue();
  }

  private static int atLeast(int least, String field, JsonNode value) {
    if (!value.canConvertToExactIntegral()
        || !value.canConvertToInt()
        || value.intValue() < least) {
      throw new IllegalArgumentException(
          field + " is " + describe(value) + "; a whole number from " + least + " on is needed");
    }
    return value.intValue();
  }

  private static String describe(JsonNode value) {
    return value.isMissingNode() ? "missing" : value.toString();
  }
}
