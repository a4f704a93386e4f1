package io.credence.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The sums of all samples of an ensemble's members, whatever their number, and those without each
 * group of passes in turn. A group is left out of all members at once; a member of one sample, a
 * network as it is served, is left out of none.
 */
final class MemberSums<S extends Sums<S>> {

  private final S whole;
  private final List<S> without;
  private long[] sizes = {};
  private boolean uneven;

  private MemberSums(S whole, List<S> without) {
    this.whole = whole;
    this.without = without;
  }

  /** Sums with that many error groups, without a member. */
  static <S extends Sums<S>> MemberSums<S> of(S empty, int groups) {
    return new MemberSums<>(
        empty.empty(), IntStream.range(0, groups).mapToObj(g -> empty.empty()).toList());
  }

  /** A copy of the sums of some inputs. */
  MemberSums<S> keep(int... inputs) {
    MemberSums<S> kept =
        new MemberSums<>(
            whole.keep(inputs), without.stream().map(sums -> sums.keep(inputs)).toList());
    kept.sizes = sizes;
    kept.uneven = uneven;
    return kept;
  }

  S whole() {
    return whole;
  }

  /** Adds a member, whose samples share its weight. */
  void add(PassSums<S> member, double weight) {
    whole.mergeMember(member.whole(), weight / member.whole().weight());
    if (without.isEmpty()) {
      return;
    }
    if (member.whole().samples() == 1) {
      without.forEach(sums -> sums.mergeMember(member.whole(), weight / member.whole().weight()));
      return;
    }
    LeftOut<S> left = member.leftOut();
    uneven = uneven || (sizes.length > 0 && !Arrays.equals(sizes, left.sizes()));
    sizes = left.sizes();
    for (int g = 0; g < Math.min(without.size(), left.without().size()); g++) {
      S sums = left.without().get(g);
      without.get(g).mergeMember(sums, weight / sums.weight());
    }
  }

  LeftOut<S> leftOut() {
    return new LeftOut<>(uneven ? List.of() : without.subList(0, sizes.length), sizes);
  }
}
