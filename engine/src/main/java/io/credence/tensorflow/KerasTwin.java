package io.credence.tensorflow;

import io.credence.tensorflow.TwinFrame.Reader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedConcreteFunction;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;
import org.tensorflow.proto.Struct.StructuredValue;

/**
 * Reads from the training function that Keras 2 saves beside the serving graph where noise was put
 * in. The object graph names concrete functions of the whole model, some with {@code training=True}
 * in their signature. Some of these hold the model inlined, some call a function for each layer;
 * the path of a draw is that of the calls, followed by its own name.
 */
final class KerasTwin {

  private static final List<String> CHILDREN =
      List.of("call_and_return_all_conditional_losses", "call_and_return_conditional_losses");
  private static final int MAX_CALLS = 10_000;

  private final Map<String, FunctionDef> functions = new HashMap<>();

  /**
   * A draw in the training function.
   *
   * @param layer the path of the layer that draws, without the model's own name
   * @param ordinal which call of the layer this is, from 0
   * @param noise what it does
   * @param input the path of the node that the layer reads, without the model's own name; empty if
   *     it reads an input of the model
   * @param inlined whether {@code input} is the node itself, not just the layer that holds it
   * @param onOnes whether what it drops is a tensor of ones, to be multiplied with something later
   * @param readers what reads the result
   * @param downstream what depends on the result: see {@link TwinFrame#downstream}
   */
  record Draw(
      String layer,
      int ordinal,
      Noise noise,
      String input,
      boolean inlined,
      boolean onOnes,
      Set<Reader> readers,
      Set<String> downstream) {}

  private KerasTwin(MetaGraphDef model) {
    PlainDraws.in(model.getGraphDef())
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
    List<Draw> draws = new ArrayList<>();
    FunctionDef function = functions.get(name);
    if (function == null) {
      return draws;
    }
    ArrayDeque<TwinFrame> open = new ArrayDeque<>(List.of(TwinFrame.of(functions, function)));
    for (int calls = 0; !open.isEmpty(); calls++) {
      TwinFrame frame = open.remove();
      if (frame.isTooDeep() || calls > MAX_CALLS) {
        throw new ModelLoadException(
            "the training functions call each other without end, at " + frame.path());
      }
      for (NodeDef node : frame.allNodes()) {
        TwinDraw.of(frame, node).ifPresent(draws::add);
      }
      open.addAll(frame.inner());
    }
    return draws;
  }
}
