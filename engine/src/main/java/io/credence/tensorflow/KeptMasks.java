package io.credence.tensorflow;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.types.TInt64;

/**
 * Keeps the masks of the seed that calls ask for again and again, drawn once for its first passes,
 * as many as fit a budget. Without locks: who finds other masks, or none, draws them in the call
 * itself. Safe for use by many threads; closing frees what no call holds any more.
 */
final class KeptMasks implements AutoCloseable {

  /** What the masks of a model may take. */
  private static final long MOST_BYTES = 16L << 20;

  private final Session session;
  private final BatchRun.Wiring wiring;
  private final long most;
  private final AtomicReference<@Nullable OfSeed> kept = new AtomicReference<>();
  private final AtomicReference<@Nullable Long> asked = new AtomicReference<>();
  private final AtomicBoolean drawing = new AtomicBoolean();

  /** Of a model on a session, which the caller closes after this. */
  KeptMasks(Session session, BatchRun.Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
    this.most = wiring.masks().isEmpty() ? 0 : MOST_BYTES / wiring.maskBytes();
  }

  /** The masks of the first passes of a seed; shared, and freed when nobody holds them. */
  static final class OfSeed implements AutoCloseable {

    private final long seed;
    private final int passes;
    private final Result masks;
    private final AtomicInteger holders = new AtomicInteger(1);

    private OfSeed(long seed, int passes, Result masks) {
      this.seed = seed;
      this.passes = passes;
      this.masks = masks;
    }

    private boolean serves(long otherSeed, int wanted) {
      return seed == otherSeed && passes >= wanted;
    }

    /** Whether the masks of all passes before one are here. */
    boolean has(int to) {
      return to <= passes;
    }

    /** The masks of a site that keeps them, shape [passes, 1, …]. */
    Tensor mask(int index) {
      return masks.get(index);
    }

    /** Holds on, unless it was freed. */
    private boolean hold() {
      int before = holders.get();
      while (before > 0 && !holders.compareAndSet(before, before + 1)) {
        before = holders.get();
      }
      return before > 0;
    }

    @Override
    public void close() {
      if (holders.decrementAndGet() == 0) {
        masks.close();
      }
    }
  }

  /**
   * Masks for a call, which closes them; empty if it must draw its own: where the call before asked
   * for another seed and these are not there, and where a pass has more masks than the budget.
   */
  Optional<OfSeed> of(long seed, int passes) {
    int wanted = (int) Math.min(passes, most);
    if (wanted == 0) {
      return Optional.empty();
    }
    Long before = asked.get();
    boolean again = before != null && before == seed;
    if (!again) {
      asked.set(seed);
    }
    OfSeed there = kept.get();
    if (there != null && there.serves(seed, wanted) && there.hold()) {
      return Optional.of(there);
    }
    if (!again || !drawing.compareAndSet(false, true)) {
      return Optional.empty();
    }
    try {
      OfSeed drawn = new OfSeed(seed, wanted, draw(seed, wanted));
      drawn.hold();
      replace(drawn);
      return Optional.of(drawn);
    } finally {
      drawing.set(false);
    }
  }

  private Result draw(long seed, int passes) {
    Session.Runner runner = session.runner();
    wiring.masks().forEach(port -> runner.fetch(port.node(), port.index()));
    try (TInt64 vector = new PassPlan(seed, 0, passes, 1, 1, true).vector(wiring.sites(), 0)) {
      return runner.feed(PassPlan.PLACEHOLDER, 0, vector).run();
    }
  }

  private void replace(@Nullable OfSeed next) {
    OfSeed old = kept.getAndSet(next);
    if (old != null) {
      old.close();
    }
  }

  @Override
  public void close() {
    replace(null);
  }
}
