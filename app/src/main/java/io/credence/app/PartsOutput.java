package io.credence.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.app.input.BadInputException;
import io.credence.app.input.BadRow;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Results that are written part by part, so that a run that was killed goes on where it was. The
 * whole appears at the end, complete, with the rows that were set aside in {@code FILE.bad.jsonl}.
 */
final class PartsOutput implements ScoreTarget, AutoCloseable {

  private static final long PART_NANOSECONDS = 30_000_000_000L;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A part ends after so many rows of the input, or so much time, whichever is first. */
  private final long partRows = Long.getLong("credence.part.rows", 1 << 14);

  private final Path out;
  private final ResultFormat format;
  private final WorkFolder work;
  private final Optional<SamplesFile> samples;
  private @Nullable BufferedWriter lines;
  private @Nullable BufferedWriter badLines;
  private long rows;
  private long bad;
  private long longest;
  private long begunAt;
  private long begun;
  private long position;

  private PartsOutput(
      Path out, ResultFormat format, WorkFolder work, long from, Optional<SamplesFile> samples) {
    this.out = out;
    this.format = format;
    this.work = work;
    this.samples = samples;
    this.position = work.position().orElse(from);
    this.begun = position;
    this.begunAt = System.nanoTime();
  }

  /**
   * Begins, or goes on.
   *
   * @param name the output
   * @param from the first row of the input
   * @throws BadInputException as {@link ResultFormat#of} and {@link WorkFolder#open}
   */
  static PartsOutput open(
      Path name, RunManifest manifest, boolean resume, long from, Optional<SamplesFile> samples)
      throws IOException {
    Path out = AtomicOutput.target(name);
    ResultFormat format = ResultFormat.of(name);
    return new PartsOutput(out, format, WorkFolder.open(out, manifest, resume), from, samples);
  }

  /** The row of the input to go on with. */
  long position() {
    return position;
  }

  /** Rows that are scored, now and before. */
  long rows() {
    return work.rows();
  }

  /** Rows that were set aside, now and before. */
  long badRows() {
    return work.bad();
  }

  /** What is kept of a run that does not come to its end, for people; empty if nothing is. */
  Optional<String> kept() {
    return work.position().isEmpty()
        ? Optional.empty()
        : Optional.of(
            work.rows()
                + " rows are kept in "
                + work.folder()
                + "; the same command with --resume goes on");
  }

  /** The file of the rows that were set aside of an output. */
  static Path badFile(Path out) {
    return out.resolveSibling(out.getFileName() + ".bad.jsonl");
  }

  @Override
  public Optional<SamplesFile> samples() {
    return samples;
  }

  @Override
  public void write(CharSequence text, int count, long until, List<BadRow> badRows)
      throws IOException {
    try {
      if (count > 0) {
        lines = lines == null ? Files.newBufferedWriter(work.unfinished("jsonl")) : lines;
        lines.append(text);
        rows += count;
        longest = Math.max(longest, 3L * text.length()); // a character takes 3 bytes at most
      }
      for (BadRow row : badRows) {
        badLines = badLines == null ? Files.newBufferedWriter(work.unfinished("bad")) : badLines;
        ObjectNode json = JSON.createObjectNode().put("row", row.row()).put("id", row.id());
        badLines.append(JSON.writeValueAsString(json.put("reason", row.reason()))).append('\n');
        bad++;
      }
      position = until;
      if (position - begun >= partRows || System.nanoTime() - begunAt > PART_NANOSECONDS) {
        endPart();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private OutputException failed(IOException e) {
    return new OutputException(out + " cannot be written: " + e.getMessage(), e);
  }

  private void endPart() throws IOException {
    Optional<Path> results = closed(lines, "jsonl");
    Optional<Path> asideRows = closed(badLines, "bad");
    lines = null;
    badLines = null;
    if (results.isPresent() && format != ResultFormat.JSON_LINES) {
      Path table = work.unfinished(end());
      ResultTables.toParquet(results.get(), longest, table);
      results = Optional.of(table);
    }
    work.add(new WorkFolder.Part(rows, bad, position), results, end(), asideRows);
    rows = 0;
    bad = 0;
    longest = 0;
    begun = position;
    begunAt = System.nanoTime();
  }

  /** Parts of CSV are Parquet too, which keeps the types. */
  private String end() {
    return (format == ResultFormat.JSON_LINES ? format : ResultFormat.PARQUET).end();
  }

  private Optional<Path> closed(@Nullable BufferedWriter writer, String name) throws IOException {
    if (writer == null) {
      return Optional.empty();
    }
    writer.close();
    return Optional.of(work.unfinished(name));
  }

  /**
   * Puts all parts together, and in their place.
   *
   * @param shard what is written beside a shard; empty if the output is whole
   * @throws BadInputException if no row was scored
   */
  void publish(Optional<ObjectNode> shard) throws IOException {
    try {
      if (position > begun) {
        endPart();
      }
      if (work.rows() == 0) {
        throw new BadInputException(out + " would hold no row: none of the input can be scored");
      }
      Path whole = work.unfinished("whole");
      ResultTables.join(work.all(end()), format, whole);
      Path side = work.unfinished("aside");
      ResultTables.append(work.all("bad"), side, false);
      if (work.bad() > 0) {
        move(side, badFile(out));
      } else {
        Files.deleteIfExists(badFile(out)); // of an older run
      }
      if (shard.isPresent()) {
        ObjectNode json = shard.get().put("rows", rows()).put("bad", badRows());
        Path record = work.unfinished("shard");
        JSON.writeValue(record.toFile(), json.put("bytes", Files.size(whole)));
        move(record, MergeCommand.shardFile(out));
      }
      move(whole, out);
      work.remove();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    release(lines);
    release(badLines);
    work.close();
  }

  private static void release(@Nullable BufferedWriter writer) {
    if (writer == null) {
      return;
    }
    try {
      writer.close();
    } catch (IOException e) {
      // Told when it was written; what is not finished goes anyway.
      return;
    }
  }
}
