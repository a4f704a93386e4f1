package io.credence.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How the rows of a batch lie in a tensor.
 *
 * <p>A layout is a claim about all batches whose rows have the same shape: it says how the tensor
 * of two batches, one stacked on the other, follows from the tensors of each. Claims are about the
 * values of a run that succeeds, and about the distribution of random draws.
 */
sealed interface Layout {

  /** The tensor does not depend on the batch: weights, constants. */
  record Same() implements Layout {}

  /**
   * The tensor of a stack is the tensors of the batches, one after the other along an axis.
   *
   * @param axis the axis, counted from the left, ≥ 0
   * @param each how many neighbours along the axis make one row; empty if that is not known
   */
  record Rows(int axis, OptionalLong each) implements Layout {

    /** One entry along the axis a row. */
    static Rows of(int axis) {
      return new Rows(axis, OptionalLong.of(1));
    }

    Rows at(int other) {
      return new Rows(other, each);
    }
  }

  /**
   * An integer, or a vector of them, made of the sizes of tensors; constants are of this kind too.
   *
   * @param elements the integers
   * @param scalar whether it is one integer, not a vector
   */
  record Sizes(List<Extent> elements, boolean scalar) implements Layout {
    static Sizes scalar(Extent element) {
      return new Sizes(List.of(element), true);
    }

    static Sizes vector(List<Extent> elements) {
      return new Sizes(List.copyOf(elements), false);
    }
  }

  /**
   * A list of tensors, as many whatever the batch is.
   *
   * @param element the layout of every tensor in it
   */
  record ListOf(Layout element) implements Layout {}

  /** What a list holds where nothing was written yet; joins with everything. */
  record Unset() implements Layout {}

  /**
   * What a Where picks: the tensor holds an entry, along axis 0, for each place picked, in the same
   * order. Row 0's come first, but how many a row has depends on its values.
   *
   * @param by the node that picks
   * @param places whether the entries are the places themselves, batch first, not values
   */
  record Picked(String by, boolean places) implements Layout {}

  /**
   * Anything else.
   *
   * @param why the node where rows first came together, and how
   */
  record Mixed(String why) implements Layout {}

  /**
   * One integer: a factor, or a factor times the number of rows.
   *
   * @param scaled whether it grows in proportion to the batch
   * @param factor the factor, where it is known; it never depends on the batch
   */
  record Extent(boolean scaled, OptionalLong factor) {
    static final Extent UNKNOWN = new Extent(false, OptionalLong.empty());

    static Extent fixed(long value) {
      return new Extent(false, OptionalLong.of(value));
    }

    static Extent scaled(OptionalLong factor) {
      return new Extent(true, factor);
    }

    boolean is(long value) {
      return !scaled && factor.isPresent() && factor.getAsLong() == value;
    }

    /** The value of a constant. */
    OptionalLong value() {
      return scaled ? OptionalLong.empty() : factor;
    }
  }

  static Layout same() {
    return new Same();
  }

  /** Whether the tensor is the same whatever the batch is. */
  default boolean isSame() {
    return this instanceof Same
        || (this instanceof Sizes sizes && sizes.elements().stream().noneMatch(Extent::scaled));
  }

  /** The end of a sentence about what this layout leads to. */
  default String because() {
    return this instanceof Mixed mixed ? ", because " + mixed.why() : "";
  }

  /**
   * The layout of a tensor that is one of two, where the batch has no say in which.
   *
   * @param why what is wrong if that is no layout
   */
  static Layout join(Layout a, Layout b, String why) {
    if (a.equals(b) || b instanceof Unset) {
      return a;
    }
    if (a instanceof Unset) {
      return b;
    }
    if (a instanceof Mixed) {
      return a;
    }
    if (b instanceof Mixed) {
      return b;
    }
    if (a instanceof Rows x && b instanceof Rows y && x.axis() == y.axis()) {
      return new Rows(x.axis(), OptionalLong.empty());
    }
    if (a instanceof ListOf x && b instanceof ListOf y) {
      Layout element = join(x.element(), y.element(), why);
      return element instanceof Mixed ? element : new ListOf(element);
    }
    if (a instanceof Sizes x && b instanceof Sizes y && alike(x, y)) {
      return joined(x, y);
    }
    return a.isSame() && b.isSame() ? same() : new Mixed(why);
  }

  private static boolean alike(Sizes x, Sizes y) {
    return x.scalar() == y.scalar()
        && x.elements().stream()
            .map(Extent::scaled)
            .toList()
            .equals(y.elements().stream().map(Extent::scaled).toList());
  }

  private static Sizes joined(Sizes x, Sizes y) {
    List<Extent> elements = new ArrayList<>();
    for (int i = 0; i < x.elements().size(); i++) {
      Extent one = x.elements().get(i);
      elements.add(
          one.equals(y.elements().get(i)) ? one : new Extent(one.scaled(), OptionalLong.empty()));
    }
    return new Sizes(List.copyOf(elements), x.scalar());
  }
}
