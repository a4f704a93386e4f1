package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.types.TInt64;

/**
 * Runs the passes of one batch on a session: the trunk once, when first needed, then the tail, one
 * pass or several in a call. Owns the tensors of the batch; closing frees them.
 */
final class BatchRun implements AutoCloseable {

  /**
   * What a pass feeds and fetches, the same for every batch.
   *
   * @param inputs the inputs, by name, and where each enters the graph
   * @param served the output as it is served
   * @param sampled the output that passes give
   * @param sites number of sites
   * @param crossing tensors that the trunk computes for the tail
   * @param whyNot why a call can run one pass only, or empty if it can run several
   * @param bytesPerRow what the largest tensor of the tail takes for a row
   * @param bytesOfWeights what the largest weights take that the tail reads
   * @param masks masks that depend on nothing but the plan, and may be fed instead
   * @param maskBytes what these take for a pass
   */
  record Wiring(
      Map<String, Port> inputs,
      Port served,
      Port sampled,
      int sites,
      List<Port> crossing,
      Optional<String> whyNot,
      long bytesPerRow,
      long bytesOfWeights,
      List<Port> masks,
      long maskBytes) {}

  private final Session session;
  private final Wiring wiring;
  private final Map<Port, Tensor> feeds = new LinkedHashMap<>();
  private @Nullable Result trunk;

  private BatchRun(Session session, Wiring wiring) {
    this.session = session;
    this.wiring = wiring;
  }

  /** Takes over the tensors, and closes them when it is closed. */
  static BatchRun open(Session session, Wiring wiring, Map<String, Tensor> inputs) {
    BatchRun run = new BatchRun(session, wiring);
    inputs.forEach((name, tensor) -> run.feeds.put(wiring.inputs().get(name), tensor));
    return run;
  }

  /**
   * The outputs of the networks of a plan, one below the other: shape {@code [copies · rows, …]}.
   * The caller closes the result.
   *
   * @param kept masks of those passes and more, where there are
   */
  Result draw(PassPlan plan, Optional<KeptMasks.OfSeed> kept) {
    List<Port> crossing = wiring.crossing();
    Session.Runner runner = fed();
    if (!crossing.isEmpty()) {
      Result fetched = trunk();
      for (int i = 0; i < crossing.size(); i++) {
        runner.feed(crossing.get(i).node(), crossing.get(i).index(), fetched.get(i));
      }
    }
    kept.ifPresent(
        of -> {
          List<Port> masks = wiring.masks();
          for (int i = 0; i < masks.size(); i++) {
            runner.feed(masks.get(i).node(), masks.get(i).index(), of.mask(i));
          }
        });
    long offset = kept.isPresent() ? plan.firstPass() : 0;
    try (TInt64 vector = plan.vector(wiring.sites(), offset)) {
      return runner
          .feed(PassPlan.PLACEHOLDER, 0, vector)
          .fetch(wiring.sampled().node(), wiring.sampled().index())
          .run();
    }
  }

  /** The output as the model is served. The caller closes the result. */
  Result serve() {
    return fed().fetch(wiring.served().node(), wiring.served().index()).run();
  }

  private Session.Runner fed() {
    Session.Runner runner = session.runner();
    feeds.forEach((port, tensor) -> runner.feed(port.node(), port.index(), tensor));
    return runner;
  }

  private Result trunk() {
    if (trunk == null) {
      Session.Runner runner = fed();
      wiring.crossing().forEach(port -> runner.fetch(port.node(), port.index()));
      trunk = runner.run();
    }
    return trunk;
  }

  @Override
  public void close() {
    feeds.values().forEach(Tensor::close);
    if (trunk != null) {
      trunk.close();
    }
  }
}
