package io.credence.tensorflow;

import io.credence.tensorflow.Layout.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Einsum: the letter of the batch must be the same in all operands that hold rows, stand in no
 * other, and be kept.
 */
final class EinsumRule {

  private static final String ELLIPSIS = "...";

  private EinsumRule() {}

  static Layout apply(FlowNode node) {
    String[] sides = node.text("equation").replace(" ", "").split("->", -1);
    String[] terms = sides[0].split(",", -1);
    if (sides.length != 2 || terms.length != node.count()) {
      return node.mixed("has an equation that cannot be read");
    }
    List<List<String>> labels = new ArrayList<>();
    int wide = 0;
    for (int i = 0; i < terms.length; i++) {
      Optional<List<String>> each = labels(terms[i], node.rank(i));
      if (each.isEmpty()) {
        return node.mixed("has operands of unknown rank");
      }
      labels.add(each.get());
      wide = Math.max(wide, each.get().size() - letters(terms[i]));
    }
    Optional<List<String>> output = labels(sides[1], letters(sides[1]) + wide);
    return output.isEmpty()
        ? node.mixed("has an equation that cannot be read")
        : kept(node, labels, output.get());
  }

  private static Layout kept(FlowNode node, List<List<String>> labels, List<String> output) {
    String batch = "";
    Optional<Rows> rows = Optional.empty();
    for (int i = 0; i < labels.size(); i++) {
      Optional<Rows> each = node.rows(i);
      if (each.isEmpty()) {
        continue;
      }
      if (each.get().axis() >= labels.get(i).size()) {
        return node.mixed("has operands of unknown rank");
      }
      String label = labels.get(i).get(each.get().axis());
      if (rows.isPresent()
          && (!label.equals(batch) || Broadcast.each(rows.get(), each.get()).isEmpty())) {
        return node.mixed("meets the rows of one operand with another dimension of the other");
      }
      batch = label;
      rows = each;
    }
    for (int i = 0; i < labels.size(); i++) {
      int place = labels.get(i).indexOf(batch);
      boolean repeats = place >= 0 && node.isSame(i) && batch.startsWith(ELLIPSIS);
      boolean absent = place < 0 || (repeats && node.shape(i).get(place) == 1);
      boolean once = place >= 0 && place == labels.get(i).lastIndexOf(batch);
      if (node.rows(i).isPresent() ? !once : !node.isSame(i) || !absent) {
        return node.mixed("meets the batch with operand " + i + ", which does not grow with it");
      }
    }
    int place = output.indexOf(batch);
    return rows.isPresent() && place >= 0 && place == output.lastIndexOf(batch)
        ? rows.get().at(place)
        : node.mixed("sums over the batch");
  }

  private static int letters(String term) {
    return term.replace(ELLIPSIS, "").length();
  }

  /**
   * A label for each dimension: its letter, or, within an ellipsis, its place counted from the
   * right, where ellipses align.
   */
  private static Optional<List<String>> labels(String term, int rank) {
    int dots = term.indexOf(ELLIPSIS);
    int hidden = dots < 0 ? 0 : rank - letters(term);
    if (hidden < 0 || (rank >= 0 && rank != letters(term) + hidden)) {
      return Optional.empty();
    }
    List<String> labels = new ArrayList<>();
    String before = dots < 0 ? term : term.substring(0, dots);
    String after = dots < 0 ? "" : term.substring(dots + ELLIPSIS.length());
    before.chars().forEach(letter -> labels.add(Character.toString(letter)));
    for (int i = hidden; i > 0; i--) {
      labels.add(ELLIPSIS + i);
    }
    after.chars().forEach(letter -> labels.add(Character.toString(letter)));
    return Optional.of(labels);
  }
}
