package io.credence.models;

import java.util.List;
import java.util.SplittableRandom;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;

/** In which order each network of a stack sees its rows; those of network g start at g · rows. */
final class StackOrder {

  private final List<SplittableRandom> randoms;
  private final int rows;
  private final int[][] orders;

  /** The first order is that of the rows; each network's random numbers shuffle its own. */
  StackOrder(List<SplittableRandom> randoms, int rows) {
    this.randoms = randoms;
    this.rows = rows;
    this.orders = new int[randoms.size()][rows];
    for (int g = 0; g < orders.length; g++) {
      for (int i = 0; i < rows; i++) {
        orders[g][i] = g * rows + i;
      }
    }
  }

  int rows() {
    return rows;
  }

  int networks() {
    return orders.length;
  }

  /** Draws another order for each network. */
  void shuffle() {
    for (int g = 0; g < orders.length; g++) {
      int[] order = orders[g];
      for (int i = rows - 1; i > 0; i--) {
        int j = randoms.get(g).nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
    }
  }

  /** The rows of a step, shape [networks, to − from]. */
  TInt32 batch(int from, int to) {
    int size = to - from;
    int[] some = new int[orders.length * size];
    for (int g = 0; g < orders.length; g++) {
      System.arraycopy(orders[g], from, some, g * size, size);
    }
    return TInt32.tensorOf(Shape.of(orders.length, size), DataBuffers.of(some));
  }
}
