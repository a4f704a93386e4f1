package io.credence.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The table of a method: a row for each set, what came out beside what was published. */
final class TrainUciTable {

  /**
   * A row.
   *
   * @param set the set
   * @param splits how many splits
   * @param rmse the root of the mean squared error, in the unit of the target
   * @param logLikelihood the log-likelihood of a test row, in nats
   * @param published what was published
   */
  record Row(
      String set,
      int splits,
      TrainUciPublished.Value rmse,
      TrainUciPublished.Value logLikelihood,
      Optional<TrainUciPublished> published) {}

  private final TrainUciMethod method;
  private final List<Row> rows = new ArrayList<>();

  TrainUciTable(TrainUciMethod method, List<TrainUciResults> all) throws IOException {
    this.method = method;
    for (TrainUciResults results : all) {
      rows.add(
          new Row(
              results.set().name(),
              results.scores().size(),
              mean(results, TrainUciScore::rmse),
              mean(results, TrainUciScore::logLikelihood),
              method.published(results.set())));
    }
  }

  private static TrainUciPublished.Value mean(
      TrainUciResults results, ToDoubleFunction<TrainUciScore> score) {
    return TrainUciPublished.Value.of(results.scores().stream().mapToDouble(score).toArray());
  }

  List<Row> rows() {
    return List.copyOf(rows);
  }

  /** The lines; "within" says whether a mean is within two standard errors of the published. */
  List<String> lines() {
    TextTable table =
        new TextTable("")
            .row(
                method.name(),
                "splits",
                "RMSE",
                "published",
                "within",
                "log-likelihood",
                "published",
                "within");
    for (Row row : rows) {
      table.row(
          row.set(),
          Integer.toString(row.splits()),
          text(row.rmse()),
          row.published().map(p -> text(p.rmse())).orElse(""),
          row.published().map(p -> within(p.rmse(), row.rmse())).orElse(""),
          text(row.logLikelihood()),
          row.published().map(p -> text(p.logLikelihood())).orElse(""),
          row.published().map(p -> within(p.logLikelihood(), row.logLikelihood())).orElse(""));
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.add("± standard error over splits; published: " + method.source());
    return lines;
  }

  private static String within(TrainUciPublished.Value published, TrainUciPublished.Value ours) {
    return published.agrees(ours.mean()) ? "yes" : "no";
  }

  private static String text(TrainUciPublished.Value value) {
    String digits = Math.abs(value.mean()) < .1 ? "%.5f ± %.5f" : "%.3f ± %.3f";
    return String.format(Locale.ROOT, digits, value.mean(), value.error());
  }
}
