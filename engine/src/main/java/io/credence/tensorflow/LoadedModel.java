package io.credence.tensorflow;

import io.credence.DropoutSite;
import io.credence.DropoutSite.Kind;
import io.credence.DropoutSite.Origin;
import io.credence.Masks;
import io.credence.ModelDescription;
import io.credence.SamplingPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.NdArray;

/**
 * A model that is ready, and the calls on it: each is checked, the first batch proves the compiled
 * graph, and closing waits for calls in flight. Safe for use by many threads at once. Owns the
 * graph and the session.
 */
final class LoadedModel implements AutoCloseable {

  private final ModelDescription description;
  private final RestoredGraph restored;
  private final BatchRun.Wiring wiring;
  private final InputCheck inputCheck;
  private final KeptMasks masks;
  private final int maxChunk;
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;
  private volatile boolean proven;
  private volatile boolean passByPass;

  /**
   * Takes over a graph, and closes it when it is closed.
   *
   * @param maxChunk passes in a call at most; 0 for as many as fit
   */
  LoadedModel(
      ModelDescription description,
      RestoredGraph restored,
      BatchRun.Wiring wiring,
      InputCheck inputCheck,
      int maxChunk) {
    this.description = description;
    this.restored = restored;
    this.wiring = wiring;
    this.inputCheck = inputCheck;
    this.masks = new KeptMasks(restored.session(), wiring);
    this.maxChunk = maxChunk;
    this.passByPass = wiring.whyNot().isPresent();
    this.proven = description.sites().isEmpty(); // nothing was rewritten
  }

  RestoredGraph restored() {
    return restored;
  }

  /**
   * Begins a call on a batch. The caller closes it, on the same thread.
   *
   * @param inputs each input by its name, shape [N, …]
   * @throws IllegalStateException if the model is closed
   * @throws IllegalArgumentException if the inputs cannot be fed
   * @throws ModelLoadException if TensorFlow cannot run the model on them, or the first batch
   *     disproves the compiled graph
   */
  ModelCall begin(Map<String, ? extends NdArray<?>> inputs) {
    open.readLock().lock();
    Map<String, Tensor> tensors = Map.of();
    boolean begun = false;
    try {
      if (closed) {
        throw new IllegalStateException(
            "the engine of " + description.model() + " is closed; load the model again");
      }
      inputCheck.check(inputs);
      tensors = run(() -> tensors(inputs));
      List<String> doubts = inputCheck.checkValues(tensors);
      if (!proven) {
        run(
            () -> {
              prove(inputs); // two threads may both prove, and agree on the worse
              return proven;
            });
      }
      BatchRun batch = BatchRun.open(restored.session(), wiring, tensors);
      ModelCall call = new ModelCall(this, inputs, batch, doubts);
      begun = true;
      return call;
    } finally {
      if (!begun) {
        tensors.values().forEach(Tensor::close);
        open.readLock().unlock();
      }
    }
  }

  /** Ends a call that was begun. */
  void end() {
    open.readLock().unlock();
  }

  /** Runs a step on TensorFlow, and says in its exceptions which model it was. */
  <T> T run(Supplier<T> step) {
    try {
      return step.get();
    } catch (TensorFlowException | UnsupportedOperationException e) {
      // TensorFlow's "unimplemented" is the latter.
      throw new ModelLoadException(
          description.model()
              + " cannot be run on these inputs: "
              + Optional.ofNullable(e.getMessage())
                  .flatMap(text -> text.lines().findFirst())
                  .orElse(e.toString())
              + "; the model may need other inputs, or its files may be damaged",
          e);
    }
  }

  /** Waits for calls in flight, then frees the native memory. Closing twice does nothing. */
  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        masks.close();
        restored.close();
      }
    } finally {
      open.writeLock().unlock();
    }
  }

  /** Whether a site draws when the model is served, too. */
  static boolean isAlwaysOn(DropoutSite site) {
    return site.origin() == Origin.RANDOM_OP && site.gate().isEmpty();
  }

  /** The masks of a plan, as far as they are kept. The caller closes them. */
  Optional<KeptMasks.OfSeed> masks(SamplingPlan plan) {
    return plan.masks() == Masks.SHARED ? masks.of(plan.seed(), plan.passes()) : Optional.empty();
  }

  /** Passes in a call on so many rows. */
  int chunk(int rows) {
    int most = passByPass ? 1 : Sampler.chunk(wiring, rows);
    return maxChunk > 0 ? Math.min(most, maxChunk) : most;
  }

  /** Whether the model reads batches of one size only. */
  boolean hasFixedRows() {
    return description.inputs().stream().anyMatch(spec -> spec.rows().isPresent());
  }

  private void prove(Map<String, ? extends NdArray<?>> inputs) {
    boolean fixed = hasFixedRows();
    Map<String, NdArray<?>> alone = new LinkedHashMap<>();
    Map<String, NdArray<?>> company = new LinkedHashMap<>();
    inputs.forEach(
        (name, array) -> {
          // A model that reads batches of one size only has no company to choose.
          alone.put(name, fixed ? array : ElementTypes.rows(array, 0));
          company.put(name, fixed ? array : ElementTypes.rows(array, 0, 0));
        });
    try (BatchRun one = open(alone);
        BatchRun two = open(company)) {
      Sampler single = new Sampler(one, rows(alone), 1);
      boolean canBeOff =
          description.sites().stream()
              .noneMatch(site -> site.kind() == Kind.RANDOM_OP || isAlwaysOn(site));
      if (canBeOff) {
        RowProof.served(single.serve(), single.draw(new PassPlan(0, 0, 1, rows(alone), 1, false)));
      }
      if (!passByPass) {
        Sampler pair = new Sampler(two, rows(company), 2);
        if (!RowProof.together(single, rows(alone), pair, rows(company))) {
          passByPass = true; // never taken back by a thread that proves beside this one
        }
      }
    }
    proven = true;
  }

  /** Number of rows of a batch. */
  int rows(Map<String, ? extends NdArray<?>> inputs) {
    return Math.toIntExact(inputs.get(description.inputs().get(0).name()).shape().get(0));
  }

  /** Puts a batch where TensorFlow can run it. The caller closes it. */
  BatchRun open(Map<String, ? extends NdArray<?>> inputs) {
    return BatchRun.open(restored.session(), wiring, tensors(inputs));
  }

  private static Map<String, Tensor> tensors(Map<String, ? extends NdArray<?>> inputs) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try {
      inputs.forEach((name, array) -> tensors.put(name, ElementTypes.toTensor(array)));
      return tensors;
    } catch (RuntimeException e) {
      tensors.values().forEach(Tensor::close);
      throw e;
    }
  }
}
