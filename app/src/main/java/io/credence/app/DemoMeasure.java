package io.credence.app;

import io.credence.decision.OutOfDistribution;
import io.credence.models.data.Picture;
import java.util.Locale;

/** The scores that the demo holds against each other. */
enum DemoMeasure {
  /** The largest output of one ordinary pass. */
  SOFTMAX("max softmax of one pass", true),
  /** The largest mean probability of the passes. */
  MEAN_PROBABILITY("max mean probability", true),
  /** Predictive entropy of the passes, in nats. */
  PREDICTIVE_ENTROPY("predictive entropy", false),
  /** Mutual information of the passes, in nats. */
  MUTUAL_INFORMATION("mutual information", false);

  private final String title;
  private final boolean probability;
  private final double low;
  private final double high;

  DemoMeasure(String title, boolean probability) {
    this.title = title;
    this.probability = probability;
    this.low = probability ? 1.0 / Picture.CLASSES : 0;
    this.high = probability ? 1 : Math.log(Picture.CLASSES);
  }

  String title() {
    return title;
  }

  /** The least value that is possible, for an axis. */
  String lowText() {
    return String.format(Locale.ROOT, "%.1f", low);
  }

  /** The greatest value that is possible, with its unit. */
  String highText() {
    return String.format(Locale.ROOT, "%.1f%s", high, probability ? "" : " nats");
  }

  double of(DemoScore score) {
    return switch (this) {
      case SOFTMAX -> score.softmax();
      case MEAN_PROBABILITY -> score.summary().maxProbability();
      case PREDICTIVE_ENTROPY -> score.summary().predictiveEntropy();
      case MUTUAL_INFORMATION -> score.summary().mutualInformation();
    };
  }

  /** Where a value lies between the least, 0, and the greatest, 1. */
  double position(double value) {
    return Math.max(0, Math.min(1, (value - low) / (high - low)));
  }

  /** AUROC of "has a digit": the share of pairs in which the digit is the surer one. */
  double auroc(DemoResult result) {
    // Probabilities are high for digits, entropy and information for the others.
    int sign = probability ? -1 : 1;
    return OutOfDistribution.auroc(
        result.digits().stream().mapToDouble(score -> sign * of(score)).toArray(),
        result.others().stream().mapToDouble(score -> sign * of(score)).toArray());
  }
}
