package io.credence.models.data;

/** A colour, each channel in 0 … 255. */
record Rgb(double red, double green, double blue) {
  static final Rgb BLACK = new Rgb(0, 0, 0);
  static final Rgb WHITE = new Rgb(255, 255, 255);

  private static final int ATTEMPTS = 24;

  Rgb {
    red = clamp(red);
    green = clamp(green);
    blue = clamp(blue);
  }

  /** A colour as paint, metal and plaster have it: mostly greyish, of any brightness. */
  static Rgb paint(Draws draws) {
    double value = draws.uniform(15, 245);
    double saturation = draws.uniform(0, 1);
    saturation = 0.75 * saturation * saturation * saturation + 0.12 * saturation;
    double hue = draws.uniform(0, 6);
    double low = value * (1 - saturation);
    return new Rgb(
        low + (value - low) * hueShare(hue + 2),
        low + (value - low) * hueShare(hue),
        low + (value - low) * hueShare(hue + 4));
  }

  /**
   * A paint whose luminance is at least {@code contrast} (at most 120) away from {@code ground}'s.
   */
  static Rgb against(Rgb ground, double contrast, Draws draws) {
    for (int i = 0; i < ATTEMPTS; i++) {
      Rgb candidate = paint(draws);
      if (Math.abs(candidate.luminance() - ground.luminance()) >= contrast) {
        return candidate;
      }
    }
    return ground.luminance() < 128 ? WHITE : BLACK;
  }

  Rgb brighter(double levels) {
    return new Rgb(red + levels, green + levels, blue + levels);
  }

  /** Rec. 601 luma, 0 … 255. */
  double luminance() {
    return 0.299 * red + 0.587 * green + 0.114 * blue;
  }

  /** Trapezoid of the hue circle, period 6: 1 for one third, 0 for one third, slopes between. */
  private static double hueShare(double hue) {
    double h = hue % 6;
    return Math.max(0, Math.min(1, 2 - Math.abs(h - 2)));
  }

  private static double clamp(double level) {
    return Math.max(0, Math.min(255, level));
  }
}
