package io.credence.models.data;

/** Patterns of walls and surfaces; each takes its size, direction and phase from the draws. */
final class Patterns {
  private Patterns() {}

  /** Linear ramp in a random direction, 0 at one side of the picture and 1 at the other. */
  static Pattern ramp(Draws draws) {
    Turn turn = Turn.any(draws);
    return (x, y) -> clamp(0.5 + turn.u(x, y) / 36);
  }

  /** Half plane with an edge {@code softness} pixels wide that passes near the middle. */
  static Pattern halfPlane(double softness, Draws draws) {
    Turn turn = Turn.any(draws);
    double shift = draws.uniform(-9, 9);
    return (x, y) -> clamp(0.5 + (turn.u(x, y) - shift) / softness);
  }

  /**
   * Value noise: random numbers at the points of a lattice {@code size} pixels wide, blended
   * between them.
   */
  static Pattern cloud(double size, Draws draws) {
    long key = draws.bits();
    return (x, y) -> noise(x / size, y / size, key);
  }

  /** Parallel bars. */
  static Pattern stripes(Draws draws) {
    Turn turn = Turn.any(draws);
    double period = draws.uniform(3.5, 11);
    double duty = draws.uniform(0.25, 0.75);
    double phase = draws.uniform(0, 1);
    return (x, y) -> fraction(turn.u(x, y) / period + phase) < duty ? 1 : 0;
  }

  /** Chessboard. */
  static Pattern checks(Draws draws) {
    Turn turn = Turn.any(draws);
    double size = draws.uniform(3, 9);
    double phase = draws.uniform(0, 2);
    return (x, y) -> {
      double cell = Math.floor(turn.u(x, y) / size + phase) + Math.floor(turn.v(x, y) / size);
      return fraction(cell / 2) < 0.25 ? 1 : 0;
    };
  }

  /** Joints of a brick wall: 1 on the mortar. */
  static Pattern bricks(Draws draws) {
    Turn turn = Turn.near(0, 0.2, draws);
    double height = draws.uniform(5, 10);
    double width = height * draws.uniform(1.6, 2.8);
    double joint = draws.uniform(0.8, 1.8);
    double phaseX = draws.uniform(0, 1);
    double phaseY = draws.uniform(0, 1);
    return (x, y) -> {
      double row = turn.v(x, y) / height + phaseY;
      double shift = fraction(Math.floor(row) / 2) < 0.25 ? 0 : 0.5;
      double column = turn.u(x, y) / width + phaseX + shift;
      return fraction(row) * height < joint || fraction(column) * width < joint ? 1 : 0;
    };
  }

  /** Wood grain: wavy bands, drawn out along one direction. */
  static Pattern wood(Draws draws) {
    Turn turn = Turn.near(draws.chance(0.5) ? 0 : Math.PI / 2, 0.3, draws);
    double period = draws.uniform(3, 8);
    double bend = draws.uniform(1.5, 5);
    double reach = draws.uniform(8, 16);
    long key = draws.bits();
    return (x, y) -> {
      double u = turn.u(x, y);
      double v = turn.v(x, y);
      double band = fraction((v + bend * noise(u / reach, v / 10, key)) / period);
      return Math.abs(2 * band - 1);
    };
  }

  /** Discs on a square lattice. */
  static Pattern dots(Draws draws) {
    Turn turn = Turn.any(draws);
    double period = draws.uniform(4, 9);
    double radius = draws.uniform(0.22, 0.4);
    double phaseX = draws.uniform(0, 1);
    double phaseY = draws.uniform(0, 1);
    return (x, y) -> {
      double u = fraction(turn.u(x, y) / period + phaseX) - 0.5;
      double v = fraction(turn.v(x, y) / period + phaseY) - 0.5;
      return u * u + v * v < radius * radius ? 1 : 0;
    };
  }

  private static double noise(double x, double y, long key) {
    double column = Math.floor(x);
    double row = Math.floor(y);
    long i = (long) column;
    long j = (long) row;
    double s = smooth(x - column);
    double t = smooth(y - row);
    double top = lattice(i, j, key) * (1 - s) + lattice(i + 1, j, key) * s;
    double bottom = lattice(i, j + 1, key) * (1 - s) + lattice(i + 1, j + 1, key) * s;
    return top * (1 - t) + bottom * t;
  }

  private static double lattice(long i, long j, long key) {
    return (Draws.mix(key + i * 0x9E3779B97F4A7C15L + j * 0xC2B2AE3D27D4EB4FL) >>> 11) * 0x1.0p-53;
  }

  private static double smooth(double t) {
    return t * t * (3 - 2 * t);
  }

  private static double fraction(double value) {
    return value - Math.floor(value);
  }

  private static double clamp(double value) {
    return Math.max(0, Math.min(1, value));
  }

  /** Coordinates turned about the middle of the picture. */
  private record Turn(double cos, double sin) {
    static Turn any(Draws draws) {
      return near(0, Math.PI, draws);
    }

    static Turn near(double angle, double spread, Draws draws) {
      double turned = angle + draws.uniform(-spread, spread);
      return new Turn(StrictMath.cos(turned), StrictMath.sin(turned));
    }

    double u(double x, double y) {
      return (x - 16) * cos + (y - 16) * sin;
    }

    double v(double x, double y) {
      return (y - 16) * cos - (x - 16) * sin;
    }
  }
}
