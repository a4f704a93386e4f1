package io.credence.tensorflow;

import io.credence.tensorflow.Layout.Rows;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;

/**
 * How rows lie where tensors meet element by element, their shapes aligned at the right. The batch
 * must meet the batch, or a dimension of one: what has as many entries as the batch has by chance
 * would give a row something by its place.
 */
final class Broadcast {

  private Broadcast() {}

  /** The layout where all operands meet. */
  static Layout all(FlowNode node) {
    return of(node, IntStream.range(0, node.count()).boxed().toList());
  }

  /** The layout where some operands meet. */
  static Layout of(FlowNode node, List<Integer> operands) {
    int rank = 0;
    int fromRight = -1;
    Optional<Rows> met = Optional.empty();
    List<Integer> open =
        operands.stream().filter(i -> node.rank(i) != 0 || !node.isSame(i)).toList();
    for (int i : open) {
      rank = node.rank(i) < 0 || rank < 0 ? -1 : Math.max(rank, node.rank(i));
      Optional<Rows> rows = node.rows(i);
      if (rows.isEmpty()) {
        if (!node.isSame(i)) {
          return refusal(node, i);
        }
        continue;
      }
      if (open.size() == 1) {
        return rows.get();
      }
      int place = node.rank(i) - rows.get().axis();
      if (node.rank(i) < 0 || (fromRight >= 0 && place != fromRight)) {
        return node.mixed("meets the rows of one operand with another dimension of the other");
      }
      Optional<OptionalLong> each =
          met.isEmpty() ? Optional.of(rows.get().each()) : each(met.get(), rows.get());
      if (each.isEmpty()) {
        return node.mixed("meets operands with other numbers of entries for each row");
      }
      fromRight = place;
      met = Optional.of(new Rows(0, each.get()));
    }
    return met.isEmpty() ? Layout.same() : fixedAgainst(node, open, met.get(), rank, fromRight);
  }

  private static Layout fixedAgainst(
      FlowNode node, List<Integer> operands, Rows rows, int rank, int fromRight) {
    for (int i : operands) {
      if (node.isSame(i) && !isOne(node.shape(i), fromRight)) {
        return node.mixed(
            "meets the batch with operand "
                + i
                + described(node.shape(i))
                + ", which does not grow with it");
      }
    }
    return rank < 0 ? node.mixed("has operands of unknown rank") : rows.at(rank - fromRight);
  }

  private static String described(Shape shape) {
    return shape.isUnknown() ? " of unknown shape" : " of shape " + shape;
  }

  /** Whether a tensor repeats along a dimension, counted from the right, from 1. */
  static boolean isOne(Shape shape, int fromRight) {
    int rank = shape.numDimensions();
    return rank >= 0 && (rank < fromRight || shape.get(rank - fromRight) == 1);
  }

  /** The entries a row has in two tensors that fit; empty if they can not. */
  static Optional<OptionalLong> each(Rows a, Rows b) {
    if (a.each().isPresent() && b.each().isPresent() && !a.each().equals(b.each())) {
      return Optional.empty();
    }
    return Optional.of(a.each().isPresent() ? a.each() : b.each());
  }

  /** What is wrong with an operand that holds neither rows nor the same for every batch. */
  static Layout refusal(FlowNode node, int operand) {
    return node.layout(operand) instanceof Layout.Sizes
        ? node.mixed("computes with the number of rows")
        : node.mixed("is not known to take operand " + operand + " row by row");
  }
}
