package io.credence;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the numbers of a model's output mean. It is declared, never guessed: by the caller, by the
 * model's {@link Sidecar}, or by the last op of the graph (Softmax, Sigmoid).
 */
public enum OutputKind {
  /** Class probabilities, shape {@code [N, K]}, K ≥ 2; each row is non-negative and sums to one. */
  PROBABILITIES,
  /** Unnormalised class scores, shape {@code [N, K]}, K ≥ 2; softmax makes them probabilities. */
  LOGITS,
  /** The probability of the second of two classes, shape {@code [N, 1]}, within {@code [0, 1]}. */
  BINARY_PROBABILITY,
  /** The log-odds of the second of two classes, shape {@code [N, 1]}; the sigmoid's argument. */
  BINARY_LOGIT,
  /** The predicted mean of D regression targets, shape {@code [N, D]}, D ≥ 1. */
  MEAN,
  /** D means, then the D variances about them, shape {@code [N, 2D]}; variances are ≥ 0. */
  MEAN_AND_VARIANCE,
  /** D means, then the natural logarithms of the D variances, shape {@code [N, 2D]}. */
  MEAN_AND_LOG_VARIANCE,
  /**
   * Quantiles of D targets at Q levels, shape {@code [N, Q·D]}: D numbers of the first level, then
   * D of the second, and so on. {@link RegressionHead.Quantiles} names the levels.
   */
  QUANTILES,
  /**
   * A mixture of C normal distributions, shape {@code [N, C(1 + 2D)]}: C logits of the weights,
   * then D means of the first component, of the second and so on, then in that order the natural
   * logarithms of the standard deviations. {@link RegressionHead.MixtureDensity} tells C.
   */
  MIXTURE_DENSITY;

  /**
   * Returns the kind of that name.
   *
   * @param name a constant's name, in any case, with {@code -} or {@code _} between words
   * @return the kind
   * @throws IllegalArgumentException if no kind has that name
   */
  public static OutputKind parse(String name) {
    String constant = name.trim().toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(values())
        .filter(kind -> kind.name().equals(constant))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "output kind \"" + name + "\" is unknown; choose one of " + choices()));
  }

  /**
   * Returns the names of all kinds, for messages.
   *
   * @return the names, comma-separated
   */
  public static String choices() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }

  /**
   * Whether the output is one number that stands for two classes.
   *
   * @return true for {@link #BINARY_PROBABILITY} and {@link #BINARY_LOGIT}
   */
  public boolean isBinary() {
    return this == BINARY_PROBABILITY || this == BINARY_LOGIT;
  }

  /**
   * Whether the output stands for a distribution over classes.
   *
   * @return true for the first four kinds, false for those that a {@link RegressionHead} stands for
   */
  public boolean isClassification() {
    return this == PROBABILITIES || this == LOGITS || isBinary();
  }
}
