package io.credence.app;

import io.credence.DropoutSite;
import io.credence.ModelReport;
import io.credence.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes the dropout sites of a model for people, or where there may have been some. */
final class SiteText {

  private static final int SHOWN = 40;
  private static final String INDENT = "  ";

  private SiteText() {}

  static List<String> lines(ModelReport report) {
    List<String> lines = new ArrayList<>();
    if (report.sites().isEmpty()) {
      lines.add("dropout sites: " + noSite(report));
      candidates(report.candidates(), lines);
      return lines;
    }
    lines.add("dropout sites: " + report.sites().size());
    boolean gated = report.sites().stream().anyMatch(site -> site.gate().isPresent());
    TextTable table = new TextTable(INDENT);
    table.row("rate", "kind", "mask", "found by", gated ? "gate" : "", "node");
    for (DropoutSite site : report.sites().subList(0, Math.min(SHOWN, report.sites().size()))) {
      table.row(
          rate(site),
          words(site.kind()),
          TensorSpec.describe(site.maskShape()),
          origin(site.origin()),
          site.gate().orElse(""),
          site.name());
    }
    lines.addAll(table.lines());
    more(report.sites().size(), "sites", lines);
    boolean unknown = report.sites().stream().anyMatch(site -> site.maskShape().isUnknown());
    lines.add(
        INDENT
            + "mask: what one pass draws; 1 where it is shared (the batch), ? where a size is open"
            + (unknown ? ", [...] not known" : ""));
    return lines;
  }

  /** A problem may also keep the sites from being found. */
  private static String noSite(ModelReport report) {
    String problem = report.problem().orElse("");
    if (problem.contains("allowUnsafeOps")) {
      return "not looked for, as ops are refused";
    }
    boolean none = !report.candidates().isEmpty() || problem.contains("no dropout to turn on");
    return none ? "none found" : "not known; the problem says why";
  }

  private static void candidates(List<String> candidates, List<String> lines) {
    if (candidates.isEmpty()) {
      return;
    }
    lines.add(
        INDENT + "If it was trained with dropout, name where and at which rate, for each place.");
    lines.add(INDENT + "Dropout often stands before a layer with weights, so at one of these:");
    candidates.stream()
        .limit(SHOWN)
        .forEach(tensor -> lines.add(INDENT + INDENT + "--dropout " + tensor + "=RATE"));
    more(candidates.size(), "tensors", lines);
  }

  /** Says how many are not shown. */
  static void more(int all, String what, List<String> lines) {
    if (all > SHOWN) {
      lines.add(INDENT + "… and " + (all - SHOWN) + " " + what + " more (all of them: --json)");
    }
  }

  private static String rate(DropoutSite site) {
    return site.rate().isEmpty()
        ? "?"
        : String.format(Locale.ROOT, "%.4f", site.rate().getAsDouble()).replaceFirst("0{1,3}$", "");
  }

  private static String words(DropoutSite.Kind kind) {
    return switch (kind) {
      case DROPOUT -> "dropout";
      case SPATIAL_DROPOUT -> "spatial dropout";
      case RNN_DROPOUT -> "RNN dropout";
      case RECURRENT_DROPOUT -> "recurrent dropout";
      case GAUSSIAN_DROPOUT -> "Gaussian dropout";
      case GAUSSIAN_NOISE -> "Gaussian noise";
      case ALPHA_DROPOUT -> "alpha dropout";
      case RANDOM_OP -> "random op";
    };
  }

  private static String origin(DropoutSite.Origin origin) {
    return switch (origin) {
      case RANDOM_OP -> "op in the graph";
      case TRAINING_FUNCTION -> "training function";
      case CALLER -> "--dropout";
    };
  }
}
