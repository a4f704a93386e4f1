package io.credence.app;

/** An output that cannot be written: a full disk, a closed pipe. The message names it. */
final class OutputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  OutputException(String message) {
    super(message);
  }

  OutputException(String message, Throwable cause) {
    super(message, cause);
  }
}
