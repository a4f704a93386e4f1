package io.credence.app;

import io.credence.ModelReport;
import io.credence.SamplingCost;
import io.credence.TensorSpec;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes what there is in a model for people. */
final class ReportText {

  /** How many passes the cost is told of. */
  static final List<Integer> PASSES = List.of(10, 50, 200);

  private static final int WIDTH = 100;
  private static final int REFUSED_SHOWN = 40;
  private static final String INDENT = "  ";

  private final ModelReport report;
  private final List<String> lines = new ArrayList<>();

  ReportText(ModelReport report) {
    this.report = report;
  }

  List<String> lines() {
    lines.clear();
    lines.add("model: " + report.model());
    tags();
    signatures();
    outputKind();
    lines.add("");
    lines.addAll(SiteText.lines(report));
    report.cost().ifPresent(this::cost);
    refusedOps();
    problem();
    return List.copyOf(lines);
  }

  private void tags() {
    String others =
        report.tags().size() == 1
            ? ""
            : " (it has " + join(report.tags()) + "; choose with --tags)";
    lines.add("tags: " + (report.graph().isEmpty() ? "none" : join(report.graph())) + others);
  }

  private void signatures() {
    lines.add("");
    lines.add(
        report.signatures().isEmpty()
            ? "signatures: none; name tensors with --input-tensor and --output-tensor"
            : "signatures (* is looked into; choose with --signature and --output):");
    TextTable table = new TextTable("");
    for (ModelReport.Signature each : report.signatures()) {
      each.inputs().forEach(tensor -> row(table, " ", "input", tensor));
      for (ModelReport.Tensor output : each.outputs()) {
        boolean sampled = isChosen(each) && report.output().equals(Optional.of(output.name()));
        row(table, sampled ? "*" : " ", "output", output);
      }
    }
    Iterator<String> rows = table.lines().iterator();
    for (ModelReport.Signature each : report.signatures()) {
      lines.add((isChosen(each) ? "* " : "  ") + each.name());
      for (int i = 0; i < each.inputs().size() + each.outputs().size(); i++) {
        lines.add(rows.next());
      }
    }
  }

  private boolean isChosen(ModelReport.Signature signature) {
    return report.signature().equals(Optional.of(signature.name()));
  }

  private static void row(TextTable table, String mark, String role, ModelReport.Tensor tensor) {
    table.row(mark, role, tensor.name(), type(tensor), tensor.tensor());
  }

  private static String type(ModelReport.Tensor tensor) {
    String type = tensor.type().replaceFirst("^DT_", "");
    String plain =
        switch (type) {
          case "FLOAT" -> "FLOAT32";
          case "DOUBLE" -> "FLOAT64";
          default -> type;
        };
    return plain + TensorSpec.describe(tensor.shape());
  }

  private void outputKind() {
    if (report.output().isEmpty()) {
      return;
    }
    lines.add("");
    String output = "output \"" + report.output().get() + "\": ";
    lines.add(output + report.outputKind().map(Enum::name).orElse("nothing says what it means"));
    if (report.outputKind().isEmpty()) {
      lines.add(INDENT + "--output-kind declares it; by its shape it may be");
      lines.add(INDENT + join(report.possibleOutputKinds()));
    }
  }

  private static String join(List<?> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private void cost(SamplingCost cost) {
    lines.add("");
    lines.add("cost of sampling, in floating-point work as far as the shapes tell:");
    lines.addAll(
        new TextTable(INDENT)
            .row("trunk", cost.trunkOps() + " ops", percent(1 - cost.tailShare()), "once a batch")
            .row("tail", cost.tailOps() + " ops", percent(cost.tailShare()), "once a pass")
            .lines());
    for (int passes : PASSES) {
      lines.add(
          String.format(
              Locale.ROOT, "  %3d passes cost %6.1f × one pass", passes, cost.ofPasses(passes)));
    }
    lines.addAll(
        TextTable.wrap(
            cost.passByPass()
                .map(why -> "Passes are run one by one: " + why + ".")
                .orElse("Several passes are run in one call, the batch repeated for each of them."),
            INDENT,
            WIDTH));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%5.1f %%", 100 * share);
  }

  private void refusedOps() {
    if (report.refusedOps().isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(
        "ops that do more than compute (refused without --allow-unsafe-ops): "
            + report.refusedOps().size());
    report.refusedOps().stream()
        .limit(REFUSED_SHOWN)
        .forEach(op -> lines.addAll(TextTable.wrap(op, INDENT, WIDTH)));
    SiteText.more(report.refusedOps().size(), "ops", lines);
  }

  private void problem() {
    lines.add("");
    if (report.problem().isEmpty()) {
      lines.add("It can be sampled as it is: credence score takes the same options.");
      return;
    }
    lines.add("PROBLEM: it cannot be sampled like this.");
    String problem = OptionNames.in(report.problem().get());
    String prefix = report.model() + ": ";
    lines.addAll(
        TextTable.wrap(
            problem.startsWith(prefix) ? problem.substring(prefix.length()) : problem,
            INDENT,
            WIDTH));
  }
}
