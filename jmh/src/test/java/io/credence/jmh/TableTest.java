package io.credence.jmh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TableTest {

  private static final Measure SLOW = Measure.of("PeerBenchmark.sessionCalls", "batch", 64);
  private static final Measure FAST = Measure.of("PeerBenchmark.predict", "batch", 64);
  private static final Row ROW = Row.of(Case.LAST, "slow : fast", SLOW, FAST);

  /** A minute in which all is twice as slow, and one in which one side is. */
  private static final List<Scores> ROUNDS =
      List.of(round(400, 10), round(800, 20), round(400, 20));

  private static Scores round(double slow, double fast) {
    Scores scores = new Scores();
    scores.put(SLOW, Scores.Score.of(slow));
    scores.put(FAST, Scores.Score.of(fast));
    return scores;
  }

  private static String line(Row row, List<Scores> rounds) {
    return new Table(List.of(row), rounds).toString().lines().skip(1).findFirst().orElseThrow();
  }

  @Test
  void ratios_areTakenWithinARound() {
    assertArrayEquals(new double[] {20, 40, 40}, ROW.ratios(ROUNDS));
  }

  @Test
  void median_ofTwo_isTheirMean() {
    assertEquals(3, Row.median(2, 4));
    assertEquals(2, Row.median(1, 2, 9));
  }

  @Test
  void line_targetAtTheLimit_isMet() {
    assertTrue(line(ROW.atLeast(40), ROUNDS).endsWith(" met"));
    assertTrue(line(ROW.atMost(40), ROUNDS).endsWith(" met"));
    assertTrue(line(ROW.atLeast(40.1), ROUNDS).endsWith(" MISSED"));
    assertTrue(line(ROW.atMost(39.9), ROUNDS).endsWith(" MISSED"));
  }

  @Test
  void line_tellsMedianSpreadAndBest() {
    assertEquals(
        "last slow : fast 40.0 20.0 to 40.0 40.0 <= 39.0 MISSED",
        line(ROW.atMost(39), ROUNDS).replaceAll(" +", " "));
  }

  @Test
  void best_ofCallsASecond_isTheMost() {
    Measure callers = FAST.threads(4);
    Scores few = new Scores();
    few.put(callers, Scores.Score.of(3));
    Scores many = new Scores();
    many.put(callers, Scores.Score.of(5));
    assertEquals(5, Scores.best(List.of(few, many)).of(callers));
    assertEquals(5, Scores.best(List.of(many, few)).of(callers));
    assertEquals(10, Scores.best(ROUNDS).of(FAST));
  }

  @Test
  void ratios_ofTurns_areOfTheirWays() {
    Measure turns = Measure.of("PeerBenchmark.turns", "batch", 64);
    Row row = Row.ofTurns(Case.LAST, "calls : predict", turns, "sessionCalls", "predict");
    Scores scores = new Scores();
    scores.put(
        turns, new Scores.Score(500, Double.NaN, Map.of("sessionCalls", 300., "predict", 10.)));
    assertArrayEquals(new double[] {30}, row.ratios(List.of(scores)));
    String table = new Table(List.of(row), List.of(scores)).toString();
    assertTrue(table.contains("300 ms sessionCalls"), table);
    assertFalse(table.contains("ordinaryPass"), table);
  }

  @Test
  void line_notMeasured_saysWhy() {
    Scores scores = new Scores();
    scores.put(FAST, Scores.Score.of(1));
    scores.miss(SLOW, "not on the class path: build with -Ppeers");
    assertTrue(
        line(ROW.atLeast(2), List.of(scores))
            .endsWith("not on the class path: build with -Ppeers"));
  }

  @Test
  void ratios_roundsWithoutAMeasure_areLeftOut() {
    Scores without = new Scores();
    without.put(FAST, Scores.Score.of(1));
    assertArrayEquals(
        new double[] {20, 40, 40},
        ROW.ratios(Stream.concat(ROUNDS.stream(), Stream.of(without)).toList()));
  }

  @Test
  void save_writesEachRound(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("ratios.json");
    new Table(List.of(ROW.atLeast(30)), ROUNDS).save(file);
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertEquals(40, json.at("/ratios/0/median").asDouble());
    assertEquals(3, json.at("/ratios/0/rounds").size());
    assertEquals(">= 30.0", json.at("/ratios/0/target").asText());
    assertEquals("ms", json.at("/measures/0/unit").asText());
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void rows_ofEachCase_haveMeasuresThatExist(Case each) {
    assertFalse(each.rows().isEmpty());
    for (Row row : each.rows()) {
      row.measures().stream()
          .filter(measure -> !measure.isFootprint())
          .filter(measure -> !measure.benchmark().matches("(Djl|Onnx).*"))
          .forEach(measure -> assertEquals(Optional.empty(), unknown(measure)));
    }
  }

  /** What of a measure no benchmark has. */
  private static Optional<String> unknown(Measure measure) {
    try {
      Class<?> type = Class.forName(measure.className());
      Set<String> names = new HashSet<>();
      Stream.of(type.getMethods()).forEach(method -> names.add(method.getName()));
      Stream.of(type.getFields()).forEach(field -> names.add(field.getName()));
      return Stream.concat(measure.params().keySet().stream(), Stream.of(measure.method()))
          .filter(name -> !names.contains(name))
          .findFirst();
    } catch (ClassNotFoundException e) {
      return Optional.of(measure.className());
    }
  }
}
