package io.credence.acquisition;

import io.credence.ClassificationPrediction;
import io.credence.Prediction;
import io.credence.RegressionPrediction;
import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.ClassificationSummary;
import io.credence.statistics.Measure;
import io.credence.statistics.RegressionMeasure;
import io.credence.statistics.RegressionSummary;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * By what inputs are chosen for labelling. Each makes one score of an input, of which high means
 * that its label is worth more; the last four choose batches whose inputs are not all alike. {@code
 * docs/methods/acquisition.md} tells when they mislead.
 */
public enum Strategy {
  /**
   * Mutual information, nats. Houlsby, Huszár, Ghahramani, Lengyel 2011, arXiv 1112.5745; Gal,
   * Islam, Ghahramani 2017, arXiv 1703.02910.
   */
  BALD(ClassificationMeasure.MUTUAL_INFORMATION),
  /** Predictive entropy, nats. */
  ENTROPY(ClassificationMeasure.PREDICTIVE_ENTROPY),
  /** Variation ratio, a share of votes. */
  VARIATION_RATIO(ClassificationMeasure.VARIATION_RATIO),
  /** 1 less the margin of the mean probabilities. */
  MARGIN(ClassificationMeasure.MARGIN),
  /** 1 less the largest mean probability. */
  LEAST_CONFIDENCE(ClassificationMeasure.MAX_PROBABILITY),
  /** Mean standard deviation of the probabilities. */
  MEAN_SD(ClassificationMeasure.MEAN_STANDARD_DEVIATION),
  /** Epistemic variance of a regressor, summed over its targets, which should be of one scale. */
  EPISTEMIC_VARIANCE(RegressionMeasure.EPISTEMIC_VARIANCE),
  /** Each input alike: by a number drawn from (seed, id). The score is 0. */
  RANDOM(null),
  /** Mutual information of the batch as a whole: {@link BatchBald}, among candidates of most. */
  BATCHBALD(ClassificationMeasure.MUTUAL_INFORMATION),
  /**
   * Drawn without replacement with p ∝ s^β of the mutual information s. Kirsch, Farquhar,
   * Atighehchian, Jesson, Branchaud-Charron, Gal 2023, "Stochastic Batch Acquisition", arXiv
   * 2106.12059.
   */
  POWERBALD(ClassificationMeasure.MUTUAL_INFORMATION),
  /** The same with p ∝ exp(β s). */
  SOFTMAX_BALD(ClassificationMeasure.MUTUAL_INFORMATION),
  /** The same with p ∝ r^−β, r = 1, 2, … the rank of s among the candidates. */
  SOFTRANK_BALD(ClassificationMeasure.MUTUAL_INFORMATION);

  @SuppressWarnings("ImmutableEnumChecker") // measures are enums
  private final @Nullable Measure measure;

  Strategy(@Nullable Measure measure) {
    this.measure = measure;
  }

  /**
   * The name for command lines and files.
   *
   * @return the name of the constant in lower case, words joined by {@code -}
   */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns the strategy of that name.
   *
   * @param text a {@link #key}, in any case, with {@code -} or {@code _} between words
   * @return the strategy
   * @throws IllegalArgumentException if none has that name; the message lists those there are
   */
  public static Strategy parse(String text) {
    String name = text.trim().toLowerCase(Locale.ROOT).replace('_', '-');
    return Arrays.stream(values())
        .filter(each -> each.key().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no strategy \"" + text + "\"; choose one of " + keys()));
  }

  private static List<String> keys() {
    return Arrays.stream(values()).map(Strategy::key).toList();
  }

  /**
   * The measure that the score is made of.
   *
   * @return the measure; empty of {@link #RANDOM}
   */
  public Optional<Measure> measure() {
    return Optional.ofNullable(measure);
  }

  /**
   * Whether inputs are chosen together, among candidates that must be kept first.
   *
   * @return true of {@link #BATCHBALD} and {@link #SOFTRANK_BALD}
   */
  public boolean needsCandidates() {
    return this == BATCHBALD || this == SOFTRANK_BALD;
  }

  /**
   * The score of an input of a classifier.
   *
   * @param summary what the samples say of it
   * @return the measure, or 1 less those whose high values mean trust
   * @throws IllegalArgumentException if this is a strategy for regressors
   */
  public double score(ClassificationSummary summary) {
    if (measure == null) {
      return 0;
    }
    if (!(measure instanceof ClassificationMeasure ofClasses)) {
      throw new IllegalArgumentException(key() + " is for regressors; " + choices(true));
    }
    return scoreOf(ofClasses.of(summary));
  }

  /**
   * The score that a value of the measure comes to, for scores that were written as measures.
   *
   * @param value of the {@link #measure}; of a regressor summed over its targets
   * @return the value, or 1 less that of measures whose high values mean trust; 0 of {@link
   *     #RANDOM}, whatever the value
   */
  public double scoreOf(double value) {
    if (measure == null) {
      return 0;
    }
    boolean trust = measure instanceof ClassificationMeasure c && !c.higherMeansLessTrust();
    return trust ? 1 - value : value;
  }

  /**
   * The score of an input of a regressor.
   *
   * @param summary what the samples say of it
   * @return the measure, summed over the targets
   * @throws IllegalArgumentException if this is a strategy for classifiers
   */
  public double score(RegressionSummary summary) {
    if (measure == null) {
      return 0;
    }
    if (!(measure instanceof RegressionMeasure ofTargets)) {
      throw new IllegalArgumentException(key() + " is for classifiers; " + choices(false));
    }
    return IntStream.range(0, summary.targets())
        .mapToDouble(target -> ofTargets.of(summary, target).orElseThrow())
        .sum();
  }

  /**
   * The scores of all inputs of a prediction; of maps the mean over their places.
   *
   * @param prediction the prediction of N inputs
   * @return [N]
   * @throws IllegalArgumentException if this is a strategy for the other kind of model
   */
  public double[] scores(Prediction prediction) {
    IntToDoubleFunction ofPlace =
        prediction instanceof ClassificationPrediction classes
            ? row -> score(classes.summaries().get(row))
            : row -> score(((RegressionPrediction) prediction).summaries().get(row));
    int places = Math.toIntExact(prediction.places().size());
    double[] scores = new double[prediction.size()];
    for (int n = 0; n < scores.length; n++) {
      scores[n] = IntStream.range(n * places, (n + 1) * places).mapToDouble(ofPlace).sum() / places;
    }
    return scores;
  }

  private static String choices(boolean classification) {
    return "choose one of "
        + Arrays.stream(values())
            .filter(
                each ->
                    each.measure == null
                        || each.measure instanceof ClassificationMeasure == classification)
            .map(Strategy::key)
            .toList();
  }
}
