package io.credence.tensorflow;

import io.credence.tensorflow.FlowBody.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;

/** Ops that call functions: calls, conditions, loops. */
final class FlowCalls {

  private static final int MAX_DEPTH = 20;

  /** Layouts and shapes of loop variables only ever get vaguer, in few steps. */
  private static final int MAX_ROUNDS = 20;

  /**
   * What a call gives.
   *
   * @param values its outputs
   * @param bodies the functions that it calls
   */
  record Outcome(List<Value> values, List<FlowBody> bodies) {}

  private final FlowLibrary library;
  private final NodeDef node;
  private final int depth;

  private FlowCalls(FlowLibrary library, NodeDef node, int depth) {
    this.library = library;
    this.node = node;
    this.depth = depth;
  }

  /**
   * Analyses the functions that a node calls.
   *
   * @param depth how many calls lead to the node
   */
  static Outcome call(FlowLibrary library, NodeDef node, List<Value> arguments, int depth) {
    FlowCalls calls = new FlowCalls(library, node, depth);
    if (depth >= MAX_DEPTH) {
      return calls.mixed("calls functions more than " + MAX_DEPTH + " deep");
    }
    if (!library.mayAnalyse()) {
      return calls.mixed("is one of too many calls");
    }
    Supplier<Outcome> rule =
        switch (node.getOp()) {
          case "PartitionedCall", "StatefulPartitionedCall" ->
              () -> calls.direct(calls.function("f"), arguments);
          case "While", "StatelessWhile" -> () -> calls.loop(arguments);
          case "If", "StatelessIf" -> () -> calls.branch(arguments);
          default -> () -> calls.other(arguments);
        };
    Outcome outcome = rule.get();
    return outcome.values().size() == library.types(node).size()
        ? outcome
        : calls.mixed("gives another number of tensors than its function");
  }

  private NameAttrList function(String attribute) {
    return OpOutputs.attr(node, attribute).getFunc();
  }

  private FlowBody body(NameAttrList function, List<Value> arguments) {
    return FlowBody.analyse(library, function, arguments, depth + 1);
  }

  private Outcome direct(NameAttrList function, List<Value> arguments) {
    FlowBody body = body(function, arguments);
    return new Outcome(body.results(), List.of(body));
  }

  private Outcome other(List<Value> arguments) {
    if (!library.called(node).contains(node.getOp())) {
      return mixed("calls functions in a way that is not known");
    }
    NameAttrList function =
        NameAttrList.newBuilder().setName(node.getOp()).putAllAttr(node.getAttrMap()).build();
    return direct(function, arguments);
  }

  private Outcome branch(List<Value> arguments) {
    if (arguments.isEmpty()) {
      return mixed("takes a branch without a condition");
    }
    Layout condition = arguments.get(0).layout();
    if (!condition.isSame()) {
      return mixed("takes a branch that depends on the batch" + condition.because());
    }
    List<Value> passed = arguments.subList(1, arguments.size());
    FlowBody then = body(function("then_branch"), passed);
    FlowBody otherwise = body(function("else_branch"), passed);
    Optional<List<Value>> joined =
        join(then.results(), otherwise.results(), "has branches whose rows lie otherwise");
    return joined.isEmpty()
        ? mixed("has branches that return other numbers of tensors")
        : new Outcome(joined.get(), List.of(then, otherwise));
  }

  private Outcome loop(List<Value> arguments) {
    List<Value> variables = arguments;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      FlowBody body = body(function("body"), variables);
      Optional<List<Value>> joined =
          join(variables, body.results(), "has a loop variable whose rows change how they lie");
      if (joined.isEmpty()) {
        return mixed("has a body that returns another number of tensors than it takes");
      }
      if (areSame(joined.get(), variables)) {
        return settled(variables, body);
      }
      variables = joined.get();
    }
    return mixed("has loop variables whose layout does not settle");
  }

  private Outcome settled(List<Value> variables, FlowBody body) {
    FlowBody condition = body(function("cond"), variables);
    Layout goesOn =
        condition.results().stream()
            .findFirst()
            .map(Value::layout)
            .orElseGet(() -> FlowNode.mixed(node, "has a condition that returns nothing"));
    return goesOn.isSame()
        ? new Outcome(variables, List.of(body, condition))
        : mixed("loops as often as the batch says" + goesOn.because());
  }

  private static boolean areSame(List<Value> some, List<Value> others) {
    return IntStream.range(0, some.size())
        .allMatch(
            i ->
                some.get(i).layout().equals(others.get(i).layout())
                    && StaticShapes.areSame(some.get(i).shape(), others.get(i).shape())
                    && some.get(i).handle().equals(others.get(i).handle()));
  }

  private Optional<List<Value>> join(List<Value> some, List<Value> others, String why) {
    if (some.size() != others.size()) {
      return Optional.empty();
    }
    List<Value> joined = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      Value a = some.get(i);
      Value b = others.get(i);
      joined.add(
          new Value(
              Layout.join(a.layout(), b.layout(), FlowNode.mixed(node, why).why()),
              StaticShapes.join(a.shape(), b.shape()),
              a.type(),
              a.handle().filter(handle -> isOf(handle, b.handle()))));
    }
    return Optional.of(joined);
  }

  /** Whether two handles stand for variables of one shape; their names differ by scope. */
  private static boolean isOf(NodeDef handle, Optional<NodeDef> other) {
    return other.filter(o -> o.getAttrMap().equals(handle.getAttrMap())).isPresent();
  }

  private Outcome mixed(String why) {
    List<Value> values =
        library.types(node).stream()
            .map(
                type ->
                    new Value(FlowNode.mixed(node, why), Shape.unknown(), type, Optional.empty()))
            .toList();
    return new Outcome(values, List.of());
  }
}
