package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.DropoutSite;
import io.credence.DropoutSite.Kind;
import io.credence.DropoutSite.Origin;
import io.credence.ModelReport;
import io.credence.OutputKind;
import io.credence.SamplingCost;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

/** Reports of models that are laborious to write. */
class ReportTest {

  private static final SamplingCost ONE_BY_ONE =
      new SamplingCost(3, 7, .25, Optional.of("node \"mean\" mixes rows"));

  private static ModelReport report(List<DropoutSite> sites, List<String> candidates) {
    return new ModelReport(
        "models/m",
        List.of(List.of("serve"), List.of("serve", "gpu")),
        List.of("serve"),
        List.of(
            new ModelReport.Signature(
                "main",
                List.of(new ModelReport.Tensor("x", "x:0", "DT_DOUBLE", Shape.unknown())),
                List.of(new ModelReport.Tensor("y", "y:0", "DT_FLOAT", Shape.of(-1, 3))))),
        Optional.of("main"),
        Optional.of("y"),
        Optional.of(OutputKind.PROBABILITIES),
        sites,
        Optional.of(ONE_BY_ONE),
        List.of(),
        candidates,
        Optional.empty());
  }

  private static List<DropoutSite> sites(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new DropoutSite(
                    "layer_" + i,
                    Kind.SPATIAL_DROPOUT,
                    OptionalDouble.empty(),
                    Shape.unknown(),
                    Origin.TRAINING_FUNCTION,
                    Optional.empty()))
        .toList();
  }

  private static String text(ModelReport report) {
    return String.join("\n", new ReportText(report).lines());
  }

  private static void assertSays(String text, String part) {
    assertTrue(text.contains(part), () -> "\"" + part + "\" not in: " + text);
  }

  @Test
  void sites_moreThanForty_areCutWithTheCountOfTheRest() {
    String text = text(report(sites(43), List.of()));
    assertSays(text, "dropout sites: 43\n");
    assertSays(text, "layer_39\n  … and 3 sites more (all of them: --json)\n");
    assertFalse(text.contains("layer_40"), text);
  }

  @Test
  void sites_forty_areAllShown() {
    String text = text(report(sites(40), List.of()));
    assertSays(text, "layer_39\n  mask: what one pass draws");
  }

  @Test
  void site_ofUnknownRateAndShape_saysSo() {
    assertSays(
        text(report(sites(1), List.of())),
        "  ?     spatial dropout  [...]  training function  layer_0\n");
    ObjectNode json = ReportJson.of(report(sites(1), List.of()));
    assertFalse(json.at("/sites/0").has("rate"), json::toString);
    assertTrue(json.at("/sites/0/maskShape").isNull(), json::toString);
    assertEquals("SPATIAL_DROPOUT", json.at("/sites/0/kind").textValue());
    assertEquals("TRAINING_FUNCTION", json.at("/sites/0/origin").textValue());
  }

  @Test
  void candidates_moreThanForty_areCutWithTheCountOfTheRest() {
    List<String> tensors = IntStream.range(0, 50).mapToObj(i -> "relu_" + i).toList();
    String text = text(report(List.of(), tensors));
    assertSays(text, "    --dropout relu_39=RATE\n  … and 10 tensors more");
    assertEquals(50, ReportJson.of(report(List.of(), tensors)).get("candidates").size());
  }

  @Test
  void passes_oneByOne_sayWhy() {
    String text = text(report(sites(1), List.of()));
    assertSays(text, "  Passes are run one by one: node \"mean\" mixes rows.\n");
    assertSays(
        text, "  trunk  3 ops   75.0 %  once a batch\n  tail   7 ops   25.0 %  once a pass\n");
    assertSays(text, "   50 passes cost   13.3 × one pass\n");
    ObjectNode json = ReportJson.of(report(sites(1), List.of()));
    assertEquals("node \"mean\" mixes rows", json.at("/cost/passByPass").textValue());
  }

  @Test
  void tags_several_areListed() {
    String text = text(report(sites(1), List.of()));
    assertSays(text, "tags: serve (it has [serve], [serve, gpu]; choose with --tags)\n");
    assertEquals(
        "[[\"serve\"],[\"serve\",\"gpu\"]]",
        ReportJson.of(report(sites(1), List.of())).get("graphs").toString());
  }

  @Test
  void shape_unknown_isNullForMachines() {
    assertSays(text(report(sites(1), List.of())), "input   x  FLOAT64[...]");
    assertTrue(
        ReportJson.of(report(sites(1), List.of())).at("/signatures/0/inputs/0/shape").isNull());
  }
}
