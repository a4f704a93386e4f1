package io.credence.models.data;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.util.Map;
import java.util.Objects;

/**
 * Text drawn as pen strokes, for a JVM that has no fonts (a headless one in a container often has
 * none).
 *
 * <p>Each glyph stands in a box 1 high with y pointing down: capitals and digits reach from 0.05 to
 * the baseline at {@value #BASELINE}, lower-case letters from 0.27, descenders go down to 0.95. The
 * box of a glyph is {@link #width(String, double) as wide as its advance}, at most 1. There are the
 * digits, the letters A–Z and a–z, the space and {@code .,:;-–+=<>()/%?!'"·×}; any other character
 * is drawn as an upright box. Stateless and safe for threads.
 */
public final class StrokeFont {
  /** Height of the baseline in the box of a glyph, from the top. */
  public static final double BASELINE = 0.75;

  /** Width of the pen in units of the text's height. */
  static final double PEN = 0.095;

  private static final Map<Character, StrokeGlyph> GLYPHS = StrokeGlyph.all();

  private StrokeFont() {}

  /**
   * The centre lines of a character.
   *
   * @param c any character
   * @return a new path within 0 … advance ≤ 1 across and 0 … 1 down; empty for the space
   */
  public static Path2D glyph(char c) {
    return find(c).shape().path();
  }

  /**
   * Draws a line of text in the current colour, antialiased, with round pen strokes.
   *
   * @param g where to draw; its state is left as it was
   * @param text one line; a line break is an unknown character
   * @param x left edge of the first glyph's box
   * @param baseline the line on which letters without a descender stand
   * @param height height of the box, from above the capitals to below the descenders, in units of
   *     {@code g}; 11 pixels is the least that reads well
   * @throws IllegalArgumentException if {@code height} is not a positive finite number
   */
  public static void draw(Graphics2D g, String text, double x, double baseline, double height) {
    checkHeight(height);
    Graphics2D pen = (Graphics2D) g.create();
    try {
      pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      pen.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      pen.setStroke(
          new BasicStroke((float) (PEN * height), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      double left = x;
      for (int i = 0; i < text.length(); i++) {
        StrokeGlyph glyph = find(text.charAt(i));
        AffineTransform place =
            new AffineTransform(height, 0, 0, height, left, baseline - BASELINE * height);
        pen.draw(glyph.shape().path().createTransformedShape(place));
        left += glyph.advance() * height;
      }
    } finally {
      pen.dispose();
    }
  }

  /**
   * How far a text reaches: the sum of the widths of its characters.
   *
   * @param text one line
   * @param height as in {@link #draw}
   * @return the width in the unit of {@code height}; 0 for the empty text
   * @throws IllegalArgumentException if {@code height} is not a positive finite number
   */
  public static double width(String text, double height) {
    checkHeight(height);
    Objects.requireNonNull(text, "text");
    double advance = 0;
    for (int i = 0; i < text.length(); i++) {
      advance += find(text.charAt(i)).advance();
    }
    return advance * height;
  }

  static StrokeShape shape(char c) {
    return find(c).shape();
  }

  private static StrokeGlyph find(char c) {
    return GLYPHS.getOrDefault(c, StrokeGlyph.UNKNOWN);
  }

  private static void checkHeight(double height) {
    if (!(height > 0 && height < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "height " + height + " is not a positive finite number; 11 pixels and more reads well");
    }
  }
}
