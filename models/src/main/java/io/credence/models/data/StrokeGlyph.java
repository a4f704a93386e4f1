package io.credence.models.data;

import java.util.HashMap;
import java.util.Map;

/**
 * A glyph of {@link StrokeFont}: its strokes and its advance, both for a box 1 high.
 *
 * <p>The table is in hundredths of the box: capitals from y = 5 to the baseline at 75, small
 * letters from 27, descenders to 95. Ink starts at x = 0; {@link #BEARING} is left free on either
 * side of it.
 */
record StrokeGlyph(StrokeShape shape, double advance) {
  static final StrokeGlyph UNKNOWN = of(34, "M0 5 L34 5 L34 75 L0 75 L0 5");

  private static final double BEARING = 8.5;
  private static final double UNIT = 0.01;

  private static final String BOWL_LEFT =
      " M33 39 C29 31 24 27 17 27 C6 27 0 37 0 51 C0 65 6 75 17 75 C24 75 29 71 33 63";
  private static final String BOWL_RIGHT =
      " M0 39 C4 31 9 27 16 27 C27 27 33 37 33 51 C33 65 27 75 16 75 C9 75 4 71 0 63";

  static Map<Character, StrokeGlyph> all() {
    Map<Character, StrokeGlyph> glyphs = new HashMap<>();
    addDigits(glyphs);
    addCapitals(glyphs);
    addSmallLetters(glyphs);
    addPunctuation(glyphs);
    return Map.copyOf(glyphs);
  }

  private static StrokeGlyph of(double inkWidth, String strokes) {
    return new StrokeGlyph(
        StrokeShape.parse(strokes, BEARING, UNIT), (inkWidth + 2 * BEARING) * UNIT);
  }

  private static void addDigits(Map<Character, StrokeGlyph> to) {
    for (int digit = 0; digit <= 9; digit++) {
      to.put((char) ('0' + digit), of(40, DigitShapes.plain(digit)));
    }
  }

  private static void addCapitals(Map<Character, StrokeGlyph> to) {
    to.put('A', of(42, "M0 75 L21 5 L42 75 M7 51 L35 51"));
    to.put('B', of(38, "M0 39 L22 39 C43 39 43 75 22 75 L0 75 L0 5 L20 5 C39 5 39 39 20 39"));
    to.put(
        'C', of(42, "M42 18 C36 9 30 5 23 5 C9 5 0 19 0 40 C0 61 9 75 23 75 C30 75 36 71 42 62"));
    to.put('D', of(42, "M0 5 L0 75 L16 75 C34 75 42 60 42 40 C42 20 34 5 16 5 L0 5"));
    to.put('E', of(36, "M36 5 L0 5 L0 75 L36 75 M0 39 L31 39"));
    to.put('F', of(36, "M36 5 L0 5 L0 75 M0 39 L30 39"));
    to.put(
        'G',
        of(
            43,
            "M42 18 C36 9 30 5 23 5 C9 5 0 19 0 40 C0 61 9 75 23 75 C31 75 38 71 43 64 L43 43 L26 43"));
    to.put('H', of(40, "M0 5 L0 75 M40 5 L40 75 M0 39 L40 39"));
    to.put('I', of(18, "M0 5 L18 5 M9 5 L9 75 M0 75 L18 75"));
    to.put('J', of(26, "M26 5 L26 54 C26 70 20 75 13 75 C6 75 2 71 0 62"));
    to.put('K', of(40, "M0 5 L0 75 M38 5 L0 49 M13 34 L40 75"));
    to.put('L', of(35, "M0 5 L0 75 L35 75"));
    to.put('M', of(48, "M0 75 L0 5 L24 52 L48 5 L48 75"));
    to.put('N', of(40, "M0 75 L0 5 L40 75 L40 5"));
    to.put(
        'O', of(46, "M23 5 C9 5 0 19 0 40 C0 61 9 75 23 75 C37 75 46 61 46 40 C46 19 37 5 23 5"));
    to.put('P', of(37, "M0 75 L0 5 L20 5 C43 5 43 43 20 43 L0 43"));
    to.put(
        'Q',
        of(
            46,
            "M23 5 C9 5 0 19 0 40 C0 61 9 75 23 75 C37 75 46 61 46 40 C46 19 37 5 23 5 M28 58 L45 82"));
    to.put('R', of(40, "M0 75 L0 5 L20 5 C43 5 43 43 20 43 L0 43 M20 43 L40 75"));
    to.put(
        'S',
        of(
            39,
            "M38 15 C33 8 27 5 20 5 C9 5 2 12 2 22 C2 46 39 33 39 56 C39 68 31 75 19 75 C11 75 4 71 0 64"));
    to.put('T', of(42, "M0 5 L42 5 M21 5 L21 75"));
    to.put('U', of(40, "M0 5 L0 50 C0 66 8 75 20 75 C32 75 40 66 40 50 L40 5"));
    to.put('V', of(42, "M0 5 L21 75 L42 5"));
    to.put('W', of(58, "M0 5 L14 75 L29 15 L44 75 L58 5"));
    to.put('X', of(40, "M0 5 L40 75 M40 5 L0 75"));
    to.put('Y', of(42, "M0 5 L21 40 L42 5 M21 40 L21 75"));
    to.put('Z', of(40, "M0 5 L39 5 L0 75 L40 75"));
  }

  private static void addSmallLetters(Map<Character, StrokeGlyph> to) {
    to.put('a', of(33, "M33 27 L33 75" + BOWL_LEFT));
    to.put('b', of(33, "M0 5 L0 75" + BOWL_RIGHT));
    to.put(
        'c',
        of(31, "M31 36 C27 30 23 27 17 27 C6 27 0 37 0 51 C0 65 6 75 17 75 C23 75 27 72 31 66"));
    to.put('d', of(33, "M33 5 L33 75" + BOWL_LEFT));
    to.put(
        'e',
        of(
            33,
            "M0 50 L33 50 C33 35 27 27 17 27 C6 27 0 37 0 51 C0 65 6 75 18 75 C24 75 29 72 32 66"));
    to.put('f', of(23, "M24 5 C13 4 10 9 10 18 L10 75 M0 29 L22 29"));
    to.put('g', of(33, "M33 27 L33 80 C33 90 27 95 17 95 C10 95 5 93 2 89" + BOWL_LEFT));
    to.put('h', of(31, "M0 5 L0 75 M0 42 C3 32 9 27 17 27 C27 27 31 33 31 44 L31 75"));
    to.put('i', of(0, "M0 27 L0 75 M0 8 L0 10"));
    to.put('j', of(9, "M9 27 L9 82 C9 92 5 96 0 95 M9 8 L9 10"));
    to.put('k', of(31, "M0 5 L0 75 M28 27 L0 56 M10 46 L31 75"));
    to.put('l', of(9, "M0 5 L0 66 C0 73 3 75 9 75"));
    to.put(
        'm',
        of(
            48,
            "M0 27 L0 75 M0 42 C2 32 7 27 13 27 C22 27 24 33 24 44 L24 75"
                + " M24 42 C26 32 31 27 37 27 C46 27 48 33 48 44 L48 75"));
    to.put('n', of(31, "M0 27 L0 75 M0 42 C3 32 9 27 17 27 C27 27 31 33 31 44 L31 75"));
    to.put(
        'o',
        of(34, "M17 27 C6 27 0 37 0 51 C0 65 6 75 17 75 C28 75 34 65 34 51 C34 37 28 27 17 27"));
    to.put('p', of(33, "M0 27 L0 95" + BOWL_RIGHT));
    to.put('q', of(33, "M33 27 L33 95" + BOWL_LEFT));
    to.put('r', of(20, "M0 27 L0 75 M0 44 C3 32 9 27 20 28"));
    to.put(
        's',
        of(
            31,
            "M29 35 C25 29 21 27 16 27 C8 27 2 31 2 38 C2 54 31 45 31 62 C31 71 24 75 16 75 C9 75 4 72 0 67"));
    to.put('t', of(23, "M10 12 L10 62 C10 72 14 76 24 74 M0 29 L23 29"));
    to.put('u', of(31, "M0 27 L0 58 C0 69 4 75 14 75 C22 75 28 70 31 60 M31 27 L31 75"));
    to.put('v', of(32, "M0 27 L16 75 L32 27"));
    to.put('w', of(48, "M0 27 L12 75 L24 33 L36 75 L48 27"));
    to.put('x', of(31, "M0 27 L31 75 M31 27 L0 75"));
    to.put('y', of(32, "M0 27 L16 75 M32 27 L16 75 C11 90 8 96 0 95"));
    to.put('z', of(30, "M0 27 L29 27 L0 75 L30 75"));
  }

  private static void addPunctuation(Map<Character, StrokeGlyph> to) {
    to.put(' ', of(10, ""));
    to.put('.', of(2, "M0 74 L2 74"));
    to.put(',', of(5, "M4 73 L0 87"));
    to.put(':', of(2, "M0 74 L2 74 M0 36 L2 36"));
    to.put(';', of(5, "M4 73 L0 87 M3 36 L5 36"));
    to.put('-', of(20, "M0 48 L20 48"));
    to.put('–', of(38, "M0 48 L38 48"));
    to.put('+', of(38, "M0 44 L38 44 M19 25 L19 63"));
    to.put('=', of(38, "M0 35 L38 35 M0 54 L38 54"));
    to.put('<', of(36, "M36 24 L0 44 L36 64"));
    to.put('>', of(36, "M0 24 L36 44 L0 64"));
    to.put('(', of(14, "M14 5 C-4 24 -4 68 14 89"));
    to.put(')', of(14, "M0 5 C18 24 18 68 0 89"));
    to.put('/', of(30, "M30 5 L0 83"));
    to.put(
        '%',
        of(
            54,
            "M44 5 L10 75 M11 6 C4 6 0 12 0 21 C0 30 4 36 11 36 C18 36 22 30 22 21 C22 12 18 6 11 6"
                + " M43 44 C36 44 32 50 32 59 C32 68 36 74 43 74 C50 74 54 68 54 59 C54 50 50 44 43 44"));
    to.put('?', of(32, "M0 18 C3 9 8 5 16 5 C26 5 32 11 32 20 C32 34 15 36 15 52 M14 74 L16 74"));
    to.put('!', of(2, "M1 5 L1 54 M0 74 L2 74"));
    to.put('\'', of(0, "M0 5 L0 22"));
    to.put('"', of(14, "M0 5 L0 22 M14 5 L14 22"));
    to.put('·', of(2, "M0 44 L2 44"));
    to.put('×', of(30, "M0 29 L30 59 M30 29 L0 59"));
  }
}
