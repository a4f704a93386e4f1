package io.credence.tensorflow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The members of an ensemble, and how many of them are in memory and at work at once. Safe for use
 * by many threads. Owns the members that stay in memory.
 */
final class Members implements AutoCloseable {

  private final List<EnsembleMember> all;
  private final int parallel;
  private final Semaphore turns;
  private final ExecutorService threads;
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * Takes over the members.
   *
   * @param turns how many of those that do not stay may be in memory at once
   * @param parallel how many may be at work for one call
   */
  Members(List<EnsembleMember> all, int turns, int parallel) {
    this.all = List.copyOf(all);
    this.parallel = parallel;
    this.turns = new Semaphore(turns, true);
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "credence-member");
              thread.setDaemon(true);
              return thread;
            });
  }

  List<EnsembleMember> all() {
    return all;
  }

  /**
   * Makes a call on the members, which are not closed before it is over.
   *
   * @throws IllegalStateException if they are closed
   */
  <T> T call(Supplier<T> body) {
    open.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the ensemble is closed; load it again");
      }
      return body.get();
    } finally {
      open.readLock().unlock();
    }
  }

  /** Does something with the engine of a member, which is loaded for it if need be. */
  <T> T with(EnsembleMember member, Function<SavedModelEngine, T> use) {
    if (member.resident().isPresent()) {
      return use.apply(member.resident().get());
    }
    turns.acquireUninterruptibly();
    try (SavedModelEngine engine = member.source().load()) {
      return use.apply(engine);
    } finally {
      turns.release();
    }
  }

  /**
   * Has every member do something, several at once, and hands on what they give in the order of the
   * members, on the caller's thread.
   *
   * @param oneByOne whether they must not be at work at once
   */
  <T> void inTurn(
      Function<EnsembleMember, T> work, BiConsumer<EnsembleMember, T> sink, boolean oneByOne) {
    int width = oneByOne ? 1 : parallel;
    for (int first = 0; first < all.size(); first += width) {
      List<EnsembleMember> some = all.subList(first, Math.min(all.size(), first + width));
      if (some.size() == 1) {
        sink.accept(some.get(0), work.apply(some.get(0)));
        continue;
      }
      List<T> given = atOnce(some, work);
      for (int i = 0; i < some.size(); i++) {
        sink.accept(some.get(i), given.get(i));
      }
    }
  }

  /** Has some members at work at once; none is when this returns, or throws. */
  private <T> List<T> atOnce(List<EnsembleMember> some, Function<EnsembleMember, T> work) {
    List<Future<T>> results = new ArrayList<>();
    List<T> given = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    try {
      some.forEach(member -> results.add(threads.submit(() -> work.apply(member))));
    } finally {
      join(results, given, failures);
    }
    if (!failures.isEmpty()) {
      Throwable first = failures.get(0);
      if (first instanceof Error error) {
        throw error;
      }
      throw first instanceof RuntimeException e ? e : new IllegalStateException(first);
    }
    return given;
  }

  /** Waits for all, also where one fails: none may run on when the batch is closed. */
  private static <T> void join(List<Future<T>> results, List<T> given, List<Throwable> failures) {
    boolean interrupted = false;
    for (Future<T> result : results) {
      boolean done = false;
      while (!done) {
        try {
          given.add(result.get());
          done = true;
        } catch (InterruptedException e) {
          interrupted = true; // passes end by themselves; the caller learns of it afterwards
        } catch (ExecutionException e) {
          failures.add(e.getCause());
          done = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for calls in flight. Closing twice does nothing. */
  @Override
  public void close() {
    open.writeLock().lock();
    try {
      closed = true;
      all.forEach(member -> member.resident().ifPresent(SavedModelEngine::close));
      threads.shutdown();
    } finally {
      open.writeLock().unlock();
    }
  }
}
