package io.credence.acquisition;

import java.util.Random;

/** Made distributions of inputs by networks, [N, T, K]. */
final class RandomNetworks {

  private RandomNetworks() {}

  /** Networks that disagree on each input by chance of its own. */
  static double[][][] independent(Random random, int inputs, int passes, int classes) {
    double[][][] all = new double[inputs][passes][classes];
    for (double[][] ofInput : all) {
      double[] centre = random.doubles(classes).map(u -> 4 * u).toArray();
      for (double[] row : ofInput) {
        for (int k = 0; k < classes; k++) {
          row[k] = centre[k] + 1.5 * random.nextGaussian();
        }
        softmax(row);
      }
    }
    return all;
  }

  /** Networks of few properties, on which all inputs hang. */
  static double[][][] related(Random random, int inputs, int passes, int classes) {
    int size = 3;
    double[][] properties = new double[passes][];
    for (int t = 0; t < passes; t++) {
      properties[t] = random.doubles(size).map(u -> 4 * u - 2).toArray();
    }
    double[][][] all = new double[inputs][passes][classes];
    for (double[][] ofInput : all) {
      for (int k = 0; k < classes; k++) {
        double[] load = random.doubles(size).map(u -> 3 * u - 1.5).toArray();
        for (int t = 0; t < passes; t++) {
          for (int j = 0; j < size; j++) {
            ofInput[t][k] += load[j] * properties[t][j];
          }
        }
      }
      for (double[] row : ofInput) {
        softmax(row);
      }
    }
    return all;
  }

  private static void softmax(double[] row) {
    double sum = 0;
    for (int k = 0; k < row.length; k++) {
      row[k] = Math.exp(row[k]);
      sum += row[k];
    }
    for (int k = 0; k < row.length; k++) {
      row[k] /= sum;
    }
  }
}
