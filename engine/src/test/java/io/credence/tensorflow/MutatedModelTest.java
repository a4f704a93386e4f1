package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.protobuf.TextFormat;
import io.credence.OutputKind;
import io.credence.SamplingPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.types.TFloat32;

/**
 * Damaged models load and run, or are refused by an exception that says why: no damage ends the
 * process, hangs, or surfaces as anything else. A failure names base and seed; {@code
 * -Dcredence.mutations.seed=SEED -Dcredence.mutations=1} runs that case alone, and a larger count
 * looks for more. The last damaged model of each base stays in {@code target/mutated-models}, with
 * its seed, also where the process ended.
 */
class MutatedModelTest {

  private static final int CASES = Integer.getInteger("credence.mutations", 500);
  private static final long FIRST_SEED = Long.getLong("credence.mutations.seed", 1);
  private static final long SECONDS = 20;

  @TempDir Path folder;

  /** Small models, each of another form. */
  enum Base {
    GATED,
    ALWAYS_ON,
    COND,
    CONVOLUTION,
    KERAS,
    TEXT;

    void write(Path folder) {
      switch (this) {
        case GATED, TEXT -> TestModels.gated(folder);
        case ALWAYS_ON -> TestModels.alwaysOn(folder);
        case COND -> TestModels.cond(folder);
        case CONVOLUTION -> TestModels.write(folder, Base::convolution);
        case KERAS ->
            KerasModels.write(
                folder,
                (tf, x) -> tf.nn.softmax(KerasModels.served(tf, "drop", tf.math.tanh(x))),
                (tf, x) -> KerasModels.training(tf, "drop", tf.math.tanh(x), .5f));
      }
    }

    private static Operand<TFloat32> convolution(Ops tf, Operand<TFloat32> x) {
      Operand<TFloat32> image = tf.reshape(x, tf.constant(new int[] {-1, 2, 2, 1}));
      Operand<TFloat32> kernel =
          tf.reshape(tf.constant(TestModels.KERNEL[0]), tf.constant(new int[] {1, 1, 1, 3}));
      Operand<TFloat32> layer = tf.nn.conv2d(image, kernel, List.of(1L, 1L, 1L, 1L), "SAME");
      Operand<TFloat32> pooled =
          tf.nn.maxPool(
              layer,
              tf.constant(new int[] {1, 2, 2, 1}),
              tf.constant(new int[] {1, 2, 2, 1}),
              "VALID");
      Operand<TFloat32> flat = tf.reshape(pooled, tf.constant(new int[] {-1, 3}));
      return tf.nn.softmax(TestModels.dropout(tf, flat, .5f));
    }
  }

  @ParameterizedTest
  @EnumSource(Base.class)
  void load_damaged_runsOrSaysWhy(Base base) throws IOException {
    Path original = folder.resolve("original");
    base.write(original);
    Path model = Path.of("target/mutated-models", base.name());
    Files.createDirectories(model.resolve("variables"));
    ExecutorService worker = Executors.newSingleThreadExecutor();
    int refused = 0;
    try {
      for (long seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed++) {
        mutate(base, original, model, seed);
        Files.writeString(model.resolve("seed.txt"), Long.toString(seed));
        refused += outcome(base, seed, worker.submit(() -> runs(model))) ? 0 : 1;
      }
    } finally {
      worker.shutdownNow();
    }
    if (CASES >= 100) {
      // Neither is all damage fatal, nor does it all go unnoticed.
      assertTrue(refused > CASES / 5, refused + " of " + CASES + " refused");
      assertTrue(refused < CASES - CASES / 50, refused + " of " + CASES + " refused");
    }
  }

  private static boolean outcome(Base base, long seed, Future<Boolean> running) {
    try {
      return running.get(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return fail(base + " seed " + seed + " takes more than " + SECONDS + " s");
    } catch (ExecutionException | InterruptedException e) {
      return fail(base + " seed " + seed + ": " + e.getCause(), e);
    }
  }

  private static boolean runs(Path model) {
    try (SavedModelEngine engine =
        SavedModelEngine.builder(model).outputKind(OutputKind.PROBABILITIES).load()) {
      return predicts(engine);
    } catch (ModelLoadException e) {
      assertTrue(String.valueOf(e.getMessage()).length() > 20, () -> "no message: " + e);
      return false;
    }
  }

  /** What TensorFlow finds out only in a pass, it says itself. */
  private static boolean predicts(SavedModelEngine engine) {
    try {
      engine.predict(Rows.random(2, 1), SamplingPlan.of(2));
      return true;
    } catch (ModelLoadException | IllegalArgumentException e) {
      return false;
    }
  }

  private static void mutate(Base base, Path original, Path model, long seed) throws IOException {
    String[] files = {"variables/variables.index", "variables/variables.data-00000-of-00001"};
    String proto = base == Base.TEXT ? "saved_model.pbtxt" : "saved_model.pb";
    SplittableRandom random = new SplittableRandom(seed);
    Mutations mutations = new Mutations(random.nextLong());
    int kind = random.nextInt(8);
    SavedModel whole = ModelEdits.read(original);
    SavedModel changed = kind > 2 ? mutations.parts(whole) : whole;
    byte[] bytes =
        base == Base.TEXT
            ? TextFormat.printer().printToString(changed).getBytes(StandardCharsets.UTF_8)
            : changed.toByteArray();
    Files.write(model.resolve(proto), kind == 0 || kind == 1 ? mutations.bytes(bytes) : bytes);
    for (String file : files) {
      if (Files.exists(original.resolve(file))) {
        byte[] content = Files.readAllBytes(original.resolve(file));
        boolean hit = kind == 2 && random.nextBoolean() && content.length > 0;
        Files.write(model.resolve(file), hit ? mutations.bytes(content) : content);
      }
    }
  }
}
