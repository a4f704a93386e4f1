package io.credence.statistics;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * The jackknife of some numbers of one input.
 *
 * @param groups number of groups that hold samples; 0 if nothing can be told
 * @param errors the jackknife of each number; empty if nothing can be told
 */
record SamplingError(int groups, List<Jackknife> errors) {

  /** Where nothing can be told. */
  static final SamplingError NONE = new SamplingError(0, List.of());

  OptionalDouble standardError(int index) {
    return errors.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(errors.get(index).standardError());
  }

  OptionalDouble corrected(int index) {
    return errors.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(errors.get(index).corrected());
  }

  /**
   * Centre ± t · standard error, cut off at a range.
   *
   * @throws IllegalArgumentException unless {@code 0 < level < 1}
   */
  Optional<Interval> interval(int index, double centre, double level, Interval range) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "level is " + level + "; it must be between 0 and 1, both exclusive, such as 0.95");
    }
    if (errors.isEmpty()) {
      return Optional.empty();
    }
    double t = new TDistribution(null, groups - 1.0).inverseCumulativeProbability((1 + level) / 2);
    double half = t * errors.get(index).standardError();
    return Optional.of(new Interval(range.clamp(centre - half), range.clamp(centre + half)));
  }
}
