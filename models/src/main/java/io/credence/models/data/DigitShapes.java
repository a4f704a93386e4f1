package io.credence.models.data;

/**
 * Strokes of the digits, several ways of writing each, in a box 40 wide from y = 5 to y = 75 (see
 * {@link StrokeShape} for the path language). The first of each is the plain one.
 */
final class DigitShapes {
  private static final String[][] PATHS = {
    {
      "M20 5 C8 5 0 18 0 40 C0 62 8 75 20 75 C32 75 40 62 40 40 C40 18 32 5 20 5",
      "M0 25 C0 12 8 5 20 5 C32 5 40 12 40 25 L40 55 C40 68 32 75 20 75 C8 75 0 68 0 55 L0 25",
      "M12 5 L28 5 C36 5 40 10 40 18 L40 62 C40 70 36 75 28 75 L12 75 C4 75 0 70 0 62 L0 18 C0 10 4 5 12 5",
    },
    {
      "M5 20 L22 5 L22 75",
      "M20 5 L20 75",
      "M7 20 L22 5 L22 75 M6 75 L38 75",
      "M5 19 Q17 17 20 5 L20 75",
    },
    {
      "M1 21 C3 10 10 5 20 5 C31 5 38 12 38 23 C38 40 14 52 0 75 L40 75",
      "M2 20 C4 10 11 5 20 5 C32 5 38 13 38 22 C38 31 33 37 26 45 L0 75 L40 75",
      "M2 22 C2 11 10 5 20 5 C31 5 38 12 38 23 C38 42 7 50 2 75 L40 75",
    },
    {
      "M2 14 C7 8 12 5 19 5 C30 5 37 11 37 21 C37 32 30 38 18 38 L13 38"
          + " M18 38 C31 38 39 45 39 56 C39 68 31 75 19 75 C11 75 4 72 0 65",
      "M2 15 C6 8 12 5 19 5 C30 5 37 11 37 21 C37 31 29 37 15 39"
          + " C31 40 39 46 39 57 C39 69 30 75 19 75 C10 75 4 72 0 64",
      "M2 5 L37 5 L17 32 C31 32 39 41 39 53 C39 67 30 75 18 75 C10 75 4 72 0 65",
    },
    {
      "M30 75 L30 5 L0 54 L40 54",
      "M30 75 L30 5 L26 5 L0 53 L40 53",
      "M14 5 L1 49 L40 49 M30 28 L30 75",
      "M4 5 L4 44 L40 44 M32 5 L32 75",
    },
    {
      "M36 5 L5 5 L2 37 C7 32 12 30 19 30 C31 30 39 39 39 52 C39 66 31 75 18 75 C10 75 4 72 0 65",
      "M36 5 L4 5 L4 35 L20 35 C33 35 39 43 39 55 C39 67 32 75 19 75 C11 75 4 72 0 66",
      "M38 5 L9 5 L4 35 C28 25 39 36 39 52 C39 67 30 75 17 75 C9 75 3 73 0 69",
    },
    {
      "M36 13 C32 8 28 5 22 5 C8 5 0 20 0 46 C0 64 8 75 20 75 C32 75 39 66 39 53"
          + " C39 40 32 32 21 32 C11 32 3 39 1 50",
      "M29 5 L6 42 C2 48 0 52 0 55 C0 67 8 75 20 75 C32 75 40 67 40 55"
          + " C40 43 32 35 20 35 C13 35 8 38 5 43",
      "M30 5 C13 12 0 32 0 53 C0 67 8 75 20 75 C32 75 40 67 40 54"
          + " C40 42 32 35 21 35 C11 35 3 42 0 53",
    },
    {
      "M0 5 L40 5 C28 28 17 50 14 75",
      "M0 5 L40 5 L13 75",
      "M0 5 L40 5 L13 75 M13 41 L37 41",
      "M2 17 L2 5 L40 5 L14 75",
    },
    {
      "M20 38 C9 36 3 30 3 21 C3 11 10 5 20 5 C30 5 37 11 37 21 C37 30 31 36 20 38"
          + " C8 40 0 46 0 57 C0 68 8 75 20 75 C32 75 40 68 40 57 C40 46 32 40 20 38",
      "M20 5 C11 5 4 12 4 21 C4 30 11 37 20 37 C29 37 36 30 36 21 C36 12 29 5 20 5"
          + " M20 37 C9 37 0 45 0 56 C0 67 9 75 20 75 C31 75 40 67 40 56 C40 45 31 37 20 37",
      "M34 12 C30 7 26 5 20 5 C11 5 4 11 4 20 C4 42 40 36 40 58 C40 68 32 75 20 75"
          + " C8 75 0 68 0 58 C0 38 36 42 36 19 C36 16 35 14 34 12",
    },
    {
      "M4 67 C8 72 12 75 18 75 C32 75 40 60 40 34 C40 16 32 5 20 5 C8 5 1 14 1 27"
          + " C1 40 8 48 19 48 C29 48 37 41 39 30",
      "M11 75 L34 38 C38 32 40 28 40 25 C40 13 32 5 20 5 C8 5 0 13 0 25"
          + " C0 37 8 45 20 45 C27 45 32 42 35 37",
      "M10 75 C27 68 40 48 40 27 C40 13 32 5 20 5 C8 5 0 13 0 26"
          + " C0 38 8 45 19 45 C29 45 37 38 40 27",
      "M38 75 L38 26 C38 13 31 5 20 5 C8 5 0 13 0 25 C0 37 8 45 19 45 C29 45 36 38 38 28",
    },
  };

  private static final StrokeShape[][] SHAPES = parseAll();

  private DigitShapes() {}

  /** The path string of the plain form of {@code digit}. */
  static String plain(int digit) {
    return PATHS[digit][0];
  }

  /** One of the forms of {@code digit}, all equally likely. */
  static StrokeShape draw(int digit, Draws draws) {
    return SHAPES[digit][draws.below(SHAPES[digit].length)];
  }

  private static StrokeShape[][] parseAll() {
    StrokeShape[][] shapes = new StrokeShape[PATHS.length][];
    for (int digit = 0; digit < PATHS.length; digit++) {
      shapes[digit] = new StrokeShape[PATHS[digit].length];
      for (int form = 0; form < PATHS[digit].length; form++) {
        shapes[digit][form] = StrokeShape.parse(PATHS[digit][form], 0, 1);
      }
    }
    return shapes;
  }
}
