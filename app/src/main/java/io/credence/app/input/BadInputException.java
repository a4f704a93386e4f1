package io.credence.app.input;

/** An input that cannot be read or fed. The message names the file, the place and the next step. */
public final class BadInputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * An input that cannot be read or fed.
   *
   * @param message what is wrong with what, and what to do
   */
  public BadInputException(String message) {
    super(message);
  }

  BadInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
