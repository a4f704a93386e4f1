package io.credence.app;

import io.credence.RegressionHead;
import io.credence.models.DenseStack;
import io.credence.models.TabularNetwork;
import io.credence.models.TrainingListener;
import io.credence.models.data.TabularSet;
import io.credence.models.data.TabularSplit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Deep ensembles as in Lakshminarayanan, Pritzel and Blundell 2017, arXiv 1612.01474, section 3.3:
 * five networks that tell mean and variance, trained by the negative log-likelihood of the rows.
 * Steps of Adam are of .01, not .1 as in the paper, of which networks of few rows do not settle.
 *
 * @param adversarial how far rows are moved up their gradient to be learnt too, as a share of the
 *     range of each feature; 0 for none
 */
record TrainUciEnsemble(double adversarial) implements TrainUciMethod {

  private static final int MEMBERS = 5;
  private static final int BATCH = 100;
  private static final double LEARNING_RATE = 0.01;
  private static final int HIDDEN = 50;
  private static final int EPOCHS = 40;

  @Override
  public String name() {
    return adversarial > 0 ? "adversarial-ensemble" : "ensemble";
  }

  @Override
  public String title() {
    return adversarial > 0 ? "Deep ensembles, adversarial rows" : "Deep ensembles";
  }

  @Override
  public String source() {
    return "Lakshminarayanan et al. 2017";
  }

  @Override
  public int group() {
    return 20;
  }

  @Override
  public int epochs(TabularSet set, Optional<Integer> asked) {
    return asked.orElse(EPOCHS);
  }

  @Override
  public Optional<TrainUciPublished> published(TabularSet set) {
    return TrainUciPublished.ensemble(set.name(), set.splits().size());
  }

  @Override
  public List<TrainUciScore> run(
      TrainUciResults results, List<TabularSplit> group, TrainingListener listener)
      throws IOException {
    TabularSet set = results.set();
    List<DenseStack.Member> members = new ArrayList<>();
    for (TabularSplit split : group) {
      for (int m = 0; m < MEMBERS; m++) {
        members.add(new DenseStack.Member(split, 0, 0, results.seed(split, m)));
      }
    }
    List<TabularNetwork> networks =
        new DenseStack(
                true,
                TrainUciMethod.setting(set, "n_hidden.txt", HIDDEN),
                results.epochs(),
                BATCH,
                LEARNING_RATE,
                adversarial,
                0)
            .train(set, members, listener);
    List<TrainUciScore> scores = new ArrayList<>();
    for (int i = 0; i < group.size(); i++) {
      TabularSplit split = group.get(i);
      List<Path> models = new ArrayList<>();
      for (int m = 0; m < MEMBERS; m++) {
        Path model = results.folder().resolve("split-" + split.number()).resolve("member-" + m);
        networks
            .get(i * MEMBERS + m)
            .export(model, true, new RegressionHead.MeanAndVariance(), results.note(split));
        models.add(model);
      }
      TrainUciQuality quality = TrainUciQuality.ofMembers(set, split, models);
      scores.add(
          new TrainUciScore(split.number(), Map.of(), quality.rmse(), quality.logLikelihood()));
    }
    return scores;
  }
}
