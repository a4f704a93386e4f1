package io.credence.jmh;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Something to measure in a process of its own: a benchmark with its parameters, by JMH, or a
 * {@link Footprint}.
 *
 * @param benchmark class and method, {@code PeerBenchmark.predict}
 * @param params parameters, in the order in which they are told
 * @param threads callers at the same time; more than one measure calls a second, one the time of a
 *     call
 * @param slow whether a call takes seconds: measured in the first of three rounds only, in few
 *     iterations
 */
record Measure(String benchmark, Map<String, String> params, int threads, boolean slow) {

  private static final String FOOTPRINT = "Footprint";

  /**
   * A benchmark of one caller.
   *
   * @param params names and values in turn
   */
  static Measure of(String benchmark, Object... params) {
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; i < params.length; i += 2) {
      named.put(params[i].toString(), params[i + 1].toString());
    }
    return new Measure(benchmark, named, 1, benchmark.startsWith(FOOTPRINT));
  }

  /** The same with more callers. */
  Measure threads(int callers) {
    return new Measure(benchmark, params, callers, slow);
  }

  /** The same, told to be slow. */
  Measure slowly() {
    return new Measure(benchmark, params, threads, true);
  }

  /** Whether it is a {@link Footprint}, which JMH knows nothing of. */
  boolean isFootprint() {
    return benchmark.startsWith(FOOTPRINT);
  }

  /** Whether calls a second are measured, more being better. */
  boolean isThroughput() {
    return threads > 1 || benchmark.startsWith("CallersBenchmark");
  }

  /** Whether ways are taken in turn, and each has a time of its own. */
  boolean isTurns() {
    return method().equals("turns");
  }

  /** The class that measures, in this package. */
  String className() {
    return getClass().getPackageName() + "." + benchmark.substring(0, benchmark.indexOf('.'));
  }

  /** What of the class measures. */
  String method() {
    return benchmark.substring(benchmark.indexOf('.') + 1);
  }

  /** What its number counts. */
  String unit() {
    if (isFootprint()) {
      return "bytes";
    }
    return isThroughput() ? "calls/s" : "ms";
  }

  @Override
  public String toString() {
    String told =
        params.entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining(" "));
    return benchmark + " " + told + (threads == 1 ? "" : " threads=" + threads);
  }
}
