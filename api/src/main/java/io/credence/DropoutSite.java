package io.credence;

import java.util.Optional;
import java.util.OptionalDouble;
import org.tensorflow.ndarray.Shape;

/**
 * A place in a model's graph where units are dropped, or noise is put in, at random.
 *
 * @param name the name of the node there, as the model has it: the node that draws, or the one that
 *     stands where dropout stood in training, or the tensor that the caller named
 * @param kind what is done to the units
 * @param rate the share of units dropped, within {@code [0, 1)}, where the model or the caller
 *     states it; for {@link Kind#GAUSSIAN_NOISE}, which drops nothing, its standard deviation
 * @param maskShape the shape of what one pass draws here, 1 where a dimension shares a draw, −1
 *     where the model leaves it open; unknown if the model leaves all open
 * @param origin what told that the site is here
 * @param gate the name of the placeholder that turns the site on in the model as it was saved, or
 *     empty if there is none
 */
public record DropoutSite(
    String name,
    Kind kind,
    OptionalDouble rate,
    Shape maskShape,
    Origin origin,
    Optional<String> gate) {

  /** What is done to the units. */
  public enum Kind {
    /** Each unit is dropped by itself (Srivastava et al. 2014); the rest is scaled up. */
    DROPOUT,
    /** Whole channels are dropped, or whatever the mask's dimensions of one share. */
    SPATIAL_DROPOUT,
    /** The inputs of a recurrent layer are dropped. */
    RNN_DROPOUT,
    /** The state or input of a recurrent cell is dropped, anew at every time step. */
    RECURRENT_DROPOUT,
    /** Units are multiplied with noise of mean 1 and variance rate / (1 − rate). */
    GAUSSIAN_DROPOUT,
    /** Noise of mean 0 is added to the units. */
    GAUSSIAN_NOISE,
    /** Units are set to SELU's negative limit (Klambauer et al. 2017), mean and variance kept. */
    ALPHA_DROPOUT,
    /** A random op of the model's own; what it does with the draw is the model's business. */
    RANDOM_OP
  }

  /** What told that a site is here. */
  public enum Origin {
    /** The saved graph draws random numbers itself. */
    RANDOM_OP,
    /** Keras 2 saved the training function, which draws here. */
    TRAINING_FUNCTION,
    /** The caller named the tensor and the rate. */
    CALLER
  }
}
