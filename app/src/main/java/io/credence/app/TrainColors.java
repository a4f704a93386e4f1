package io.credence.app;

import java.awt.Color;

/** Colours of doubt: dark violet over teal to yellow, of a lightness that rises evenly. */
final class TrainColors {

  /** Points of the colour map viridis of Matplotlib, which is in the public domain (CC0). */
  private static final int[][] STOPS = {
    {68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}
  };

  private TrainColors() {}

  /** The colour of a share from 0, dark, to 1, bright; beyond, that of the nearer end. */
  static Color of(double share) {
    double at = Math.max(0, Math.min(1, share)) * (STOPS.length - 1);
    int low = (int) Math.min(STOPS.length - 2, Math.floor(at));
    double part = at - low;
    int[] rgb = new int[3];
    for (int i = 0; i < 3; i++) {
      rgb[i] = (int) Math.round((1 - part) * STOPS[low][i] + part * STOPS[low + 1][i]);
    }
    return new Color(rgb[0], rgb[1], rgb[2]);
  }
}
