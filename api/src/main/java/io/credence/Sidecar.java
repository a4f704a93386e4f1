package io.credence;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a SavedModel does not say of itself, kept beside it in {@value #FILE_NAME}: the meaning of
 * its output, the names of the classes, the preprocessing of pictures, and the range of the
 * training inputs. Every part is optional. {@code docs/json.md} documents the format.
 *
 * @param outputKind what the numbers of the output mean
 * @param labels the name of each class, K of them, or of each regression target, D of them; or
 *     empty
 * @param image how pictures become inputs
 * @param inputRange the range of the training inputs, after preprocessing
 * @param training where the model came from, for people: recipe, seed, test accuracy and the like
 * @param regressionHead what {@code outputKind} leaves open of a regressor
 */
public record Sidecar(
    Optional<OutputKind> outputKind,
    List<String> labels,
    Optional<ImagePreprocessing> image,
    Optional<InputRange> inputRange,
    Map<String, String> training,
    Optional<RegressionHead> regressionHead) {

  /** The name of the file, beside {@code saved_model.pb}. */
  public static final String FILE_NAME = "credence.json";

  /** The schema this version reads and writes. */
  public static final String SCHEMA = "credence.sidecar/1";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * Copies the collections.
   *
   * @param outputKind see the record
   * @param labels see the record
   * @param image see the record
   * @param inputRange see the record
   * @param training see the record
   * @param regressionHead see the record
   * @throws IllegalArgumentException if {@code regressionHead} is of another kind than {@code
   *     outputKind}
   */
  public Sidecar {
    labels = List.copyOf(labels);
    training = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(training));
    if (regressionHead.isPresent()
        && !outputKind.equals(regressionHead.map(RegressionHead::kind))) {
      throw new IllegalArgumentException(
          "outputKind is "
              + outputKind.map(Enum::name).orElse("missing")
              + ", but the head is "
              + regressionHead.get()
              + "; declare outputKind "
              + regressionHead.get().kind());
    }
  }

  /**
   * A sidecar whose output kind, if any, leaves nothing open.
   *
   * @param outputKind see the record
   * @param labels see the record
   * @param image see the record
   * @param inputRange see the record
   * @param training see the record
   */
  public Sidecar(
      Optional<OutputKind> outputKind,
      List<String> labels,
      Optional<ImagePreprocessing> image,
      Optional<InputRange> inputRange,
      Map<String, String> training) {
    this(outputKind, labels, image, inputRange, training, Optional.empty());
  }

  /**
   * A sidecar that says nothing.
   *
   * @return the sidecar
   */
  public static Sidecar empty() {
    return new Sidecar(Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Map.of());
  }

  /**
   * Reads the sidecar of a model.
   *
   * @param model the folder of a SavedModel
   * @return its sidecar; an empty one if it has none
   * @throws IllegalArgumentException if the file is no JSON, or says something impossible
   * @throws IOException if the file cannot be read
   */
  public static Sidecar ofModel(Path model) throws IOException {
    Path file = model.resolve(FILE_NAME);
    if (!Files.exists(file)) {
      return empty();
    }
    try {
      // From bytes: Jackson skips a byte order mark, and says what is no UTF-8.
      return parse(JSON.readTree(Files.readAllBytes(file)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          file
              + " is no JSON"
              + at(e.getLocation())
              + ": "
              + e.getOriginalMessage()
              + "; mend or remove it",
          e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Writes the sidecar of a model.
   *
   * @param model the folder of a SavedModel
   * @throws IOException if the file cannot be written
   */
  public void write(Path model) throws IOException {
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(toJson());
    Files.writeString(model.resolve(FILE_NAME), text + "\n");
  }

  private static Sidecar parse(JsonNode root) {
    JsonNode schema = root.path("schema");
    if (!schema.asText().equals(SCHEMA)) {
      throw new IllegalArgumentException(
          "schema is " + describe(schema) + "; this version reads \"" + SCHEMA + "\"");
    }
    Optional<OutputKind> kind =
        root.has("outputKind")
            ? Optional.of(OutputKind.parse(text("outputKind", root.get("outputKind"))))
            : Optional.empty();
    Map<String, String> training = new LinkedHashMap<>();
    object(root, "training")
        .ifPresent(
            object ->
                object.properties().forEach(e -> training.put(e.getKey(), plain(e.getValue()))));
    return new Sidecar(
        kind,
        labels(root),
        object(root, "image")
            .map(
                image ->
                    new ImagePreprocessing(
                        wholeNumber("image.height", image.path("height")),
                        wholeNumber("image.width", image.path("width")),
                        wholeNumber("image.channels", image.path("channels")),
                        number("image.scale", image.path("scale")),
                        number("image.offset", image.path("offset")))),
        object(root, "inputRange")
            .map(
                range ->
                    new InputRange(
                        number("inputRange.min", range.path("min")),
                        number("inputRange.max", range.path("max")))),
        training,
        SidecarHead.parse(root, kind));
  }

  private static List<String> labels(JsonNode root) {
    JsonNode labels = root.path("labels");
    if (!labels.isMissingNode() && !labels.isArray()) {
      throw new IllegalArgumentException("labels is " + labels + "; an array of texts is needed");
    }
    List<String> names = new ArrayList<>();
    for (JsonNode label : labels) {
      names.add(text("labels[" + names.size() + "]", label));
    }
    return names;
  }

  private static Optional<JsonNode> object(JsonNode root, String field) {
    if (!root.has(field)) {
      return Optional.empty();
    }
    if (!root.get(field).isObject()) {
      throw new IllegalArgumentException(
          field + " is " + root.get(field) + "; an object is needed");
    }
    return Optional.of(root.get(field));
  }

  private static String text(String field, JsonNode value) {
    if (!value.isTextual()) {
      throw new IllegalArgumentException(field + " is " + describe(value) + "; a text is needed");
    }
    return value.textValue();
  }

  private static String plain(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }

  static double number(String field, JsonNode value) {
    if (!value.isNumber()) {
      throw new IllegalArgumentException(field + " is " + describe(value) + "; a number is needed");
    }
    return value.doubleValue();
  }

  static int wholeNumber(String field, JsonNode value) {
    if (!value.canConvertToExactIntegral() || !value.canConvertToInt()) {
      throw new IllegalArgumentException(
          field + " is " + describe(value) + "; a whole number is needed");
    }
    return value.intValue();
  }

  private static String describe(JsonNode value) {
    return value.isMissingNode() ? "missing" : value.toString();
  }

  private static String at(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
  }

  private ObjectNode toJson() {
    ObjectNode root = JSON.createObjectNode().put("schema", SCHEMA);
    outputKind.ifPresent(kind -> root.put("outputKind", kind.name()));
    regressionHead.ifPresent(head -> SidecarHead.write(head, root));
    if (!labels.isEmpty()) {
      labels.forEach(root.putArray("labels")::add);
    }
    image.ifPresent(
        i ->
            root.putObject("image")
                .put("height", i.height())
                .put("width", i.width())
                .put("channels", i.channels())
                .put("scale", i.scale())
                .put("offset", i.offset()));
    inputRange.ifPresent(r -> root.putObject("inputRange").put("min", r.min()).put("max", r.max()));
    if (!training.isEmpty()) {
      training.forEach(root.putObject("training")::put);
    }
    return root;
  }
}
