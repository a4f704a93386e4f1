package io.credence.app;

import io.credence.acquisition.Acquisition;
import io.credence.acquisition.Strategy;
import io.credence.app.input.BadInputException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The settings of strategies. */
final class AcquireOptions {

  /** How many candidates an input that is to lie apart is chosen among. */
  private static final int CANDIDATES_A_LABEL = 10;

  /** How a batch is made to lie apart. */
  enum Diversify {
    K_MEANS,
    K_CENTER
  }

  @Option(
      names = "--candidates",
      paramLabel = "C",
      description =
          "inputs of the highest scores to choose among, by batchbald, softrank-bald and"
              + " --diversify (default: 1000, or K if that is more; with --diversify 10 K)")
  private @Nullable Integer candidates;

  @Option(
      names = "--coldness",
      paramLabel = "B",
      description =
          "of powerbald, softmax-bald and softrank-bald: 0 would be chance, large numbers the"
              + " highest scores (default: 1)")
  private @Nullable Double coldness;

  @Option(
      names = "--configurations",
      paramLabel = "M",
      description =
          "of batchbald: ways in which labels may turn out that are looked at, at most (default:"
              + " 10000)")
  private @Nullable Integer configurations;

  @Option(
      names = "--diversify",
      paramLabel = "HOW",
      description =
          "have the batch lie apart: k-means, the best of each of K clusters of candidates, or"
              + " k-center, again and again the farthest from those chosen and excluded; needs"
              + " --embeddings")
  private @Nullable String diversify;

  @Option(
      names = "--embeddings",
      paramLabel = "FILE",
      description =
          "where inputs lie, such as the outputs of the layer before the last: a table with a"
              + " column id and columns of numbers, or one of lists; or a .npy file, whose rows go"
              + " by their index")
  private @Nullable Path embeddings;

  /** Made by picocli. */
  AcquireOptions() {}

  /**
   * The settings asked for.
   *
   * @throws BadInputException if options do not go together
   * @throws IllegalArgumentException if a value is out of its range
   */
  Acquisition acquisition(Strategy strategy, int labels, long seed) {
    boolean drawn =
        strategy == Strategy.POWERBALD
            || strategy == Strategy.SOFTMAX_BALD
            || strategy == Strategy.SOFTRANK_BALD;
    refuse(coldness != null && !drawn, "--coldness", strategy);
    refuse(configurations != null && strategy != Strategy.BATCHBALD, "--configurations", strategy);
    boolean among = strategy.needsCandidates() || diversify != null;
    refuse(candidates != null && !among, "--candidates", strategy);
    if (diversify().isPresent() != (embeddings != null)) {
      throw new BadInputException(
          diversify != null
              ? "--diversify needs to know where inputs lie; name a file with --embeddings"
              : "--embeddings is read for --diversify alone; say k-means or k-center, or leave it"
                  + " out");
    }
    if (diversify != null && strategy.needsCandidates()) {
      throw new BadInputException(
          strategy.key()
              + " chooses among its candidates by itself; leave out --diversify, or choose bald");
    }
    Acquisition acquisition = Acquisition.of(strategy, labels).withSeed(seed);
    if (diversify != null) {
      acquisition = acquisition.withCandidates(Math.multiplyExact(CANDIDATES_A_LABEL, labels));
    }
    if (candidates != null) {
      acquisition = acquisition.withCandidates(candidates);
    }
    if (coldness != null) {
      acquisition = acquisition.withColdness(coldness);
    }
    return configurations == null ? acquisition : acquisition.withConfigurations(configurations);
  }

  private static void refuse(boolean idle, String option, Strategy strategy) {
    if (idle) {
      throw new BadInputException(
          option + " has no effect on " + strategy.key() + "; leave it out (see --help)");
    }
  }

  /**
   * How the batch is made to lie apart, if it is.
   *
   * @throws BadInputException if it is asked for by an unknown name
   */
  Optional<Diversify> diversify() {
    if (diversify == null) {
      return Optional.empty();
    }
    for (Diversify each : Diversify.values()) {
      if (each.name().equalsIgnoreCase(diversify.replace('-', '_'))) {
        return Optional.of(each);
      }
    }
    throw new BadInputException(
        "--diversify is " + diversify + "; it must be one of [k-means, k-center]");
  }

  /** The file of embeddings, if one is named. */
  Optional<Path> embeddings() {
    return Optional.ofNullable(embeddings);
  }
}
