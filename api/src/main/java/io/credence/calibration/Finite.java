package io.credence.calibration;

/** Refuses numbers that are not finite. */
final class Finite {

  private Finite() {}

  static void check(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " is " + value + "; it must be finite");
    }
  }
}
