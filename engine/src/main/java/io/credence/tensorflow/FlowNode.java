package io.credence.tensorflow;

import io.credence.tensorflow.Layout.Extent;
import io.credence.tensorflow.Layout.Mixed;
import io.credence.tensorflow.Layout.Rows;
import io.credence.tensorflow.Layout.Sizes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/** A node, with what is known of its operands and of the shapes of its outputs. */
final class FlowNode {

  /** No shape has that many dimensions; longer vectors are not followed one by one. */
  private static final int MAX_ELEMENTS = 256;

  /**
   * A tensor that a node reads.
   *
   * @param layout how rows lie in it
   * @param shape its shape, as far as it is known without running
   * @param type the type of its elements
   * @param source the node that makes it, past Identity
   */
  record Operand(Layout layout, Shape shape, DataType type, NodeDef source) {}

  private final NodeDef node;
  private final List<Operand> operands;
  private final List<Shape> outputs;
  private final List<DataType> types;

  FlowNode(NodeDef node, List<Operand> operands, List<Shape> outputs, List<DataType> types) {
    this.node = node;
    this.operands = operands;
    this.outputs = outputs;
    this.types = types;
  }

  String name() {
    return node.getName();
  }

  String op() {
    return node.getOp();
  }

  NodeDef def() {
    return node;
  }

  int count() {
    return operands.size();
  }

  List<Operand> operands() {
    return operands;
  }

  Layout layout(int operand) {
    return operands.get(operand).layout();
  }

  Shape shape(int operand) {
    return operands.get(operand).shape();
  }

  /** The number of dimensions of an operand, −1 where it is not known. */
  int rank(int operand) {
    return shape(operand).numDimensions();
  }

  Shape output(int index) {
    return outputs.get(index);
  }

  DataType outputType(int index) {
    return types.get(index);
  }

  int outputs() {
    return outputs.size();
  }

  /** The same layout for every output. */
  List<Layout> all(Layout layout) {
    return Collections.nCopies(outputs.size(), layout);
  }

  boolean isSame(int operand) {
    return layout(operand).isSame();
  }

  boolean allSame() {
    return sameFrom(0);
  }

  /** Whether all operands from that on are the same whatever the batch is. */
  boolean sameFrom(int first) {
    return operands.stream().skip(first).allMatch(each -> each.layout().isSame());
  }

  Optional<Rows> rows(int operand) {
    return layout(operand) instanceof Rows rows ? Optional.of(rows) : Optional.empty();
  }

  Mixed mixed(String why) {
    return mixed(node, why);
  }

  static Mixed mixed(NodeDef node, String why) {
    return new Mixed("node \"" + node.getName() + "\" (" + node.getOp() + ") " + why);
  }

  /**
   * The integers of a scalar or vector operand, one by one; empty if they depend on the rows, or if
   * their number is not known.
   */
  Optional<List<Extent>> extents(int operand) {
    if (layout(operand) instanceof Sizes sizes) {
      return Optional.of(sizes.elements());
    }
    Shape shape = shape(operand);
    if (!isSame(operand) || shape.isUnknown() || shape.numDimensions() > 1) {
      return Optional.empty();
    }
    long length = shape.size();
    return length < 0 || length > MAX_ELEMENTS
        ? Optional.empty()
        : Optional.of(Collections.nCopies((int) length, Extent.UNKNOWN));
  }

  /** Whether an operand that has {@link #extents} is a scalar, not a vector. */
  boolean isScalar(int operand) {
    return layout(operand) instanceof Sizes sizes ? sizes.scalar() : rank(operand) == 0;
  }

  /** The integers of an operand that is a constant of at most one dimension. */
  Optional<List<Long>> constants(int operand) {
    List<Long> values = new ArrayList<>();
    for (Extent each : extents(operand).orElse(List.of(Extent.UNKNOWN))) {
      if (each.value().isEmpty()) {
        return Optional.empty();
      }
      values.add(each.value().getAsLong());
    }
    return Optional.of(values);
  }

  OptionalLong constant(int operand) {
    List<Long> values = constants(operand).orElse(List.of());
    return values.size() == 1 ? OptionalLong.of(values.get(0)) : OptionalLong.empty();
  }

  /** A constant operand that names an axis, counted from the left; empty if it is not known. */
  OptionalInt axis(int operand, int rank) {
    OptionalLong axis = constant(operand);
    return axis.isEmpty() ? OptionalInt.empty() : axis(axis.getAsLong(), rank);
  }

  /** An axis that may count from the right, counted from the left. */
  static OptionalInt axis(long axis, int rank) {
    long normal = axis < 0 && rank >= 0 ? axis + rank : axis;
    return normal < 0 || normal > MAX_ELEMENTS || (rank >= 0 && normal >= rank)
        ? OptionalInt.empty()
        : OptionalInt.of((int) normal);
  }

  /** Axes that may count from the right; empty if one is not known. */
  static Optional<List<Integer>> axes(List<Long> axes, int rank) {
    List<Integer> normal = new ArrayList<>();
    for (long each : axes) {
      OptionalInt axis = axis(each, rank);
      if (axis.isEmpty()) {
        return Optional.empty();
      }
      normal.add(axis.getAsInt());
    }
    return Optional.of(normal);
  }

  /** The value of an attribute, or its default. */
  AttrValue attr(String name) {
    return OpOutputs.attr(node, name);
  }

  boolean flag(String name) {
    return attr(name).getB();
  }

  int number(String name) {
    return Math.toIntExact(attr(name).getI());
  }

  String text(String name) {
    return attr(name).getS().toStringUtf8();
  }

  List<Long> numbers(String name) {
    return attr(name).getList().getIList();
  }
}
