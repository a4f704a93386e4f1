package io.credence.statistics;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * The jackknife of every measure of one input.
 *
 * @param groups number of groups that hold samples; 0 if nothing can be told
 * @param measures every measure; empty if nothing can be told
 */
record SamplingError(int groups, Map<Measure, Jackknife> measures) {

  /** Where nothing can be told. */
  static final SamplingError NONE = new SamplingError(0, Map.of());

  OptionalDouble standardError(Measure measure) {
    Jackknife jackknife = measures.get(measure);
    return jackknife == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(jackknife.standardError());
  }

  OptionalDouble corrected(Measure measure) {
    Jackknife jackknife = measures.get(measure);
    return jackknife == null ? OptionalDouble.empty() : OptionalDouble.of(jackknife.corrected());
  }
}
