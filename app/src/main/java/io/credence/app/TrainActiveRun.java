package io.credence.app;

import io.credence.acquisition.ActiveLearning;
import io.credence.app.input.BadInputException;
import io.credence.models.LabelledImages;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * One trial from one beginning, in a file that is whole after every round: a run that was stopped
 * goes on behind it.
 *
 * @param trial what is tried
 * @param seed seed of the beginning and of all that is drawn
 * @param out the folder of all runs
 */
record TrainActiveRun(TrainActiveTrial trial, long seed, Path out) {

  /** What it is called on the screen. */
  String name() {
    return trial.name() + ", seed " + seed;
  }

  private Path file() {
    return out.resolve(trial.name() + "-" + seed + ".json");
  }

  /** The loop as it is in the file, or begun. */
  ActiveLearning open(LabelledImages pool) throws IOException {
    if (!Files.exists(file())) {
      return begin(pool);
    }
    List<String> ids = ids(pool);
    ActiveLearning loop;
    try {
      loop = ActiveLearning.resume(Files.readString(file()), ids);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          file() + " is damaged: " + e.getMessage() + "; remove it, or say --overwrite");
    }
    if (!loop.acquisition().equals(trial.acquisition(seed))) {
      throw new BadInputException(
          file()
              + " is of "
              + loop.acquisition()
              + ", not "
              + trial.acquisition(seed)
              + "; name another folder, or say --overwrite");
    }
    return loop;
  }

  private ActiveLearning begin(LabelledImages pool) {
    return ActiveLearning.of(trial.acquisition(seed), ids(pool), TrainActivePool.first(pool, seed));
  }

  private static List<String> ids(LabelledImages pool) {
    return IntStream.range(0, pool.size()).mapToObj(Integer::toString).toList();
  }

  /** Whether so few are wrong as is asked, the last round was run, or all have labels. */
  private boolean isDone(ActiveLearning loop) {
    List<ActiveLearning.Round> rounds = loop.history();
    if (rounds.isEmpty()) {
      return false;
    }
    ActiveLearning.Round last = rounds.get(rounds.size() - 1);
    return TrainActiveTable.labelsTo(loop, trial.leastError()).isPresent()
        || last.labels() >= trial.most()
        || last.acquired().isEmpty();
  }

  /**
   * Runs the rounds that are left, unless another process is at it.
   *
   * @param anew whether rounds that are done already are forgotten
   * @return whether all are done
   */
  boolean run(LabelledImages pool, LabelledImages test, int steps, boolean anew)
      throws IOException {
    Path work = out.resolve(trial.name() + "-" + seed);
    Files.createDirectories(work);
    try (FileChannel channel =
            FileChannel.open(
                work.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        return false;
      }
      ActiveLearning loop = anew ? begin(pool) : open(pool);
      OptionalLong most = OptionalLong.of(trial.most());
      try (Progress progress = Progress.of(name(), loop.labelled().size(), most, " labels")) {
        TrainActiveLearner learner =
            new TrainActiveLearner(
                trial.pool(), pool, test, work.resolve("model"), steps, seed, progress);
        while (!isDone(loop)) {
          loop.next(learner);
          write(loop);
          progress.stepTo(loop.labelled().size());
        }
      }
      return true;
    }
  }

  private void write(ActiveLearning loop) throws IOException {
    try (AtomicOutput output = AtomicOutput.create(file())) {
      try (BufferedWriter writer = output.writer()) {
        writer.write(loop.toJson());
        writer.newLine();
      }
      output.publish();
    }
  }
}
