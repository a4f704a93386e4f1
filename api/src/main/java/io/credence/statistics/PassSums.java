package io.credence.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The sums of all passes of a model, and those of G groups of passes where sampling errors are
 * told, pass t in group t mod G.
 *
 * @param whole the sums of all
 * @param groups the sums of each group; empty if no errors are told
 */
record PassSums<S extends Sums<S>>(S whole, List<S> groups) {

  /** Sums with that many groups, without a sample. */
  static <S extends Sums<S>> PassSums<S> of(S empty, int groups) {
    return new PassSums<>(empty, IntStream.range(0, groups).mapToObj(g -> empty.empty()).toList());
  }

  /**
   * Some of the passes of a block, and the sums that they go to.
   *
   * @param sums the sums
   * @param start the first of them, by its place in the block
   * @param stride from each to the next
   * @param passes how many there are
   */
  record Part<S extends Sums<S>>(S sums, int start, int stride, int passes) {}

  /**
   * The parts of a block of passes that follow each other: all of them, and those of each group.
   */
  List<Part<S>> parts(long first, int passes) {
    List<Part<S>> parts = new ArrayList<>();
    parts.add(new Part<>(whole, 0, 1, passes));
    int stride = groups.size();
    for (int start = 0; start < Math.min(stride, passes); start++) {
      S group = groups.get((int) ((first + start) % stride));
      parts.add(new Part<>(group, start, stride, (passes - start + stride - 1) / stride));
    }
    return parts;
  }

  void merge(PassSums<S> other) {
    whole.merge(other.whole);
    for (int g = 0; g < groups.size(); g++) {
      groups.get(g).merge(other.groups.get(g));
    }
  }

  PassSums<S> keep(int... inputs) {
    return new PassSums<>(
        whole.keep(inputs), groups.stream().map(group -> group.keep(inputs)).toList());
  }

  /** The sums of all passes without those of each group in turn. */
  LeftOut<S> leftOut() {
    List<S> filled = groups.stream().filter(group -> group.samples() > 0).toList();
    long[] sizes = filled.stream().mapToLong(Sums::samples).toArray();
    return new LeftOut<>(filled.size() < 2 ? List.of() : leaveOneOut(filled), sizes);
  }

  /** Merges G sums forwards and G backwards, and subtracts nothing. */
  private static <S extends Sums<S>> List<S> leaveOneOut(List<S> groups) {
    List<S> left = new ArrayList<>();
    S before = groups.get(0).empty();
    for (S group : groups) {
      S without = before.empty();
      without.merge(before);
      left.add(without);
      before.merge(group);
    }
    S after = groups.get(0).empty();
    for (int g = groups.size() - 1; g >= 0; g--) {
      left.get(g).merge(after);
      after.merge(groups.get(g));
    }
    return left;
  }
}
