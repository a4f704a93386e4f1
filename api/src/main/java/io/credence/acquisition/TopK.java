package io.credence.acquisition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The k best of a pool that is seen once, in memory O(k), whatever the size of the pool: a heap of
 * k, no sort of the pool. What is kept depends neither on the order of arrival nor on how the pool
 * is cut into shards: best first, of equal keys the lowest id, in the order of {@link
 * String#compareTo} (UTF-16 units, so that "10" goes before "9").
 *
 * <pre>{@code
 * TopK<Void> best = TopK.of(2000);
 * for (..) {
 *   best.offer(id, summary.mutualInformation());
 * }
 * List<Candidate<Void>> toLabel = best.best();
 * }</pre>
 *
 * <p>An offer takes O(log k) at most, and mostly one comparison. Not safe for several threads: give
 * each its own, and merge them.
 *
 * @param <P> what is kept of each candidate, such as its samples: the kept ones alone need memory
 */
public final class TopK<P> {

  private final int capacity;
  private final Ranking ranking;
  private final PriorityQueue<Candidate<P>> worstFirst =
      new PriorityQueue<>(Candidate.BEST_FIRST.reversed());
  private final Set<String> ids = new HashSet<>();
  private long offered;

  private TopK(int capacity, Ranking ranking) {
    this.capacity = capacity;
    this.ranking = ranking;
  }

  /**
   * Nothing yet, ranked by score.
   *
   * @param <P> what is kept of each candidate
   * @param capacity how many are kept, k ≥ 1
   * @return what keeps the k best
   * @throws IllegalArgumentException if {@code capacity < 1}
   */
  public static <P> TopK<P> of(int capacity) {
    return of(capacity, Ranking.BY_SCORE);
  }

  static <P> TopK<P> of(int capacity, Ranking ranking) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity is " + capacity + "; it must be at least 1");
    }
    return new TopK<>(capacity, ranking);
  }

  /**
   * Offers an input of which nothing but its score is kept.
   *
   * @param id the name of the input
   * @param score what its label is worth; high means that it should be labelled
   * @return whether it is among the k best so far
   * @throws IllegalArgumentException as {@link #offer(String, double, Supplier)}
   */
  public boolean offer(String id, double score) {
    return take(id, score, Optional::empty);
  }

  /**
   * Offers an input.
   *
   * @param id the name of the input
   * @param score what its label is worth; high means that it should be labelled
   * @param payload makes what is kept of it; called only if it is among the k best so far
   * @return whether it is among the k best so far
   * @throws IllegalArgumentException if the score is not finite, is negative where its power is
   *     ranked by, the payload is null, or the id is among those kept already; an id that came
   *     twice, and was not kept the first time, cannot be told
   */
  public boolean offer(String id, double score, Supplier<? extends P> payload) {
    return take(id, score, () -> Optional.of(checked(id, payload.get())));
  }

  private static <P> P checked(String id, @Nullable P payload) {
    if (payload == null) {
      throw new IllegalArgumentException(
          "the payload of id \""
              + id
              + "\" is null; give what is to be kept of it, or offer its score alone");
    }
    return payload;
  }

  private boolean take(String id, double score, Supplier<Optional<P>> payload) {
    double key = ranking.key(id, score);
    checkNew(id);
    boolean kept =
        worstFirst.size() < capacity
            || !Objects.requireNonNull(worstFirst.peek()).isBefore(key, id);
    if (kept) {
      add(new Candidate<>(id, score, key, payload.get()));
    }
    offered++;
    return kept;
  }

  /**
   * Takes in what another has kept, of another part of the pool: the k best of both are those of
   * the whole.
   *
   * @param other of the same capacity and ranking; not changed
   * @throws IllegalArgumentException if capacity or ranking differ, or an id was kept by both; then
   *     nothing is changed
   */
  public void merge(TopK<? extends P> other) {
    if (!isLike(other)) {
      throw new IllegalArgumentException(
          this + " cannot be merged with " + other + "; make those of all shards alike");
    }
    other.ids.forEach(this::checkNew);
    offered += other.offered;
    for (Candidate<? extends P> each : other.worstFirst) {
      add(new Candidate<>(each.id(), each.score(), each.key(), each.payload().map(p -> p)));
    }
  }

  boolean isLike(TopK<?> other) {
    return capacity == other.capacity && ranking.equals(other.ranking);
  }

  private void checkNew(String id) {
    if (ids.contains(id)) {
      throw new IllegalArgumentException(
          "id \""
              + id
              + "\" is offered twice; every input needs an id of its own, and is offered once, in"
              + " one shard");
    }
  }

  private void add(Candidate<P> candidate) {
    worstFirst.add(candidate);
    ids.add(candidate.id());
    if (worstFirst.size() > capacity) {
      ids.remove(worstFirst.remove().id());
    }
  }

  /**
   * The best so far.
   *
   * @return best first; fewer than the capacity if fewer were offered
   */
  public List<Candidate<P>> best() {
    List<Candidate<P>> best = new ArrayList<>(worstFirst);
    best.sort(Candidate.BEST_FIRST);
    return best;
  }

  /**
   * How many are kept at most.
   *
   * @return k ≥ 1
   */
  public int capacity() {
    return capacity;
  }

  /**
   * How many were offered, in all shards that were merged.
   *
   * @return at least 0
   */
  public long offered() {
    return offered;
  }

  /** How many are kept, and what they are ranked by. */
  @Override
  public String toString() {
    return "top " + capacity + " by " + ranking;
  }
}
