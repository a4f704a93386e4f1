package io.credence.tensorflow;

/**
 * A model that cannot be loaded, or that offers nothing to sample. The message names the model,
 * what is wrong with it, and what to do next.
 */
public final class ModelLoadException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ModelLoadException(String message) {
    super(message);
  }

  ModelLoadException(String message, Throwable cause) {
    super(message, cause);
  }
}
