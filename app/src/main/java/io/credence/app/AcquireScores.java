package io.credence.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.credence.acquisition.Strategy;
import io.credence.acquisition.TopK;
import io.credence.app.input.BadInputException;
import io.credence.app.table.TableEngine;
import io.credence.statistics.Measure;
import io.credence.statistics.RegressionMeasure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Files that {@code credence score} wrote, all of one pool. */
final class AcquireScores implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final TableEngine engine;
  private final Strategy strategy;
  private final List<AcquireTable> tables = new ArrayList<>();
  private final long rows;

  private AcquireScores(TableEngine engine, List<Path> files, Strategy strategy)
      throws IOException {
    this.engine = engine;
    this.strategy = strategy;
    long count = 0;
    for (Path file : files) {
      AcquireTable table = AcquireTable.open(engine, "--scores", file);
      if (strategy.measure().isPresent()) {
        String key = strategy.measure().get().key();
        table.check(
            key,
            "which "
                + strategy.key()
                + " goes by; choose another --strategy, or score again with --measures "
                + key);
      }
      tables.add(table);
      count += table.count();
    }
    this.rows = count;
  }

  /**
   * Opens files of scores.
   *
   * @throws BadInputException if one is missing, empty or damaged, lacks ids or the measure of the
   *     strategy, or an id is there twice
   */
  static AcquireScores open(List<Path> files, Strategy strategy) throws IOException {
    TableEngine engine = TableEngine.start();
    try {
      AcquireScores scores = new AcquireScores(engine, files, strategy);
      scores.refuseTwins();
      return scores;
    } catch (IOException | RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private void refuseTwins() throws IOException {
    List<String> ids = new ArrayList<>();
    for (AcquireTable table : tables) {
      ids.add(table.ids());
    }
    List<List<String>> twins =
        engine.rows(
            "SELECT id, count(*) FROM ("
                + String.join(" UNION ALL ", ids)
                + ") WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1 ORDER BY id LIMIT 1");
    for (List<String> twin : twins) {
      throw new BadInputException(
          "--scores holds id \""
              + twin.get(0)
              + "\" "
              + twin.get(1)
              + " times; each input counts once: name each shard once, or score with --id COLUMN of"
              + " names that differ");
    }
  }

  /** How many inputs were scored. */
  long rows() {
    return rows;
  }

  /**
   * Offers every input.
   *
   * @param excluded ids that are passed over
   * @return how many were passed over
   * @throws BadInputException if a score is missing or no number
   */
  long offerTo(TopK<?> kept, Set<String> excluded) throws IOException {
    Optional<String> column = strategy.measure().map(Measure::key);
    long[] done = new long[2];
    try (Progress progress = Progress.of("reading scores", OptionalLong.of(rows), " inputs")) {
      for (AcquireTable table : tables) {
        table.read(
            column,
            (id, value) -> {
              if (excluded.contains(id)) {
                done[1]++;
              } else {
                kept.offer(id, score(table, id, value));
              }
              progress.stepTo(++done[0]);
            });
      }
    }
    return done[1];
  }

  private double score(AcquireTable table, String id, JsonNode value) {
    if (strategy.measure().isEmpty()) {
      return 0;
    }
    Measure measure = strategy.measure().get();
    try {
      double[] sum = new double[2];
      // Lists are text in CSV, and in JSON Lines here.
      add(value.isTextual() ? JSON.readTree(value.textValue()) : value, measure, sum);
      return strategy.scoreOf(sum[0] / sum[1]);
    } catch (JsonProcessingException | NumberFormatException e) {
      throw new BadInputException(
          table.table().path()
              + ", id \""
              + id
              + "\": "
              + measure.key()
              + " is "
              + value
              + "; it must be a number, or a list of numbers; score that input again");
    }
  }

  /** Targets of a regressor add up; of a map the mean over its places counts. */
  private static void add(JsonNode value, Measure measure, double[] sumAndPlaces) {
    boolean targets = measure instanceof RegressionMeasure;
    if (value.isNumber()) {
      sumAndPlaces[0] += value.doubleValue();
      sumAndPlaces[1]++;
      return;
    }
    if (!value.isArray() || value.isEmpty()) {
      throw new NumberFormatException();
    }
    if (targets && value.get(0).isNumber()) {
      double[] all = new double[2];
      value.forEach(each -> add(each, measure, all));
      sumAndPlaces[0] += all[0];
      sumAndPlaces[1]++;
      return;
    }
    value.forEach(each -> add(each, measure, sumAndPlaces));
  }

  @Override
  public void close() throws IOException {
    engine.close();
  }
}
