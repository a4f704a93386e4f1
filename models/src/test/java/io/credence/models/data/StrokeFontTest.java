package io.credence.models.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.FlatteningPathIterator;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrokeFontTest {
  private static final String PROMISED =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,:;-–+=<>()/%?!'\"·×";

  @Test
  void glyph_everyPromisedCharacter_hasInkWithinItsBox() {
    for (int i = 0; i < PROMISED.length(); i++) {
      char c = PROMISED.charAt(i);
      Path2D path = StrokeFont.glyph(c);
      double advance = StrokeFont.width(String.valueOf(c), 1);
      Rectangle2D line = flatBounds(path);
      double pen = StrokeFont.PEN / 2;

      assertTrue(length(path) > 0, () -> "no strokes in " + c);
      assertTrue(advance <= 1, () -> "too wide: " + c);
      assertTrue(line.getMinX() >= pen && line.getMaxX() <= advance - pen, () -> c + " is " + line);
      assertTrue(line.getMinY() >= pen && line.getMaxY() <= 1 - pen, () -> c + " is " + line);
    }
  }

  @Test
  void glyph_everyPromisedCharacter_isNoOtherAndNotTheBox() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < PROMISED.length(); i++) {
      char c = PROMISED.charAt(i);
      assertTrue(seen.add(describe(StrokeFont.glyph(c))), () -> "drawn twice: " + c);
    }

    assertTrue(seen.add(describe(StrokeFont.glyph('€'))));
  }

  @Test
  void glyph_space_isEmptyButWide() {
    assertTrue(StrokeFont.glyph(' ').getPathIterator(null).isDone());
    assertTrue(StrokeFont.width(" ", 1) > 0.1);
  }

  @ParameterizedTest
  @ValueSource(chars = {'€', '§', '\n', '\u4e00'})
  void glyph_unknownCharacter_isAnUprightBox(char c) {
    Path2D box = StrokeFont.glyph(c);
    Rectangle2D bounds = box.getBounds2D();

    assertEquals(2 * (bounds.getWidth() + bounds.getHeight()), length(box), 1e-9);
    assertTrue(bounds.getHeight() > bounds.getWidth());
    assertEquals(StrokeFont.BASELINE, bounds.getMaxY(), 1e-12);
  }

  @Test
  void glyph_capitalsAndDigits_standOnTheBaseline() {
    String standing = "ABDEFHKLMNPRTXZ0123456789";
    for (int i = 0; i < standing.length(); i++) {
      char c = standing.charAt(i);
      assertEquals(
          StrokeFont.BASELINE, flatBounds(StrokeFont.glyph(c)).getMaxY(), 1e-3, () -> "" + c);
    }
  }

  @Test
  void glyph_changedByTheCaller_leavesTheFontAlone() {
    Path2D first = StrokeFont.glyph('A');
    String before = describe(first);

    first.reset();

    assertNotSame(first, StrokeFont.glyph('A'));
    assertEquals(before, describe(StrokeFont.glyph('A')));
  }

  @Test
  void width_parts_addUpAndScale() {
    double together = StrokeFont.width("H=0.42 nats §", 11);

    assertEquals(StrokeFont.width("H=0.", 11) + StrokeFont.width("42 nats §", 11), together, 1e-9);
    assertEquals(2 * together, StrokeFont.width("H=0.42 nats §", 22), 1e-9);
    assertEquals(0, StrokeFont.width("", 11));
  }

  @Test
  void width_digits_areAllTheSame() {
    for (char c = '0'; c <= '9'; c++) {
      assertEquals(StrokeFont.width("0", 1), StrokeFont.width(String.valueOf(c), 1));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -11, Double.NaN, Double.POSITIVE_INFINITY})
  void heights_notPositiveAndFinite_areRefused(double height) {
    Graphics2D g = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB).createGraphics();
    String expected =
        "height " + height + " is not a positive finite number; 11 pixels and more reads well";

    assertEquals(
        expected,
        assertThrows(IllegalArgumentException.class, () -> StrokeFont.width("a", height))
            .getMessage());
    assertEquals(
        expected,
        assertThrows(IllegalArgumentException.class, () -> StrokeFont.draw(g, "a", 0, 6, height))
            .getMessage());
    g.dispose();
  }

  @Test
  void draw_text_staysAboveTheBaselineAndWithinItsWidth() {
    BufferedImage image = new BufferedImage(200, 60, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(Color.GREEN);

    StrokeFont.draw(g, "HA 47", 20, 40, 24);

    int left = 200;
    int right = 0;
    int top = 60;
    int bottom = 0;
    for (int i = 0; i < 200 * 60; i++) {
      int rgb = image.getRGB(i % 200, i / 200);
      assertEquals(0, rgb & 0xFF00FF);
      if ((rgb >> 8 & 0xFF) > 40) {
        left = Math.min(left, i % 200);
        right = Math.max(right, i % 200);
        top = Math.min(top, i / 200);
        bottom = Math.max(bottom, i / 200);
      }
    }
    double width = StrokeFont.width("HA 47", 24);
    assertTrue(left >= 20 && left <= 23, "left " + left);
    assertTrue(right >= 20 + width - 4 && right <= 20 + width, "right " + right);
    assertTrue(top >= 21 && top <= 23, "top " + top);
    assertTrue(bottom >= 40 && bottom <= 41, "bottom " + bottom);
    g.dispose();
  }

  @Test
  void draw_afterwards_graphicsIsAsItWas() {
    Graphics2D g = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB).createGraphics();
    Object hint = g.getRenderingHint(RenderingHints.KEY_ANTIALIASING);
    BasicStroke stroke = new BasicStroke(3);
    g.setStroke(stroke);

    StrokeFont.draw(g, "x", 0, 6, 8);

    assertEquals(stroke, g.getStroke());
    assertEquals(hint, g.getRenderingHint(RenderingHints.KEY_ANTIALIASING));
    assertTrue(g.getTransform().isIdentity());
    g.dispose();
  }

  @Test
  void parse_everyCommand_followsTheCurve() {
    StrokeShape shape = StrokeShape.parse("M0 0 L10 0 10 10 Q10 20 0 20 C-10 20 -10 0 0 0", 0, 1);

    double[] line = shape.polylines().get(0);
    assertEquals(2 * (3 + 8 + 8), line.length);
    assertEquals(List.of(0.0, 0.0, 10.0, 0.0, 10.0, 10.0), head(line, 6));
    assertEquals(7.5, line[2 * 6], 1e-12, "Q at half way");
    assertEquals(17.5, line[2 * 6 + 1], 1e-12, "Q at half way");
    assertEquals(-7.5, line[2 * 14], 1e-12, "C at half way");
    assertEquals(10, line[2 * 14 + 1], 1e-12, "C at half way");
  }

  @Test
  void parse_unknownCommand_isRefused() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> StrokeShape.parse("M0 0 A1 1", 0, 1))
            .getMessage();

    assertEquals("command \"A\" in path \"M0 0 A1 1\"; the commands are M, L, Q, C", message);
  }

  private static List<Double> head(double[] values, int count) {
    return Arrays.stream(values, 0, count).boxed().toList();
  }

  private static Rectangle2D flatBounds(Path2D path) {
    Path2D flat = new Path2D.Double();
    flat.append(new FlatteningPathIterator(path.getPathIterator(null), 1e-4), false);
    return flat.getBounds2D();
  }

  private static String describe(Path2D path) {
    List<String> parts = new ArrayList<>();
    double[] p = new double[6];
    for (PathIterator it = path.getPathIterator(null); !it.isDone(); it.next()) {
      Arrays.fill(p, 0);
      parts.add(it.currentSegment(p) + Arrays.toString(p));
    }
    return parts.toString();
  }

  private static double length(Path2D path) {
    double sum = 0;
    double[] p = new double[6];
    double x = 0;
    double y = 0;
    for (PathIterator it = path.getPathIterator(null, 1e-4); !it.isDone(); it.next()) {
      if (it.currentSegment(p) == PathIterator.SEG_LINETO) {
        sum += Math.hypot(p[0] - x, p[1] - y);
      }
      x = p[0];
      y = p[1];
    }
    return sum;
  }
}
