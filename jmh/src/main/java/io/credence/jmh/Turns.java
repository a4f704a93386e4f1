package io.credence.jmh;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The time of ways to compute the same, taken in turn within one process, so that a busy machine is
 * as busy for each of them. Nanoseconds of a call, added up over the turns of an iteration.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Turns {

  /** Calls of a quick way in one turn; T session calls take as long as many of them. */
  private static final int QUICK_CALLS = 5;

  /** A predict call. */
  public long predict;

  /** One pass with dropout off. */
  public long ordinaryPass;

  /** T session calls. */
  public long sessionCalls;

  /** The floor. */
  public long floor;

  /** Number of turns. */
  public long turns;

  /** Made by JMH. */
  public Turns() {}

  /** One turn of every way. */
  void take(Runnable predictOnce, Runnable passOnce, Runnable floorOnce, Runnable calls) {
    for (int i = 0; i < QUICK_CALLS; i++) {
      predict += nanoseconds(predictOnce) / QUICK_CALLS;
      ordinaryPass += nanoseconds(passOnce) / QUICK_CALLS;
      floor += nanoseconds(floorOnce) / QUICK_CALLS;
    }
    sessionCalls += nanoseconds(calls);
    turns++;
  }

  private static long nanoseconds(Runnable way) {
    long start = System.nanoTime();
    way.run();
    return System.nanoTime() - start;
  }
}
