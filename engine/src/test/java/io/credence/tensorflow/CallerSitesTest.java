package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.DropoutSite;
import io.credence.DropoutSite.Origin;
import io.credence.OutputKind;
import io.credence.SamplingPlan;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Dropout that only the caller knows of: Keras 3 leaves no trace of it. */
class CallerSitesTest {

  @TempDir Path folder;

  private static SavedModelEngine.Builder logits(Path model) {
    return SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS);
  }

  /**
   * A model whose only function has a ReLU that was dropped in training: no trace of it is left.
   */
  private Path keras3() {
    ConcreteFunction serving =
        ConcreteFunction.create(
            tf -> {
              Placeholder<TFloat32> x =
                  tf.withName("inputs")
                      .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 4)));
              Operand<TFloat32> hidden = tf.withSubScope("model").withSubScope("dense").nn.relu(x);
              return Signature.builder("serve")
                  .input("x", x)
                  .output("y", tf.linalg.matMul(hidden, tf.constant(TestModels.KERNEL)))
                  .build();
            });
    return TestModels.write(folder, (tf, x) -> KerasModels.cast(tf.call(serving, x)));
  }

  @Test
  void keras3_withoutNames_isRefusedWithCandidates() {
    String message =
        assertThrows(ModelLoadException.class, () -> logits(keras3()).load().close()).getMessage();
    assertTrue(message.contains("Keras 3 leaves no trace"), message);
    assertTrue(message.contains("[model/dense/Relu]"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model/dense/Relu", "dense/Relu:0"})
  void keras3_namedTensor_isDropped(String tensor) {
    try (SavedModelEngine engine = logits(keras3()).dropout(tensor, .5).load()) {
      DropoutSite site = engine.describe().sites().get(0);
      assertEquals(Origin.CALLER, site.origin());
      assertEquals(Shape.of(1, 4), site.maskShape());
      // (2, 0, 0, 0) with probability 1/2: logit 0 is 2 · KERNEL[0][0] or 0
      ModelFormsTest.assertMoments(
          engine.sample(Rows.array(1f, 0f, 0f, 0f), new SamplingPlan(4000, 17)), 1, 1);
    }
  }

  @Test
  void namedTensor_thatIsNotThere_isRefusedWithOthers() {
    String message =
        assertThrows(
                ModelLoadException.class,
                () -> logits(keras3()).dropout("model/dense_1/Relu", .5).load().close())
            .getMessage();
    assertTrue(message.contains("\"model/dense_1/Relu\""), message);
    assertTrue(message.contains("model/dense/Relu"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model/drop/Identity", "model/Relu"})
  void namedTensor_thatIsDroppedAlready_isRefused(String tensor) {
    Path model =
        KerasModels.write(
            folder,
            (tf, x) -> KerasModels.served(tf, "drop", tf.nn.relu(x)),
            (tf, x) -> KerasModels.training(tf, "drop", tf.nn.relu(x), .5f));
    String message =
        assertThrows(
                ModelLoadException.class, () -> logits(model).dropout(tensor, .5).load().close())
            .getMessage();
    assertTrue(message.contains("is dropped already"), message);
  }

  @Test
  void namedTensor_ofIntegers_isRefused() {
    Path model =
        TestModels.write(
            folder,
            (tf, x) ->
                tf.dtypes.cast(tf.withName("whole").dtypes.cast(x, TInt32.class), TFloat32.class));
    String message =
        assertThrows(
                ModelLoadException.class, () -> logits(model).dropout("whole", .5).load().close())
            .getMessage();
    assertTrue(message.contains("\"whole\" is of type DT_INT32"), message);
  }

  @Test
  void namedPlaceholder_thatDecidesNoRate_isRefused() {
    String message =
        assertThrows(
                ModelLoadException.class,
                () -> logits(TestModels.gatedLogits(folder)).dropout("training", .5).load().close())
            .getMessage();
    assertTrue(message.contains("\"training\", named for dropout, decides no"), message);
  }
}
