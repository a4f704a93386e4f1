package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;

/** Which of several graphs is run. */
class MetaGraphsTest {

  private static final Path PROTO = Path.of("m/saved_model.pb");

  @TempDir Path folder;

  /** A model of graphs with these tags, each told apart by a stripped-version text. */
  private static SavedModel model(String... tags) {
    SavedModel.Builder model = SavedModel.newBuilder();
    for (String each : tags) {
      MetaGraphDef.Builder graph = MetaGraphDef.newBuilder();
      graph.getMetaInfoDefBuilder().setMetaGraphVersion(each);
      Arrays.stream(each.split(",", -1))
          .filter(tag -> !tag.isEmpty())
          .forEach(graph.getMetaInfoDefBuilder()::addTags);
      model.addMetaGraphs(graph);
    }
    return model.build();
  }

  private static String chosen(SavedModel model, String... tags) {
    Optional<Set<String>> asked =
        tags.length == 0 ? Optional.empty() : Optional.of(Set.copyOf(List.of(tags)));
    return MetaGraphs.choose(PROTO, model, asked).getMetaInfoDef().getMetaGraphVersion();
  }

  private static String refused(SavedModel model, String... tags) {
    return assertThrows(ModelLoadException.class, () -> chosen(model, tags)).getMessage();
  }

  @Test
  void choose_nothingAsked_prefersServeAlone() {
    assertEquals("serve", chosen(model("train", "serve,gpu", "serve")));
    assertEquals("serve,gpu", chosen(model("train", "serve,gpu")));
  }

  @Test
  void choose_onlyGraphWithoutTags_isTaken() {
    assertEquals("", chosen(model("")));
    assertEquals(
        PROTO
            + " has no graph tagged [serve], only [[], [train]]; choose one of these with tags(..),"
            + " or export the model for serving",
        refused(model("", "train")));
  }

  @Test
  void choose_tagsAsked_mustBeAllOfThem() {
    SavedModel model = model("serve", "gpu,serve", "train");
    assertEquals("gpu,serve", chosen(model, "serve", "gpu"));
    assertEquals("train", chosen(model, "train"));
    assertEquals(
        PROTO
            + " has no graph tagged [gpu], only [[serve], [gpu, serve], [train]]; choose one of"
            + " these with tags(..), or export the model for serving",
        refused(model, "gpu"));
  }

  @Test
  void choose_noGraph_saysSo() {
    assertEquals(
        PROTO + " holds no graph: the file is empty or was cut short; copy it again",
        refused(SavedModel.getDefaultInstance()));
  }

  @Test
  void load_severalGraphs_runsTheTaggedOne() {
    Path model =
        ModelEdits.edit(
            TestModels.gated(folder),
            proto -> {
              MetaGraphDef served = proto.getMetaGraphs(0);
              MetaGraphDef.Builder broken = MetaGraphDef.newBuilder();
              broken.getMetaInfoDefBuilder().addTags("train");
              MetaGraphDef.Builder tpu = served.toBuilder();
              tpu.getMetaInfoDefBuilder().addTags("tpu");
              proto.clearMetaGraphs().addMetaGraphs(broken).addMetaGraphs(tpu);
            });
    try (SavedModelEngine engine = SavedModelEngine.builder(model).tags("tpu", "serve").load()) {
      assertEquals(1, engine.describe().sites().size());
    }
    assertThrows(
        ModelLoadException.class,
        () -> SavedModelEngine.builder(model).tags("train").load().close());
  }
}
