package io.credence.tensorflow;

import io.credence.DropoutSite.Kind;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What one pass puts on a tensor.
 *
 * <p>A mask's shape is a list of dimensions, −1 where it is that of the tensor, 1 where a draw is
 * shared; empty if it is the tensor's own throughout.
 */
sealed interface Noise {

  /** The share of units dropped, or the standard deviation of what is added. */
  double rate();

  Kind kind();

  /** See the interface. */
  default List<Long> maskShape() {
    return List.of();
  }

  /**
   * {@code x · mask}, the mask 1 / (1 − rate) with probability 1 − rate, else 0.
   *
   * @param kind which kind of dropout it stands for
   */
  record Dropout(double rate, List<Long> maskShape, Kind kind) implements Noise {}

  /** {@code x · n}, n normal with mean 1 and variance rate / (1 − rate). */
  record GaussianDropout(double rate) implements Noise {
    @Override
    public Kind kind() {
      return Kind.GAUSSIAN_DROPOUT;
    }

    double standardDeviation() {
      return Math.sqrt(rate / (1 - rate));
    }
  }

  /** {@code x + n}, n normal with mean 0; the rate is its standard deviation. */
  record GaussianNoise(double rate) implements Noise {
    @Override
    public Kind kind() {
      return Kind.GAUSSIAN_NOISE;
    }
  }

  /** {@code a · (x or α′) + b}, where α′ = −1.7581 replaces the dropped units. */
  record AlphaDropout(double rate, List<Long> maskShape) implements Noise {
    @Override
    public Kind kind() {
      return Kind.ALPHA_DROPOUT;
    }
  }

  /** What a random op of the model's own draws, keyed. */
  record OwnDraw(OptionalDouble known) implements Noise {
    @Override
    public double rate() {
      return known.orElse(0);
    }

    @Override
    public Kind kind() {
      return Kind.RANDOM_OP;
    }
  }
}
