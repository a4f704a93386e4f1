package io.credence.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.PredictionJson;
import io.credence.SamplingPlan;
import io.credence.app.input.ColumnMap;
import io.credence.calibration.ModelFingerprint;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * What results depend on: the model, the plan, the input, its columns, and the other options that
 * were given. Results of equal manifests can be joined.
 *
 * @param json the parts by name, in {@code credence.run/1}
 */
record RunManifest(ObjectNode json) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int EDGE = 1 << 20;

  /** What the other parts tell already, or results do not depend on. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "--model",
          "--input",
          "--out",
          "--passes",
          "--seed",
          "--masks",
          "--map",
          "--id",
          "--shard",
          "--resume",
          "--json",
          "--calibration",
          "--strict",
          "--skip-bad");

  /**
   * The manifest of a run of {@code score}.
   *
   * @param parsed the options that were given
   * @param models the folders of the models
   * @param columns what is read of a table
   */
  static RunManifest of(
      ParseResult parsed,
      List<Path> models,
      SamplingPlan plan,
      Path input,
      Optional<ColumnMap> columns)
      throws IOException {
    ObjectNode json = JSON.createObjectNode().put("schema", "credence.run/1");
    json.put("model", ModelFingerprint.of(models));
    json.set("plan", PredictionJson.of(plan));
    json.set("input", input(input));
    columns.ifPresent(map -> map.putInto(json));
    ObjectNode options = JSON.createObjectNode();
    Map<String, String> given = new TreeMap<>();
    for (OptionSpec option : parsed.matchedOptions()) {
      given.put(option.longestName(), String.join(",", option.originalStringValues()));
    }
    given.keySet().removeAll(ELSEWHERE);
    given.forEach(options::put);
    OptionSpec calibration = parsed.matchedOption("--calibration");
    if (calibration != null) {
      options.put("--calibration", sha256(Files.readAllBytes((Path) calibration.getValue())));
    }
    json.set("options", options);
    return new RunManifest(json);
  }

  /**
   * Size, time, and the bytes at both ends: enough to tell files apart, and quick for large ones.
   */
  private static ObjectNode input(Path input) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    if (Files.isDirectory(input)) {
      StringBuilder all = new StringBuilder();
      long files = 0;
      try (Stream<Path> below = Files.walk(input)) {
        for (Path file : below.filter(Files::isRegularFile).sorted().toList()) {
          all.append(input.relativize(file)).append('\t').append(Files.size(file)).append('\n');
          files++;
        }
      }
      String names = sha256(all.toString().getBytes(StandardCharsets.UTF_8));
      return json.put("files", files).put("names", names);
    }
    json.put("bytes", Files.size(input));
    json.put("modified", Files.getLastModifiedTime(input).toString());
    return json.put("edges", edges(input));
  }

  private static String edges(Path file) throws IOException {
    try (InputStream start = Files.newInputStream(file);
        RandomAccessFile end = new RandomAccessFile(file.toFile(), "r")) {
      byte[] first = start.readNBytes(EDGE);
      byte[] both = java.util.Arrays.copyOf(first, 2 * first.length);
      end.seek(end.length() - first.length);
      end.readFully(both, first.length, first.length);
      return sha256(both);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  static RunManifest read(Path file) throws IOException {
    return new RunManifest((ObjectNode) JSON.readTree(file.toFile()));
  }

  /** The same input may have been copied to another machine, at another time. */
  RunManifest ofAnyCopy() {
    ObjectNode copy = json.deepCopy();
    if (copy.get("input") instanceof ObjectNode input) {
      input.remove("modified");
    }
    return new RunManifest(copy);
  }

  /** What differs in another manifest, for people; empty if nothing does. */
  List<String> differences(RunManifest other) {
    Map<String, String> own = leaves(json);
    Map<String, String> others = leaves(other.json);
    Set<String> names = new TreeSet<>(own.keySet());
    names.addAll(others.keySet());
    return names.stream()
        .filter(name -> !own.getOrDefault(name, "").equals(others.getOrDefault(name, "")))
        .map(
            name ->
                name
                    + " was "
                    + own.getOrDefault(name, "not given")
                    + " and is "
                    + others.getOrDefault(name, "not given"))
        .toList();
  }

  private static Map<String, String> leaves(JsonNode node) {
    Map<String, String> leaves = new TreeMap<>();
    node.properties()
        .forEach(
            field -> {
              if (field.getValue().isObject()) {
                leaves(field.getValue())
                    .forEach((name, value) -> leaves.put(field.getKey() + "." + name, value));
              } else {
                leaves.put(field.getKey(), field.getValue().toString());
              }
            });
    return leaves;
  }
}
