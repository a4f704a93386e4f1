package io.credence.tensorflow;

import io.credence.tensorflow.Layout.Extent;
import io.credence.tensorflow.Layout.Picked;
import io.credence.tensorflow.Layout.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/** Ops that look something up: embeddings, tables, one-hot codes, and what a Where picks. */
final class LookupRules {

  private LookupRules() {}

  static void addTo(Map<String, Function<FlowNode, Layout>> rules) {
    rules.put("GatherV2", node -> gather(node, node.axis(2, node.rank(0))));
    rules.put("Gather", node -> gather(node, OptionalInt.of(0)));
    rules.put("ResourceGather", node -> gather(node, OptionalInt.of(node.number("batch_dims"))));
    rules.put("GatherNd", LookupRules::gatherNd);
    rules.put("OneHot", LookupRules::oneHot);
    rules.put("LookupTableFind", LookupRules::find);
    rules.put("LookupTableFindV2", LookupRules::find);
    rules.put("Where", LookupRules::where);
    rules.put("SparseToDense", LookupRules::sparseToDense);
  }

  private static Layout gather(FlowNode node, OptionalInt axis) {
    Optional<Rows> params = node.rows(0);
    Optional<Rows> indices = node.rows(1);
    int shared = node.number("batch_dims");
    if (axis.isEmpty() || shared < 0 || node.rank(1) < 0 || !node.sameFrom(2)) {
      return node.mixed("gathers along an axis that is not known");
    }
    int along = axis.getAsInt();
    if (params.isPresent() && indices.isPresent()) {
      boolean paired = params.get().axis() == indices.get().axis() && params.get().axis() < shared;
      return paired && Broadcast.each(params.get(), indices.get()).isPresent()
          ? params.get()
          : node.mixed("gathers from one row what another asks for");
    }
    if (shared != 0) {
      return node.mixed("gathers row by row from what does not grow with the batch");
    }
    if (indices.isPresent() && node.isSame(0)) {
      return indices.get().at(along + indices.get().axis());
    }
    if (params.isEmpty() || !node.isSame(1) || params.get().axis() == along) {
      return node.mixed("gathers from the batch by place");
    }
    int before = params.get().axis();
    return before < along ? params.get() : params.get().at(before - 1 + node.rank(1));
  }

  private static Layout gatherNd(FlowNode node) {
    Optional<Rows> indices = node.rows(1);
    if (node.isSame(0) && indices.isPresent() && indices.get().axis() < node.rank(1) - 1) {
      return indices.get();
    }
    boolean rows = node.rows(0).filter(LookupRules::isPlain).isPresent();
    return rows && node.layout(1) instanceof Picked picked && picked.places()
        ? new Picked(picked.by(), false)
        : node.mixed("gathers from the batch by place");
  }

  /**
   * Examples that are parsed: dense features hold a row for each, sparse ones as many values as
   * there are.
   */
  static List<Layout> parsed(FlowNode node) {
    int sparse = node.number(node.op().equals("ParseExample") ? "Nsparse" : "num_sparse");
    int dense = OpOutputs.attr(node.def(), "Tdense").getList().getTypeCount();
    Optional<Rows> examples = node.rows(0).filter(LookupRules::isPlain);
    if (examples.isEmpty() || !node.sameFrom(1) || sparse < 0) {
      return node.all(node.mixed("parses examples by keys or names that depend on the batch"));
    }
    List<Layout> layouts = new ArrayList<>(node.all(node.mixed("gives sparse features")));
    for (int i = 3 * sparse; i < Math.min(3 * sparse + dense, layouts.size()); i++) {
      layouts.set(i, examples.get());
    }
    return layouts;
  }

  /** One entry a row, along axis 0: the place of an entry tells its row. */
  private static boolean isPlain(Rows rows) {
    return rows.axis() == 0 && rows.each().orElse(0) == 1;
  }

  private static Layout oneHot(FlowNode node) {
    Optional<Rows> rows = node.rows(0);
    if (rows.isEmpty() || !node.sameFrom(1)) {
      return node.mixed("has a depth or values that depend on the batch");
    }
    int axis = node.number("axis");
    return axis >= 0 && axis <= rows.get().axis()
        ? rows.get().at(rows.get().axis() + 1)
        : rows.get();
  }

  /** Each key for itself, in a table that is there before the batch. */
  private static Layout find(FlowNode node) {
    boolean keys = node.rows(1).isPresent() || (node.layout(1) instanceof Picked p && !p.places());
    return keys && node.isSame(0) && node.isSame(2)
        ? node.layout(1)
        : node.mixed("looks up in a table that depends on the batch");
  }

  private static Layout where(FlowNode node) {
    return node.rows(0).filter(LookupRules::isPlain).isPresent()
        ? new Picked(node.name(), true)
        : node.mixed("picks places of something else than rows along axis 0");
  }

  /** Puts what was picked back to its places. */
  private static Layout sparseToDense(FlowNode node) {
    Optional<List<Extent>> shape = node.extents(1);
    if (!(node.layout(0) instanceof Picked places) || !places.places() || shape.isEmpty()) {
      return node.mixed("fills places that are not known to lie in rows");
    }
    boolean values =
        node.layout(2).equals(new Picked(places.by(), false))
            || (node.isSame(2) && node.rank(2) == 0);
    boolean batch =
        shape.get().size() > 0
            && shape.get().get(0).equals(Extent.scaled(OptionalLong.of(1)))
            && shape.get().stream().skip(1).noneMatch(Extent::scaled);
    return values && batch && node.isSame(3)
        ? Rows.of(0)
        : node.mixed("fills a tensor that is not of the batch's size");
  }
}
