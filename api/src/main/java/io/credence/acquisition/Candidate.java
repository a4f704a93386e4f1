package io.credence.acquisition;

import java.util.Comparator;
import java.util.Optional;

/**
 * An unlabelled input that may be labelled.
 *
 * @param <P> what is kept of it, such as its samples or its embedding
 * @param id the name of the input
 * @param score what its label is worth, finite; high means that it should be labelled
 * @param key what it is ranked by: the score, or what a random strategy makes of it
 * @param payload what is kept of it; empty if nothing was given
 */
public record Candidate<P>(String id, double score, double key, Optional<P> payload) {

  /**
   * The highest key first; of equal keys the lowest id in the order of {@link String#compareTo}.
   */
  static final Comparator<Candidate<?>> BEST_FIRST =
      Comparator.<Candidate<?>>comparingDouble(Candidate::key)
          .reversed()
          .thenComparing(Candidate::id);

  /**
   * Whether it goes before one of another key and id.
   *
   * @param otherKey the key of the other
   * @param otherId the id of the other
   */
  boolean isBefore(double otherKey, String otherId) {
    int order = Double.compare(key, otherKey);
    return order > 0 || (order == 0 && id.compareTo(otherId) < 0);
  }

  Candidate<P> withKey(double newKey) {
    return new Candidate<>(id, score, newKey, payload);
  }
}
