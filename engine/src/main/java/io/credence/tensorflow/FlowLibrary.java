package io.credence.tensorflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.VersionDef;

/** The functions of a graph, and what holds for the graph and all of them. */
final class FlowLibrary {

  /** Ops that read a variable or a table, or pass it on; any other that takes one may write it. */
  private static final Set<String> READERS =
      Set.of(
          "ReadVariableOp",
          "ResourceGather",
          "ResourceGatherNd",
          "VariableShape",
          "VarIsInitializedOp",
          "IsVariableInitialized",
          "LookupTableFind",
          "LookupTableFindV2",
          "LookupTableSize",
          "LookupTableSizeV2",
          "LookupTableExport",
          "LookupTableExportV2",
          "RefIdentity",
          "RefSwitch",
          "RefMerge",
          "RefEnter",
          "RefExit",
          "RefNextIteration");

  private static final int MAX_CALLS = 5_000;

  private final Map<String, FunctionDef> functions = new HashMap<>();
  private final VersionDef versions;
  private Optional<String> writer = Optional.empty();
  private int analysed;

  private FlowLibrary(GraphDef graph) {
    this.versions = graph.getVersions();
    graph
        .getLibrary()
        .getFunctionList()
        .forEach(function -> functions.put(function.getSignature().getName(), function));
  }

  /**
   * The library of a graph.
   *
   * @param nodes the nodes that run
   */
  static FlowLibrary of(GraphDef graph, Collection<NodeDef> nodes) {
    FlowLibrary library = new FlowLibrary(graph);
    Set<String> seen = new LinkedHashSet<>();
    ArrayDeque<Collection<NodeDef>> open = new ArrayDeque<>(List.of(nodes));
    while (!open.isEmpty()) {
      for (NodeDef node : open.remove()) {
        if (library.writer.isEmpty() && writes(node)) {
          library.writer =
              Optional.of("node \"" + node.getName() + "\" (" + node.getOp() + ") may write");
        }
        for (String function : library.called(node)) {
          if (seen.add(function)) {
            open.add(library.functions.get(function).getNodeDefList());
          }
        }
      }
    }
    return library;
  }

  private static boolean writes(NodeDef node) {
    return !READERS.contains(node.getOp())
        && OpOutputs.definition(node)
            .map(
                op ->
                    op.getInputArgList().stream()
                        .anyMatch(arg -> arg.getIsRef() || arg.getType() == DataType.DT_RESOURCE))
            .orElse(false);
  }

  VersionDef versions() {
    return versions;
  }

  /** What may write variables and tables while the graph runs; their values are then anything. */
  Optional<String> writer() {
    return writer;
  }

  FunctionDef function(String name) {
    FunctionDef function = functions.get(name);
    if (function == null) {
      throw new ModelLoadException("the graph is damaged: it has no function \"" + name + "\"");
    }
    return function;
  }

  /**
   * Whether one more call may be analysed; functions that call others twice double their number.
   */
  boolean mayAnalyse() {
    return ++analysed <= MAX_CALLS;
  }

  /** The functions that a node calls. */
  List<String> called(NodeDef node) {
    List<String> names = new ArrayList<>();
    if (functions.containsKey(node.getOp())) {
      names.add(node.getOp());
    }
    for (AttrValue attr : node.getAttrMap().values()) {
      if (attr.hasFunc()) {
        names.add(attr.getFunc().getName());
      }
      attr.getList().getFuncList().stream().map(NameAttrList::getName).forEach(names::add);
    }
    names.retainAll(functions.keySet());
    return names;
  }

  /** The types of the outputs of a node, which may call a function by an op of its name. */
  List<DataType> types(NodeDef node) {
    return OpOutputs.types(node, definition(node));
  }

  /** The index among all outputs of a node of one element of a named output. */
  int index(NodeDef node, String output, int element) {
    if (!functions.containsKey(node.getOp())) {
      return OpOutputs.index(node, output, element);
    }
    List<String> names =
        definition(node).getOutputArgList().stream().map(OpDef.ArgDef::getName).toList();
    return names.indexOf(output);
  }

  private OpDef definition(NodeDef node) {
    FunctionDef function = functions.get(node.getOp());
    return function == null
        ? OpOutputs.definition(node).orElse(OpDef.getDefaultInstance())
        : function.getSignature();
  }
}
