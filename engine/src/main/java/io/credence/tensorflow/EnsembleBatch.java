package io.credence.tensorflow;

import io.credence.SampleSink;
import io.credence.SamplingPlan;
import io.credence.TensorSpec;
import io.credence.statistics.Moments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;

/**
 * A batch of which the members of an ensemble draw passes, whose moments merge in the order of the
 * members. By a plan without stopping rule each member is done with once it has drawn; by one with
 * a rule all stay, with the batch on the device.
 */
final class EnsembleBatch implements SampledBatch, AutoCloseable {

  private final Members members;
  private final SamplingPlan plan;
  private final Map<String, ? extends NdArray<?>> inputs;
  private final Optional<SampleSink> sink;
  private final List<ModelCall> calls = new ArrayList<>();
  private final List<MemberBatch> staying = new ArrayList<>();
  private final List<String> doubts = new ArrayList<>();
  private @Nullable Shape places;
  private int rows;

  /** Begins a call on every member that stays. */
  EnsembleBatch(
      Members members,
      Map<String, ? extends NdArray<?>> inputs,
      SamplingPlan plan,
      Optional<SampleSink> sink) {
    this.members = members;
    this.plan = plan;
    this.inputs = inputs;
    this.sink = sink;
    this.rows = -1;
    if (plan.stopping().isPresent()) {
      boolean begun = false;
      try {
        begin();
        begun = true;
      } finally {
        if (!begun) {
          close();
        }
      }
    }
  }

  private void begin() {
    for (EnsembleMember member : members.all()) {
      SavedModelEngine engine =
          member
              .resident()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "members are loaded in turn, and a plan with a tolerance would load them"
                              + " all again for each look; keep all "
                              + members.all().size()
                              + " resident, or take a fixed number of passes"));
      ModelCall call = engine.begin(member.own(inputs));
      calls.add(call);
      staying.add(batch(member, engine, call));
      rows = call.rows();
    }
  }

  private MemberBatch batch(EnsembleMember member, SavedModelEngine engine, ModelCall call) {
    return new MemberBatch(engine.member(member.index()), call, member.own(plan), sink);
  }

  /** What is doubtful about the inputs; known once passes were drawn. */
  List<String> doubts() {
    return doubts;
  }

  @Override
  public int rows() {
    return rows;
  }

  /** What one member has drawn. */
  private record Drawn(
      Moments moments, Moments empty, Shape places, int rows, List<String> doubts) {}

  @Override
  public Moments draw(int from, int to) {
    Combined combined = new Combined();
    members.inTurn(member -> draw(member, from, to), combined::add, sink.isPresent());
    return combined.moments();
  }

  private Drawn draw(EnsembleMember member, int from, int to) {
    if (!staying.isEmpty()) {
      return drawn(staying.get(member.index()), from, to);
    }
    return members.with(
        member,
        engine -> {
          try (ModelCall call = engine.begin(member.own(inputs))) {
            return drawn(batch(member, engine, call), from, to);
          }
        });
  }

  private static Drawn drawn(MemberBatch batch, int from, int to) {
    Moments moments = batch.draw(from, to);
    return new Drawn(moments, batch.empty(), batch.places(), batch.rows(), batch.doubts());
  }

  /** The moments of all members so far. */
  private final class Combined {

    private @Nullable Moments moments;

    void add(EnsembleMember member, Drawn drawn) {
      drawn.doubts().stream().filter(doubt -> !doubts.contains(doubt)).forEach(doubts::add);
      if (moments == null) {
        moments = drawn.empty();
        places = drawn.places();
        rows = drawn.rows();
      }
      if (!drawn.places().equals(places) || drawn.rows() != rows) {
        throw new ModelLoadException(
            "member \""
                + member.description().model()
                + "\" answers otherwise than the first: with "
                + TensorSpec.describe(drawn.places())
                + " places for an input, not "
                + TensorSpec.describe(places())
                + "; choose the output that all have");
      }
      try {
        moments.addMember(drawn.moments(), member.weight());
      } catch (IllegalArgumentException e) {
        throw new ModelLoadException(
            "member \""
                + member.description().model()
                + "\" answers otherwise than the first: "
                + e.getMessage(),
            e);
      }
    }

    Moments moments() {
      if (moments == null) {
        throw new IllegalStateException("no member has drawn");
      }
      return moments;
    }
  }

  @Override
  public Shape places() {
    if (places == null) {
      throw new IllegalStateException("no pass was drawn");
    }
    return places;
  }

  @Override
  public void keep(int... positions) {
    staying.forEach(batch -> batch.keep(positions));
    rows = positions.length;
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    for (ModelCall call : calls) {
      try {
        call.close();
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure; // the others must be closed all the same
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** All samples of all members, one below the other. */
  SampleArrays samples() {
    SampleArrays samples =
        new SampleArrays(members.all().stream().mapToLong(member -> member.samples(plan)).sum());
    for (EnsembleMember member : members.all()) {
      members.with(
          member,
          engine -> {
            try (ModelCall call = engine.begin(member.own(inputs))) {
              if (member.isStochastic()) {
                call.passes(
                    member.own(plan),
                    0,
                    plan.passes(),
                    (first, passes, outputs) ->
                        samples.add(passes, outputs, call.rows(), call.answer()));
              } else {
                FloatDataBuffer outputs = DataBuffers.of(call.served(), true, false);
                samples.add(1, outputs, call.rows(), call.answer());
              }
              return samples;
            }
          });
    }
    return samples;
  }
}
