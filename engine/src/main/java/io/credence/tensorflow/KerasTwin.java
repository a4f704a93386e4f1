package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedConcreteFunction;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;
import org.tensorflow.proto.Struct.StructuredValue;

/**
 * Reads from the training function that Keras 2 saves beside the serving graph where dropout stood.
 * The object graph names concrete functions of the whole model, some with {@code training=True} in
 * their signature. Some of these hold the model inlined, some call a function for each layer; the
 * path of a draw is that of the calls, followed by its own name.
 */
final class KerasTwin {

  private static final Pattern DRAW =
      Pattern.compile("((?:.*/)?)dropout(?:_(\\d+))?/random_uniform/RandomUniform");
  private static final List<String> CHILDREN =
      List.of("call_and_return_all_conditional_losses", "call_and_return_conditional_losses");
  private static final int MAX_DEPTH = 50;
  private static final int MAX_CALLS = 10_000;

  private final Map<String, FunctionDef> functions = new HashMap<>();
  private final List<Draw> draws = new ArrayList<>();
  private int calls;

  /**
   * A draw in the training function.
   *
   * @param layer the path of the layer that drops, without the model's own name
   * @param ordinal which call of the layer this is, from 0
   * @param rate the share of units dropped
   * @param input the path of the node that the layer reads, without the model's own name; empty if
   *     it reads an input of the model
   * @param inlined whether {@code input} is the node itself, not just the layer that holds it
   * @param maskShape each dimension of the mask, −1 where it is that of the input; empty if it has
   *     the input's shape
   */
  record Draw(
      String layer,
      int ordinal,
      double rate,
      String input,
      boolean inlined,
      List<Long> maskShape) {}

  /** A function at one place where it is called. */
  private record Frame(Optional<Frame> caller, FunctionDef function, String path, NodeDef call) {

    Map<String, NodeDef> nodes() {
      return function.getNodeDefList().stream()
          .collect(Collectors.toMap(NodeDef::getName, Function.identity(), (a, b) -> a));
    }

    int depth() {
      return caller.map(frame -> frame.depth() + 1).orElse(0);
    }
  }

  private KerasTwin(MetaGraphDef model) {
    model
        .getGraphDef()
        .getLibrary()
        .getFunctionList()
        .forEach(function -> functions.put(function.getSignature().getName(), function));
  }

  /**
   * The draws of the model's training function; of several, that in which most are inlined.
   *
   * @return the draws, or none if there is no training function
   * @throws ModelLoadException if a draw is not understood
   */
  static List<Draw> draws(MetaGraphDef model) {
    return trainingFunctions(model.getObjectGraphDef()).stream()
        .map(name -> new KerasTwin(model).drawsOf(name))
        .max(
            Comparator.<List<Draw>>comparingInt(List::size)
                .thenComparingLong(draws -> draws.stream().filter(Draw::inlined).count()))
        .orElse(List.of());
  }

  private static List<String> trainingFunctions(SavedObjectGraph objects) {
    List<String> names = new ArrayList<>();
    if (objects.getNodesCount() == 0) {
      return names;
    }
    objects
        .getNodes(0)
        .getChildrenList()
        .forEach(
            child -> {
              boolean there = child.getNodeId() >= 0 && child.getNodeId() < objects.getNodesCount();
              if (there && CHILDREN.contains(child.getLocalName())) {
                names.addAll(
                    objects.getNodes(child.getNodeId()).getFunction().getConcreteFunctionsList());
              }
            });
    names.removeIf(name -> !isTraining(objects.getConcreteFunctionsMap().get(name)));
    return names;
  }

  /** The signature is (args, kwargs); {@code training} is an argument, by position or by name. */
  private static boolean isTraining(@Nullable SavedConcreteFunction function) {
    if (function == null) {
      return false;
    }
    List<StructuredValue> signature =
        function.getCanonicalizedInputSignature().getTupleValue().getValuesList();
    if (signature.size() != 2) {
      return false;
    }
    StructuredValue byName =
        signature
            .get(1)
            .getDictValue()
            .getFieldsOrDefault("training", StructuredValue.getDefaultInstance());
    return byName.getBoolValue()
        || signature.get(0).getTupleValue().getValuesList().stream()
            .anyMatch(StructuredValue::getBoolValue);
  }

  private List<Draw> drawsOf(String name) {
    FunctionDef function = functions.get(name);
    if (function != null) {
      collect(new Frame(Optional.empty(), function, "", NodeDef.getDefaultInstance()));
    }
    return draws;
  }

  private void collect(Frame frame) {
    if (frame.depth() > MAX_DEPTH || ++calls > MAX_CALLS) {
      throw new ModelLoadException(
          "the training functions call each other without end, at " + frame.path());
    }
    for (NodeDef node : frame.function().getNodeDefList()) {
      Matcher draw = DRAW.matcher(node.getName());
      if (node.getOp().equals("RandomUniform") && draw.matches()) {
        draws.add(draw(frame, node, draw));
      }
      FunctionDef called =
          functions.get(
              node.getAttrOrDefault("f", org.tensorflow.proto.AttrValue.getDefaultInstance())
                  .getFunc()
                  .getName());
      if (called != null && node.getOp().endsWith("PartitionedCall")) {
        String scope = frame.path() + parent(node.getName());
        collect(new Frame(Optional.of(frame), called, scope, node));
      }
    }
  }

  private static Draw draw(Frame frame, NodeDef node, Matcher name) {
    Map<String, NodeDef> nodes = frame.nodes();
    String scope = node.getName().substring(0, node.getName().indexOf("/random_uniform/"));
    String layer = strip(frame.path() + name.group(1));
    String ordinal = name.group(2);
    NodeDef threshold = nodes.get(scope + "/GreaterEqual/y");
    OptionalDouble rate = threshold == null ? OptionalDouble.empty() : Constants.number(threshold);
    NodeDef scaled = nodes.get(scope + "/Mul");
    if (rate.isEmpty() || scaled == null) {
      throw new ModelLoadException(
          "dropout layer \""
              + layer
              + "\" is not written as Keras writes it: it lacks "
              + (rate.isEmpty() ? "its rate, " + scope + "/GreaterEqual/y" : scope + "/Mul"));
    }
    String read = scaled.getInput(0);
    return new Draw(
        layer,
        ordinal == null ? 0 : Integer.parseInt(ordinal),
        rate.getAsDouble(),
        input(frame, read),
        nodes.containsKey(GraphIndex.producer(read).split(":", -1)[0]),
        maskShape(nodes, node, layer));
  }

  /** The path of the node that gives an input, up through the calls that hand it down. */
  private static String input(Frame start, String read) {
    Frame frame = start;
    String input = read;
    while (true) {
      String name = input.split(":", -1)[0];
      List<String> arguments =
          frame.function().getSignature().getInputArgList().stream()
              .map(OpDef.ArgDef::getName)
              .toList();
      int argument = arguments.indexOf(name);
      if (argument < 0) {
        return frame.path() + name;
      }
      if (frame.caller().isEmpty()) {
        return "";
      }
      input = frame.call().getInput(argument);
      frame = frame.caller().get();
    }
  }

  /**
   * SpatialDropout and noise_shape pack the mask's shape of ones and of dimensions of the input.
   */
  private static List<Long> maskShape(Map<String, NodeDef> nodes, NodeDef draw, String layer) {
    NodeDef shape = nodes.get(Port.parse(draw.getInput(0).split(":", -1)[0]).node());
    if (shape != null && shape.getOp().equals("Shape")) {
      return List.of();
    }
    if (shape == null || !shape.getOp().equals("Pack")) {
      throw new ModelLoadException(
          "the noise shape of dropout layer \""
              + layer
              + "\" is not understood: it comes from "
              + (shape == null ? "outside the layer" : "op " + shape.getOp()));
    }
    List<Long> dims = new ArrayList<>();
    for (String input : shape.getInputList()) {
      NodeDef each = nodes.get(input.split(":", -1)[0]);
      OptionalDouble constant = each == null ? OptionalDouble.empty() : Constants.number(each);
      dims.add(constant.isPresent() ? (long) constant.getAsDouble() : -1);
    }
    return dims;
  }

  /** The scope of a node, with a slash at its end, or nothing. */
  private static String parent(String name) {
    return name.substring(0, name.lastIndexOf('/') + 1);
  }

  private static String strip(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
