package io.credence;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which inputs a dropout mask is shown to. Each input by itself has the same distribution. */
public enum Masks {
  /**
   * One mask a pass, shown to every input: a sample is a network. A score does not depend on the
   * other inputs of its batch, inputs are compared under the same networks, and their joint
   * distribution exists. The default.
   */
  SHARED,
  /**
   * A mask of its own for each row, as a training loop draws them. Rows are then independent: there
   * is no joint distribution, and a score depends on where its row stands in the batch.
   */
  PER_ROW;

  /**
   * Returns the masks of that name.
   *
   * @param name a constant's name, in any case, with {@code -} or {@code _} between words
   * @return the masks
   * @throws IllegalArgumentException if none have that name
   */
  public static Masks parse(String name) {
    String constant = name.trim().toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(values())
        .filter(masks -> masks.name().equals(constant))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "masks \""
                        + name
                        + "\" are unknown; choose one of "
                        + Arrays.stream(values())
                            .map(Enum::name)
                            .collect(Collectors.joining(", "))));
  }
}
