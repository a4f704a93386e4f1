package io.credence.tensorflow;

import io.credence.OutputKind;
import io.credence.RegressionHead;
import io.credence.SampleSink;
import io.credence.SamplingPlan;
import io.credence.TensorSpec;
import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.Moments;
import io.credence.statistics.RegressionMoments;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;

/** A batch of which one model draws passes, or answers once, as it is served. */
final class MemberBatch implements SampledBatch {

  /**
   * What the batches of one model have in common.
   *
   * @param kind what the outputs mean
   * @param head of a regressor, what the kind leaves open
   * @param stochastic whether passes differ; else one stands for all
   * @param index number of the model among the members of its ensemble; 0 if it is alone
   */
  record Member(OutputKind kind, Optional<RegressionHead> head, boolean stochastic, int index) {

    private Moments moments(int inputs, int width) {
      return kind.isClassification()
          ? ClassificationMoments.of(inputs, width, kind)
          : RegressionMoments.of(inputs, width, head.orElseGet(() -> RegressionHead.of(kind)));
    }
  }

  private final Member member;
  private final ModelCall call;
  private final SamplingPlan plan;
  private final Optional<SampleSink> sink;
  private @Nullable Moments moments;

  /** The shape of the places of a row when sampling began. */
  private Shape planned = Shape.unknown();

  /** Draws on a call, which the caller closes. */
  MemberBatch(Member member, ModelCall call, SamplingPlan plan, Optional<SampleSink> sink) {
    this.member = member;
    this.call = call;
    this.plan = plan;
    this.sink = sink;
  }

  /** What is doubtful about the inputs. */
  List<String> doubts() {
    return call.doubts();
  }

  @Override
  public int rows() {
    return call.rows();
  }

  @Override
  public Moments draw(int from, int to) {
    if (member.stochastic()) {
      call.passes(plan, from, to, this::add);
    } else if (from == 0) {
      add(0, 1, DataBuffers.of(call.served(), true, false));
    }
    return moments();
  }

  private void add(int first, int passes, FloatDataBuffer outputs) {
    if (moments == null) {
      moments = empty();
      planned = places();
    }
    if (!planned.equals(places())) {
      throw new IllegalArgumentException(
          "once rows left the batch, the model answers with "
              + TensorSpec.describe(places())
              + " places for an input, not "
              + TensorSpec.describe(planned)
              + ": what it answers depends on the other rows; take a fixed number of passes");
    }
    moments.addPasses(first, outputs);
    sink.ifPresent(taker -> tell(taker, first, passes, outputs));
  }

  private void tell(SampleSink taker, int first, int passes, FloatDataBuffer outputs) {
    Shape shape = SampleArrays.with(rows(), call.answer());
    float[] pass = new float[Math.toIntExact(outputs.size() / passes)];
    for (int t = 0; t < passes; t++) {
      outputs.offset((long) t * pass.length).read(pass);
      taker.accept(member.index(), first + t, pass, shape);
    }
  }

  /** Moments like those of this batch, without a sample; once passes were drawn. */
  Moments empty() {
    Shape answer = call.answer();
    int width = answer.numDimensions() == 0 ? 1 : (int) answer.get(-1);
    return member
        .moments(Math.multiplyExact(rows(), (int) places().size()), width)
        .withErrorGroups(errorGroups(plan, places()));
  }

  /** Maps are large, and so are the groups of their places: none unless they are asked for. */
  private static int errorGroups(SamplingPlan plan, Shape places) {
    boolean told = places.numDimensions() == 0 || plan.stopping().isPresent();
    return plan.errorGroups().orElse(told ? Moments.DEFAULT_ERROR_GROUPS : 0);
  }

  @Override
  public Shape places() {
    Shape answer = call.answer();
    return answer.numDimensions() == 0 ? answer : answer.subShape(0, answer.numDimensions() - 1);
  }

  @Override
  public void keep(int... positions) {
    call.keep(positions);
    int places = (int) places().size();
    moments = moments().keep(PlanRun.places(places, positions));
  }

  /** The moments of the passes so far. */
  Moments moments() {
    if (moments == null) {
      throw new IllegalStateException("no pass was drawn");
    }
    return moments;
  }
}
