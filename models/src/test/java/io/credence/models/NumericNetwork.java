package io.credence.models;

import io.credence.models.data.Standardization;
import io.credence.models.data.TabularSet;
import io.credence.models.data.TabularSplit;
import java.util.List;
import java.util.SplittableRandom;
import org.tensorflow.types.TInt32;

/**
 * A network of one hidden layer, and Adam, written out in float64 with derivatives by differences:
 * slow, and unlike what it is held against. Weights in the order hidden kernel and biases, last
 * kernel and biases.
 */
final class NumericNetwork {

  private static final double STEP = 1e-6;

  private final TabularSet set;
  private final int hidden;
  private final boolean variances;
  private final int[] rows;
  private final Standardization own;
  private final StackOrder order;
  private final double[] weights;

  NumericNetwork(TabularSet set, TabularSplit split, int hidden, boolean variances, long seed) {
    this.set = set;
    this.hidden = hidden;
    this.variances = variances;
    this.rows = split.training();
    this.own = Standardization.of(set, split);
    SplittableRandom random = new SplittableRandom(seed);
    int out = variances ? 2 : 1;
    float[] first = DenseWeights.drawn(set.features(), hidden, random).kernel();
    float[] last = DenseWeights.drawn(hidden, out, random).kernel();
    this.weights = new double[first.length + hidden + last.length + out];
    for (int i = 0; i < first.length; i++) {
      weights[i] = first[i];
    }
    for (int i = 0; i < last.length; i++) {
      weights[first.length + hidden + i] = last[i];
    }
    this.order = new StackOrder(List.of(random), rows.length);
  }

  double weight(int index) {
    return weights[index];
  }

  void descend(int epochs, int batch, double rate, double decay, double adversarial) {
    double[] mean = new double[weights.length];
    double[] square = new double[weights.length];
    int step = 0;
    for (int epoch = 0; epoch < epochs; epoch++) {
      order.shuffle();
      for (int from = 0; from < rows.length; from += batch) {
        int[] some;
        try (TInt32 chosen = order.batch(from, Math.min(from + batch, rows.length))) {
          some = new int[(int) chosen.size()];
          for (int i = 0; i < some.length; i++) {
            some[i] = rows[chosen.getInt(0, i)];
          }
        }
        double[] gradient = gradient(some, decay, adversarial);
        step++;
        for (int i = 0; i < weights.length; i++) {
          mean[i] = .9 * mean[i] + .1 * gradient[i];
          square[i] = .999 * square[i] + .001 * gradient[i] * gradient[i];
          double corrected = Math.sqrt(square[i] / (1 - Math.pow(.999, step)));
          weights[i] -= rate * mean[i] / (1 - Math.pow(.9, step)) / (corrected + 1e-8);
        }
      }
    }
  }

  private double[] gradient(int[] some, double decay, double adversarial) {
    double[][] clean = new double[some.length][];
    double[][] moved = new double[some.length][];
    for (int i = 0; i < some.length; i++) {
      float[] x = own.inputs(set, some[i]);
      clean[i] = new double[x.length];
      for (int j = 0; j < x.length; j++) {
        clean[i][j] = x[j];
      }
      moved[i] = clean[i].clone();
      for (int j = 0; j < x.length && adversarial > 0; j++) {
        double[] up = clean[i].clone();
        double[] down = clean[i].clone();
        up[j] += STEP;
        down[j] -= STEP;
        double y = own.targets(set, some[i])[0];
        moved[i][j] += adversarial * own.range(j) * Math.signum(loss(up, y) - loss(down, y));
      }
    }
    double[] gradient = new double[weights.length];
    for (int w = 0; w < weights.length; w++) {
      double at = weights[w];
      weights[w] = at + STEP;
      double high = loss(some, clean, decay) + (adversarial > 0 ? loss(some, moved, 0) : 0);
      weights[w] = at - STEP;
      double low = loss(some, clean, decay) + (adversarial > 0 ? loss(some, moved, 0) : 0);
      weights[w] = at;
      gradient[w] = (high - low) / (2 * STEP);
    }
    return gradient;
  }

  private double loss(int[] some, double[][] x, double decay) {
    double sum = 0;
    for (int i = 0; i < some.length; i++) {
      sum += loss(x[i], own.targets(set, some[i])[0]) / some.length;
    }
    int kernel = set.features() * hidden;
    for (int w = 0; w < weights.length; w++) {
      boolean bias =
          (w >= kernel && w < kernel + hidden) || w >= weights.length - (variances ? 2 : 1);
      sum += bias ? 0 : decay * weights[w] * weights[w];
    }
    return sum;
  }

  private double loss(double[] x, double y) {
    double mean = answer(x, 0);
    if (!variances) {
      return (mean - y) * (mean - y);
    }
    double variance = Math.log1p(Math.exp(answer(x, 1))) + 1e-6;
    return .5 * Math.log(variance) + (y - mean) * (y - mean) / (2 * variance);
  }

  private double answer(double[] x, int which) {
    int out = variances ? 2 : 1;
    int biases = x.length * hidden;
    double answer = weights[weights.length - out + which];
    for (int unit = 0; unit < hidden; unit++) {
      double at = weights[biases + unit];
      for (int i = 0; i < x.length; i++) {
        at += x[i] * weights[i * hidden + unit];
      }
      answer += Math.max(0, at) * weights[biases + hidden + unit * out + which];
    }
    return answer;
  }
}
