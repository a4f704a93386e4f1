package io.credence.app.input;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.credence.TensorSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.tensorflow.ndarray.NdArray;

/**
 * JSON Lines: one object a line, holding each input of the model by its name, as a number, a
 * string, a truth value, or nested arrays of these, without the dimension of rows. A row is named
 * by its field {@code id}, unless that is an input, or else by the number of its line.
 */
final class JsonLines implements InputSource {

  private static final String ID = "id";
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private final Path path;
  private final List<TensorSpec> specs;
  private final boolean skipBad;
  private final BufferedReader in;
  private final List<BadRow> bad = new ArrayList<>();
  private long lineNumber;
  private long end = Long.MAX_VALUE;
  private Optional<Row> pending = Optional.empty();

  /** One line, and its index from 0. */
  private record Row(long line, String id, Map<String, JsonCells> cells) {

    boolean sameShapes(Row other) {
      return cells.entrySet().stream()
          .allMatch(e -> e.getValue().shape().equals(other.cells.get(e.getKey()).shape()));
    }
  }

  JsonLines(Path path, List<TensorSpec> specs, boolean skipBad) throws IOException {
    this.path = path;
    this.specs = specs;
    this.skipBad = skipBad;
    this.in = Files.newBufferedReader(path, StandardCharsets.UTF_8);
  }

  @Override
  public OptionalLong size() {
    return OptionalLong.empty();
  }

  @Override
  public Optional<InputBatch> next(int rows) throws IOException {
    List<Row> batch = new ArrayList<>();
    while (batch.size() < rows) {
      Optional<Row> row = pending.isPresent() ? pending : readRow();
      pending = Optional.empty();
      if (row.isEmpty()) {
        break;
      }
      // Rows of another length, where the model leaves the length free, start a batch of their own.
      if (!batch.isEmpty() && !batch.get(0).sameShapes(row.get())) {
        pending = row;
        break;
      }
      batch.add(row.get());
    }
    if (batch.isEmpty()) {
      return Optional.empty();
    }
    Map<String, NdArray<?>> inputs = new LinkedHashMap<>();
    for (TensorSpec spec : specs) {
      List<JsonCells> column = batch.stream().map(row -> row.cells().get(spec.name())).toList();
      inputs.put(spec.name(), JsonCells.stack(spec.type(), column));
    }
    return Optional.of(new InputBatch(batch.stream().map(Row::id).toList(), inputs));
  }

  @Override
  public long position() {
    return pending.map(Row::line).orElse(lineNumber);
  }

  @Override
  public void restrict(long from, long to) throws IOException {
    while (lineNumber < from) {
      if (readLine() == null) {
        throw BadInputException.shorter(path, lineNumber, from);
      }
      lineNumber++;
    }
    end = to;
  }

  @Override
  public List<BadRow> takeBad() {
    List<BadRow> taken = bad.stream().filter(row -> row.row() < position()).toList();
    bad.removeAll(taken);
    return taken;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private Optional<Row> readRow() throws IOException {
    for (String line = readLine(); line != null; line = readLine()) {
      lineNumber++;
      if (lineNumber == 1 && line.startsWith("\uFEFF")) {
        line = line.substring(1); // a byte order mark, as some editors write it
      }
      if (line.isBlank()) {
        continue;
      }
      try {
        return Optional.of(parse(line));
      } catch (BadInputException e) {
        if (!skipBad) {
          throw e;
        }
        bad.add(
            new BadRow(lineNumber - 1, Long.toString(lineNumber), String.valueOf(e.getMessage())));
      }
    }
    return Optional.empty();
  }

  private @org.jspecify.annotations.Nullable String readLine() throws IOException {
    try {
      return lineNumber < end ? in.readLine() : null;
    } catch (CharacterCodingException e) {
      throw new BadInputException(
          path + ", after line " + lineNumber + ", is not UTF-8; convert the file", e);
    }
  }

  private Row parse(String line) {
    JsonNode root;
    try {
      root = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw bad("is no JSON: " + e.getOriginalMessage());
    }
    if (!root.isObject()) {
      throw bad("is no JSON object; write {\"" + specs.get(0).name() + "\": …}");
    }
    Set<String> names = new LinkedHashSet<>(specs.stream().map(TensorSpec::name).toList());
    root.fieldNames()
        .forEachRemaining(
            name -> {
              if (!names.contains(name) && !name.equals(ID)) {
                throw bad(
                    "names input \"" + name + "\", which the model does not have; it has " + specs);
              }
            });
    Map<String, JsonCells> cells = new LinkedHashMap<>();
    for (TensorSpec spec : specs) {
      if (!root.has(spec.name())) {
        throw bad("lacks input \"" + spec.name() + "\"; the model needs " + specs);
      }
      try {
        cells.put(spec.name(), JsonCells.of(spec, root.get(spec.name())));
      } catch (IllegalArgumentException e) {
        throw bad("has an input that does not fit: " + e.getMessage());
      }
    }
    boolean named = root.hasNonNull(ID) && !names.contains(ID);
    String id = named ? root.get(ID).asText() : Long.toString(lineNumber);
    return new Row(lineNumber - 1, id, cells);
  }

  private BadInputException bad(String what) {
    return new BadInputException(
        path
            + ", line "
            + lineNumber
            + ", "
            + what
            + " (mend the line, or pass over such lines with --skip-bad)");
  }
}
