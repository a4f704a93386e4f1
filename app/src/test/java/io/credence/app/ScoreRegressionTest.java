package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose output is the mean of three regression targets. */
class ScoreRegressionTest {

  @TempDir Path folder;
  private Path model;
  private Path rows;
  private Path out;

  @BeforeEach
  void write() throws IOException {
    model = TinyModels.logits(folder.resolve("model"));
    rows =
        Files.writeString(
            folder.resolve("rows.jsonl"),
            "{\"id\":\"a\",\"x\":[1,2,3,4]}\n{\"id\":\"zero\",\"x\":[0,0,0,0]}\n");
    out = folder.resolve("s.jsonl");
  }

  private CommandRun run(Object... options) {
    List<Object> args = new ArrayList<>(List.of("score", "--model", model, "--input", rows));
    args.addAll(List.of("--out", out, "--passes", 9));
    args.addAll(List.of(options));
    return CommandRun.done(args.toArray());
  }

  private void sidecar(String parts) throws IOException {
    Files.writeString(
        model.resolve("credence.json"), "{\"schema\":\"credence.sidecar/1\"," + parts + "}");
  }

  @Test
  void line_holdsMeanVarianceAndPlan() {
    run("--output-kind", "mean");
    List<JsonNode> lines = CommandRun.rows(out);
    assertEquals(List.of("a", "zero"), CommandRun.ids(lines));
    for (JsonNode line : lines) {
      List<String> names = new ArrayList<>();
      line.fieldNames().forEachRemaining(names::add);
      assertEquals(
          List.of("schema", "id", "mean", "epistemicVariance", "samples", "standardError", "plan"),
          names);
      assertEquals(3, line.get("mean").size());
      assertEquals(3, line.get("epistemicVariance").size());
    }
    assertTrue(lines.get(0).at("/epistemicVariance/0").doubleValue() > 0, lines::toString);
    assertEquals(0.0, lines.get(1).at("/mean/2").doubleValue());
    assertEquals(0.0, lines.get(1).at("/epistemicVariance/2").doubleValue());
  }

  @Test
  void summary_json_holdsTheMeanDeviationOfEachTarget() {
    JsonNode summary = CommandRun.json(run("--output-kind", "MEAN", "--json").out());
    List<String> names = new ArrayList<>();
    summary.fieldNames().forEachRemaining(names::add);
    assertEquals(
        List.of(
            "schema",
            "inputs",
            "skipped",
            "meanEpistemicStandardDeviation",
            "largestStandardError",
            "plan"),
        names);
    List<JsonNode> lines = CommandRun.rows(out);
    for (int d = 0; d < 3; d++) {
      double sum = 0;
      for (JsonNode line : lines) {
        sum += Math.sqrt(line.get("epistemicVariance").get(d).doubleValue());
      }
      assertEquals(
          sum / 2, summary.get("meanEpistemicStandardDeviation").get(d).doubleValue(), 1e-12);
    }
  }

  @Test
  void summary_ofPeople_namesEachTarget() throws IOException {
    String numbered = run("--output-kind", "MEAN").out();
    assertTrue(numbered.contains("of the epistemic standard deviation\n  target 0  "), numbered);
    assertTrue(numbered.contains("\n  target 2  "), numbered);
    sidecar("\"outputKind\":\"MEAN\",\"labels\":[\"price\",\"size\",\"age\"]");
    String named = run().out();
    assertTrue(named.contains("of the epistemic standard deviation\n  price  "), named);
    assertTrue(named.contains("\n  age  "), named);
  }

  @Test
  void labels_ofAnotherNumberThanTheTargets_areRefused() throws IOException {
    sidecar("\"outputKind\":\"MEAN\",\"labels\":[\"price\"]");
    CommandRun.refusedScore(folder, "--model", model, "--input", rows)
        .assertSays(model + " has 3 targets", "names 1 labels", "mend the labels");
  }

  @Test
  void outputKind_meanOfASoftmax_isRefused() {
    Path softmax =
        TinyModels.of(folder.resolve("softmax"), org.tensorflow.types.TFloat32.class, -1, 4);
    CommandRun.refusedScore(folder, "--model", softmax, "--input", rows, "--output-kind", "MEAN")
        .assertSays("declared as MEAN", "ends in Softmax", "declare that, or nothing");
  }
}
