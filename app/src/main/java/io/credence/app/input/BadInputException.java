package io.credence.app.input;

import java.nio.file.Path;

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

  /** An input that has fewer rows than it had. */
  static BadInputException shorter(Path path, long rows, long needed) {
    return new BadInputException(
        path + " holds " + rows + " rows, but had at least " + needed + "; bring back the whole");
  }
}
