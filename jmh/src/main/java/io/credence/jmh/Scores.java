package io.credence.jmh;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** What one round measured. */
final class Scores {

  /**
   * A number, and what was allocated for it.
   *
   * @param value median over iterations: ms, calls a second, or bytes
   * @param allocated bytes of the heap that a call allocates; NaN where that is not known
   * @param ways of {@link Turns}, milliseconds of each way in all turns; else empty
   */
  record Score(double value, double allocated, Map<String, Double> ways) {

    /** A number of which nothing else is known. */
    static Score of(double value) {
      return new Score(value, Double.NaN, Map.of());
    }
  }

  private final Map<Measure, Score> scores = new HashMap<>();
  private final Map<Measure, String> missing = new HashMap<>();

  /** The best that any round gave of each measure: what others on the machine spoilt least. */
  static Scores best(List<Scores> rounds) {
    Scores best = new Scores();
    for (Scores round : rounds) {
      round.scores.forEach(
          (measure, score) ->
              best.scores.merge(
                  measure,
                  score,
                  (one, other) ->
                      one.value() < other.value() == measure.isThroughput() ? other : one));
    }
    return best;
  }

  void put(Measure measure, Score score) {
    scores.put(measure, score);
  }

  /** Says why there is none. */
  void miss(Measure measure, String why) {
    missing.put(measure, why);
  }

  /** Why measures were not taken. */
  Map<Measure, String> missing() {
    return missing;
  }

  /** The median of a measure: ms, calls a second or bytes. */
  double of(Measure measure) {
    return score(measure).value();
  }

  /** The time of one way in the turns of a measure, ms. */
  double way(Measure turns, String way) {
    Double time = score(turns).ways().get(way);
    if (time == null) {
      throw new NoSuchElementException(turns + " takes no turn of " + way);
    }
    return time;
  }

  /** What a call allocates, bytes. */
  double allocated(Measure measure) {
    return score(measure).allocated();
  }

  private Score score(Measure measure) {
    Score score = scores.get(measure);
    if (score == null) {
      throw new NoSuchElementException(
          missing.getOrDefault(measure, measure + " was not measured"));
    }
    return score;
  }
}
