package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.RegressionMoments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;

/** The methods that the interface itself gives, and the description they read. */
class UncertaintyEngineTest {

  private static final NdArray<?> INPUT = NdArrays.ofFloats(Shape.of(1, 4));
  private static final SamplingPlan PLAN = SamplingPlan.of(3).withSeed(5);

  @Test
  void predict_oneInput_isFedByItsName() {
    try (Engine engine = new Engine("image")) {
      ClassificationPrediction prediction = engine.classify(INPUT, PLAN);
      assertSame(INPUT, engine.fed.get("image"));
      assertEquals(1, engine.fed.size());
      assertSame(PLAN, prediction.plan());
    }
  }

  @Test
  void predict_severalInputs_isRefusedAndNamesThem() {
    try (Engine engine = new Engine("age", "image")) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> engine.predict(INPUT, PLAN))
              .getMessage();
      assertEquals(
          "the model has 2 inputs, [age FLOAT32[?, 4], image FLOAT32[?, 4]]; name each in a map",
          message);
    }
  }

  @Test
  void regress_oneInput_isFedByItsName() {
    try (Engine engine = new Engine(OutputKind.MEAN, "image")) {
      RegressionPrediction prediction = engine.regress(INPUT, PLAN);
      assertSame(INPUT, engine.fed.get("image"));
      assertSame(PLAN, prediction.plan());
    }
  }

  @Test
  void classifyAndRegress_severalInputs_areFedAsTheyAre() {
    Map<String, NdArray<?>> inputs = Map.of("age", INPUT, "image", INPUT);
    try (Engine classifier = new Engine("age", "image");
        Engine regressor = new Engine(OutputKind.MEAN, "age", "image")) {
      assertEquals(1, classifier.classify(inputs, PLAN).size());
      assertSame(inputs, classifier.fed);
      assertEquals(1, regressor.regress(inputs, PLAN).size());
      assertSame(inputs, regressor.fed);
    }
  }

  @Test
  void classify_regressor_isRefusedBeforeItRuns() {
    try (Engine engine = new Engine(OutputKind.MEAN, "image")) {
      String message =
          assertThrows(IllegalStateException.class, () -> engine.classify(INPUT, PLAN))
              .getMessage();
      assertEquals("models/m is a regressor, its output is MEAN; call regress(..)", message);
      assertEquals(Map.of(), engine.fed);
    }
  }

  @Test
  void regress_classifier_isRefusedBeforeItRuns() {
    try (Engine engine = new Engine("image")) {
      String message =
          assertThrows(IllegalStateException.class, () -> engine.regress(INPUT, PLAN)).getMessage();
      assertEquals(
          "models/m is a classifier, its output is BINARY_LOGIT; call classify(..), or declare"
              + " MEAN if it is not",
          message);
      assertEquals(Map.of(), engine.fed);
    }
  }

  @Test
  void label_known_isThatOfTheClass() {
    ModelDescription model = description(OutputKind.BINARY_LOGIT, List.of("no", "yes"), "x");
    assertEquals("yes", model.label(1));
    assertThrows(IndexOutOfBoundsException.class, () -> model.label(2));
  }

  @Test
  void label_unknown_isTheIndex() {
    assertEquals("7", description(OutputKind.BINARY_LOGIT, List.of(), "x").label(7));
  }

  @Test
  void description_listsChangedAfterwards_areCopied() {
    ModelDescription model = description(OutputKind.LOGITS, List.of("a"), "x");
    List<TensorSpec> inputs = new ArrayList<>(model.inputs());
    List<String> labels = new ArrayList<>(model.labels());
    List<DropoutSite> sites =
        new ArrayList<>(
            List.of(
                new DropoutSite(
                    "dropout/random",
                    DropoutSite.Kind.DROPOUT,
                    OptionalDouble.of(0.5),
                    Shape.of(1, 8),
                    DropoutSite.Origin.RANDOM_OP,
                    Optional.empty())));
    ModelDescription copy =
        new ModelDescription(
            "models/m",
            "serve",
            inputs,
            model.output(),
            OutputKind.LOGITS,
            labels,
            sites,
            new SamplingCost(1, 1, .5, Optional.empty()));
    inputs.clear();
    labels.clear();
    sites.clear();
    assertEquals(1, copy.inputs().size());
    assertEquals(List.of("a"), copy.labels());
    assertEquals("dropout/random", copy.sites().get(0).name());
  }

  @Test
  void description_ofOneModel_hasNoMembersAndNoNotes() {
    ModelDescription model = description(OutputKind.LOGITS, List.of("a"), "x");
    assertEquals(List.of(), model.members());
    assertEquals(List.of(), model.notes());
  }

  @Test
  void description_membersAndNotesChangedAfterwards_areCopied() {
    ModelDescription one = description(OutputKind.LOGITS, List.of("a"), "x");
    ModelDescription.Member first = new ModelDescription.Member(one, .75, true);
    ModelDescription.Member second = new ModelDescription.Member(one, .25, false);
    List<ModelDescription.Member> members = new ArrayList<>(List.of(first, second));
    List<String> notes = new ArrayList<>(List.of("not proven"));
    ModelDescription ensemble =
        new ModelDescription(
            "two models",
            "serve",
            one.inputs(),
            one.output(),
            OutputKind.LOGITS,
            List.of(),
            List.of(),
            one.cost(),
            members,
            notes);
    members.clear();
    notes.clear();
    assertEquals(List.of(first, second), ensemble.members());
    assertEquals(List.of("not proven"), ensemble.notes());
    assertThrows(UnsupportedOperationException.class, () -> ensemble.members().clear());
    assertThrows(UnsupportedOperationException.class, () -> ensemble.notes().clear());
  }

  private static ModelDescription description(
      OutputKind kind, List<String> labels, String... inputs) {
    Shape shape = Shape.of(-1, 4);
    return new ModelDescription(
        "models/m",
        "serve",
        Stream.of(inputs).map(n -> new TensorSpec(n, ElementType.FLOAT32, shape)).toList(),
        new TensorSpec("y", ElementType.FLOAT32, Shape.of(-1, 1)),
        kind,
        labels,
        List.of(),
        new SamplingCost(1, 1, .5, Optional.empty()));
  }

  private static final class Engine implements UncertaintyEngine {

    private final ModelDescription description;
    private Map<String, ? extends NdArray<?>> fed = Map.of();

    Engine(String... inputs) {
      this(OutputKind.BINARY_LOGIT, inputs);
    }

    Engine(OutputKind kind, String... inputs) {
      this.description = description(kind, List.of(), inputs);
    }

    @Override
    public ModelDescription describe() {
      return description;
    }

    @Override
    public Prediction predict(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
      fed = inputs;
      if (description.outputKind() == OutputKind.MEAN) {
        RegressionMoments moments = RegressionMoments.of(1, 1);
        moments.add(new float[1]);
        return new RegressionPrediction(moments.summaries(), plan, List.of());
      }
      ClassificationMoments moments = ClassificationMoments.of(1, 1, OutputKind.BINARY_LOGIT);
      moments.add(new float[1]);
      return new ClassificationPrediction(moments.summaries(), plan, List.of());
    }

    @Override
    public Prediction predict(
        Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan, SampleSink sink) {
      return predict(inputs, plan);
    }

    @Override
    public FloatNdArray sample(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FloatNdArray singlePass(Map<String, ? extends NdArray<?>> inputs) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
