package io.credence.tensorflow;

import io.credence.SamplingPlan;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;

/**
 * One call on a model: a batch on the device, of which passes are drawn as they are asked for, and
 * from which rows may be let go. Closing frees the batch.
 */
final class ModelCall implements AutoCloseable {

  /** Fewer rows than this share of those fed are worth feeding anew. */
  private static final double WORTH_FEEDING = 0.75;

  private final LoadedModel model;
  private final List<String> doubts;
  private Map<String, NdArray<?>> inputs;
  private BatchRun run;

  /** What was answered before rows were let go. */
  private Shape answered = Shape.unknown();

  private Sampler sampler;

  /** Which of the rows that are fed are still wanted. */
  private int[] wanted;

  /** Takes over the begun call and its batch, and ends both when it is closed. */
  ModelCall(
      LoadedModel model,
      Map<String, ? extends NdArray<?>> inputs,
      BatchRun run,
      List<String> doubts) {
    this.model = model;
    this.doubts = List.copyOf(doubts);
    this.inputs = new LinkedHashMap<>(inputs);
    this.wanted = IntStream.range(0, model.rows(inputs)).toArray();
    this.run = run;
    this.sampler = new Sampler(run, wanted.length, model.chunk(wanted.length));
  }

  /** What is doubtful about the inputs. */
  List<String> doubts() {
    return doubts;
  }

  /** Number of rows that are still wanted. */
  int rows() {
    return wanted.length;
  }

  /** The shape of what the model answers for one row; known once it has answered. */
  Shape answer() {
    return sampler.answer().isUnknown() ? answered : sampler.answer();
  }

  /** Hands on the outputs of the passes of a plan, from a first to before a last, in turn. */
  void passes(SamplingPlan plan, int from, int to, Sampler.Sink sink) {
    Optional<KeptMasks.OfSeed> kept = model.run(() -> model.masks(plan));
    try {
      model.run(
          () -> {
            sampler.passes(
                plan,
                from,
                to,
                kept,
                (first, passes, outputs) -> handOn(sink, first, passes, outputs));
            return to;
          });
    } catch (SinkException e) {
      throw e.failure;
    } finally {
      kept.ifPresent(KeptMasks.OfSeed::close);
    }
  }

  private void handOn(Sampler.Sink sink, int first, int passes, FloatDataBuffer outputs) {
    try {
      sink.accept(first, passes, ofWanted(outputs, passes));
    } catch (RuntimeException e) {
      throw new SinkException(e);
    }
  }

  /** What the taker of outputs throws says nothing of the model. */
  private static final class SinkException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final RuntimeException failure;

    SinkException(RuntimeException failure) {
      super(failure);
      this.failure = failure;
    }
  }

  /** The outputs as the model is served. */
  float[] served() {
    return ofWanted(model.run(sampler::serve), 1);
  }

  /** The outputs of one plan of the graph that passes run. */
  float[] draw(PassPlan plan) {
    return ofWanted(model.run(() -> sampler.draw(plan)), (int) plan.copies());
  }

  /** Goes on with the rows at some positions only, which ascend. */
  void keep(int... positions) {
    int fed = model.rows(inputs);
    wanted = Arrays.stream(positions).map(position -> wanted[position]).toArray();
    if (!model.hasFixedRows() && wanted.length <= fed * WORTH_FEEDING) {
      inputs.replaceAll((name, array) -> ElementTypes.rows(array, wanted));
      answered = answer();
      BatchRun next = model.run(() -> model.open(inputs));
      run.close();
      run = next;
      wanted = IntStream.range(0, wanted.length).toArray();
      sampler = new Sampler(run, wanted.length, model.chunk(wanted.length));
    }
  }

  private float[] ofWanted(float[] outputs, int passes) {
    if (wanted.length == model.rows(inputs)) {
      return outputs;
    }
    FloatDataBuffer rows = ofWanted(DataBuffers.of(outputs, true, false), passes);
    float[] wantedOnly = new float[(int) rows.size()];
    rows.read(wantedOnly);
    return wantedOnly;
  }

  private FloatDataBuffer ofWanted(FloatDataBuffer outputs, int passes) {
    int fed = model.rows(inputs);
    if (wanted.length == fed) {
      return outputs;
    }
    int each = Math.toIntExact(outputs.size() / passes / fed);
    float[] rows = new float[Math.multiplyExact(passes * wanted.length, each)];
    for (int i = 0; i < passes * wanted.length; i++) {
      long row = i / wanted.length * (long) fed + wanted[i % wanted.length];
      outputs.offset(row * each).read(rows, i * each, each);
    }
    return DataBuffers.of(rows, true, false);
  }

  @Override
  public void close() {
    try {
      run.close();
    } finally {
      model.end();
    }
  }
}
