package io.credence.statistics;

import io.credence.OutputKind;
import io.credence.RegressionHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The passes of the members of a random ensemble, a function of the seed alone. Passes are put in
 * order before they are shared out, so that members differ. Members have as many passes each where
 * the seed is a multiple of three; with a rest of one the first has a single pass; with a rest of
 * two all differ.
 *
 * @param seed the seed
 * @param empty makes moments without a sample
 * @param members the outputs of each pass of each member; not to be written to
 * @param weights the weight of each member
 */
record RandomEnsemble(
    long seed, Supplier<Moments> empty, List<List<float[]>> members, List<Double> weights) {

  private static final int CASES = 60;

  static Stream<RandomEnsemble> classifiers() {
    return LongStream.rangeClosed(1, CASES).mapToObj(RandomEnsemble::classifier);
  }

  static Stream<RandomEnsemble> regressors() {
    return LongStream.rangeClosed(1, CASES).mapToObj(RandomEnsemble::regressor);
  }

  static Stream<RandomEnsemble> cases() {
    return Stream.concat(classifiers(), regressors());
  }

  static RandomEnsemble classifier(long seed) {
    RandomSamples random = RandomSamples.of(seed);
    return of(
        seed,
        () -> ClassificationMoments.of(random.inputs(), random.width(), random.kind()),
        Arrays.asList(random.outputs()));
  }

  /** Even seeds tell means alone, odd ones variances as well. */
  static RandomEnsemble regressor(long seed) {
    Random random = new Random(seed);
    boolean tellsVariance = seed % 2 == 1;
    int inputs = 1 + random.nextInt(3);
    int targets = 1 + random.nextInt(3);
    int width = tellsVariance ? 2 * targets : targets;
    double scale = Math.pow(10, random.nextInt(7) - 3);
    double centre = 5 * scale * random.nextGaussian();
    List<float[]> passes = new ArrayList<>();
    for (int t = 2 + random.nextInt(29); t > 0; t--) {
      float[] pass = new float[inputs * width];
      for (int i = 0; i < pass.length; i++) {
        double value = centre + scale * random.nextGaussian();
        pass[i] = (float) (i % width < targets ? value : Math.abs(value));
      }
      passes.add(pass);
    }
    OutputKind kind = tellsVariance ? OutputKind.MEAN_AND_VARIANCE : OutputKind.MEAN;
    return of(seed, () -> RegressionMoments.of(inputs, width, RegressionHead.of(kind)), passes);
  }

  private static RandomEnsemble of(long seed, Supplier<Moments> empty, List<float[]> passes) {
    Random random = new Random(~seed);
    List<float[]> sorted = new ArrayList<>(passes);
    sorted.sort(Comparator.comparingDouble(pass -> pass[0]));
    int members = 1 + random.nextInt(Math.min(6, sorted.size()));
    int[] cuts = new int[members + 1];
    cuts[members] = sorted.size();
    switch ((int) (seed % 3)) {
      case 0 -> Arrays.setAll(cuts, m -> m * (sorted.size() / members));
      case 1 -> Arrays.setAll(cuts, m -> m == 0 ? 0 : 1 + (m - 1) * rest(sorted, members));
      default -> {
        List<Integer> inner = new ArrayList<>(IntStream.range(1, sorted.size()).boxed().toList());
        java.util.Collections.shuffle(inner, random);
        List<Integer> chosen = inner.subList(0, members - 1).stream().sorted().toList();
        Arrays.setAll(cuts, m -> m == 0 ? 0 : m == members ? cuts[m] : chosen.get(m - 1));
      }
    }
    List<List<float[]>> shared =
        IntStream.range(0, members).mapToObj(m -> sorted.subList(cuts[m], cuts[m + 1])).toList();
    List<Double> weights = random.doubles(members).map(u -> Math.exp(4 * u - 2)).boxed().toList();
    return new RandomEnsemble(seed, empty, shared, weights);
  }

  /** Passes of each member but the first, which has one. */
  private static int rest(List<float[]> passes, int members) {
    return members == 1 ? 0 : (passes.size() - 1) / (members - 1);
  }

  int size() {
    return members.size();
  }

  /** The moments of one member. */
  Moments member(int index, int groups) {
    Moments moments = empty.get().withErrorGroups(groups);
    for (int t = 0; t < members.get(index).size(); t++) {
      moments.add(t, members.get(index).get(t));
    }
    return moments;
  }

  /** The moments of some members, weights times a factor. */
  Moments moments(int groups, double factor, List<Integer> order) {
    Moments ensemble = empty.get().withErrorGroups(groups);
    order.forEach(m -> ensemble.addMember(member(m, groups), weights.get(m) * factor));
    return ensemble;
  }

  Moments moments(int groups) {
    return moments(groups, 1, IntStream.range(0, size()).boxed().toList());
  }

  /** The share of a member in the weight of all. */
  double share(int index) {
    return weights.get(index) / weights.stream().mapToDouble(w -> w).sum();
  }

  /** The largest number that a member gives, without its sign. */
  double largest() {
    double largest = 0;
    for (List<float[]> passes : members) {
      for (float[] pass : passes) {
        for (float number : pass) {
          largest = Math.max(largest, Math.abs(number));
        }
      }
    }
    return largest;
  }

  @Override
  public String toString() {
    return "seed " + seed + ", passes " + members.stream().map(List::size).toList();
  }
}
