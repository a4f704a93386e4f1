package io.credence;

import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.Measure;
import io.credence.statistics.RegressionMeasure;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * Which parts of a prediction {@link PredictionJson} writes, each measure with its standard error
 * where errors are told.
 *
 * @param measures the measures, in the order in which they are written
 * @param distributions whether mean probabilities and variances of each class are written too
 * @param biasCorrected whether the values less their bias are written too, of measures that have
 *     one
 */
public record JsonFields(List<Measure> measures, boolean distributions, boolean biasCorrected) {

  private static final List<Measure> CLASSIFICATION =
      List.of(
          ClassificationMeasure.MAX_PROBABILITY,
          ClassificationMeasure.PREDICTIVE_ENTROPY,
          ClassificationMeasure.EXPECTED_ENTROPY,
          ClassificationMeasure.MUTUAL_INFORMATION,
          ClassificationMeasure.BETWEEN_MEMBERS_MUTUAL_INFORMATION,
          ClassificationMeasure.WITHIN_MEMBERS_MUTUAL_INFORMATION,
          ClassificationMeasure.VARIATION_RATIO,
          ClassificationMeasure.MARGIN,
          ClassificationMeasure.MEAN_STANDARD_DEVIATION,
          ClassificationMeasure.VOTE_ENTROPY,
          ClassificationMeasure.DISAGREEMENT);

  private static final List<Measure> CLASSIFICATION_MAP =
      List.of(
          ClassificationMeasure.MAX_PROBABILITY,
          ClassificationMeasure.PREDICTIVE_ENTROPY,
          ClassificationMeasure.MUTUAL_INFORMATION);

  private static final List<Measure> REGRESSION =
      List.of(
          RegressionMeasure.MEAN,
          RegressionMeasure.EPISTEMIC_VARIANCE,
          RegressionMeasure.BETWEEN_MEMBERS_VARIANCE,
          RegressionMeasure.WITHIN_MEMBERS_VARIANCE,
          RegressionMeasure.ALEATORIC_VARIANCE,
          RegressionMeasure.TOTAL_VARIANCE);

  private static final EnumSet<ClassificationMeasure> OF_MEMBERS =
      EnumSet.of(
          ClassificationMeasure.BETWEEN_MEMBERS_MUTUAL_INFORMATION,
          ClassificationMeasure.WITHIN_MEMBERS_MUTUAL_INFORMATION);

  private static final EnumSet<RegressionMeasure> OF_TARGET_MEMBERS =
      EnumSet.of(
          RegressionMeasure.BETWEEN_MEMBERS_VARIANCE, RegressionMeasure.WITHIN_MEMBERS_VARIANCE);

  /**
   * Copies the list.
   *
   * @param measures see the record
   * @param distributions see the record
   * @param biasCorrected see the record
   * @throws IllegalArgumentException if there is no measure
   */
  public JsonFields {
    if (measures.isEmpty()) {
      throw new IllegalArgumentException("no measure is named; name at least one to be written");
    }
    measures = List.copyOf(measures);
  }

  /**
   * What is written unless something else is asked for: every measure but those that say the same
   * by another name, and of maps the three that pictures are made of.
   *
   * @param prediction the prediction
   * @return the fields
   */
  public static JsonFields standard(Prediction prediction) {
    boolean map = prediction.places().numDimensions() > 0;
    if (prediction instanceof ClassificationPrediction classes) {
      List<Measure> all = new ArrayList<>(map ? CLASSIFICATION_MAP : CLASSIFICATION);
      if (classes.summaries().get(0).members() == 1) {
        all.removeAll(OF_MEMBERS);
      }
      return new JsonFields(all, !map, false);
    }
    List<Measure> all = new ArrayList<>(REGRESSION);
    if (((RegressionPrediction) prediction).summaries().get(0).members() == 1) {
      all.removeAll(OF_TARGET_MEMBERS);
    }
    return new JsonFields(all, false, false);
  }

  /**
   * These fields with the bias-corrected values.
   *
   * @return the fields
   */
  public JsonFields withBiasCorrected() {
    return new JsonFields(measures, distributions, true);
  }
}
