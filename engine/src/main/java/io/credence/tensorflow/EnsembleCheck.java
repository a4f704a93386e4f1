package io.credence.tensorflow;

import io.credence.ModelDescription;
import io.credence.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.ndarray.Shape;

/** Holds the members of an ensemble against each other, and names the odd one. */
final class EnsembleCheck {

  private final List<ModelDescription> members;
  private final List<Map<String, String>> names;

  /**
   * Members to be held against each other.
   *
   * @param names what each member calls its inputs, by what the ensemble calls them
   */
  EnsembleCheck(List<ModelDescription> members, List<Map<String, String>> names) {
    this.members = members;
    this.names = names;
  }

  /**
   * Checks that all members can be fed the same and answer the same question.
   *
   * @return what could not be checked
   * @throws ModelLoadException if they differ
   */
  List<String> check() {
    List<String> inputs = new ArrayList<>();
    List<String> kinds = new ArrayList<>();
    for (int m = 0; m < members.size(); m++) {
      inputs.add(inputs(members.get(m), names.get(m)));
      kinds.add(members.get(m).outputKind().name());
    }
    same("inputs", inputs, "map input names with renameInput(..), or export the model anew");
    same("output kind", kinds, "declare the kind of each, or choose another output");
    same("shape of the output", shapes(), "choose the output that all have");
    return labels();
  }

  /** The inputs of the ensemble: what all members read. */
  List<TensorSpec> inputs() {
    List<TensorSpec> inputs = new ArrayList<>();
    new TreeMap<>(names.get(0))
        .forEach(
            (name, own) ->
                members.get(0).inputs().stream()
                    .filter(spec -> spec.name().equals(own))
                    .map(spec -> new TensorSpec(name, spec.type(), common(name, spec.shape())))
                    .forEach(inputs::add));
    return inputs;
  }

  /** The inputs of a member under the ensemble's names, sizes left open as others have them. */
  private String inputs(ModelDescription member, Map<String, String> names) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(names)
        .forEach(
            (name, own) ->
                member.inputs().stream()
                    .filter(spec -> spec.name().equals(own))
                    .forEach(
                        spec ->
                            text.append(text.isEmpty() ? "" : ", ")
                                .append('"')
                                .append(name)
                                .append("\" ")
                                .append(spec.type())
                                .append(' ')
                                .append(TensorSpec.describe(common(name, spec.shape())))));
    return text.toString();
  }

  /** A shape with the dimensions that it leaves open as other members have them. */
  private Shape common(String name, Shape shape) {
    Shape filled = shape;
    for (int m = 0; m < members.size(); m++) {
      String own = names.get(m).getOrDefault(name, "");
      for (TensorSpec spec : members.get(m).inputs()) {
        filled = spec.name().equals(own) ? filled(filled, spec.shape()) : filled;
      }
    }
    return filled;
  }

  private static Shape filled(Shape shape, Shape other) {
    if (shape.isUnknown() || other.isUnknown()) {
      return shape.isUnknown() ? other : shape;
    }
    long[] dims = shape.asArray();
    for (int i = 0; i < dims.length && shape.numDimensions() == other.numDimensions(); i++) {
      dims[i] = dims[i] < 0 ? other.get(i) : dims[i];
    }
    return Shape.of(dims);
  }

  /** What an input is answered with; what is not known is told by the first batch. */
  private List<String> shapes() {
    List<String> shapes = new ArrayList<>();
    for (ModelDescription member : members) {
      Shape shape = member.output().shape();
      for (ModelDescription other : members) {
        shape = filled(shape, other.output().shape());
      }
      shapes.add(shape.isUnknown() ? "" : TensorSpec.describe(shape));
    }
    return filled(shapes);
  }

  /** The values, those that are not known like one that is. */
  private static List<String> filled(List<String> values) {
    String known = values.stream().filter(value -> !value.isEmpty()).findFirst().orElse("");
    return values.stream().map(value -> value.isEmpty() ? known : value).toList();
  }

  private List<String> labels() {
    List<String> without =
        members.stream()
            .filter(member -> member.labels().isEmpty())
            .map(ModelDescription::model)
            .toList();
    List<String> labels =
        members.stream()
            .map(member -> member.labels().isEmpty() ? "" : member.labels().toString())
            .toList();
    same("labels", filled(labels), "put classes into one order, or mend them in credence.json");
    return without.isEmpty()
        ? List.of()
        : List.of(
            "that classes, or targets, stand in the same order is not checked: no labels are known"
                + " of "
                + without
                + "; name them in credence.json");
  }

  private void same(String what, List<String> values, String next) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    values.forEach(value -> counts.merge(value, 1, Integer::sum));
    if (counts.size() == 1) {
      return;
    }
    String usual = values.get(0);
    for (Map.Entry<String, Integer> each : counts.entrySet()) {
      usual = each.getValue() > counts.get(usual) ? each.getKey() : usual;
    }
    for (int m = 0; m < values.size(); m++) {
      if (!values.get(m).equals(usual)) {
        throw new ModelLoadException(
            "members differ in their "
                + what
                + ": \""
                + members.get(m).model()
                + "\" has "
                + values.get(m)
                + ", \""
                + members.get(values.indexOf(usual)).model()
                + "\""
                + (counts.get(usual) > 1
                    ? " and " + (counts.get(usual) - 1) + " more have "
                    : " has ")
                + usual
                + "; "
                + next);
      }
    }
  }
}
