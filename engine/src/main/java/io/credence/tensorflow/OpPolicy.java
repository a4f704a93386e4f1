package io.credence.tensorflow;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Which ops of a model may run. A SavedModel is a program: its graph can read and write files, open
 * connections and run code. What is not on a list of ops that only compute is refused, unless the
 * caller trusts the model. Ops that give variables and tables their values may run while the model
 * is loaded, on files of its own.
 */
enum OpPolicy {
  /** Ops on the lists. */
  LISTED,
  /** Whatever TensorFlow knows. */
  ANY;

  private static final Set<String> COMPUTING = read("computing-ops.txt");
  private static final Set<String> LOADING = read("loading-ops.txt");

  /** Ops that read a file, and which of their inputs names it. */
  private static final Map<String, Integer> RESTORE =
      Map.of("Restore", 0, "RestoreSlice", 0, "RestoreV2", 0);

  private static final Map<String, Integer> TEXT_FILE =
      Map.of("InitializeTableFromTextFile", 1, "InitializeTableFromTextFileV2", 1);

  private static final String NEXT =
      ". A SavedModel is a program; if you trust whoever made it, allow it with"
          + " allowUnsafeOps() of the builder, or --allow-unsafe-ops on the command line";

  /** When an op runs. */
  private enum Phase {
    PASS,
    RESTORE,
    INIT
  }

  private static Set<String> read(String list) {
    try (InputStream in = OpPolicy.class.getResourceAsStream(list)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether an op changes a variable, a table, or the state of a random generator. */
  static boolean changesState(String op) {
    return LOADING.contains(op) || op.equals("RngReadAndSkip") || op.equals("RngSkip");
  }

  /** Whether an op gives variables or tables their values. */
  static boolean loads(String op) {
    return LOADING.contains(op);
  }

  /**
   * Checks all that can run.
   *
   * @param graph a graph that holds nothing else
   * @param passes the nodes that passes feed and fetch
   * @param startup what runs while the model is loaded
   * @throws ModelLoadException if an op is refused; the message names op, node and reason
   */
  void check(GraphDef graph, Collection<String> passes, Startup startup) {
    if (this == ANY) {
      return;
    }
    refused(graph, passes, startup).stream()
        .findFirst()
        .ifPresent(
            first -> {
              throw new ModelLoadException(first + NEXT);
            });
  }

  /** What a check of listed ops refuses, each with op, node and reason; none twice. */
  static List<String> refused(GraphDef graph, Collection<String> passes, Startup startup) {
    Set<String> refused = new LinkedHashSet<>();
    refused.addAll(refused(graph, passes, Phase.PASS));
    refused.addAll(refused(graph, startup.init().stream().toList(), Phase.INIT));
    refused.addAll(refused(graph, startup.restore().stream().toList(), Phase.RESTORE));

    FileNames names = new FileNames(GraphPruner.prune(graph, startup.roots()));
    Set<GraphIndex.Port> prefix = startup.prefix().stream().collect(Collectors.toSet());
    names
        .stray(RESTORE, prefix)
        .map(node -> refusal(node, "", "reads weights from elsewhere than the model's variables/"))
        .ifPresent(refused::add);
    names
        .stray(TEXT_FILE, startup.assets().keySet())
        .map(node -> refusal(node, "", "reads a file that is no asset of the model"))
        .ifPresent(refused::add);
    return List.copyOf(refused);
  }

  private static List<String> refused(GraphDef graph, Collection<String> roots, Phase phase) {
    GraphDef runs = GraphPruner.prune(graph, roots);
    FunctionLibrary library = FunctionLibrary.of(runs);
    List<String> refused = new ArrayList<>(refused(runs.getNodeList(), "", library, phase));
    for (FunctionDef function : runs.getLibrary().getFunctionList()) {
      String name = function.getSignature().getName();
      refused.addAll(refused(function.getNodeDefList(), name, library, phase));
    }
    return refused;
  }

  private static List<String> refused(
      List<NodeDef> nodes, String function, FunctionLibrary library, Phase phase) {
    List<String> refused = new ArrayList<>();
    for (NodeDef node : nodes) {
      String op = node.getOp();
      boolean mayLoad =
          switch (phase) {
            case PASS -> false;
            case INIT -> LOADING.contains(op) && !RESTORE.containsKey(op);
            case RESTORE -> LOADING.contains(op) && !TEXT_FILE.containsKey(op);
          };
      if (!COMPUTING.contains(op) && !mayLoad && library.get(op).isEmpty()) {
        refused.add(refusal(node, function, OpReasons.of(op)));
      }
    }
    return refused;
  }

  private static String refusal(NodeDef node, String function, String reason) {
    return "op "
        + node.getOp()
        + " of node \""
        + node.getName()
        + "\""
        + (function.isEmpty() ? "" : " in function \"" + function + "\"")
        + " "
        + reason;
  }
}
