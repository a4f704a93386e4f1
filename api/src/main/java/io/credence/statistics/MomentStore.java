package io.credence.statistics;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What moments hold: the sums of the passes of one model, or those of an ensemble's members.
 *
 * @param <S> the sums
 */
final class MomentStore<S extends Sums<S>> {

  /** Weights beyond it, or below its inverse, would push squares of numbers out of float64. */
  private static final double LARGEST_WEIGHT = 1e9;

  /** A power of two, so that no digit changes: all weights are below 1. */
  private static final double SCALE = 0x1p-30;

  private PassSums<S> passes;
  private @Nullable MemberSums<S> members;

  /** Whether summaries read these very sums, so that they must not change any more. */
  private boolean shared;

  private MomentStore(PassSums<S> passes) {
    this.passes = passes;
  }

  static <S extends Sums<S>> MomentStore<S> of(S empty) {
    return new MomentStore<>(PassSums.of(empty, 0));
  }

  /** The same without a sample, with that many error groups. */
  MomentStore<S> withGroups(int count) {
    if (count < 0 || count == 1) {
      throw new IllegalArgumentException(
          "error groups is "
              + count
              + "; it must be at least 2, "
              + Moments.DEFAULT_ERROR_GROUPS
              + " is a good choice, or 0 for no errors");
    }
    if (samples() > 0) {
      throw new IllegalStateException(
          "samples were added already, and their groups are lost; call withErrorGroups first");
    }
    return new MomentStore<>(PassSums.of(passes.whole().empty(), count));
  }

  /** The same without a sample. */
  MomentStore<S> empty() {
    return new MomentStore<>(PassSums.of(passes.whole().empty(), groups()));
  }

  int groups() {
    return passes.groups().size();
  }

  /** All samples. */
  S whole() {
    return members == null ? passes.whole() : members.whole();
  }

  long samples() {
    return whole().samples();
  }

  private boolean isEnsemble() {
    return members != null;
  }

  /** The parts of a block of passes, and the sums they go to; count them in once it is added. */
  List<PassSums.Part<S>> parts(long first, int count) {
    own();
    return passes.parts(first, count);
  }

  /** Sums that may be changed: a copy, if others read those there are. */
  private void own() {
    if (shared) {
      int[] all = IntStream.range(0, whole().inputs()).toArray();
      passes = passes.keep(all);
      members = members == null ? null : members.keep(all);
      shared = false;
    }
  }

  /**
   * Refuses a pass that cannot be added.
   *
   * @throws IllegalArgumentException if {@code pass < 0}
   * @throws IllegalStateException if members were added
   */
  void checkNext(long pass) {
    if (pass < 0) {
      throw new IllegalArgumentException("pass is " + pass + "; it must be at least 0");
    }
    if (isEnsemble()) {
      throw new IllegalStateException(
          "these moments are of an ensemble, with "
              + whole().members()
              + " members; add passes to the moments of one member, before addMember");
    }
  }

  /** Adds samples of the same model; inputs and widths were compared before. */
  void merge(MomentStore<S> other) {
    checkGroups(other);
    if (isEnsemble() || other.isEnsemble()) {
      throw new IllegalStateException(
          "moments of an ensemble do not merge; merge those of each member, then call addMember");
    }
    own();
    passes.merge(other.passes);
  }

  /** Adds the samples of a member; inputs and widths were compared before. */
  void addMember(MomentStore<S> other, double weight) {
    if (!(weight >= 1 / LARGEST_WEIGHT && weight <= LARGEST_WEIGHT)) {
      throw new IllegalArgumentException(
          "weight is "
              + weight
              + "; it must be within [1e-9, 1e9], 1 for members of equal weight; only ratios matter");
    }
    checkGroups(other);
    if (passes.whole().samples() > 0) {
      throw new IllegalStateException(
          "these moments hold passes of one model; begin empty ones for an ensemble");
    }
    if (other.isEnsemble() || other.samples() == 0) {
      throw new IllegalArgumentException(
          other.isEnsemble()
              ? "the member is an ensemble itself; add its members one by one"
              : "the member has no sample; add at least one pass to its moments");
    }
    own();
    if (members == null) {
      members = MemberSums.of(passes.whole(), groups());
    }
    members.add(other.passes, weight * SCALE);
  }

  private void checkGroups(MomentStore<S> other) {
    if (groups() != other.groups()) {
      throw new IllegalArgumentException(
          "moments of "
              + other.groups()
              + " error groups do not merge into "
              + groups()
              + "; make both with the same withErrorGroups(..)");
    }
  }

  /** A copy of the sums of some inputs. */
  MomentStore<S> keep(int... inputs) {
    MomentStore<S> kept = new MomentStore<>(passes.keep(inputs));
    kept.members = members == null ? null : members.keep(inputs);
    return kept;
  }

  /** The sums of all samples, as they are now, for summaries to read: they change no more. */
  S share() {
    shared = true;
    return whole();
  }

  /** What the errors of one input are told from, of sums that are shared. */
  Supplier<LeftOut<S>> leftOut(int input) {
    MemberSums<S> ofMembers = members;
    PassSums<S> ofPasses = passes;
    return () -> ofMembers == null ? ofPasses.keep(input).leftOut() : ofMembers.leftOut().of(input);
  }

  /**
   * Refuses to summarise what is not there.
   *
   * @throws IllegalStateException if no sample was added
   */
  void checkAsked() {
    if (samples() == 0) {
      throw new IllegalStateException("no sample was added yet; call add first");
    }
  }
}
