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
   * @param gates placeholders of dropout, and whether each has a default
   * @param sites number of sites
   * @param masks tensors that turn dropout off where one is fed in their place
   * @param crossing tensors that the trunk computes for the tail
   */
  record Wiring(
      Map<String, Port> inputs,
      Port output,
      Map<String, Boolean> gates,
      int sites,
      List<Port> masks,
      List<Port> crossing) {

    /** The same with other tensors at the cut. */
    Wiring withCrossing(List<Port> other) {
      return new Wiring(inputs, output, gates, sites, masks, other);
    }
  }

  private final Session session;
  private final Wiring wiring;
  private final Map<Port, Tensor> feeds = new LinkedHashMap<>();
  private final TBool on = TBool.scalarOf(true);
  private final TBool off = TBool.scalarOf(false);
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
    wiring.gates().keySet().forEach(gate -> runner.feed(gate, 0, on));
    return runKeyed(runner, seed, pass);
  }

  /** The output with the gates as they are served; sites that are always on take (seed, 0). */
  Result serve(long seed) {
    Session.Runner runner = session.runner();
    feeds.forEach((port, tensor) -> runner.feed(port.node(), port.index(), tensor));
    wiring
        .gates()
        .forEach(
            (gate, hasDefault) -> {
              if (!hasDefault) {
                runner.feed(gate, 0, off);
              }
            });
    wiring.masks().forEach(mask -> runner.feed(mask.node(), mask.index(), one));
    return runKeyed(runner, seed, 0);
  }

  private Result trunk() {
    if (trunk != null) {
      return trunk;
    }
    Session.Runner runner = session.runner();
    feeds.forEach((port, tensor) -> runner.feed(port.node(), port.index(), tensor));
    wiring.gates().keySet().forEach(gate -> runner.feed(gate, 0, on));
    wiring.crossing().forEach(port -> runner.fetch(port.node(), port.index()));
    trunk = runner.run();
    return trunk;
  }

  private Result runKeyed(Session.Runner runner, long seed, int pass) {
    TInt64[] keys = new TInt64[wiring.sites()];
    try {
      for (int site = 0; site < keys.length; site++) {
        keys[site] = TInt64.vectorOf(MaskRewriter.key(seed, site, pass));
        runner.feed(MaskRewriter.keyPlaceholder(site), 0, keys[site]);
      }
      return runner.fetch(wiring.output().node(), wiring.output().index()).run();
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
    on.close();
    off.close();
    one.close();
    feeds.values().forEach(Tensor::close);
    if (trunk != null) {
      trunk.close();
    }
  }
}
