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
  MEAN;

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
   * @return true for every kind but {@link #MEAN}
   */
  public boolean isClassification() {
    return this != MEAN;
  }
}
