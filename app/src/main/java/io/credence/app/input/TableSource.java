package io.credence.app.input;

import io.credence.TensorSpec;
import io.credence.app.table.Table;
import io.credence.app.table.TableEngine;
import io.credence.app.table.TableException;
import io.credence.app.table.TableFormat;
import io.credence.app.table.TableRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.NdArray;

/**
 * The rows of a table, in the order of its file. A batch ends where a multiple of its size does,
 * also where rows were set aside, so that batches are the same wherever reading begins; but not for
 * a model that reads batches of one size only.
 */
public final class TableSource implements InputSource {

  /** More bad rows in turn are no accident. */
  private static final int MOST_BAD = 100_000;

  private final TableEngine engine;
  private final Table table;
  private final List<TensorSpec> specs;
  private final ColumnMap columns;
  private final List<InputColumns> readers = new ArrayList<>();
  private final boolean strict;
  private final boolean aligned;
  private final long size;
  private final List<BadRow> bad = new ArrayList<>();
  private long position;
  private long end;
  private @Nullable TableRows rows;
  private Optional<Row> pending = Optional.empty();

  /** One row. */
  private record Row(String id, Map<String, JsonCells> cells) {

    boolean sameShapes(Row other) {
      return cells.entrySet().stream()
          .allMatch(e -> e.getValue().shape().equals(other.cells.get(e.getKey()).shape()));
    }
  }

  private TableSource(
      Table table, long size, List<TensorSpec> specs, ColumnMap columns, boolean strict)
      throws IOException {
    this.engine = table.engine();
    this.table = table;
    this.specs = specs;
    this.columns = columns;
    this.strict = strict;
    this.aligned = specs.stream().allMatch(spec -> spec.rows().isEmpty());
    for (TensorSpec spec : specs) {
      readers.add(InputColumns.of(spec, columns.inputs().get(spec.name()), table));
    }
    this.size = size;
    this.end = size;
    if (columns.id().isPresent()) {
      refuseTwins(columns.id().get());
    }
  }

  /**
   * Opens a table.
   *
   * @param path the file
   * @param format its format
   * @param specs the inputs of the model
   * @param wanted what the user says of columns
   * @param strict whether a bad row ends the reading; or else it is set aside
   * @return the source, which the caller closes
   * @throws BadInputException if it cannot be read, its columns do not fit the model, it has no
   *     row, or two rows of one name
   * @throws IOException if the file cannot be opened
   */
  public static TableSource open(
      Path path,
      TableFormat format,
      List<TensorSpec> specs,
      ColumnMap.Wanted wanted,
      boolean strict)
      throws IOException {
    TableEngine engine = TableEngine.start();
    try {
      Table table = Table.open(engine, path, format);
      long size = table.count();
      if (size == 0) {
        throw new BadInputException(path + " holds no row; at least one is needed");
      }
      ColumnMap columns = ColumnMap.of(specs, table, wanted);
      return new TableSource(table, size, specs, columns, strict);
    } catch (TableException e) {
      engine.close();
      throw unreadable(path, e);
    } catch (IOException | RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private static BadInputException unreadable(Path path, TableException e) {
    return new BadInputException(
        path
            + " cannot be read as a table: "
            + e.getMessage()
            + "; write it again, whole, as Parquet, Arrow, CSV or JSON Lines",
        e);
  }

  private void refuseTwins(String id) throws IOException {
    String name = TableEngine.name(id);
    List<List<String>> twins =
        engine.rows(
            "SELECT "
                + name
                + ", count(*) FROM "
                + table.from(Map.of(id, "VARCHAR"))
                + " WHERE "
                + name
                + " IS NOT NULL GROUP BY "
                + name
                + " HAVING count(*) > 1 LIMIT 1");
    for (List<String> twin : twins) {
      throw new BadInputException(
          "column \""
              + id
              + "\" of "
              + table.path()
              + " holds \""
              + twin.get(0)
              + "\" in "
              + twin.get(1)
              + " rows, but names of rows must differ; drop the duplicates, or name another column"
              + " with --id");
    }
  }

  /**
   * Which columns are read.
   *
   * @return the columns of each input
   */
  public ColumnMap columns() {
    return columns;
  }

  @Override
  public OptionalLong size() {
    return OptionalLong.of(size);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void restrict(long from, long to) {
    if (from > size) {
      throw BadInputException.shorter(table.path(), size, from);
    }
    position = from;
    end = Math.min(to, size);
  }

  @Override
  public List<BadRow> takeBad() {
    List<BadRow> taken = List.copyOf(bad);
    bad.clear();
    return taken;
  }

  @Override
  public Optional<InputBatch> next(int count) throws IOException {
    try {
      List<Row> batch = read(count);
      return batch.isEmpty() ? Optional.empty() : Optional.of(stack(batch));
    } catch (TableException e) {
      throw unreadable(table.path(), e);
    }
  }

  private List<Row> read(int count) throws IOException {
    List<Row> batch = new ArrayList<>();
    while (batch.isEmpty() || (batch.size() < count && !(aligned && position % count == 0))) {
      Optional<Row> row = pending.isPresent() ? pending : readGood(batch.isEmpty(), count);
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
      position++;
    }
    return batch;
  }

  /** The next row that can be scored; empty at the end, or where a batch that has rows must end. */
  private Optional<Row> readGood(boolean first, int count) throws IOException {
    if (position == end) {
      return Optional.empty();
    }
    TableRows open = opened();
    while (open.next()) {
      try {
        return Optional.of(row(open));
      } catch (BadInputException e) {
        setAside(open, e);
      }
      if (position == end || (aligned && !first && position % count == 0)) {
        return Optional.empty();
      }
    }
    if (position < size) {
      throw BadInputException.shorter(table.path(), position, size);
    }
    return Optional.empty();
  }

  private void setAside(TableRows open, BadInputException e) throws TableException {
    String reason = "row " + position + ", " + e.getMessage();
    if (strict) {
      throw new BadInputException(
          table.path()
              + ", "
              + reason
              + "; mend the row, or leave out --strict, and such rows are set aside",
          e);
    }
    String id = columns.id().isPresent() ? open.get(0).asText() : Long.toString(position);
    bad.add(new BadRow(position, id, reason));
    position++;
    if (bad.size() >= MOST_BAD) {
      throw new BadInputException(
          table.path()
              + " has "
              + MOST_BAD
              + " rows in turn that cannot be scored, the first of them "
              + bad.get(0).reason()
              + "; see whether --map names the right columns");
    }
  }

  private Row row(TableRows open) throws TableException {
    int at = 0;
    String id = Long.toString(position);
    if (columns.id().isPresent()) {
      var value = open.get(at++);
      if (value.isNull()) {
        throw new BadInputException(
            "column \"" + columns.id().get() + "\" is null, but names rows");
      }
      id = value.asText();
    }
    if (table.format() == TableFormat.CSV) {
      var complaint = open.get(at++);
      if (!complaint.isNull()) {
        throw new BadInputException(complaint.asText());
      }
    }
    Map<String, JsonCells> cells = new LinkedHashMap<>();
    for (int i = 0; i < specs.size(); i++) {
      cells.put(specs.get(i).name(), readers.get(i).read(open, at));
      at += readers.get(i).size();
    }
    return new Row(id, cells);
  }

  private TableRows opened() throws IOException {
    if (rows != null) {
      return rows;
    }
    List<String> selected = new ArrayList<>();
    Map<String, String> jsonTypes = new LinkedHashMap<>();
    columns
        .id()
        .ifPresent(
            id -> {
              selected.add("CAST(" + TableEngine.name(id) + " AS VARCHAR)");
              jsonTypes.put(id, "VARCHAR");
            });
    if (table.format() == TableFormat.CSV) {
      List<String> complaints = new ArrayList<>();
      complaints.add(
          "CASE WHEN "
              + TableEngine.name(Table.SURPLUS)
              + " IS NOT NULL THEN 'the line has more cells than there are columns' END");
      readers.forEach(reader -> complaints.addAll(reader.complaints()));
      selected.add("coalesce(" + String.join(", ", complaints) + ")");
    }
    for (InputColumns reader : readers) {
      selected.addAll(reader.expressions());
      jsonTypes.putAll(reader.jsonTypes());
    }
    rows =
        engine.query(
            "SELECT "
                + String.join(", ", selected)
                + " FROM "
                + table.from(jsonTypes)
                + " OFFSET "
                + position);
    return rows;
  }

  private InputBatch stack(List<Row> batch) {
    Map<String, NdArray<?>> inputs = new LinkedHashMap<>();
    for (TensorSpec spec : specs) {
      List<JsonCells> column = batch.stream().map(row -> row.cells().get(spec.name())).toList();
      inputs.put(spec.name(), JsonCells.stack(spec.type(), column));
    }
    return new InputBatch(batch.stream().map(Row::id).toList(), inputs);
  }

  @Override
  public void close() throws IOException {
    if (rows != null) {
      rows.close();
    }
    engine.close();
  }
}
