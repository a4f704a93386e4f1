package io.credence.app;

import io.credence.RegressionHead;
import io.credence.SamplingPlan;
import io.credence.app.input.BadInputException;
import io.credence.models.DenseStack;
import io.credence.models.TabularNetwork;
import io.credence.models.TrainingListener;
import io.credence.models.data.TabularSet;
import io.credence.models.data.TabularSplit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which rate of dropout and which precision τ suit a split: those of the highest log-likelihood of
 * its validation rows, by networks that learn from its other training rows.
 *
 * @param dropout how a network is trained and tested
 * @param rates the rates to try
 * @param taus the precisions to try, in inverse squared units of the target
 */
record TrainUciGrid(TrainUciDropout dropout, List<Double> rates, List<Double> taus) {

  private static final List<Double> RATES = List.of(.005, .01, .05, .1);

  /** What the files {@code dropout_rates.txt}, if there is one, and {@code tau_values.txt} list. */
  static TrainUciGrid of(TrainUciDropout dropout, TabularSet set) throws IOException {
    List<Double> rates = set.settings("dropout_rates.txt");
    List<Double> taus = set.settings("tau_values.txt");
    if (taus.isEmpty() || taus.stream().anyMatch(tau -> !(tau > 0))) {
      throw new BadInputException(
          set.folder().resolve("data").resolve("tau_values.txt")
              + (taus.isEmpty() ? " is missing" : " holds " + taus)
              + "; list precisions to choose from, each above 0, such as 0.5, 1 and 2 divided by"
              + " the mean squared error that is hoped for");
    }
    return new TrainUciGrid(dropout, rates.isEmpty() ? RATES : rates, taus);
  }

  /** Chooses for some splits that have as many rows to learn from each. */
  List<TrainUciChoice> choose(
      TrainUciResults results, List<TabularSplit> group, TrainingListener listener)
      throws IOException {
    // τ sets the decay too, which is far too small for its choice to matter.
    double middle = taus.get(taus.size() / 2);
    List<DenseStack.Member> members = new ArrayList<>();
    for (TabularSplit split : group) {
      for (int r = 0; r < rates.size(); r++) {
        members.add(
            TrainUciDropout.member(
                split.validation(),
                new TrainUciChoice(rates.get(r), middle),
                results.seed(split, 2 + r)));
      }
    }
    List<TabularNetwork> networks = dropout.train(results, members, listener);
    List<TrainUciChoice> choices = new ArrayList<>();
    for (int s = 0; s < group.size(); s++) {
      TrainUciChoice best = null;
      double highest = Double.NEGATIVE_INFINITY;
      for (int r = 0; r < rates.size(); r++) {
        TabularSplit split = group.get(s).validation();
        Path model =
            results
                .folder()
                .resolve("validation")
                .resolve("split-" + split.number() + "-rate-" + rates.get(r));
        networks
            .get(s * rates.size() + r)
            .export(
                model,
                true,
                RegressionHead.Mean.withObservationVariance(1 / middle),
                results.note(split));
        for (double tau : taus) {
          TrainUciQuality quality =
              TrainUciQuality.ofPasses(
                  results.set(),
                  split,
                  model,
                  RegressionHead.Mean.withObservationVariance(1 / tau),
                  SamplingPlan.of(dropout.passes()).withSeed(results.seed()));
          if (best == null || quality.logLikelihood() > highest) {
            highest = quality.logLikelihood();
            best = new TrainUciChoice(rates.get(r), tau);
          }
        }
      }
      choices.add(best);
    }
    return choices;
  }
}
