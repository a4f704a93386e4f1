package io.credence;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArray;

/**
 * An engine that puts the calls of many threads into one batch, for services that get their inputs
 * one at a time: fifty passes of one row cost little less than fifty passes of many. Calls that
 * wait are run together once a batch is full, or the oldest has waited for long enough; while a
 * batch runs, the next one gathers.
 *
 * <p>Calls go together if their plans are equal, and their inputs have the same names, types and
 * shapes of a row. Each gets the predictions of its own rows, the same as alone to the rounding of
 * float32 with {@link Masks#SHARED}; warnings are those of the batch. A batch that is refused is
 * run again call by call, so that bad input fails its own call only.
 *
 * <p>Safe for use by many threads at once; that is what it is for. {@link #sample}, {@link
 * #singlePass}, predictions with a {@link SampleSink} and batches that are full by themselves are
 * handed on as they are. Owns the engine.
 */
public final class BatchingEngine implements UncertaintyEngine {

  private final UncertaintyEngine engine;
  private final int maxRows;
  private final long maxDelayNanos;
  private final int maxWaitingRows;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<BatchedCall> waiting = new ArrayDeque<>();
  private int waitingRows;
  private boolean closed;
  private final Thread runner;

  private BatchingEngine(Builder options) {
    this.engine = options.engine;
    this.maxRows = options.maxRows;
    this.maxDelayNanos = options.maxDelay.toNanos();
    this.maxWaitingRows = options.maxWaitingRows;
    this.runner = new Thread(this::run, "credence-batching");
    runner.setDaemon(true);
    runner.start();
  }

  /**
   * Options for batching the calls on an engine.
   *
   * @param engine the engine, which is closed with the one that batches
   * @return the options, all at their defaults
   * @throws IllegalArgumentException if the engine reads batches of one size only
   */
  public static Builder builder(UncertaintyEngine engine) {
    return new Builder(engine);
  }

  @Override
  public ModelDescription describe() {
    return engine.describe();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Waits for its batch, and before that for room among the rows that wait.
   *
   * @throws IllegalStateException if this is closed, or the thread is interrupted while it waits
   */
  @Override
  public Prediction predict(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
    BatchedCall call = new BatchedCall(inputs, plan);
    if (!call.hasEqualRows() || call.rows() >= maxRows) {
      return engine.predict(inputs, plan); // full by itself, or for the engine to refuse
    }
    enqueue(call);
    try {
      return call.result().get();
    } catch (InterruptedException e) {
      withdraw(call);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a batch", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
  }

  @Override
  public Prediction predict(
      Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan, SampleSink sink) {
    return engine.predict(inputs, plan, sink);
  }

  @Override
  public FloatNdArray sample(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
    return engine.sample(inputs, plan);
  }

  @Override
  public FloatNdArray singlePass(Map<String, ? extends NdArray<?>> inputs) {
    return engine.singlePass(inputs);
  }

  /** Lets the calls that wait finish, then closes the engine. Closing twice does nothing. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (runner.isAlive()) {
      try {
        runner.join();
      } catch (InterruptedException e) {
        interrupted = true; // the engine must not be closed under a batch
      }
    }
    engine.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Rows that wait for a batch. */
  int waitingRows() {
    lock.lock();
    try {
      return waitingRows;
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(BatchedCall call) {
    lock.lock();
    try {
      while (!closed && waitingRows > 0 && waitingRows + call.rows() > maxWaitingRows) {
        changed.await();
      }
      if (closed) {
        throw new IllegalStateException(
            "the engine of " + describe().model() + " is closed; load the model again");
      }
      waiting.add(call);
      waitingRows += call.rows();
      changed.signalAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for room in a batch", e);
    } finally {
      lock.unlock();
    }
  }

  /** Takes back a call whose caller waits no longer, unless it is run already. */
  private void withdraw(BatchedCall call) {
    lock.lock();
    try {
      if (waiting.remove(call)) {
        waitingRows -= call.rows();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      List<BatchedCall> batch = next();
      while (!batch.isEmpty()) {
        BatchedCall.run(engine, batch);
        batch = next();
      }
    } finally {
      refuseAll();
    }
  }

  /** At the end nothing waits; if this thread fails, nobody shall wait for it. */
  private void refuseAll() {
    lock.lock();
    try {
      closed = true;
      waiting.forEach(
          call ->
              call.result()
                  .completeExceptionally(
                      new IllegalStateException("batching has failed; make the engine again")));
      waiting.clear();
      waitingRows = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next batch, once it is full or its first call has waited for long enough; none at the end.
   */
  private List<BatchedCall> next() {
    lock.lock();
    try {
      while (!isDue()) {
        if (waiting.isEmpty()) {
          changed.awaitUninterruptibly();
        } else {
          changed.awaitNanos(maxDelayNanos - waiting.getFirst().age());
        }
      }
      List<BatchedCall> batch = take();
      changed.signalAll();
      return batch;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e); // nobody else has this thread
    } finally {
      lock.unlock();
    }
  }

  private boolean isDue() {
    return closed
        || (!waiting.isEmpty()
            && (waiting.getFirst().age() >= maxDelayNanos || rowsLikeFirst() >= maxRows));
  }

  private int rowsLikeFirst() {
    int rows = 0;
    for (BatchedCall call : waiting) {
      rows += call.goesWith(waiting.getFirst()) ? call.rows() : 0;
    }
    return rows;
  }

  /** Takes the first call, and those that go with it as far as they fit. */
  private List<BatchedCall> take() {
    List<BatchedCall> batch = new ArrayList<>();
    int rows = 0;
    for (Iterator<BatchedCall> each = waiting.iterator(); each.hasNext(); ) {
      BatchedCall call = each.next();
      boolean fits =
          batch.isEmpty() || (call.goesWith(batch.get(0)) && rows + call.rows() <= maxRows);
      if (fits) {
        batch.add(call);
        rows += call.rows();
        each.remove();
      }
    }
    waitingRows -= rows;
    return batch;
  }

  /** Options for batching calls. Each may be set once or not at all. */
  public static final class Builder {

    /** Rows of {@link #maxRows(int)}, unless set: {@value}. */
    public static final int DEFAULT_MAX_ROWS = 64;

    /** Milliseconds of {@link #maxDelay(Duration)}, unless set: {@value}. */
    public static final int DEFAULT_MAX_DELAY_MILLIS = 2;

    /** Rows of {@link #maxWaitingRows(int)}, unless set: {@value}. */
    public static final int DEFAULT_MAX_WAITING_ROWS = 4096;

    private final UncertaintyEngine engine;
    private int maxRows = DEFAULT_MAX_ROWS;
    private Duration maxDelay = Duration.ofMillis(DEFAULT_MAX_DELAY_MILLIS);
    private int maxWaitingRows = DEFAULT_MAX_WAITING_ROWS;

    private Builder(UncertaintyEngine engine) {
      this.engine = engine;
      for (TensorSpec input : engine.describe().inputs()) {
        if (input.rows().isPresent()) {
          throw new IllegalArgumentException(
              "input "
                  + input
                  + " reads batches of "
                  + input.rows().getAsLong()
                  + " rows only, which cannot be made of calls as they come; export the model with a"
                  + " free first dimension");
        }
      }
    }

    /**
     * Rows of a batch at most. Default: {@value #DEFAULT_MAX_ROWS}.
     *
     * @param rows number of rows, ≥ 1
     * @return this
     * @throws IllegalArgumentException if {@code rows < 1}
     */
    public Builder maxRows(int rows) {
      if (rows < 1) {
        throw new IllegalArgumentException("max rows is " + rows + "; it must be at least 1");
      }
      maxRows = rows;
      return this;
    }

    /**
     * How long a call waits for others at most, before its batch is run. Default: {@value
     * #DEFAULT_MAX_DELAY_MILLIS} milliseconds; zero runs what waits as soon as the engine is free.
     *
     * @param delay the time, ≥ 0
     * @return this
     * @throws IllegalArgumentException if {@code delay} is negative
     */
    public Builder maxDelay(Duration delay) {
      if (delay.isNegative()) {
        throw new IllegalArgumentException("max delay is " + delay + "; it must not be negative");
      }
      maxDelay = delay;
      return this;
    }

    /**
     * Rows that may wait; further calls are held up before they enter, so that a service which gets
     * more than it can answer does not fill its memory. Default: {@value
     * #DEFAULT_MAX_WAITING_ROWS}.
     *
     * @param rows number of rows, ≥ 1
     * @return this
     * @throws IllegalArgumentException if {@code rows < 1}
     */
    public Builder maxWaitingRows(int rows) {
      if (rows < 1) {
        throw new IllegalArgumentException(
            "max waiting rows is " + rows + "; it must be at least 1");
      }
      maxWaitingRows = rows;
      return this;
    }

    /**
     * Starts batching.
     *
     * @return the engine, which the caller closes
     */
    public BatchingEngine build() {
      return new BatchingEngine(this);
    }
  }
}
