package io.credence;

import java.util.Optional;

/**
 * The range of values a model was trained on, and the guard against inputs outside it. Pictures fed
 * as 0–255 into a network trained on 0–1 give absurd certainty: the logits grow with the input, and
 * softmax saturates.
 *
 * @param min the smallest value in the training inputs
 * @param max the largest value in the training inputs; {@code max > min}
 */
public record InputRange(double min, double max) {

  /** Values outside the range by less than this share of its width are let pass. */
  private static final double SLACK = 1e-3;

  /**
   * Checks the range.
   *
   * @param min see the record
   * @param max see the record
   * @throws IllegalArgumentException unless {@code min < max} and both are finite
   */
  public InputRange {
    if (!(min < max) || Double.isInfinite(min) || Double.isInfinite(max)) {
      throw new IllegalArgumentException(
          "input range [" + min + ", " + max + "] is empty or not finite; min < max is needed");
    }
  }

  /**
   * Says what is wrong with inputs whose values span {@code [observedMin, observedMax]}.
   *
   * @param input the name of the input, for the message
   * @param observedMin the smallest value fed
   * @param observedMax the largest value fed
   * @return a warning that names both ranges and the likely cause, or empty if the inputs are
   *     inside; inputs all within ±1.5 also raise it where the model was trained on values above
   *     100
   */
  public Optional<String> warning(String input, double observedMin, double observedMax) {
    double slack = SLACK * (max - min);
    boolean inside = observedMin >= min - slack && observedMax <= max + slack;
    if (inside && !rescaledTwice(observedMin, observedMax)) {
      return Optional.empty();
    }
    return Optional.of(
        "input \""
            + input
            + "\" holds values in "
            + describe(observedMin, observedMax)
            + ", but the model was trained on "
            + describe(min, max)
            + ": "
            + likelyCause(observedMin, observedMax)
            + ". Scores of such inputs mean little.");
  }

  /** Pixels of 0–1, or −1 to 1, for a model of 0–255: inside the range, and yet all but black. */
  private boolean rescaledTwice(double observedMin, double observedMax) {
    return max > 100 && observedMin >= -1.5 && observedMax <= 1.5 && observedMin < observedMax;
  }

  private String likelyCause(double observedMin, double observedMax) {
    boolean bytes = observedMin >= 0 && observedMax > 10 && observedMax <= 255;
    if (bytes && max <= 1) {
      return "these look like 0–255 pixels that were not rescaled; "
          + (min < 0 ? "map them to " + describe(min, max) : "multiply them by 1/255");
    }
    if (rescaledTwice(observedMin, observedMax)) {
      return "these look rescaled twice; feed them as they were in training";
    }
    return "check that the preprocessing is the one used in training";
  }

  private static String describe(double low, double high) {
    return "[" + number(low) + ", " + number(high) + "]";
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : String.format(java.util.Locale.ROOT, "%.4g", value);
  }
}
