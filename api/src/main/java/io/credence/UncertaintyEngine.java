package io.credence;

import java.util.Map;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArray;

/**
 * A model that is run many times, each time as another network drawn from the same distribution
 * over weights, so that the spread of its answers tells how far to trust them (Gal and Ghahramani
 * 2016, "Dropout as a Bayesian Approximation", arXiv 1506.02142).
 *
 * <p>Inputs are given by the names of the model's signature; the first dimension of each is the
 * batch, N ≥ 1 rows, the same N for all. An engine may be used by many threads at once. It owns
 * native memory: close it. After that every method but {@link #describe()} and {@link #close()}
 * throws {@link IllegalStateException}.
 */
public interface UncertaintyEngine extends AutoCloseable {

  /**
   * Describes the model: inputs, output, dropout sites.
   *
   * @return the description
   */
  ModelDescription describe();

  /**
   * Runs the model T times with dropout on, each member of an ensemble, and summarises the answers
   * for each of the N inputs: a {@link ClassificationPrediction} or a {@link RegressionPrediction},
   * by the model's {@link OutputKind}. With {@link Masks#SHARED} the summary of a row does not
   * depend on the other rows of its batch, up to the rounding of float32 (relative 1e-5), and the
   * same plan gives the same summary.
   *
   * @param inputs each input of the signature by its name, shape {@code [N, …]}
   * @param plan how many passes, from which seed, with which masks
   * @return the prediction, N rows
   * @throws IllegalArgumentException if an input is missing, unknown, empty, of another type or
   *     shape, or holds NaN or an infinity
   */
  Prediction predict(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan);

  /**
   * {@link #predict(Map, SamplingPlan)} that also hands on the raw samples which the summary is of.
   *
   * @param inputs each input of the signature by its name, shape {@code [N, …]}
   * @param plan how many passes, from which seed, with which masks
   * @param sink takes in the outputs of each pass, in order, on the caller's thread
   * @return the prediction, N rows
   * @throws IllegalArgumentException as {@link #predict(Map, SamplingPlan)}, or if the plan has a
   *     stopping rule, by which inputs take different numbers of passes
   */
  Prediction predict(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan, SampleSink sink);

  /**
   * Runs the model T times with dropout on and returns the raw output of every pass. Prefer {@link
   * #predict} where the summary is enough: this array grows with T.
   *
   * @param inputs each input of the signature by its name, shape {@code [N, …]}
   * @param plan how many passes, from which seed, with which masks
   * @return the outputs as the model gives them (see {@link ModelDescription#outputKind()}), shape
   *     {@code [T, N, …, K]}; of an ensemble {@code [S, N, …, K]}, the passes of its first member
   *     first
   * @throws IllegalArgumentException as {@link #predict(Map, SamplingPlan, SampleSink)}
   */
  FloatNdArray sample(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan);

  /**
   * Runs the model once, as its signature is served today: dropout off, unless the model has it
   * always on, in which case this is one draw.
   *
   * @param inputs each input of the signature by its name, shape {@code [N, …]}
   * @return the output as the model gives it, shape {@code [N, …, K]}
   * @throws IllegalArgumentException as {@link #predict(Map, SamplingPlan)}
   * @throws UnsupportedOperationException if the engine is an ensemble, which is not served as one
   */
  FloatNdArray singlePass(Map<String, ? extends NdArray<?>> inputs);

  /**
   * {@link #predict(Map, SamplingPlan)} for a model with one input.
   *
   * @param input the only input, shape {@code [N, …]}
   * @param plan how many passes, from which seed, with which masks
   * @return the prediction, N rows
   * @throws IllegalArgumentException as {@link #predict(Map, SamplingPlan)}, or if the model has
   *     several inputs
   */
  default Prediction predict(NdArray<?> input, SamplingPlan plan) {
    return predict(onlyInput(input), plan);
  }

  /**
   * {@link #sample(Map, SamplingPlan)} for a model with one input.
   *
   * @param input the only input, shape {@code [N, …]}
   * @param plan how many passes, from which seed, with which masks
   * @return the outputs as the model gives them, shape {@code [T, N, …, K]}
   * @throws IllegalArgumentException as {@link #predict(NdArray, SamplingPlan)}
   */
  default FloatNdArray sample(NdArray<?> input, SamplingPlan plan) {
    return sample(onlyInput(input), plan);
  }

  /**
   * {@link #singlePass(Map)} for a model with one input.
   *
   * @param input the only input, shape {@code [N, …]}
   * @return the output as the model gives it, shape {@code [N, …, K]}
   * @throws IllegalArgumentException as {@link #predict(NdArray, SamplingPlan)}
   */
  default FloatNdArray singlePass(NdArray<?> input) {
    return singlePass(onlyInput(input));
  }

  private Map<String, NdArray<?>> onlyInput(NdArray<?> input) {
    var inputs = describe().inputs();
    if (inputs.size() != 1) {
      throw new IllegalArgumentException(
          "the model has " + inputs.size() + " inputs, " + inputs + "; name each in a map");
    }
    return Map.of(inputs.get(0).name(), input);
  }

  /**
   * {@link #predict(Map, SamplingPlan)} for a classifier, so that its measures are at hand without
   * a cast.
   *
   * @param inputs each input of the signature by its name, shape {@code [N, …]}
   * @param plan how many passes, from which seed, with which masks
   * @return the prediction, N rows
   * @throws IllegalStateException if the model is a regressor
   * @throws IllegalArgumentException as {@link #predict(Map, SamplingPlan)}
   */
  default ClassificationPrediction classify(
      Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
    OutputKind kind = describe().outputKind();
    if (!kind.isClassification()) {
      throw new IllegalStateException(
          describe().model() + " is a regressor, its output is " + kind + "; call regress(..)");
    }
    return (ClassificationPrediction) predict(inputs, plan);
  }

  /**
   * {@link #classify(Map, SamplingPlan)} for a model with one input.
   *
   * @param input the only input, shape {@code [N, …]}
   * @param plan how many passes, from which seed, with which masks
   * @return the prediction, N rows
   * @throws IllegalStateException if the model is a regressor
   * @throws IllegalArgumentException as {@link #predict(NdArray, SamplingPlan)}
   */
  default ClassificationPrediction classify(NdArray<?> input, SamplingPlan plan) {
    return classify(onlyInput(input), plan);
  }

  /**
   * {@link #predict(Map, SamplingPlan)} for a regressor, so that its measures are at hand without a
   * cast.
   *
   * @param inputs each input of the signature by its name, shape {@code [N, …]}
   * @param plan how many passes, from which seed, with which masks
   * @return the prediction, N rows
   * @throws IllegalStateException if the model is a classifier
   * @throws IllegalArgumentException as {@link #predict(Map, SamplingPlan)}
   */
  default RegressionPrediction regress(
      Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
    OutputKind kind = describe().outputKind();
    if (kind.isClassification()) {
      throw new IllegalStateException(
          describe().model()
              + " is a classifier, its output is "
              + kind
              + "; call classify(..), or declare "
              + OutputKind.MEAN
              + " if it is not");
    }
    return (RegressionPrediction) predict(inputs, plan);
  }

  /**
   * {@link #regress(Map, SamplingPlan)} for a model with one input.
   *
   * @param input the only input, shape {@code [N, …]}
   * @param plan how many passes, from which seed, with which masks
   * @return the prediction, N rows
   * @throws IllegalStateException if the model is a classifier
   * @throws IllegalArgumentException as {@link #predict(NdArray, SamplingPlan)}
   */
  default RegressionPrediction regress(NdArray<?> input, SamplingPlan plan) {
    return regress(onlyInput(input), plan);
  }

  /** Frees the native memory. Closing twice does nothing. */
  @Override
  void close();
}
