package io.credence.app;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.credence.app.input.BadInputException;
import io.credence.models.data.TabularSet;
import io.credence.models.data.TabularSplit;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The scores of a method on a set, in a file that is whole at any time: a run that was stopped goes
 * on behind it.
 */
final class TrainUciResults {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

  /** What the file holds. */
  private record Content(long seed, int epochs, List<TrainUciScore> splits) {}

  private final TabularSet set;
  private final Path folder;
  private final Path file;
  private final long seed;
  private final int epochs;
  private final List<TrainUciScore> scores = new ArrayList<>();

  private TrainUciResults(TabularSet set, Path folder, Path file, long seed, int epochs) {
    this.set = set;
    this.folder = folder;
    this.file = file;
    this.seed = seed;
    this.epochs = epochs;
  }

  /**
   * Reads what is done already.
   *
   * @throws BadInputException if the file is damaged, or of another seed or other epochs
   */
  static TrainUciResults open(
      Path out, TabularSet set, String method, long seed, int epochs, boolean overwrite)
      throws IOException {
    Path folder = out.resolve(set.name()).resolve(method);
    TrainUciResults results =
        new TrainUciResults(set, folder, folder.resolve("results.json"), seed, epochs);
    if (!overwrite && Files.exists(results.file)) {
      results.read();
    }
    return results;
  }

  private void read() throws IOException {
    Content content;
    try {
      content = JSON.readValue(file.toFile(), Content.class);
    } catch (JacksonException e) {
      throw new BadInputException(
          file + " is damaged: " + e.getOriginalMessage() + "; remove it, or say --overwrite");
    }
    if (content.seed() != seed || content.epochs() != epochs) {
      throw new BadInputException(
          file
              + " is of seed "
              + content.seed()
              + " and "
              + content.epochs()
              + " epochs, not "
              + seed
              + " and "
              + epochs
              + "; give --seed and --epochs as before to go on, name another folder, or say --overwrite");
    }
    scores.addAll(content.splits());
  }

  TabularSet set() {
    return set;
  }

  /** The folder of the models. */
  Path folder() {
    return folder;
  }

  /** What is noted in the sidecar of a model. */
  Map<String, String> note(TabularSplit split) {
    return Map.of(
        "recipe", "uci " + folder.getFileName(),
        "set", set.name(),
        "split", Integer.toString(split.number()),
        "seed", Long.toString(seed),
        "epochs", Integer.toString(epochs));
  }

  long seed() {
    return seed;
  }

  int epochs() {
    return epochs;
  }

  /** The scores so far, by split. */
  List<TrainUciScore> scores() {
    return List.copyOf(scores);
  }

  /** Whether all of these splits are done. */
  boolean has(List<TabularSplit> group) {
    return group.stream()
        .allMatch(split -> scores.stream().anyMatch(score -> score.split() == split.number()));
  }

  /** Adds scores, in the place of older ones of the same splits, and writes the file. */
  void add(List<TrainUciScore> some) throws IOException {
    scores.removeIf(old -> some.stream().anyMatch(score -> score.split() == old.split()));
    scores.addAll(some);
    scores.sort(Comparator.comparingInt(TrainUciScore::split));
    try (AtomicOutput output = AtomicOutput.create(file)) {
      try (Writer writer = output.writer()) {
        JSON.writeValue(writer, new Content(seed, epochs, scores));
      }
      output.publish();
    }
  }

  /**
   * A seed for a part of the work, which does not depend on what else is done.
   *
   * @param part which part of a split's work
   */
  long seed(TabularSplit split, int part) {
    long mixed = seed;
    for (long each : new long[] {set.name().hashCode(), split.number(), part}) {
      mixed = new SplittableRandom(mixed ^ (each * 0x9E3779B97F4A7C15L)).nextLong();
    }
    return mixed;
  }
}
