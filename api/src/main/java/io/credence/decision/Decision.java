package io.credence.decision;

import io.credence.statistics.Measure;

/**
 * What a model makes of one input: an answer, or that it does not know.
 *
 * @param <A> what answers are: {@link Integer}, a class, or {@link Double}, a regression target
 */
public sealed interface Decision<A> {

  /**
   * An answer that is sure enough.
   *
   * @param answer the predicted class, or the mean of the target
   * @param <A> what answers are
   */
  record Answer<A>(A answer) implements Decision<A> {}

  /**
   * No answer, and why.
   *
   * @param measure the measure that shows too much doubt
   * @param value its value, in its unit
   * @param threshold the value up to which, or down to which, there would be an answer
   * @param <A> what answers are
   */
  record DontKnow<A>(Measure measure, double value, double threshold) implements Decision<A> {

    /**
     * Why there is no answer, for people.
     *
     * @return such as {@code predictiveEntropy is 1.2, above 0.5}
     */
    public String reason() {
      return measure.key()
          + " is "
          + value
          + (value > threshold ? ", above " : ", below ")
          + threshold;
    }
  }
}
