package io.credence.statistics;

/** The distributions over K classes that passes, one after the other, gave one input. */
final class PassBlock {

  private final int classes;
  private final double[] meanLogs;
  private double[] rows = {};
  private double[] logs = {};
  private double[] entropies = {};
  private int[] tops = {};

  PassBlock(int classes) {
    this.classes = classes;
    this.meanLogs = new double[classes];
  }

  /** Makes room for so many passes. */
  void open(int passes) {
    if (tops.length < passes) {
      rows = new double[Math.multiplyExact(passes, classes)];
      logs = new double[rows.length];
      entropies = new double[passes];
      tops = new int[passes];
    }
  }

  /** Reads what a pass gave, in the place of what was there. */
  void read(int pass, ProbabilityRows reader, float[] outputs, int at) {
    int from = pass * classes;
    reader.read(outputs, at, rows, from);
    int top = ArgMax.of(rows, from, classes);
    tops[pass] = top - from;
    entropies[pass] = Entropy.of(rows, logs, from, from + classes, top);
  }

  double probability(int pass, int index) {
    return rows[pass * classes + index];
  }

  /** The logarithm of a probability. */
  double log(int pass, int index) {
    return logs[pass * classes + index];
  }

  double entropy(int pass) {
    return entropies[pass];
  }

  /** The most probable class of a pass. */
  int top(int pass) {
    return tops[pass];
  }

  /** The logarithms of some means, good until it is called again. */
  double[] logs(double[] means) {
    for (int k = 0; k < classes; k++) {
      meanLogs[k] = Math.log(means[k]);
    }
    return meanLogs;
  }
}
