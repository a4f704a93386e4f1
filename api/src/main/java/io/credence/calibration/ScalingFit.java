package io.credence.calibration;

import java.util.stream.IntStream;
import org.apache.commons.math3.analysis.solvers.BracketingNthOrderBrentSolver;
import org.apache.commons.math3.exception.TooManyEvaluationsException;
import org.apache.commons.math3.exception.TooManyIterationsException;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.MaxIter;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunctionGradient;
import org.apache.commons.math3.optim.nonlinear.scalar.gradient.NonLinearConjugateGradientOptimizer;

/** Finds the scaling of greatest likelihood, or tells why there is none. */
final class ScalingFit {

  /** Temperatures beyond are no calibration. */
  private static final double LARGEST_TEMPERATURE = 1e3;

  private static final double ACCURACY = 1e-14;
  private static final int EVALUATIONS = 200;
  private static final int ITERATIONS = 5_000;

  /** Largest slope, in nats a standard deviation of a logit, at which the minimum is reached. */
  private static final double FLAT = 1e-7;

  /**
   * How far logits may differ by where the search started. Minima are told to 1e-3 and better;
   * where the likelihood grows without end in some direction, two searches stop whole units apart.
   */
  private static final double SAME = 1e-2;

  /**
   * Relative change of the loss at which a search along a line ends; the next line mends the rest.
   */
  private static final double LINE_SEARCH = 1e-8;

  /** First step along a line; with the library's own, 1e-8, searches end where they began. */
  private static final double FIRST_STEP = 1;

  private final HeldOut heldOut;
  private final int iterations;

  ScalingFit(HeldOut heldOut) {
    this(heldOut, ITERATIONS);
  }

  /** A fit that gives up after fewer iterations. */
  ScalingFit(HeldOut heldOut, int iterations) {
    this.heldOut = heldOut;
    this.iterations = iterations;
    if (heldOut.inputs() == 0) {
      throw new IllegalArgumentException(
          "held-out inputs are none; add some that the model was not trained on");
    }
  }

  /** The numbers of a scaling: temperature, or weights and then biases. */
  double[] fit(Scaling scaling) {
    return scaling == Scaling.TEMPERATURE ? new double[] {temperature()} : affine(scaling);
  }

  /** The mean negative log-likelihood of the labels under changed logits. */
  double negativeLogLikelihood(java.util.function.UnaryOperator<double[]> change) {
    double sum = 0;
    for (int n = 0; n < heldOut.inputs(); n++) {
      sum +=
          Softmax.negativeLogLikelihood(change.apply(heldOut.logits(n).clone()), heldOut.label(n));
    }
    return sum / heldOut.inputs();
  }

  /**
   * The loss is convex in 1/T, so its slope grows in 1/T and has one root, if it is negative at 0
   * and positive in the end.
   */
  private double temperature() {
    if (IntStream.range(0, heldOut.inputs()).noneMatch(this::isWrong)) {
      throw new CalibrationException(
          "all "
              + heldOut.inputs()
              + " held-out inputs are answered right, so the likelihood grows without end as the"
              + " temperature goes to 0; add inputs until some are answered wrong");
    }
    if (!(slope(0) < 0)) {
      throw new CalibrationException(
          "labels of the held-out inputs have lower logits than classes have on average, so the"
              + " likelihood grows without end with the temperature; check that labels stand in the"
              + " order of the inputs and count classes as the model does");
    }
    double edge = Math.log(LARGEST_TEMPERATURE);
    if (!(slope(Math.exp(-edge)) < 0 && slope(Math.exp(edge)) > 0)) {
      throw new CalibrationException(
          "no temperature within [0.001, 1000] has the greatest likelihood of the "
              + heldOut.inputs()
              + " held-out inputs; check that labels stand in the order of the inputs, and add"
              + " inputs");
    }
    double logarithm =
        new BracketingNthOrderBrentSolver(ACCURACY, ACCURACY, 0, 5)
            .solve(EVALUATIONS, x -> slope(Math.exp(x)), -edge, edge);
    return Math.exp(-logarithm);
  }

  private boolean isWrong(int input) {
    double[] logits = heldOut.logits(input);
    return logits[Distributions.predicted(logits)] > logits[heldOut.label(input)];
  }

  /** The derivative of the mean loss by 1/T: mean of Σ_k softmax(z/T)_k z_k − z_y. */
  private double slope(double inverse) {
    double sum = 0;
    for (int n = 0; n < heldOut.inputs(); n++) {
      double[] logits = heldOut.logits(n);
      double[] scaled = logits.clone();
      for (int k = 0; k < scaled.length; k++) {
        scaled[k] *= inverse;
      }
      double[] probabilities = Softmax.of(scaled);
      double ofLabel = logits[heldOut.label(n)];
      for (int k = 0; k < scaled.length; k++) {
        sum += probabilities[k] * (logits[k] - ofLabel);
      }
    }
    return sum / heldOut.inputs();
  }

  private double[] affine(Scaling scaling) {
    checkEveryClass(scaling);
    ScaledLikelihood loss = new ScaledLikelihood(heldOut, scaling);
    double[] found = minimum(loss, scaling, loss.identity());
    if (loss.separates(found)) {
      throw new CalibrationException(
          "all "
              + heldOut.inputs()
              + " held-out inputs can be answered right by "
              + scaling
              + " scaling, so the likelihood grows without end with its "
              + scaling.parameters(heldOut.classes())
              + " numbers; add inputs, or choose "
              + Scaling.TEMPERATURE);
    }
    double steepest = steepest(loss.gradient(found));
    if (!(steepest <= FLAT)) {
      throw notReached(scaling, steepest, null);
    }
    double apart = loss.apart(found, minimum(loss, scaling, new double[found.length]));
    if (!(apart <= SAME)) {
      throw new CalibrationException(
          scaling
              + " scaling is not determined by these "
              + heldOut.inputs()
              + " held-out inputs: from another start it ends "
              + apart
              + " away in a logit, at the same likelihood, as where a class is set apart; add"
              + " inputs, or choose "
              + Scaling.TEMPERATURE);
    }
    double[] weights = loss.weights(found);
    double[] biases = loss.biases(found);
    double[] numbers = java.util.Arrays.copyOf(weights, weights.length + biases.length);
    System.arraycopy(biases, 0, numbers, weights.length, biases.length);
    return numbers;
  }

  private void checkEveryClass(Scaling scaling) {
    boolean[] seen = new boolean[heldOut.classes()];
    for (int n = 0; n < heldOut.inputs(); n++) {
      seen[heldOut.label(n)] = true;
    }
    int[] unseen = IntStream.range(0, seen.length).filter(k -> !seen[k]).toArray();
    if (unseen.length > 0) {
      throw new CalibrationException(
          "no held-out input is of class "
              + unseen[0]
              + (unseen.length == 1 ? "" : " (and " + (unseen.length - 1) + " more)")
              + ", whose probability "
              + scaling
              + " scaling would take to 0; add inputs of every class, or choose "
              + Scaling.TEMPERATURE);
    }
  }

  private double[] minimum(ScaledLikelihood loss, Scaling scaling, double... start) {
    NonLinearConjugateGradientOptimizer optimizer =
        new NonLinearConjugateGradientOptimizer(
            NonLinearConjugateGradientOptimizer.Formula.POLAK_RIBIERE,
            (iteration, before, now) ->
                steepest(loss.gradient(now.getPointRef())) <= FLAT / 2
                    || (iteration > 1 && before.getValue().equals(now.getValue())),
            LINE_SEARCH,
            LINE_SEARCH,
            FIRST_STEP);
    try {
      return optimizer
          .optimize(
              new MaxEval(Integer.MAX_VALUE),
              new MaxIter(iterations),
              new ObjectiveFunction(loss::value),
              new ObjectiveFunctionGradient(loss::gradient),
              GoalType.MINIMIZE,
              new InitialGuess(start))
          .getPointRef();
    } catch (TooManyIterationsException | TooManyEvaluationsException e) {
      throw notReached(scaling, Double.NaN, e);
    }
  }

  private CalibrationException notReached(
      Scaling scaling, double steepest, @org.jspecify.annotations.Nullable Throwable cause) {
    return new CalibrationException(
        scaling
            + " scaling of "
            + heldOut.inputs()
            + " held-out inputs did not reach the greatest likelihood"
            + (Double.isNaN(steepest)
                ? " in " + iterations + " iterations"
                : "; its slope is still " + steepest)
            + "; its "
            + scaling.parameters(heldOut.classes())
            + " numbers need more inputs, or choose "
            + Scaling.TEMPERATURE,
        cause);
  }

  private static double steepest(double... gradient) {
    double largest = 0;
    for (double slope : gradient) {
      largest = Math.max(largest, Math.abs(slope));
    }
    return largest;
  }
}
