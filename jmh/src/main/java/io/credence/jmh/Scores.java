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
   */
  record Score(double value, double allocated) {}

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
