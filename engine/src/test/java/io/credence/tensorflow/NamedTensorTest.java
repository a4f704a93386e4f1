package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import io.credence.SamplingPlan;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.types.TFloat32;

/** Inputs and outputs that the caller names, in a model with a signature and in one without. */
class NamedTensorTest {

  @TempDir Path folder;

  private Path model;

  /** y = softmax(dropout(hidden) W), hidden = tanh(x): inner tensors "hidden" and "net/logits". */
  @BeforeEach
  void write() {
    model = TestModels.write(folder, NamedTensorTest::network);
  }

  private static Operand<TFloat32> network(Ops tf, Operand<TFloat32> x) {
    Operand<TFloat32> hidden = tf.withName("hidden").math.tanh(x);
    Operand<TFloat32> dropped = TestModels.gatedDropout(tf, hidden, TestModels.gate(tf), .5f);
    Ops net = tf.withSubScope("net");
    Operand<TFloat32> logits = net.withName("logits").identity(TestModels.dense(tf, dropped));
    Operand<TFloat32> scale = tf.withName("scale").constant(1f);
    return net.withName("probabilities").nn.softmax(tf.math.mul(logits, scale));
  }

  private SavedModelEngine.Builder unsigned() {
    ModelEdits.editGraph(model, MetaGraphDef.Builder::clearSignatureDef);
    return SavedModelEngine.builder(model);
  }

  private static String refusal(SavedModelEngine.Builder builder) {
    return assertThrows(ModelLoadException.class, () -> builder.load().close()).getMessage();
  }

  @Test
  void load_noSignatureButTensors_runsTheSame() {
    float[] signed;
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      signed = Rows.floats(engine.sample(Rows.random(3, 1), new SamplingPlan(4, 5)));
    }
    SavedModelEngine.Builder builder =
        unsigned().inputTensor("x", "x:0").outputTensor("net/probabilities");
    try (SavedModelEngine engine = builder.load()) {
      assertEquals("[x FLOAT32[?, 4]]", engine.describe().inputs().toString());
      assertEquals("net/probabilities FLOAT32[?, 3]", engine.describe().output().toString());
      assertEquals(OutputKind.PROBABILITIES, engine.describe().outputKind());
      assertEquals("net/probabilities", engine.describe().signature());
      assertArrayEquals(
          signed, Rows.floats(engine.sample(Rows.random(3, 1), new SamplingPlan(4, 5))), 1e-6f);
    }
  }

  @Test
  void load_outputTensorAlone_takesTheInputsOfTheSignature() {
    try (SavedModelEngine engine =
        SavedModelEngine.builder(model)
            .outputTensor("net/logits:0")
            .outputKind(OutputKind.LOGITS)
            .load()) {
      assertEquals("[x FLOAT32[?, 4]]", engine.describe().inputs().toString());
      assertEquals("net/logits:0 FLOAT32[?, 3]", engine.describe().output().toString());
      assertEquals("serving_default", engine.describe().signature());
    }
  }

  @Test
  void load_innerTensorAsInput_standsInForWhatIsComputed() {
    float[] values = Rows.values(3, 1);
    float[] hidden = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      hidden[i] = (float) Math.tanh(values[i]);
    }
    float[] whole;
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      whole = Rows.floats(engine.sample(Map.of("x", Rows.array(values)), new SamplingPlan(4, 5)));
    }
    try (SavedModelEngine engine =
        SavedModelEngine.builder(model).inputTensor("features", "hidden").load()) {
      assertEquals("[features FLOAT32[?, 4]]", engine.describe().inputs().toString());
      assertArrayEquals(
          whole,
          Rows.floats(
              engine.sample(Map.of("features", Rows.array(hidden)), new SamplingPlan(4, 5))),
          1e-5f);
    }
  }

  @Test
  void load_customOpBeforeTheInput_neverRuns() {
    ModelEdits.editGraph(
        model,
        meta -> {
          for (NodeDef.Builder node : meta.getGraphDefBuilder().getNodeBuilderList()) {
            if (node.getName().equals("hidden")) {
              node.setInput(0, "tokens");
            }
          }
          meta.getGraphDefBuilder()
              .addNode(NodeDef.newBuilder().setName("tokens").setOp("MyTokenizer").addInput("x"));
        });
    try (SavedModelEngine engine =
        SavedModelEngine.builder(model).inputTensor("x", "hidden").load()) {
      assertEquals("[x FLOAT32[...]]", engine.describe().inputs().toString());
      assertEquals(2, engine.predict(Rows.random(2, 1), SamplingPlan.of(3)).size());
    }
    assertTrue(
        refusal(SavedModelEngine.builder(model).inputTensor("x", "tokens"))
            .contains("nothing says what type tensor \"tokens\" is of: op MyTokenizer"));
  }

  @Test
  void load_noSignatureAndNothingNamed_listsThePlaceholders() {
    assertEquals(
        "signature \"serving_default\" is not in "
            + model
            + "; it has no signature at all: name its tensors with inputTensor(name, tensor) and"
            + " outputTensor(tensor); the placeholders of its main graph are"
            + " [save/filename, training, x]",
        refusal(unsigned()).replace("save/Const, ", ""));
    assertEquals(
        model
            + " has no signature \"serving_default\" that would say what to feed; name its inputs"
            + " with inputTensor(name, tensor): the placeholders of its main graph are"
            + " [save/filename, training, x]",
        refusal(unsigned().outputTensor("net/logits")));
  }

  @Test
  void load_unknownTensor_listsSimilarNames() {
    assertEquals(
        "tensor \"dense/Logits:0\" is not in the main graph; similar names are [net/logits]",
        refusal(SavedModelEngine.builder(model).outputTensor("dense/Logits:0")));
    assertEquals(
        "tensor \"hidden:1\" is not there: node \"hidden\" (Tanh) has 1 output, counted from 0",
        refusal(SavedModelEngine.builder(model).outputTensor("hidden:1")));
    assertEquals(
        "\"x:y\" names no tensor: node or node:index is needed, as in \"x:0\"",
        refusal(SavedModelEngine.builder(model).inputTensor("x", "x:y")));
    assertTrue(
        refusal(SavedModelEngine.builder(model).inputTensor("x", "zzz"))
            .startsWith(
                "tensor \"zzz\" is not in the main graph; the placeholders of its main graph are"));
  }

  @Test
  void load_sparseInput_isRefused() {
    ModelEdits.editGraph(
        model,
        meta -> {
          var signature = meta.getSignatureDefOrThrow("serving_default").toBuilder();
          TensorInfo.Builder sparse = TensorInfo.newBuilder();
          sparse.getCooSparseBuilder().setValuesTensorName("x:0");
          meta.putSignatureDef("serving_default", signature.putInputs("x", sparse.build()).build());
        });
    assertEquals(
        "\"x\" is a sparse tensor (COO: values, indices and shape), which is not read yet; name a"
            + " dense tensor with inputTensor(..) or outputTensor(..)",
        refusal(SavedModelEngine.builder(model)));
  }

  @Test
  void load_scalarInput_isRefused() {
    assertEquals(
        model
            + ": input \"s\" is a scalar, and neither turns dropout on nor decides its rate; the"
            + " first dimension of an input must be the rows of the batch",
        refusal(SavedModelEngine.builder(model).inputTensor("x", "x").inputTensor("s", "scale")));
  }

  @Test
  void builder_contradictions_areRefused() {
    SavedModelEngine.Builder builder = SavedModelEngine.builder(model);
    builder.inputTensor("x", "x");
    assertEquals(
        "input \"x\" is tensor \"x\" already; give each a name of its own",
        assertThrows(IllegalArgumentException.class, () -> builder.inputTensor("x", "hidden"))
            .getMessage());
    assertEquals(
        "both output(\"y\") and outputTensor(\"net/logits\") are set; set the one to sample",
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.output("y").outputTensor("net/logits").load().close())
            .getMessage());
  }
}
