package io.credence.statistics;

import org.tensorflow.ndarray.buffer.FloatDataBuffer;

/**
 * Reads the outputs of C passes of N inputs, shape {@code [C, N, W]}, tile by tile, from wherever
 * they are: a tile holds some passes of some inputs, so that the heap never holds them all.
 */
final class PassTiles {

  /** Numbers of a tile, unless one row is more. */
  private static final int TILE = 1 << 14;

  private final int inputs;
  private final int width;
  private int passes;
  private int tilePasses;
  private int tileInputs;
  private float[] tile = {};

  /** Of nothing yet. */
  PassTiles(int inputs, int width) {
    this.inputs = inputs;
    this.width = width;
  }

  /**
   * Makes ready for a buffer of outputs.
   *
   * @throws IllegalArgumentException if it does not hold whole passes, one at least
   */
  void open(FloatDataBuffer outputs) {
    passes = passes(outputs, inputs, width);
    tilePasses = Math.max(1, Math.min(passes, TILE / width));
    tileInputs = Math.max(1, Math.min(inputs, TILE / (tilePasses * width)));
    int numbers = Math.multiplyExact(tilePasses * tileInputs, width);
    tile = tile.length < numbers ? new float[numbers] : tile;
  }

  /**
   * How many passes a buffer holds.
   *
   * @throws IllegalArgumentException if these are not whole passes, one at least
   */
  static int passes(FloatDataBuffer outputs, int inputs, int width) {
    long each = (long) inputs * width;
    if (outputs.size() == 0 || outputs.size() % each != 0) {
      throw wrongSize(inputs, width, outputs.size());
    }
    return Math.toIntExact(outputs.size() / each);
  }

  static IllegalArgumentException wrongSize(int inputs, int width, long values) {
    return new IllegalArgumentException(
        "a sample of "
            + inputs
            + " inputs × "
            + width
            + " numbers has "
            + (long) inputs * width
            + " values, got "
            + values);
  }

  int passes() {
    return passes;
  }

  /** Passes of a tile at most. */
  int tilePasses() {
    return tilePasses;
  }

  /** Takes in the rows of a tile. */
  interface Taker {

    /**
     * Takes in what some passes gave one input.
     *
     * @param tile the numbers of the tile
     * @param at where those of the first pass begin
     * @param stride from there to those of the next
     */
    void accept(int input, float[] tile, int at, int stride);
  }

  /** Hands on some passes of every input in turn. */
  void read(FloatDataBuffer outputs, int firstPass, int count, Taker taker) {
    for (int from = 0; from < inputs; from += tileInputs) {
      int rows = Math.min(tileInputs, inputs - from);
      int stride = rows * width;
      for (int pass = 0; pass < count; pass++) {
        long at = ((long) (firstPass + pass) * inputs + from) * width;
        outputs.offset(at).read(tile, pass * stride, stride);
      }
      for (int row = 0; row < rows; row++) {
        taker.accept(from + row, tile, row * width, stride);
      }
    }
  }
}
