package io.credence;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How the numbers that a regressor gives for one input make up a distribution of its D targets.
 * {@link OutputKind} names the layout; a head adds what the layout leaves open.
 */
public sealed interface RegressionHead {

  /**
   * The layout of the numbers.
   *
   * @return a kind that is none of classes
   */
  OutputKind kind();

  /**
   * How many numbers the model gives for each target.
   *
   * @return the numbers a target, ≥ 1, apart from those that {@link #shared()} counts
   */
  int perTarget();

  /**
   * How many numbers all targets share.
   *
   * @return C for a mixture, 0 otherwise
   */
  default int shared() {
    return 0;
  }

  /**
   * Number of targets, D, of a model that gives so many numbers for each input.
   *
   * @param width the numbers, such as the last dimension of the output
   * @return D ≥ 1, with {@code width = shared() + D · perTarget()}
   * @throws IllegalArgumentException if there is no such D ≥ 1
   */
  default int targets(int width) {
    int rest = width - shared();
    if (rest < perTarget() || rest % perTarget() != 0) {
      throw new IllegalArgumentException(
          kind()
              + " gives "
              + (shared() == 0 ? "" : shared() + " numbers, and ")
              + perTarget()
              + " for each target, got "
              + width
              + " numbers an input; declare another kind, or the head that the model has");
    }
    return rest / perTarget();
  }

  /**
   * The head of a kind that leaves nothing open.
   *
   * @param kind {@link OutputKind#MEAN}, without observation variance, {@link
   *     OutputKind#MEAN_AND_VARIANCE} or {@link OutputKind#MEAN_AND_LOG_VARIANCE}
   * @return the head
   * @throws IllegalArgumentException if {@code kind} is another
   */
  static RegressionHead of(OutputKind kind) {
    return switch (kind) {
      case MEAN -> new Mean(OptionalDouble.empty());
      case MEAN_AND_VARIANCE -> new MeanAndVariance();
      case MEAN_AND_LOG_VARIANCE -> new MeanAndLogVariance();
      case QUANTILES ->
          throw new IllegalArgumentException(
              kind
                  + " does not say the levels; use a RegressionHead.Quantiles, in credence.json"
                  + " quantileLevels");
      case MIXTURE_DENSITY ->
          throw new IllegalArgumentException(
              kind
                  + " does not say how many components; use a RegressionHead.MixtureDensity, in"
                  + " credence.json mixtureComponents");
      default -> throw new IllegalArgumentException(kind + " is a distribution over classes");
    };
  }

  /**
   * Means alone, {@code [N, D]}. Where the noise of the data is known, as the inverse of the
   * precision τ of Gal and Ghahramani 2016, arXiv 1506.02142, equation 7, each sample is a normal
   * distribution.
   *
   * @param observationVariance the variance of the noise, of every target, in squared units; &gt; 0
   */
  record Mean(OptionalDouble observationVariance) implements RegressionHead {

    /**
     * Checks the variance.
     *
     * @param observationVariance see the record
     * @throws IllegalArgumentException unless {@code observationVariance} is empty, or &gt; 0 and
     *     finite
     */
    public Mean {
      double variance = observationVariance.orElse(1);
      if (!(variance > 0 && variance < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "observationVariance is " + variance + "; it must be above 0 and finite");
      }
    }

    /**
     * Means with noise of known variance.
     *
     * @param variance the variance of the noise, of every target, in squared units; &gt; 0
     * @return the head
     * @throws IllegalArgumentException unless {@code variance} is &gt; 0 and finite
     */
    public static Mean withObservationVariance(double variance) {
      return new Mean(OptionalDouble.of(variance));
    }

    @Override
    public OutputKind kind() {
      return OutputKind.MEAN;
    }

    @Override
    public int perTarget() {
      return 1;
    }
  }

  /** A normal distribution by mean and variance, {@code [N, 2D]}: D means, then D variances. */
  record MeanAndVariance() implements RegressionHead {

    @Override
    public OutputKind kind() {
      return OutputKind.MEAN_AND_VARIANCE;
    }

    @Override
    public int perTarget() {
      return 2;
    }
  }

  /** A normal distribution by mean and ln variance, {@code [N, 2D]}: D means, then D logarithms. */
  record MeanAndLogVariance() implements RegressionHead {

    @Override
    public OutputKind kind() {
      return OutputKind.MEAN_AND_LOG_VARIANCE;
    }

    @Override
    public int perTarget() {
      return 2;
    }
  }

  /**
   * Quantiles at Q levels, {@code [N, Q·D]}: D numbers of the first level, then D of the second.
   *
   * @param levels the levels, Q ≥ 1, ascending, each between 0 and 1
   */
  record Quantiles(List<Double> levels) implements RegressionHead {

    /**
     * Copies and checks the levels.
     *
     * @param levels see the record
     * @throws IllegalArgumentException unless 0 &lt; levels[0] &lt; levels[1] &lt; … &lt; 1, and
     *     there is one
     */
    public Quantiles {
      levels = List.copyOf(levels);
      double before = 0;
      for (double level : levels) {
        if (!(level > before && level < 1)) {
          throw new IllegalArgumentException(
              "levels are " + levels + "; they must ascend, between 0 and 1, both exclusive");
        }
        before = level;
      }
      if (levels.isEmpty()) {
        throw new IllegalArgumentException("levels are empty; at least one is needed, such as 0.5");
      }
    }

    @Override
    public OutputKind kind() {
      return OutputKind.QUANTILES;
    }

    @Override
    public int perTarget() {
      return levels.size();
    }
  }

  /**
   * A mixture of C normal distributions, {@code [N, C(1 + 2D)]}: C logits, C·D means and C·D
   * natural logarithms of standard deviations, component by component. Given its component, the
   * targets are independent. Source: Bishop 1994, "Mixture Density Networks", NCRG/94/004.
   *
   * @param components number of components, C ≥ 1
   */
  record MixtureDensity(int components) implements RegressionHead {

    /**
     * Checks the number.
     *
     * @param components see the record
     * @throws IllegalArgumentException if {@code components < 1}
     */
    public MixtureDensity {
      if (components < 1) {
        throw new IllegalArgumentException(
            "components is " + components + "; it must be at least 1");
      }
    }

    @Override
    public OutputKind kind() {
      return OutputKind.MIXTURE_DENSITY;
    }

    @Override
    public int perTarget() {
      return Math.multiplyExact(2, components);
    }

    @Override
    public int shared() {
      return components;
    }
  }
}
