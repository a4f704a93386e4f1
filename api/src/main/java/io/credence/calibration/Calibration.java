package io.credence.calibration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.OutputKind;
import io.credence.Sidecar;
import io.credence.decision.Abstention;
import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.ClassificationSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A correction of one classifier's probabilities, fitted on held-out inputs: softmax of scaled
 * logits, where {@link Scaling} tells how they are scaled. It is fitted by least mean negative
 * log-likelihood, which is convex: temperature by the root of its slope, vector and matrix by
 * conjugate gradients until no slope exceeds 1e-7 nats, from two starts that must end alike.
 *
 * <p>It belongs to the model whose fingerprint it holds, sampled as it was when fitted: the mean of
 * more passes, or of other dropout rates, needs another. It corrects the probabilities alone;
 * measures of the samples' spread, such as mutual information, are not changed.
 *
 * <p>It may hold a rule of {@linkplain #abstention() abstention} too, and it may travel in the
 * sidecar of its model, {@link #attach} and {@link #ofModel}.
 *
 * <p>Immutable. {@code docs/methods/calibration.md} tells when it misleads, {@code docs/json.md}
 * the format of files.
 */
public final class Calibration {

  /** The usual name of the file. */
  public static final String FILE_NAME = "calibration.json";

  /** The schema this version reads and writes. */
  public static final String SCHEMA = "credence.calibration/1";

  private final String model;
  private final Scaling scaling;
  private final OutputKind kind;
  private final int classes;
  private final double[] numbers;
  private final Fit fit;
  private final Optional<Abstention> abstention;
  private final OptionalInt passes;

  /**
   * What a fit was made of, and did to the inputs it was made of; on others it does less.
   *
   * @param inputs number of held-out inputs, N ≥ 1
   * @param negativeLogLikelihoodBefore their mean negative log-likelihood uncalibrated, nats
   * @param negativeLogLikelihoodAfter the same calibrated, nats
   */
  public record Fit(
      int inputs, double negativeLogLikelihoodBefore, double negativeLogLikelihoodAfter) {}

  /** Of numbers that are as many as the scaling needs, the biases last. */
  Calibration(
      String model, Scaling scaling, OutputKind kind, int classes, double[] numbers, Fit fit) {
    this(model, scaling, kind, classes, numbers, fit, Optional.empty(), OptionalInt.empty());
  }

  private Calibration(
      String model,
      Scaling scaling,
      OutputKind kind,
      int classes,
      double[] numbers,
      Fit fit,
      Optional<Abstention> abstention,
      OptionalInt passes) {
    if (model.isBlank()) {
      throw new IllegalArgumentException(
          "model is blank; give the fingerprint of the model that the calibration is for");
    }
    for (double number : numbers) {
      if (!Double.isFinite(number)) {
        throw new IllegalArgumentException(
            "a weight or bias is " + number + "; it must be finite; fit the calibration again");
      }
    }
    if (scaling == Scaling.TEMPERATURE && !(numbers[0] > 0)) {
      throw new IllegalArgumentException(
          "temperature is " + numbers[0] + "; it must be above 0; fit the calibration again");
    }
    this.model = model;
    this.scaling = scaling;
    this.kind = kind;
    this.classes = classes;
    this.numbers = numbers;
    this.fit = fit;
    this.abstention = abstention;
    this.passes = passes;
  }

  /**
   * Fits a calibration.
   *
   * @param scaling how logits are scaled
   * @param heldOut predictions and labels of inputs that the model was not trained on
   * @param model the fingerprint of the model, such as of {@link ModelFingerprint}
   * @return the calibration of greatest likelihood
   * @throws IllegalArgumentException if there is no held-out input, or {@code model} is blank
   * @throws CalibrationException if the likelihood has no greatest value, because all inputs are,
   *     or can be, answered right, labels fit no better than chance, or, but for {@link
   *     Scaling#TEMPERATURE}, a class has no input or is set apart from others; or if it was not
   *     reached
   */
  public static Calibration fit(Scaling scaling, HeldOut heldOut, String model) {
    ScalingFit fit = new ScalingFit(heldOut);
    double[] numbers = fit.fit(scaling);
    Fit none = new Fit(heldOut.inputs(), 0, 0);
    Calibration found =
        new Calibration(model, scaling, heldOut.kind(), heldOut.classes(), numbers, none);
    return new Calibration(
        model,
        scaling,
        heldOut.kind(),
        heldOut.classes(),
        numbers,
        new Fit(
            heldOut.inputs(),
            fit.negativeLogLikelihood(logits -> logits),
            fit.negativeLogLikelihood(found::scale)));
  }

  /**
   * This calibration with a rule of abstention.
   *
   * @param chosen the rule, of a measure of the model's own samples
   * @return the calibration
   * @throws IllegalArgumentException if the measure is one of regressors
   */
  public Calibration withAbstention(Abstention chosen) {
    if (!(chosen.rule().measure() instanceof ClassificationMeasure)) {
      throw new IllegalArgumentException(
          chosen.rule().measure().key()
              + " is a measure of regressors; choose one of ClassificationMeasure");
    }
    return new Calibration(
        model, scaling, kind, classes, numbers, fit, Optional.of(chosen), passes);
  }

  /**
   * This calibration, with how the predictions it was fitted on were sampled.
   *
   * @param count passes of each model, 0 for the one answer of a model as it is served
   * @return the calibration
   * @throws IllegalArgumentException if {@code count < 0}
   */
  public Calibration withPasses(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("passes is " + count + "; it must be at least 0");
    }
    return new Calibration(
        model, scaling, kind, classes, numbers, fit, abstention, OptionalInt.of(count));
  }

  /**
   * How the predictions it was fitted on were sampled; it fits others less well.
   *
   * @return passes of each model, 0 for one answer as it is served; empty if that is not known
   */
  public OptionalInt passes() {
    return passes;
  }

  /**
   * When to say that the class is not known.
   *
   * @return the rule, of a measure of the model's own samples, uncalibrated; or empty
   */
  public Optional<Abstention> abstention() {
    return abstention;
  }

  /**
   * The fingerprint of the model that the calibration is for.
   *
   * @return not blank
   */
  public String model() {
    return model;
  }

  /**
   * How logits are scaled.
   *
   * @return the scaling
   */
  public Scaling scaling() {
    return scaling;
  }

  /**
   * What predictions must be.
   *
   * @return {@link OutputKind#PROBABILITIES} or {@link OutputKind#LOGITS}
   */
  public OutputKind kind() {
    return kind;
  }

  /**
   * Number of classes.
   *
   * @return K ≥ 2
   */
  public int classes() {
    return classes;
  }

  /**
   * What the calibration was fitted on.
   *
   * @return number of inputs, and their likelihood before and after
   */
  public Fit fit() {
    return fit;
  }

  /**
   * The temperature.
   *
   * @return T &gt; 0, above 1 if the model is overconfident; empty of other scalings
   */
  public OptionalDouble temperature() {
    return scaling == Scaling.TEMPERATURE ? OptionalDouble.of(numbers[0]) : OptionalDouble.empty();
  }

  /**
   * How much of one class's logit goes into another's.
   *
   * @param to the class whose scaled logit is meant, 0 ≤ to &lt; K
   * @param from the class whose logit goes into it, 0 ≤ from &lt; K
   * @return the entry of the matrix; 0 off the diagonal but for {@link Scaling#MATRIX}
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public double weight(int to, int from) {
    java.util.Objects.checkIndex(to, classes);
    java.util.Objects.checkIndex(from, classes);
    return switch (scaling) {
      case TEMPERATURE -> to == from ? 1 / numbers[0] : 0;
      case VECTOR -> to == from ? numbers[to] : 0;
      case MATRIX -> numbers[to * classes + from];
    };
  }

  /**
   * What is added to a class's scaled logit.
   *
   * @param index the class, 0 ≤ index &lt; K
   * @return the bias; 0 of a temperature
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public double bias(int index) {
    java.util.Objects.checkIndex(index, classes);
    return scaling == Scaling.TEMPERATURE ? 0 : numbers[numbers.length - classes + index];
  }

  /**
   * The calibrated probabilities of one input.
   *
   * @param summary what the samples say of the input; its mean probabilities are calibrated
   * @return the probabilities, shape {@code [K]}; they sum to 1
   * @throws IllegalArgumentException if the summary is not of K classes
   * @throws IllegalStateException if the calibration is of logits
   */
  public double[] probabilities(ClassificationSummary summary) {
    if (kind != OutputKind.PROBABILITIES) {
      throw new IllegalStateException(
          "summaries tell probabilities, but the calibration was fitted on logits; fit it on"
              + " HeldOut.ofProbabilities(..)");
    }
    return probabilities(summary.meanProbabilities());
  }

  /**
   * The calibrated probabilities of one input.
   *
   * @param prediction the model's probabilities, or logits, as the {@linkplain #kind() kind} says,
   *     shape {@code [K]}; not changed
   * @return the probabilities, shape {@code [K]}; they sum to 1
   * @throws IllegalArgumentException as {@link HeldOut#add(double[], int)} of the prediction
   */
  public double[] probabilities(double[] prediction) {
    return Softmax.of(scale(HeldOut.logits(prediction, kind, classes)));
  }

  /** Scaled logits; a new array. */
  private double[] scale(double[] logits) {
    double[] scaled = new double[classes];
    for (int to = 0; to < classes; to++) {
      scaled[to] = bias(to);
      if (scaling == Scaling.MATRIX) {
        for (int from = 0; from < classes; from++) {
          scaled[to] += weight(to, from) * logits[from];
        }
      } else {
        scaled[to] += weight(to, to) * logits[to];
      }
    }
    return scaled;
  }

  /**
   * The calibration as JSON.
   *
   * @return the object
   */
  public ObjectNode toJson() {
    return CalibrationJson.write(this);
  }

  /**
   * Writes the calibration to a file.
   *
   * @param file the file, such as {@value #FILE_NAME}
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    CalibrationJson.write(this, file);
  }

  /**
   * Puts the calibration into the sidecar of its model, {@value Sidecar#FILE_NAME}, and keeps the
   * rest.
   *
   * @param folder the folder of the SavedModel
   * @throws IllegalArgumentException if it is for another model, or the sidecar is no JSON object
   * @throws IOException if a file cannot be read or written
   */
  public void attach(Path folder) throws IOException {
    CalibrationJson.check(this, folder, ModelFingerprint.of(List.of(folder)));
    CalibrationJson.attach(this, folder.resolve(Sidecar.FILE_NAME));
  }

  /**
   * Reads the calibration that the sidecar of a model carries.
   *
   * @param folder the folder of a SavedModel
   * @return the calibration; empty if the model has no sidecar, or it carries none
   * @throws IllegalArgumentException as {@link #read} of the sidecar
   * @throws IOException if a file cannot be read
   */
  public static Optional<Calibration> ofModel(Path folder) throws IOException {
    Path sidecar = folder.resolve(Sidecar.FILE_NAME);
    Optional<Calibration> carried = CalibrationJson.carried(sidecar);
    if (carried.isPresent()) {
      CalibrationJson.check(carried.get(), sidecar, ModelFingerprint.of(List.of(folder)));
    }
    return carried;
  }

  /**
   * Reads the calibration of a model.
   *
   * @param file the file
   * @param model the fingerprint of the model that it is to be applied to
   * @return the calibration
   * @throws IllegalArgumentException if the file is no calibration, says something impossible, or
   *     is for another model
   * @throws IOException if the file cannot be read
   */
  public static Calibration read(Path file, String model) throws IOException {
    Calibration calibration = CalibrationJson.read(file);
    CalibrationJson.check(calibration, file, model);
    return calibration;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Calibration that
        && model.equals(that.model)
        && scaling == that.scaling
        && kind == that.kind
        && classes == that.classes
        && Arrays.equals(numbers, that.numbers)
        && fit.equals(that.fit)
        && abstention.equals(that.abstention)
        && passes.equals(that.passes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers) * 31 + model.hashCode();
  }

  /** Returns the scaling, its temperature if it has one, and the model, for people. */
  @Override
  public String toString() {
    String number = scaling == Scaling.TEMPERATURE ? " " + numbers[0] : "";
    return scaling + number + " scaling of " + classes + " classes for " + model;
  }
}
