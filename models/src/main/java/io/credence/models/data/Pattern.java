package io.credence.models.data;

/**
 * A grey pattern on the plane: how much of a colour there is at a point, 0 … 1. Units are pixels, y
 * down.
 */
@FunctionalInterface
interface Pattern {
  /** Value at (x, y); the centre of the first pixel is (0.5, 0.5). */
  double at(double x, double y);
}
