package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;

/** Tables that are initialised from files of the model. */
class AssetTest {

  @TempDir Path folder;

  @BeforeEach
  void writeVocabulary() throws IOException {
    Files.createDirectories(folder.resolve("assets"));
    Files.writeString(folder.resolve("assets/words.txt"), "1\n0\n-1\n");
  }

  /** Looks x, rounded towards 0, up as text among the lines of a file; dropout, dense. */
  private Path model(boolean throughVariable) {
    return TestModels.write(
        folder,
        (tf, x) -> {
          Operand<TString> path = tf.withName("asset_path").constant("/where/it/was/trained.txt");
          var table = tf.hashTable(TString.class, TInt64.class);
          Operand<TString> file = throughVariable ? variable(tf, path) : tf.identity(path);
          tf.withName("init").initializeTableFromTextFile(table, file, -2L, -1L);
          Operand<TString> words = tf.dtypes.asString(tf.dtypes.cast(x, TInt64.class));
          Operand<TInt64> lines = tf.lookupTableFind(table, words, tf.constant(-1L));
          Operand<TFloat32> numbers = tf.dtypes.cast(lines, TFloat32.class);
          return TestModels.dense(
              tf, TestModels.gatedDropout(tf, numbers, TestModels.gate(tf), .5f));
        });
  }

  /** As TensorFlow 2 does: the path is kept in a variable. */
  private static Operand<TString> variable(Ops tf, Operand<TString> path) {
    var handle = tf.varHandleOp(TString.class, Shape.scalar());
    var assign = tf.withName("assign").assignVariableOp(handle, path);
    return tf.withControlDependencies(List.of(assign)).readVariableOp(handle, TString.class);
  }

  private static void declare(MetaGraphDef.Builder model, String file) {
    TensorInfo tensor = TensorInfo.newBuilder().setName("asset_path:0").build();
    model.addAssetFileDef(AssetFileDef.newBuilder().setTensorInfo(tensor).setFilename(file));
  }

  private static void initialise(MetaGraphDef.Builder model, String where) {
    if (where.equals(SavedModelFiles.INIT_SIGNATURE)) {
      TensorInfo op = TensorInfo.newBuilder().setName("init").build();
      model.putSignatureDef(where, SignatureDef.newBuilder().putOutputs(where, op).build());
    } else {
      var collection = CollectionDef.newBuilder();
      collection.getNodeListBuilder().addValue("init");
      model.putCollectionDef(where, collection.build());
    }
  }

  private static String refusal(Path model) {
    return assertThrows(
            ModelLoadException.class,
            () -> SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS).load().close())
        .getMessage();
  }

  @ParameterizedTest
  @ValueSource(strings = {SavedModelFiles.INIT_SIGNATURE, "legacy_init_op", "saved_model_main_op"})
  void load_tableOfAsset_looksUpItsLines(String where) {
    for (boolean throughVariable : new boolean[] {false, true}) {
      Path model =
          ModelEdits.editGraph(
              model(throughVariable),
              graph -> {
                declare(graph, "words.txt");
                initialise(graph, where);
              });
      try (SavedModelEngine engine =
          SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS).load()) {
        float[] y = Rows.floats(engine.singlePass(Map.of("x", Rows.array(1.5f, -1.5f, 0.2f, 9f))));
        // Lines 0, 2, 1 and the default -1, times the kernel.
        assertArrayEquals(new float[] {-.25f, 5.5f, -3}, y, 1e-6f);
      }
    }
  }

  @Test
  void load_missingAsset_isNamed() throws IOException {
    Path model =
        ModelEdits.editGraph(
            model(false),
            graph -> {
              declare(graph, "words.txt");
              initialise(graph, "legacy_init_op");
            });
    Path file = folder.resolve("assets/words.txt");
    Files.delete(file);
    assertEquals(
        "the asset " + file + " is missing; copy the folder assets/ along with saved_model.pb",
        refusal(model));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../saved_model.pb", "/etc/hostname", "a/../../saved_model.pb", "", "."})
  void load_assetOutsideTheFolder_isRefused(String file) {
    Path model = ModelEdits.editGraph(model(false), graph -> declare(graph, file));
    assertEquals(
        "asset \""
            + file
            + "\" of "
            + folder
            + " is no file below "
            + folder.resolve("assets")
            + "; a model may read files of its own only",
        refusal(model));
  }

  @Test
  void load_tableOfAnotherFile_isRefused() {
    for (boolean throughVariable : new boolean[] {false, true}) {
      Path model =
          ModelEdits.editGraph(
              model(throughVariable), graph -> initialise(graph, SavedModelFiles.INIT_SIGNATURE));
      assertTrue(
          refusal(model)
              .startsWith(
                  folder
                      + ": op InitializeTableFromTextFileV2 of node \"init\" reads a file that is"
                      + " no asset of the model. A SavedModel is a program;"),
          () -> refusal(model));
    }
  }
}
