package io.credence.app;

import io.credence.RegressionHead;
import io.credence.SamplingPlan;
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
 * MC dropout as in Gal's code of 2018, github.com/yaringal/DropoutUncertaintyExps, with one hidden
 * layer: the network and the prior of Gal and Ghahramani 2016, trained 100 times as long.
 *
 * @param passes networks drawn for the test
 * @param group splits that are trained together at most
 */
record TrainUciDropout(int passes, int group) implements TrainUciMethod {

  private static final int BATCH = 128;
  private static final double LEARNING_RATE = 1e-3;
  private static final double LENGTH_SCALE = 1e-2;
  private static final int HIDDEN = 50;
  private static final int EPOCHS = 40;
  private static final int TIMES = 100;

  @Override
  public String name() {
    return "dropout";
  }

  @Override
  public String title() {
    return "MC dropout";
  }

  @Override
  public String source() {
    return "Gal's code, grid, 100 x epochs, one hidden layer";
  }

  @Override
  public int epochs(TabularSet set, Optional<Integer> asked) throws IOException {
    return asked.isPresent()
        ? asked.get()
        : TIMES * TrainUciMethod.setting(set, "n_epochs.txt", EPOCHS);
  }

  @Override
  public Optional<TrainUciPublished> published(TabularSet set) throws IOException {
    return TrainUciPublished.dropout(set.folder());
  }

  @Override
  public List<TrainUciScore> run(
      TrainUciResults results, List<TabularSplit> group, TrainingListener listener)
      throws IOException {
    List<TrainUciChoice> choices = choices(results, group, listener);
    List<DenseStack.Member> members = new ArrayList<>();
    for (int i = 0; i < group.size(); i++) {
      TabularSplit split = group.get(i);
      members.add(member(split, choices.get(i), results.seed(split, 0)));
    }
    List<TabularNetwork> networks = train(results, members, listener);
    List<TrainUciScore> scores = new ArrayList<>();
    for (int i = 0; i < group.size(); i++) {
      scores.add(test(results, group.get(i), choices.get(i), networks.get(i)));
    }
    return scores;
  }

  /** What the authors chose, where they tell; else what does best on the validation rows. */
  private List<TrainUciChoice> choices(
      TrainUciResults results, List<TabularSplit> group, TrainingListener listener)
      throws IOException {
    TabularSet set = results.set();
    Optional<List<TrainUciChoice>> told =
        TrainUciPublished.choices(set.folder(), set.splits().size());
    return told.isPresent()
        ? group.stream().map(split -> told.get().get(split.number())).toList()
        : TrainUciGrid.of(this, set).choose(results, group, listener);
  }

  /** A network to be trained, with the decay that a prior of that length scale stands for. */
  static DenseStack.Member member(TabularSplit split, TrainUciChoice choice, long seed) {
    double rows = split.training().length;
    double decay = LENGTH_SCALE * LENGTH_SCALE * (1 - choice.rate()) / (2 * rows * choice.tau());
    return new DenseStack.Member(split, choice.rate(), decay, seed);
  }

  List<TabularNetwork> train(
      TrainUciResults results, List<DenseStack.Member> members, TrainingListener listener)
      throws IOException {
    TabularSet set = results.set();
    int hidden = TrainUciMethod.setting(set, "n_hidden.txt", HIDDEN);
    long masks = results.seed(members.get(0).split(), 1);
    return new DenseStack(false, hidden, results.epochs(), BATCH, LEARNING_RATE, 0, masks)
        .train(set, members, listener);
  }

  private TrainUciScore test(
      TrainUciResults results, TabularSplit split, TrainUciChoice choice, TabularNetwork network)
      throws IOException {
    Path model = results.folder().resolve("split-" + split.number());
    RegressionHead head = RegressionHead.Mean.withObservationVariance(1 / choice.tau());
    network.export(model, true, head, results.note(split));
    SamplingPlan plan = SamplingPlan.of(passes).withSeed(results.seed());
    TrainUciQuality quality = TrainUciQuality.ofPasses(results.set(), split, model, head, plan);
    return new TrainUciScore(
        split.number(),
        Map.of("rate", choice.rate(), "tau", choice.tau()),
        quality.rmse(),
        quality.logLikelihood());
  }
}
