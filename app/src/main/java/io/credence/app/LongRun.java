package io.credence.app;

import io.credence.app.input.BadInputException;
import io.credence.app.input.InputSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A run that can be stopped at any moment and gone on with, over all rows or a shard of them.
 *
 * @param input what is scored
 * @param out the file of results
 * @param shard the rows
 * @param resume whether to go on with what an earlier run left
 * @param manifest what the results depend on
 */
record LongRun(Path input, Path out, Shard shard, boolean resume, RunManifest manifest) {

  /**
   * Scores, and puts the whole in its place.
   *
   * @param skipping whether rows that cannot be read are passed over
   * @param err where to say what is kept of a run that fails
   * @throws BadInputException as {@link PartsOutput#open}, {@link Shard#range} and {@link
   *     ScoreRun#score}
   */
  void score(
      ScoreRun run, InputSource source, boolean skipping, SamplesOutput samples, PrintWriter err)
      throws IOException {
    boolean whole = shard.of() == 1;
    Shard.Range range =
        whole ? new Shard.Range(0, Long.MAX_VALUE) : shard.range(rows(source), run.rows().count());
    RunManifest own = new RunManifest(manifest.json().deepCopy());
    own.json().put("shard", shard.toString());
    try (PartsOutput parts = PartsOutput.open(out, own, resume, range.from(), samples.file())) {
      try {
        run.totals().begunWith(parts.rows(), parts.badRows());
        source.restrict(parts.position(), range.to());
        OptionalLong end = whole ? source.size() : OptionalLong.of(range.to());
        run.score(source, parts, skipping, end);
        samples.publish();
        parts.publish(whole ? Optional.empty() : Optional.of(MergeCommand.record(shard, manifest)));
      } catch (IOException | RuntimeException e) {
        parts.kept().ifPresent(text -> err.println("note: " + text));
        throw e;
      }
    }
  }

  /** Lines are counted first, to share them out. */
  private long rows(InputSource source) throws IOException {
    if (source.size().isPresent()) {
      return source.size().getAsLong();
    }
    try (BufferedReader lines = Files.newBufferedReader(input)) {
      return lines.lines().count();
    }
  }
}
