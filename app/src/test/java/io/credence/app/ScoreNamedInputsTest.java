package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSON Lines for a model of two inputs, whole numbers of any length and text. */
class ScoreNamedInputsTest {

  private static final List<String> LINES =
      List.of(
          "{\"id\":\"a\",\"ids\":[1,2,3],\"text\":\"red\"}",
          "{\"id\":\"b\",\"ids\":[1,2,4],\"text\":\"red\"}",
          "{\"id\":\"c\",\"ids\":[9],\"text\":\"grün\"}",
          "{\"id\":\"d\",\"ids\":[0,1,2,3,4,5,6,7,8,9],\"text\":\"\"}",
          "{\"id\":\"e\",\"ids\":[3,2,1],\"text\":\"日本\"}");

  private static Path model;
  @TempDir Path folder;

  @BeforeAll
  static void write(@TempDir Path shared) {
    model = TinyModels.named(shared);
  }

  private List<JsonNode> score(List<String> lines) throws IOException {
    Path file = Files.write(folder.resolve("rows.jsonl"), lines);
    return CommandRun.score(folder.resolve("s.jsonl"), "--model", model, "--input", file);
  }

  private JsonNode scoreOne(String line) throws IOException {
    return score(List.of(line)).get(0);
  }

  @Test
  void rowsOfSeveralLengths_keepTheirOrder() throws IOException {
    assertEquals(List.of("a", "b", "c", "d", "e"), CommandRun.ids(score(LINES)));
  }

  @Test
  void rowsOfSeveralLengths_scoreAsEachAlone() throws IOException {
    List<JsonNode> together = score(LINES);
    List<JsonNode> alone = new ArrayList<>();
    for (String line : LINES) {
      alone.add(scoreOne(line));
    }
    for (int i = 0; i < LINES.size(); i++) {
      for (int k = 0; k < 3; k++) {
        assertEquals(
            alone.get(i).get("meanProbabilities").get(k).doubleValue(),
            together.get(i).get("meanProbabilities").get(k).doubleValue(),
            1e-6,
            LINES.get(i));
      }
    }
  }

  @Test
  void wholeNumbers_matter() throws IOException {
    assertNotEquals(
        scoreOne("{\"ids\":[1,2,3],\"text\":\"red\"}").get("meanProbabilities"),
        scoreOne("{\"ids\":[1,2,4],\"text\":\"red\"}").get("meanProbabilities"));
  }

  @Test
  void text_matters() throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String text : List.of("red", "grün", "日本", "blue", "x")) {
      rows.add(scoreOne("{\"ids\":[1],\"text\":\"" + text + "\"}").get("meanProbabilities"));
    }
    assertNotEquals(1, rows.stream().distinct().count(), rows::toString);
  }

  @Test
  void id_thatIsNoText_isWrittenAsText() throws IOException {
    assertEquals("17", scoreOne("{\"id\":17,\"ids\":[1],\"text\":\"a\"}").get("id").textValue());
  }
}
