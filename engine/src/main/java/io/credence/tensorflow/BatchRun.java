package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * Runs the passes of one batch on a session: the trunk once, when opened, then the tail for each
 * pass asked for. Owns the tensors of the batch; closing frees them.
 */
final class BatchRun implements AutoCloseable {

  /**
   * What a pass feeds and fetches, the same for every batch.
   *
   * @param inputs the signature's inputs, by name, and where each enters the graph
   * @param output the tensor sampled
   * @param gates placeholders that turn dropout on, by name
   * @param sites number of sites
   * @param masks tensors that turn dropout off where one is fed in their place
   * @param batchShapes tensors that hold a shape whose first dimension is taken to be the batch
   * @param crossing tensors that the trunk computes for the tail
   */
  record Wiring(
      Map<String, Port> inputs,
      Port output,
      Map<String, GateFinder.Gate> gates,
      int sites,
      List<Port> masks,
      List<Port> batchShapes,
      List<Port> crossing) {

    /** The same with other tensors at the cut. */
    Wiring withCrossing(List<Port> other) {
      return new Wiring(inputs, output, gates, sites, masks, batchShapes, other);
    }
  }

  private final Session session;
  private final Wiring wiring;
  private final Map<Port, Tensor> feeds = new LinkedHashMap<>();
  private final TBool yes = TBool.scalarOf(true);
  private final TBool no = TBool.scalarOf(false);
  private final TFloat32 one = TFloat32.scalarOf(1);
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

  /** The output of one network: the masks of (seed, pass). The caller closes the result. */
  Result draw(long seed, int pass) {
    Session.Runner runner = session.runner();
    feeds.forEach((port, tensor) -> runner.feed(port.node(), port.index(), tensor));
    List<Port> crossing = wiring.crossing();
    for (int i = 0; i < crossing.size(); i++) {
      runner.feed(crossing.get(i).node(), crossing.get(i).index(), trunk().get(i));
    }
    turnOn(runner);
    return runKeyed(runner, seed, pass);
  }

  /** The output with the gates as they are served; sites that are always on take (seed, 0). */
  Result serve(long seed) {
    Session.Runner runner = session.runner();
    feeds.forEach((port, tensor) -> runner.feed(port.node(), port.index(), tensor));
    wiring
        .gates()
        .forEach(
            (name, gate) -> {
              if (!gate.hasDefault()) {
                runner.feed(name, 0, gate.on() ? no : yes);
              }
            });
    wiring.masks().forEach(mask -> runner.feed(mask.node(), mask.index(), one));
    return runKeyed(runner, seed, 0);
  }

  /**
   * The shapes whose first dimension is taken to be the batch, as they are for these inputs. The
   * caller closes the result.
   */
  Result batchShapes() {
    Session.Runner runner = session.runner();
    feeds.forEach((port, tensor) -> runner.feed(port.node(), port.index(), tensor));
    turnOn(runner);
    wiring.batchShapes().forEach(port -> runner.fetch(port.node(), port.index()));
    return runKeys(runner, 0, 0);
  }

  private void turnOn(Session.Runner runner) {
    wiring.gates().forEach((name, gate) -> runner.feed(name, 0, gate.on() ? yes : no));
  }

  private Result trunk() {
    if (trunk != null) {
      return trunk;
    }
    Session.Runner runner = session.runner();
    feeds.forEach((port, tensor) -> runner.feed(port.node(), port.index(), tensor));
    turnOn(runner);
    wiring.crossing().forEach(port -> runner.fetch(port.node(), port.index()));
    trunk = runner.run();
    return trunk;
  }

  private Result runKeyed(Session.Runner runner, long seed, int pass) {
    return runKeys(runner.fetch(wiring.output().node(), wiring.output().index()), seed, pass);
  }

  private Result runKeys(Session.Runner runner, long seed, int pass) {
    TInt64[] keys = new TInt64[wiring.sites()];
    try {
      for (int site = 0; site < keys.length; site++) {
        keys[site] = TInt64.vectorOf(MaskRewriter.key(seed, site, pass));
        runner.feed(MaskRewriter.keyPlaceholder(site), 0, keys[site]);
      }
      return runner.run();
    } finally {
      for (TInt64 key : keys) {
        if (key != null) {
          key.close();
        }
      }
    }
  }

  @Override
  public void close() {
    yes.close();
    no.close();
    one.close();
    feeds.values().forEach(Tensor::close);
    if (trunk != null) {
      trunk.close();
    }
  }
}
