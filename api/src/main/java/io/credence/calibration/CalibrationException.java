package io.credence.calibration;

import org.jspecify.annotations.Nullable;

/**
 * A calibration could not be fitted: on these held-out inputs the likelihood has no greatest value,
 * or the optimizer did not reach it. The message says which, and what to do.
 */
public final class CalibrationException extends RuntimeException {

  private static final long serialVersionUID = 1;

  CalibrationException(String message) {
    super(message);
  }

  CalibrationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
