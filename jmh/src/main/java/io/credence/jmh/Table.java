package io.credence.jmh;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The ratios of all rounds beside their targets, and below them what they were made of. */
final class Table {

  private static final String RATIOS = "%-11s%-45s%9s  %-16s%8s%9s  %s%n";

  private static final List<String> WAYS =
      List.of("predict", "ordinaryPass", "sessionCalls", "floor");

  private final List<Row> rows;
  private final List<Scores> rounds;

  /**
   * Makes a table.
   *
   * @param rounds at least one
   */
  Table(List<Row> rows, List<Scores> rounds) {
    this.rows = rows;
    this.rounds = rounds;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            RATIOS,
            "case",
            "ratio",
            "median",
            "least to most",
            "at best",
            "target",
            ""));
    for (Row row : rows) {
      text.append(line(row));
    }
    text.append(String.format(Locale.ROOT, "%nMedians of %d rounds:%n", rounds.size()));
    for (Measure measure : measures()) {
      double[] values = values(measure);
      if (values.length > 0) {
        text.append(measured(Row.median(values), measure, measure.unit()));
      }
      ways(measure).forEach((way, ms) -> text.append(measured(ms, measure, "ms " + way)));
    }
    return text.toString();
  }

  private static String measured(double value, Measure measure, String unit) {
    return String.format(Locale.ROOT, "%15s %-15s %s%n", Row.number(value), unit, measure);
  }

  /** The median time of each way that is taken in turn. */
  private Map<String, Double> ways(Measure turns) {
    Map<String, Double> medians = new TreeMap<>();
    for (String way : turns.isTurns() ? WAYS : List.<String>of()) {
      double[] times = values(scores -> scores.way(turns, way));
      if (times.length > 0) {
        medians.put(way, Row.median(times));
      }
    }
    return medians;
  }

  private String line(Row row) {
    double[] ratios = row.ratios(rounds);
    String target = row.target().map(Row.Target::toString).orElse("");
    if (ratios.length == 0) {
      String whyNot = row.whyNot(rounds.get(0));
      return String.format(
          Locale.ROOT, RATIOS, row.group(), row.name(), "-", "", "", target, whyNot);
    }
    double median = Row.median(ratios);
    String met = row.target().map(limit -> limit.isMet(median) ? "met" : "MISSED").orElse("");
    return String.format(
        Locale.ROOT,
        RATIOS,
        row.group(),
        row.name(),
        Row.number(median),
        Row.number(ratios[0]) + " to " + Row.number(ratios[ratios.length - 1]),
        Row.number(atBest(row)),
        target,
        met);
  }

  /** The ratio of what is the best of all rounds, on either side. */
  private double atBest(Row row) {
    return row.ratios(List.of(Scores.best(rounds)))[0];
  }

  /** Writes it as JSON. */
  void save(Path file) throws IOException {
    ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    ObjectNode root = json.createObjectNode();
    ArrayNode lines = root.putArray("ratios");
    for (Row row : rows) {
      ObjectNode line = lines.addObject().put("case", row.group().toString());
      line.put("ratio", row.name());
      double[] ratios = row.ratios(rounds);
      ArrayNode each = line.putArray("rounds");
      Arrays.stream(ratios).forEach(each::add);
      if (ratios.length > 0) {
        line.put("median", Row.median(ratios));
        line.put("atBest", atBest(row));
      }
      row.target().ifPresent(target -> line.put("target", target.toString()));
    }
    ArrayNode measured = root.putArray("measures");
    for (Measure measure : measures()) {
      ObjectNode line = measured.addObject().put("measure", measure.toString());
      line.put("unit", measure.unit());
      ArrayNode each = line.putArray("rounds");
      Arrays.stream(values(measure)).forEach(each::add);
      ObjectNode ways = line.putObject("ways");
      ways(measure).forEach(ways::put);
    }
    json.writeValue(file.toFile(), root);
  }

  private Set<Measure> measures() {
    Set<Measure> measures = new LinkedHashSet<>();
    rows.forEach(row -> measures.addAll(row.measures()));
    return measures;
  }

  private double[] values(Measure measure) {
    return measure.isTurns() ? new double[0] : values(scores -> scores.of(measure));
  }

  private double[] values(ToDoubleFunction<Scores> of) {
    return rounds.stream().flatMapToDouble(round -> Row.valueIn(round, of)).sorted().toArray();
  }
}
