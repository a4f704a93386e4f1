package io.credence.models.data;

import java.util.Locale;

/**
 * Pictures in the manner of house numbers on street photographs, drawn from a seed: digits on
 * walls, and pictures that show no digit at all. They need no download and no font.
 *
 * <p>A digit is written with the pen in one of several forms, with its own proportions, slant,
 * stroke, view, colours, ground, blur and sensor noise, often between parts of its neighbours.
 * Picture {@code i} depends on the seed, on whether it shows a digit, and on {@code i} only; it is
 * the same bytes on every JVM. Different ranges of the index are therefore disjoint data sets:
 * train on 0 … n − 1, test on n … n + m − 1.
 *
 * <p>Modelled on the look of Netzer, Wang, Coates, Bissacco, Wu and Ng, 2011, "Reading digits in
 * natural images with unsupervised feature learning" (the Street View House Numbers); no picture of
 * theirs is used.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class StreetDigits {
  private static final long DIGIT_STREAM = 1;
  private static final long NO_DIGIT_STREAM = 2;

  /** No letter that is a digit in some hand (O, Q, D, I, L, S, Z, B, G, J and the like). */
  private static final String LETTERS = "AEFHKMNPRTUVWXYfhkmnrtuvwx";

  private final long seed;

  private StreetDigits(long seed) {
    this.seed = seed;
  }

  /**
   * The pictures of one seed.
   *
   * @param seed any number; other seeds give other pictures
   * @return the generator
   */
  public static StreetDigits of(long seed) {
    return new StreetDigits(seed);
  }

  /**
   * Draws a picture of a digit in the middle; each of 0 … 9 is equally likely.
   *
   * @param index which picture, at least 0
   * @return the picture, with its label
   * @throws IllegalArgumentException if {@code index < 0}
   */
  public Picture digit(long index) {
    Draws draws = draws(DIGIT_STREAM, index);
    int label = draws.below(Picture.CLASSES);
    Canvas canvas = new Canvas();
    Rgb ground = Scenes.ground(canvas, draws);
    new Lettering(draws)
        .paint(
            canvas,
            ground,
            DigitShapes.draw(label, draws),
            () -> DigitShapes.draw(draws.below(Picture.CLASSES), draws),
            draws);
    photograph(canvas, draws);
    String id = String.format(Locale.ROOT, "digit-%06d-%d", index, label);
    return Picture.ofDigit(id, label, canvas.toBytes());
  }

  /**
   * Draws a picture without a digit, of the kind {@link #noDigitKind} tells.
   *
   * @param index which picture, at least 0
   * @return the picture, without a label
   * @throws IllegalArgumentException if {@code index < 0}
   */
  public Picture noDigit(long index) {
    Draws draws = draws(NO_DIGIT_STREAM, index);
    NoDigitKind kind = kind(draws);
    Canvas canvas = new Canvas();
    switch (kind) {
      case LETTER -> {
        Rgb ground = Scenes.ground(canvas, draws);
        new Lettering(draws).paint(canvas, ground, letter(draws), () -> letter(draws), draws);
      }
      case TEXTURE -> Scenes.texture(canvas, draws);
      case WALL -> Scenes.wall(canvas, draws);
      case SCRIBBLE -> Scenes.scribble(canvas, draws);
    }
    photograph(canvas, draws);
    String name = kind.name().toLowerCase(Locale.ROOT);
    return Picture.ofNoDigit(String.format(Locale.ROOT, "%s-%06d", name, index), canvas.toBytes());
  }

  /**
   * Tells what {@link #noDigit} draws, without drawing it; each kind is equally likely.
   *
   * @param index which picture, at least 0
   * @return the kind of that picture
   * @throws IllegalArgumentException if {@code index < 0}
   */
  public NoDigitKind noDigitKind(long index) {
    return kind(draws(NO_DIGIT_STREAM, index));
  }

  private Draws draws(long stream, long index) {
    if (index < 0) {
      throw new IllegalArgumentException("index " + index + " is negative; pictures count from 0");
    }
    return new Draws(seed, stream, index);
  }

  private static NoDigitKind kind(Draws draws) {
    NoDigitKind[] kinds = NoDigitKind.values();
    return kinds[draws.below(kinds.length)];
  }

  private static StrokeShape letter(Draws draws) {
    return StrokeFont.shape(LETTERS.charAt(draws.below(LETTERS.length())));
  }

  /** One picture in six is a poor photograph: out of focus, or taken in bad light. */
  private static void photograph(Canvas canvas, Draws draws) {
    boolean poor = draws.chance(1 / 6.0);
    canvas.blur(poor ? draws.uniform(1, 1.7) : draws.uniform(0.35, 1.05));
    canvas.addNoise(draws.uniform(0.5, poor ? 12 : 6), draws.uniform(0.5, poor ? 7 : 4), draws);
  }
}
