package io.credence.tensorflow;

import io.credence.DropoutSite.Kind;
import io.credence.DropoutSite.Origin;
import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/**
 * Makes sites of the tensors that the caller names: Keras 3 leaves no trace of dropout in what it
 * exports. A placeholder that decides a rate is no tensor to drop; {@link RandomOps} reads it.
 */
final class CallerSites implements SiteFinder {

  private static final int SHOWN = 8;

  @Override
  public List<Site> find(FlatModel model) {
    List<Site> sites = new ArrayList<>();
    new TreeMap<>(model.named())
        .forEach(
            (tensor, rate) -> {
              Port port = resolve(model, tensor);
              if (!isPlaceholder(model, port)) {
                refuseOthers(model, tensor, port);
                sites.add(
                    new Site(
                        tensor,
                        Optional.empty(),
                        port.toString(),
                        Set.of(),
                        new Noise.Dropout(rate, List.of(), Kind.DROPOUT),
                        Origin.CALLER,
                        Optional.empty()));
              }
            });
    return sites;
  }

  /** Whether a tensor is no input, but may decide a rate. */
  static boolean isPlaceholder(FlatModel model, Port port) {
    String op = model.graph().node(port.node()).getOp();
    return !model.inputs().contains(port.node())
        && (op.equals("Placeholder") || op.equals("PlaceholderWithDefault"));
  }

  private static void refuseOthers(FlatModel model, String tensor, Port port) {
    if (!model.reachable().contains(port.node())) {
      throw new ModelLoadException(
          "the output does not depend on tensor \""
              + tensor
              + "\", named for dropout; "
              + near(model, tensor));
    }
  }

  /**
   * A tensor by its name in the flat graph, in the function that holds it, or without the model's
   * own name.
   */
  static Port resolve(FlatModel model, String tensor) {
    Port asked = Port.parse(tensor);
    if (model.graph().has(asked.node())) {
      return asked;
    }
    List<String> found =
        model.innerNames().entrySet().stream()
            .filter(
                entry ->
                    entry.getValue().equals(asked.node())
                        || entry.getValue().endsWith("/" + asked.node()))
            .map(Map.Entry::getKey)
            .toList();
    if (found.size() == 1) {
      return new Port(found.get(0), asked.index());
    }
    throw new ModelLoadException(
        "tensor \""
            + tensor
            + "\", named for dropout, is "
            + (found.isEmpty() ? "not in the model" : "found " + found.size() + " times: " + found)
            + "; "
            + near(model, tensor));
  }

  private static String near(FlatModel model, String tensor) {
    String last = tensor.substring(tensor.lastIndexOf('/') + 1);
    List<String> alike =
        model.reachable().stream()
            .map(model::knownName)
            .filter(name -> name.endsWith(Port.parse(last).node()))
            .limit(SHOWN)
            .toList();
    List<String> shown = alike.isEmpty() ? candidates(model).stream().limit(SHOWN).toList() : alike;
    return "choose one of " + shown + ", or see what `inspect` lists";
  }

  /**
   * Tensors where dropout often stands: what matrix products and convolutions read, apart from the
   * model's inputs, nearest to the output first.
   */
  static List<String> candidates(FlatModel model) {
    Set<String> ofInputs = model.graph().downstream(model.inputs(), node -> false);
    List<String> names = new ArrayList<>();
    for (String name : model.reachable()) { // from the output upwards
      NodeDef node = model.graph().node(name);
      boolean layer =
          node.getOp().equals("MatMul")
              || node.getOp().startsWith("BatchMatMul")
              || node.getOp().startsWith("Conv");
      if (!layer || node.getInputCount() == 0) {
        continue;
      }
      Port read = Port.parse(node.getInput(0));
      String known = new Port(model.knownName(read.node()), read.index()).toString();
      if (ofInputs.contains(read.node())
          && !model.inputs().contains(read.node())
          && isReal(node)
          && !names.contains(known)) {
        names.add(known);
      }
    }
    return names;
  }

  private static boolean isReal(NodeDef node) {
    DataType type = node.getAttrOrDefault("T", AttrValue.getDefaultInstance()).getType();
    return type == DataType.DT_FLOAT || type == DataType.DT_DOUBLE || type == DataType.DT_HALF;
  }
}
