package io.credence.acquisition;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How a batch of inputs is chosen for labelling: by what, how many, and the settings of strategies
 * that need some.
 *
 * <pre>{@code
 * Acquisition acquisition = Acquisition.of(Strategy.POWERBALD, 2000).withSeed(1);
 * TopK<Void> candidates = acquisition.newCandidates();
 * for (..) {
 *   candidates.offer(id, acquisition.strategy().score(summary));
 * }
 * List<Candidate<Void>> toLabel = acquisition.choose(candidates);
 * }</pre>
 *
 * @param strategy by what inputs are chosen
 * @param labels how many are chosen, k ≥ 1
 * @param candidates how many of the highest scores are kept to choose among, c ≥ k, by strategies
 *     that {@linkplain Strategy#needsCandidates choose inputs together}
 * @param seed the seed of all that is drawn
 * @param coldness β &gt; 0, finite, of the strategies that draw: 0 would be chance, ∞ the highest
 *     scores
 * @param configurations the most configurations of {@link BatchBald}, ≥ 1; its time grows with them
 */
public record Acquisition(
    Strategy strategy, int labels, int candidates, long seed, double coldness, int configurations) {

  private static final int CANDIDATES = 1000;

  /**
   * Checks the numbers.
   *
   * @param strategy see the record
   * @param labels see the record
   * @param candidates see the record
   * @param seed see the record
   * @param coldness see the record
   * @param configurations see the record
   * @throws IllegalArgumentException if {@code labels < 1}, {@code candidates < labels}, or {@code
   *     coldness} is not finite and above 0, or {@code configurations < 1}
   */
  public Acquisition {
    if (labels < 1) {
      throw new IllegalArgumentException("labels is " + labels + "; it must be at least 1");
    }
    if (candidates < labels) {
      throw new IllegalArgumentException(
          "candidates is "
              + candidates
              + "; it must be at least the number of labels, "
              + labels
              + ", to choose among them");
    }
    if (!(coldness > 0 && coldness < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "coldness is "
              + coldness
              + "; it must be above 0 and finite; choose random instead of 0, bald instead of"
              + " infinity");
    }
    new BatchBald(configurations, seed); // refuses what it cannot take
  }

  /**
   * The usual settings.
   *
   * @param strategy by what inputs are chosen
   * @param labels how many are chosen, k ≥ 1
   * @return 1,000 candidates, or {@code labels} if these are more; seed 0; coldness 1; 10,000
   *     configurations
   * @throws IllegalArgumentException if {@code labels < 1}
   */
  public static Acquisition of(Strategy strategy, int labels) {
    return new Acquisition(
        strategy, labels, Math.max(labels, CANDIDATES), 0, 1, BatchBald.CONFIGURATIONS);
  }

  /**
   * With another number of candidates.
   *
   * @param number see the record
   * @return the settings
   * @throws IllegalArgumentException if {@code number < labels}
   */
  public Acquisition withCandidates(int number) {
    return new Acquisition(strategy, labels, number, seed, coldness, configurations);
  }

  /**
   * With another seed.
   *
   * @param newSeed see the record
   * @return the settings
   */
  public Acquisition withSeed(long newSeed) {
    return new Acquisition(strategy, labels, candidates, newSeed, coldness, configurations);
  }

  /**
   * With another coldness.
   *
   * @param beta see the record
   * @return the settings
   * @throws IllegalArgumentException unless it is above 0 and finite
   */
  public Acquisition withColdness(double beta) {
    return new Acquisition(strategy, labels, candidates, seed, beta, configurations);
  }

  /**
   * With another number of configurations.
   *
   * @param number see the record
   * @return the settings
   * @throws IllegalArgumentException if {@code number < 1}
   */
  public Acquisition withConfigurations(int number) {
    return new Acquisition(strategy, labels, candidates, seed, coldness, number);
  }

  /**
   * What the pool is to be offered to, one for each shard.
   *
   * @param <P> what is kept of each candidate
   * @return nothing yet; it keeps c candidates where inputs are chosen together, k elsewhere
   */
  public <P> TopK<P> newCandidates() {
    return TopK.of(strategy.needsCandidates() ? candidates : labels, ranking());
  }

  /**
   * Chooses the batch, by a strategy that needs scores alone.
   *
   * @param <P> what is kept of each candidate
   * @param kept what the pool was offered to
   * @return the batch, best first; fewer than {@code labels} if the pool has fewer
   * @throws IllegalArgumentException if {@code kept} is not of {@link #newCandidates} of the same
   *     strategy and settings, or the strategy is {@link Strategy#BATCHBALD}
   */
  public <P> List<Candidate<P>> choose(TopK<P> kept) {
    if (strategy == Strategy.BATCHBALD) {
      throw new IllegalArgumentException(
          "batchbald needs the samples of each candidate; keep them as payload, and call"
              + " choose(kept, distributions)");
    }
    check(kept);
    List<Candidate<P>> best = kept.best();
    return strategy == Strategy.SOFTRANK_BALD ? drawByRank(best) : best;
  }

  /**
   * Chooses the batch by any strategy.
   *
   * @param <P> what is kept of each candidate
   * @param kept what the pool was offered to, each with a payload where the strategy is {@link
   *     Strategy#BATCHBALD}
   * @param distributions makes of a payload the probabilities by each network, [T, K], such as
   *     {@code samples -> samples.probabilities(kind)} of a {@link
   *     io.credence.statistics.SampleArray} of one input; called by {@link Strategy#BATCHBALD} only
   * @return the batch, in the order in which it was picked; fewer than {@code labels} if the pool
   *     has fewer. The key of an input picked by {@link Strategy#BATCHBALD} is its gain
   * @throws IllegalArgumentException as {@link #choose(TopK)} and {@link BatchBald#pick}, or if a
   *     payload is missing
   */
  public <P> List<Candidate<P>> choose(TopK<P> kept, Function<P, double[][]> distributions) {
    if (strategy != Strategy.BATCHBALD) {
      return choose(kept);
    }
    check(kept);
    List<Candidate<P>> best = kept.best();
    List<double[]> rows = new ArrayList<>(best.size());
    int[] shape = {};
    for (Candidate<P> each : best) {
      String name = "id \"" + each.id() + "\"";
      double[][] ofPasses =
          distributions.apply(
              each.payload()
                  .orElseThrow(
                      () ->
                          new IllegalArgumentException(
                              name + " has no payload; batchbald needs its samples: offer them")));
      shape = rows.isEmpty() ? BatchBald.shape(ofPasses) : shape;
      rows.add(BatchBald.flatten(name, ofPasses, shape));
    }
    return rows.isEmpty()
        ? List.of()
        : new BatchBald(configurations, seed)
            .pick(rows, shape, labels).stream()
                .map(pick -> best.get(pick.candidate()).withKey(pick.gain()))
                .toList();
  }

  private void check(TopK<?> kept) {
    TopK<?> expected = newCandidates();
    if (!kept.isLike(expected)) {
      throw new IllegalArgumentException(
          "candidates were kept by "
              + kept
              + ", but "
              + strategy.key()
              + " needs "
              + expected
              + "; offer the pool to what newCandidates() of these settings gives");
    }
  }

  /** The first of Gumbel-top-k by −ln r + g/β, r the rank. */
  private <P> List<Candidate<P>> drawByRank(List<Candidate<P>> best) {
    List<Candidate<P>> drawn = new ArrayList<>(best.size());
    for (Candidate<P> each : best) {
      double noise = Ranking.gumbel(seed, each.id()) / coldness;
      drawn.add(each.withKey(noise - Math.log(drawn.size() + 1.0)));
    }
    drawn.sort(Candidate.BEST_FIRST);
    return List.copyOf(drawn.subList(0, Math.min(labels, drawn.size())));
  }

  private Ranking ranking() {
    return switch (strategy) {
      case RANDOM -> new Ranking(Ranking.Kind.RANDOM, seed, 1);
      case POWERBALD -> new Ranking(Ranking.Kind.POWER, seed, coldness);
      case SOFTMAX_BALD -> new Ranking(Ranking.Kind.SOFTMAX, seed, coldness);
      default -> Ranking.BY_SCORE;
    };
  }
}
