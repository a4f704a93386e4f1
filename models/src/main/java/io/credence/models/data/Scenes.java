package io.credence.models.data;

import static io.credence.models.data.Picture.HEIGHT;
import static io.credence.models.data.Picture.WIDTH;

/** What is painted behind a glyph, and the pictures that are nothing but a surface. */
final class Scenes {
  private static final int FINE = 3;

  private Scenes() {}

  /** Paints a quiet ground, nowhere more than about 30 levels from the colour returned. */
  static Rgb ground(Canvas canvas, Draws draws) {
    Rgb base = Rgb.paint(draws);
    canvas.fill(base);
    int kind = draws.below(10);
    if (kind >= 3) {
      canvas.lay(base.brighter(draws.uniform(-32, 32)), Patterns.ramp(draws), 1);
    }
    Rgb tone = base.brighter(draws.chance(0.5) ? 22 : -22);
    switch (kind) {
      case 6 -> canvas.lay(tone, Patterns.cloud(draws.uniform(2, 7), draws), 1);
      case 7 -> canvas.lay(tone, Patterns.bricks(draws), FINE);
      case 8 -> canvas.lay(tone, Patterns.wood(draws), FINE);
      case 9 -> canvas.lay(tone, Patterns.halfPlane(draws.uniform(1, 8), draws), 1);
      default -> {}
    }
    return base;
  }

  /** Paints a picture full of one texture. */
  static void texture(Canvas canvas, Draws draws) {
    Rgb base = Rgb.paint(draws);
    Rgb other = Rgb.against(base, draws.uniform(25, 110), draws);
    canvas.fill(base);
    Pattern pattern =
        switch (draws.below(5)) {
          case 0 -> Patterns.bricks(draws);
          case 1 -> Patterns.stripes(draws);
          case 2 -> Patterns.checks(draws);
          case 3 -> Patterns.wood(draws);
          default -> Patterns.dots(draws);
        };
    canvas.lay(other, pattern, FINE);
    shade(canvas, draws);
  }

  /** Paints a blank wall. */
  static void wall(Canvas canvas, Draws draws) {
    Rgb base = Rgb.paint(draws);
    canvas.fill(base);
    switch (draws.below(4)) {
      case 0 -> canvas.lay(base.brighter(draws.uniform(-90, 90)), Patterns.ramp(draws), 1);
      case 1 -> {
        canvas.lay(Rgb.BLACK, scaled(Patterns.halfPlane(draws.uniform(1, 14), draws), draws), 1);
        shade(canvas, draws);
      }
      case 2 -> {
        canvas.lay(base.brighter(-50), Patterns.cloud(draws.uniform(6, 14), draws), 1);
        canvas.lay(base.brighter(50), scaled(Patterns.cloud(draws.uniform(1, 4), draws), draws), 1);
      }
      default -> {
        canvas.lay(base.brighter(draws.uniform(-60, 60)), Patterns.halfPlane(1, draws), FINE);
        canvas.lay(base.brighter(draws.uniform(-60, 60)), Patterns.halfPlane(1, draws), FINE);
        shade(canvas, draws);
      }
    }
  }

  /** Paints smooth curves across each other on a quiet ground. */
  static void scribble(Canvas canvas, Draws draws) {
    Rgb base = ground(canvas, draws);
    int strokes = 3 + draws.below(3);
    Rgb colour = Rgb.against(base, 70, draws);
    double pen = draws.uniform(0.6, 1.4);
    for (int i = 0; i < strokes; i++) {
      Ink ink = new Ink(pen, pen);
      ink.draw(curve(draws));
      canvas.lay(draws.chance(0.2) ? Rgb.against(base, 60, draws) : colour, ink, 1);
    }
  }

  /** A walk with slowly changing heading, turned back where it would leave the picture for long. */
  private static double[] curve(Draws draws) {
    double x = draws.uniform(2, WIDTH - 2);
    double y = draws.uniform(2, HEIGHT - 2);
    double heading = draws.uniform(-Math.PI, Math.PI);
    double bend = 0;
    double[] line = new double[2 * (24 + draws.below(40))];
    for (int i = 0; i < line.length; i += 2) {
      line[i] = x;
      line[i + 1] = y;
      bend = 0.8 * bend + draws.uniform(-0.22, 0.22);
      heading += bend;
      boolean outside = x < 0 || y < 0 || x > WIDTH || y > HEIGHT;
      if (outside) {
        heading = StrictMath.atan2(HEIGHT / 2.0 - y, WIDTH / 2.0 - x) + draws.uniform(-0.6, 0.6);
      }
      x += 1.3 * StrictMath.cos(heading);
      y += 1.3 * StrictMath.sin(heading);
    }
    return line;
  }

  private static void shade(Canvas canvas, Draws draws) {
    Rgb light = draws.chance(0.5) ? Rgb.BLACK : Rgb.WHITE;
    canvas.lay(light, scaled(Patterns.ramp(draws), draws), 1);
  }

  private static Pattern scaled(Pattern pattern, Draws draws) {
    double strength = draws.uniform(0.1, 0.5);
    return (x, y) -> strength * pattern.at(x, y);
  }
}
