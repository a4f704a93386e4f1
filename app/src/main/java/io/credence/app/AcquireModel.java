package io.credence.app;

import io.credence.Masks;
import io.credence.ModelDescription;
import io.credence.OutputKind;
import io.credence.Prediction;
import io.credence.SampleSink;
import io.credence.SamplingPlan;
import io.credence.TensorSpec;
import io.credence.UncertaintyEngine;
import io.credence.acquisition.Strategy;
import io.credence.acquisition.TopK;
import io.credence.app.input.BadInputException;
import io.credence.app.input.BadRow;
import io.credence.app.input.InputBatch;
import io.credence.app.input.InputSource;
import io.credence.statistics.SampleArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.index.Indices;

/**
 * A model that looks at a pool.
 *
 * @param engine the model
 * @param plan its passes
 * @param input the pool, for messages
 */
record AcquireModel(UncertaintyEngine engine, SamplingPlan plan, Path input) {

  /** What one look at the pool came to. */
  record Look(long excluded, long skipped, List<String> problems) {}

  /** Takes in a batch whose ids were not passed over. */
  @FunctionalInterface
  private interface BatchSink {
    void accept(InputBatch batch);
  }

  /**
   * Refuses a model that has no joint prediction of several inputs, each sample alike.
   *
   * @throws BadInputException if there is none
   */
  void checkJoint() {
    ModelDescription model = engine.describe();
    if (plan.masks() == Masks.PER_ROW) {
      throw new BadInputException(
          "--masks per-row shows each input other networks, of which batchbald cannot tell what"
              + " labels say together; leave it out, or choose powerbald");
    }
    List<ModelDescription.Member> members = model.members();
    boolean alike =
        members.stream()
            .allMatch(
                each ->
                    Math.abs(each.weight() * members.size() - 1) < 1e-9
                        && each.stochastic() == members.get(0).stochastic());
    if (!alike) {
      throw new BadInputException(
          "batchbald takes every sample alike, but the members of this ensemble count or draw"
              + " differently; leave out --weights, let all answer once with --as-served, or choose"
              + " powerbald");
    }
  }

  OutputKind kind() {
    return engine.describe().outputKind();
  }

  /**
   * Scores the pool, and offers every input.
   *
   * @param withSamples whether the samples of those that are kept are kept too
   * @param excluded ids that are passed over
   */
  Look offerTo(
      TopK<SampleArray> kept,
      Strategy strategy,
      boolean withSamples,
      Set<String> excluded,
      InputSource source)
      throws IOException {
    return each(
        source,
        id -> !excluded.contains(id),
        "scoring",
        batch -> {
          List<String> ids = batch.ids();
          if (strategy == Strategy.RANDOM) {
            ids.forEach(id -> kept.offer(id, 0));
            return;
          }
          if (!withSamples) {
            double[] scores = strategy.scores(predict(batch, Optional.empty()));
            IntStream.range(0, ids.size()).forEach(i -> kept.offer(ids.get(i), scores[i]));
            return;
          }
          RowSamples samples = new RowSamples();
          double[] scores = strategy.scores(predict(batch, Optional.of(samples)));
          for (int i = 0; i < ids.size(); i++) {
            int row = i;
            kept.offer(ids.get(i), scores[i], () -> samples.of(row));
          }
        });
  }

  /**
   * Looks for some inputs of the pool, and samples these alone.
   *
   * @param asked their ids
   * @param samples where to put what was found
   */
  Look sample(Set<String> asked, Map<String, SampleArray> samples, InputSource source)
      throws IOException {
    return each(
        source,
        asked::contains,
        "sampling candidates",
        batch -> {
          RowSamples ofBatch = new RowSamples();
          predict(batch, Optional.of(ofBatch));
          for (int i = 0; i < batch.ids().size(); i++) {
            samples.put(batch.ids().get(i), ofBatch.of(i));
          }
        });
  }

  private Look each(InputSource source, Predicate<String> wanted, String task, BatchSink sink)
      throws IOException {
    BatchRows rows = BatchRows.of(engine.describe().inputs());
    long excluded = 0;
    long skipped = 0;
    long done = 0;
    List<String> problems = new ArrayList<>();
    try (Progress progress = Progress.of(task, source.size(), " inputs");
        ReadAhead ahead = new ReadAhead(source, rows.count())) {
      ReadAhead.Item read;
      do {
        read = ahead.next();
        skipped += read.bad().size();
        read.bad().stream().limit(1L - problems.size()).map(BadRow::reason).forEach(problems::add);
        if (read.batch().isPresent()) {
          InputBatch batch = read.batch().get();
          rows.check(input, batch, done);
          done += batch.ids().size();
          int[] some =
              IntStream.range(0, batch.ids().size())
                  .filter(i -> wanted.test(batch.ids().get(i)))
                  .toArray();
          excluded += batch.ids().size() - some.length;
          if (some.length > 0) {
            sink.accept(rows(batch, some, rows));
          }
        }
        progress.stepTo(read.position());
      } while (read.batch().isPresent());
    }
    if (done == 0) {
      throw new BadInputException(
          input
              + " holds no row that can be scored"
              + problems.stream()
                  .findFirst()
                  .map(each -> "; the first problem: " + each)
                  .orElse(""));
    }
    return new Look(excluded, skipped, problems);
  }

  /**
   * These rows of a batch alone; of a model that reads batches of one size only they are copies.
   */
  private InputBatch rows(InputBatch batch, int[] some, BatchRows rows) {
    if (some.length == batch.ids().size()) {
      return batch;
    }
    long[] taken = Arrays.stream(some).asLongStream().toArray();
    if (rows.fixedBy().isPresent()) {
      taken = Arrays.copyOf(taken, rows.count());
      Arrays.fill(taken, some.length, taken.length, taken[0]);
    }
    Map<String, NdArray<?>> inputs = new LinkedHashMap<>();
    for (Map.Entry<String, NdArray<?>> each : batch.inputs().entrySet()) {
      inputs.put(each.getKey(), each.getValue().slice(Indices.seq(taken)));
    }
    return new InputBatch(Arrays.stream(some).mapToObj(batch.ids()::get).toList(), inputs);
  }

  private Prediction predict(InputBatch batch, Optional<RowSamples> samples) {
    try {
      return samples.isPresent()
          ? engine.predict(batch.inputs(), plan, samples.get())
          : engine.predict(batch.inputs(), plan);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(batch.refusal(input, e), e);
    }
  }

  /** The samples of a batch, by row. */
  private static final class RowSamples implements SampleSink {

    private final List<float[]> passes = new ArrayList<>();
    private int width;

    @Override
    public void accept(int member, int pass, float[] outputs, Shape shape) {
      if (shape.numDimensions() > 2) {
        throw new BadInputException(
            "batchbald chooses inputs that have one answer each, but the model answers with maps, "
                + TensorSpec.describe(shape)
                + "; choose powerbald, or another that goes by scores");
      }
      width = shape.numDimensions() == 1 ? 1 : Math.toIntExact(shape.get(1));
      passes.add(outputs.clone());
    }

    SampleArray of(int row) {
      float[] samples = new float[passes.size() * width];
      for (int pass = 0; pass < passes.size(); pass++) {
        System.arraycopy(passes.get(pass), row * width, samples, pass * width, width);
      }
      return SampleArray.of(samples, Shape.of(passes.size(), 1, width));
    }
  }
}
