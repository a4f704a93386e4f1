package io.credence.tensorflow;

import io.credence.tensorflow.Layout.Extent;
import io.credence.tensorflow.Layout.Rows;
import io.credence.tensorflow.Layout.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** StridedSlice, what {@code x[…]} of Python becomes, and Slice. The batch must be taken whole. */
final class SliceRules {

  private SliceRules() {}

  static void addTo(Map<String, Function<FlowNode, Layout>> rules) {
    rules.put("StridedSlice", SliceRules::strided);
    rules.put("Slice", SliceRules::plain);
  }

  /**
   * What a StridedSlice asks for.
   *
   * @param begin where each dimension begins
   * @param end where it ends
   * @param strides in what steps
   */
  private record Spec(FlowNode node, List<Extent> begin, List<Extent> end, List<Extent> strides) {

    static Optional<Spec> of(FlowNode node) {
      Optional<List<Extent>> begin = node.extents(1);
      Optional<List<Extent>> end = node.extents(2);
      Optional<List<Extent>> strides = node.extents(3);
      return begin.isEmpty() || end.isEmpty() || strides.isEmpty()
          ? Optional.empty()
          : Optional.of(new Spec(node, begin.get(), end.get(), strides.get()));
    }

    int length() {
      return Math.min(begin.size(), Math.min(end.size(), strides.size()));
    }

    boolean bit(String mask, int i) {
      return i < Integer.SIZE - 1 && (node.number(mask) >> i & 1) == 1;
    }

    boolean isNew(int i) {
      return bit("new_axis_mask", i) && !bit("ellipsis_mask", i);
    }

    boolean shrinks(int i) {
      return bit("shrink_axis_mask", i);
    }

    /** Whether the dimension is taken from its first row to its last, in their order. */
    boolean isWhole(int i, OptionalLong each) {
      boolean first = bit("begin_mask", i) || begin.get(i).is(0);
      return !shrinks(i) && strides.get(i).is(1) && first && reachesEnd(i, each);
    }

    private boolean reachesEnd(int i, OptionalLong each) {
      return bit("end_mask", i) || SliceRules.isAll(end.get(i), each);
    }

    boolean isSame(int i) {
      boolean begins = (bit("begin_mask", i) && !shrinks(i)) || !begin.get(i).scaled();
      boolean ends = bit("end_mask", i) || shrinks(i) || !end.get(i).scaled();
      return begins && ends && !strides.get(i).scaled();
    }

    /** The number of dimensions that the ellipsis at i stands for. */
    int ellipsis(int i) {
      int after = 0;
      for (int k = i + 1; k < length(); k++) {
        after += isNew(k) ? 0 : 1;
      }
      int before = 0;
      for (int k = 0; k < i; k++) {
        before += isNew(k) ? 0 : 1;
      }
      return node.rank(0) - before - after;
    }
  }

  /** An end at or beyond the last entry of the batch, whatever the batch. */
  private static boolean isAll(Extent end, OptionalLong each) {
    boolean size = end.scaled() && end.factor().isPresent() && end.factor().equals(each);
    return size || end.value().orElse(0) >= Integer.MAX_VALUE;
  }

  private static Layout strided(FlowNode node) {
    Optional<Spec> spec = Spec.of(node);
    if (node.rows(0).isEmpty() || spec.isEmpty()) {
      return node.mixed("takes a slice that is not known");
    }
    Rows rows = node.rows(0).get();
    int in = 0;
    int out = 0;
    int found = -1;
    for (int i = 0; i < spec.get().length(); i++) {
      if (spec.get().bit("ellipsis_mask", i)) {
        int skipped = spec.get().ellipsis(i);
        if (node.rank(0) < 0 || skipped < 0) {
          return node.mixed("takes a slice of a tensor of unknown rank");
        }
        found = in <= rows.axis() && rows.axis() < in + skipped ? out + rows.axis() - in : found;
        in += skipped;
        out += skipped;
      } else if (spec.get().isNew(i)) {
        out++;
      } else {
        boolean batch = in++ == rows.axis();
        if (batch ? !spec.get().isWhole(i, rows.each()) : !spec.get().isSame(i)) {
          return node.mixed(
              batch ? "takes a part of the batch" : "takes a slice that the batch decides");
        }
        found = batch ? out : found;
        out += spec.get().shrinks(i) ? 0 : 1;
      }
    }
    return rows.at(found >= 0 ? found : out + rows.axis() - in);
  }

  private static Layout plain(FlowNode node) {
    Optional<List<Extent>> begin = node.extents(1);
    Optional<List<Extent>> size = node.extents(2);
    if (node.rows(0).isEmpty() || begin.isEmpty() || size.isEmpty()) {
      return node.mixed("takes a slice that is not known");
    }
    Rows rows = node.rows(0).get();
    for (int i = 0; i < Math.min(begin.get().size(), size.get().size()); i++) {
      Extent from = begin.get().get(i);
      Extent length = size.get().get(i);
      if (i == rows.axis()) {
        boolean whole = length.is(-1) || (length.scaled() && isAll(length, rows.each()));
        if (!from.is(0) || !whole) {
          return node.mixed("takes a part of the batch");
        }
      } else if (from.scaled() || length.scaled()) {
        return node.mixed("takes a slice that the batch decides");
      }
    }
    return rows.axis() < begin.get().size() ? rows : node.mixed("takes a slice without the batch");
  }

  /** A slice of a vector of sizes. */
  static Optional<Layout> ofSizes(FlowNode node) {
    Optional<Sizes> sizes = SizeRules.operand(node, 0).filter(s -> !s.scalar());
    Optional<Spec> found = Spec.of(node).filter(s -> s.length() == 1);
    if (sizes.isEmpty()
        || found.isEmpty()
        || found.get().isNew(0)
        || found.get().bit("ellipsis_mask", 0)) {
      return Optional.empty();
    }
    Spec spec = found.get();
    int length = sizes.get().elements().size();
    OptionalLong begin = spec.begin().get(0).value();
    OptionalLong end = spec.end().get(0).value();
    OptionalLong stride = spec.strides().get(0).value();
    if (spec.shrinks(0)) {
      return begin.isEmpty() ? Optional.empty() : one(sizes.get(), begin.getAsLong());
    }
    boolean fromStart = spec.bit("begin_mask", 0);
    boolean toEnd = spec.bit("end_mask", 0);
    if (stride.orElse(0) < 1 || (!fromStart && begin.isEmpty()) || (!toEnd && end.isEmpty())) {
      return Optional.empty();
    }
    long from = fromStart ? 0 : clamp(begin.getAsLong(), length);
    long to = toEnd ? length : clamp(end.getAsLong(), length);
    List<Extent> elements = new ArrayList<>();
    for (long i = from; i < to; i += Math.min(stride.getAsLong(), length)) {
      elements.add(sizes.get().elements().get((int) i));
    }
    return Optional.of(Sizes.vector(elements));
  }

  private static Optional<Layout> one(Sizes sizes, long index) {
    return FlowNode.axis(index, sizes.elements().size()).stream()
        .<Layout>mapToObj(i -> Sizes.scalar(sizes.elements().get(i)))
        .findFirst();
  }

  private static long clamp(long index, int length) {
    return Math.max(0, Math.min(length, index < 0 ? index + length : index));
  }

  static Optional<Layout> plainOfSizes(FlowNode node) {
    Optional<Sizes> sizes = SizeRules.operand(node, 0).filter(s -> !s.scalar());
    OptionalLong begin = node.constant(1);
    OptionalLong size = node.constant(2);
    if (sizes.isEmpty() || begin.isEmpty() || size.isEmpty()) {
      return Optional.empty();
    }
    int length = sizes.get().elements().size();
    long from = begin.getAsLong();
    long to = size.getAsLong() == -1 ? length : from + size.getAsLong();
    return from < 0 || from > to || to > length
        ? Optional.empty()
        : Optional.of(Sizes.vector(sizes.get().elements().subList((int) from, (int) to)));
  }
}
