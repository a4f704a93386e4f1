package io.credence.app;

import io.credence.acquisition.Acquisition;
import io.credence.acquisition.Candidate;
import io.credence.acquisition.Strategy;
import io.credence.acquisition.TopK;
import io.credence.app.input.BadInputException;
import io.credence.statistics.SampleArray;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What there is to say of a choice. */
final class AcquireReport {

  /** A label that tells less is chosen by next to nothing, nats. */
  private static final double NEXT_TO_NOTHING = 1e-3;

  private final Acquisition asked;
  private final int labelled;
  private long pool;
  private long excluded;
  private Optional<AcquireModel.Look> look = Optional.empty();
  private long samples;

  /**
   * Nothing yet.
   *
   * @param labelled how many ids are to be passed over, wherever they are
   */
  AcquireReport(Acquisition asked, int labelled) {
    this.asked = asked;
    this.labelled = labelled;
  }

  /**
   * Takes note of the size of the pool.
   *
   * @param rows inputs that may be chosen
   * @param passedOver inputs that have labels already
   * @throws BadInputException if more are asked for than may be chosen
   */
  void checkPool(long rows, long passedOver) {
    pool = rows;
    excluded = passedOver;
    if (rows == 0) {
      throw new BadInputException(
          "no input of the pool is left to choose"
              + (passedOver == 0 ? "" : ": all " + passedOver + " are excluded")
              + "; bring further inputs");
    }
    if (asked.labels() > rows) {
      throw new BadInputException(
          "--k is "
              + asked.labels()
              + ", but the pool has "
              + rows
              + " inputs"
              + (passedOver == 0 ? "" : " beside the " + passedOver + " that are excluded")
              + "; ask for at most "
              + rows);
    }
  }

  /** Takes note of what was read of the pool. */
  void looked(AcquireModel.Look now) {
    look = Optional.of(now);
  }

  /** Takes note of how many samples there are of each candidate. */
  void samples(TopK<SampleArray> kept) {
    samples =
        kept.best().stream()
            .findFirst()
            .flatMap(Candidate::payload)
            .map(each -> (long) each.passes())
            .orElse(0L);
  }

  /** Tells it. */
  void print(List<? extends Candidate<?>> chosen, PrintWriter to) {
    look.filter(each -> each.skipped() > 0)
        .ifPresent(
            each ->
                to.println(
                    "note: "
                        + each.skipped()
                        + " inputs could not be read and were skipped, the first: "
                        + each.problems().get(0)));
    Strategy strategy = asked.strategy();
    to.printf(
        Locale.ROOT,
        "%d of %d inputs chosen by %s%s, seed %d%s%n",
        chosen.size(),
        pool,
        strategy.key(),
        strategy.needsCandidates()
            ? " among " + Math.min(pool, asked.candidates()) + " candidates"
            : "",
        asked.seed(),
        excluded == 0 ? "" : "; " + excluded + " excluded");
    if (labelled > 0 && excluded == 0) {
      to.println(
          "note: none of the "
              + labelled
              + " ids of --exclude is in the pool; see whether both name inputs alike");
    }
    if (strategy.measure().isPresent() && !chosen.isEmpty()) {
      double[] scores = chosen.stream().mapToDouble(Candidate::score).sorted().toArray();
      to.printf(
          Locale.ROOT,
          "scores of the chosen from %.4f to %.4f (%s)%n",
          scores[0],
          scores[scores.length - 1],
          strategy.measure().get().key());
    }
    if (strategy == Strategy.BATCHBALD) {
      printGains(chosen, to);
    }
  }

  private void printGains(List<? extends Candidate<?>> chosen, PrintWriter to) {
    double all = chosen.stream().mapToDouble(Candidate::key).sum();
    to.printf(
        Locale.ROOT,
        "together their labels tell %.4f nats of which network is right; %d networks are told apart"
            + " by %.4f%n",
        all,
        samples,
        Math.log((double) samples));
    long little = chosen.stream().filter(each -> each.key() < NEXT_TO_NOTHING).count();
    if (little > 0) {
      to.println(
          "note: the last "
              + little
              + " tell less than "
              + NEXT_TO_NOTHING
              + " nats more each, and are chosen by next to nothing; draw more --passes, or choose"
              + " fewer at a time");
    }
  }
}
