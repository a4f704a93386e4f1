package io.credence.tensorflow;

import io.credence.ModelDescription;
import io.credence.Prediction;
import io.credence.SampleSink;
import io.credence.SamplingPlan;
import io.credence.UncertaintyEngine;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArray;

/**
 * Runs several SavedModels as one: an ensemble of M members (Lakshminarayanan, Pritzel, Blundell
 * 2017, "Simple and Scalable Predictive Uncertainty Estimation using Deep Ensembles", arXiv
 * 1612.01474). A member with dropout draws the passes of the plan, each with networks of its own;
 * one without answers once, as it is served. Every summary tells what the members disagree on apart
 * from what dropout within them does.
 *
 * <p>Safe for use by many threads at once. Owns the sessions of its members; {@link #close} waits
 * for running passes and frees them.
 */
public final class SavedModelEnsemble implements UncertaintyEngine {

  private final ModelDescription description;
  private final Members members;

  /** Takes over the members, and closes them when it is closed. */
  SavedModelEnsemble(ModelDescription description, Members members) {
    this.description = description;
    this.members = members;
  }

  /**
   * Options for loading an ensemble of models that need none of their own.
   *
   * @param members the folders of the members, one at least
   * @return the options, all at their defaults
   * @throws IllegalArgumentException if there is none
   */
  public static Builder builder(List<Path> members) {
    return of(members.stream().map(SavedModelEngine::builder).toList());
  }

  /**
   * Options for loading an ensemble of models with options of their own, such as their signature.
   *
   * @param members how each member is loaded, one at least
   * @return the options, all at their defaults
   * @throws IllegalArgumentException if there is none
   */
  public static Builder of(List<SavedModelEngine.Builder> members) {
    return new Builder(members);
  }

  @Override
  public ModelDescription describe() {
    return description;
  }

  @Override
  public Prediction predict(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
    return predict(inputs, plan, Optional.empty());
  }

  /**
   * {@inheritDoc}
   *
   * <p>Members are not at work at the same time then.
   */
  @Override
  public Prediction predict(
      Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan, SampleSink sink) {
    SampleArrays.refuseStopping(plan);
    return predict(inputs, plan, Optional.of(sink));
  }

  private Prediction predict(
      Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan, Optional<SampleSink> sink) {
    return members.call(
        () -> {
          try (EnsembleBatch batch = new EnsembleBatch(members, inputs, plan, sink)) {
            return PlanRun.predict(plan, batch, batch::doubts);
          }
        });
  }

  @Override
  public FloatNdArray sample(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
    SampleArrays.refuseStopping(plan);
    return members.call(
        () -> {
          try (EnsembleBatch batch = new EnsembleBatch(members, inputs, plan, Optional.empty())) {
            return batch.samples().all();
          }
        });
  }

  /**
   * Not of an ensemble: nothing says how its members would be served as one.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public FloatNdArray singlePass(Map<String, ? extends NdArray<?>> inputs) {
    throw new UnsupportedOperationException(
        description.model()
            + " is an ensemble, which is not served as one; call predict(..), or singlePass(..) of"
            + " one member");
  }

  /** Waits for calls in flight, then frees the native memory. */
  @Override
  public void close() {
    members.close();
  }

  Members members() {
    return members;
  }

  /** Options for loading an ensemble. Each may be set once or not at all. */
  public static final class Builder {

    final List<SavedModelEngine.Builder> members;
    final Map<String, String> renamed = new LinkedHashMap<>();
    Optional<double[]> weights = Optional.empty();
    int resident = Integer.MAX_VALUE;
    int parallel = 1;
    boolean asServed;

    private Builder(List<SavedModelEngine.Builder> members) {
      if (members.isEmpty()) {
        throw new IllegalArgumentException("an ensemble needs at least one member, got none");
      }
      this.members = List.copyOf(members);
    }

    /**
     * How much each member counts. Default: all alike.
     *
     * @param each a weight within [1e-9, 1e9] for each member, in their order; only their ratios
     *     matter
     * @return this
     * @throws IllegalArgumentException if there is another number of weights than of members, the
     *     largest is more than 1e9 times the smallest, or unless {@code 1e-9 <= weight <= 1e9} for
     *     each
     */
    public Builder weights(double... each) {
      if (each.length != members.size()) {
        throw new IllegalArgumentException(
            "there are "
                + each.length
                + " weights for "
                + members.size()
                + " members; give one for each, in their order");
      }
      for (double weight : each) {
        if (!(weight >= 1e-9 && weight <= 1e9)) {
          throw new IllegalArgumentException(
              "weight is " + weight + "; each must be within [1e-9, 1e9]; only ratios matter");
        }
      }
      double largest = Arrays.stream(each).max().orElseThrow();
      double smallest = Arrays.stream(each).min().orElseThrow();
      if (smallest / largest < 1e-9) {
        throw new IllegalArgumentException(
            "weights "
                + smallest
                + " and "
                + largest
                + " are more than 1e9 apart; a member that counts so little has no part in the"
                + " result, leave it out");
      }
      weights = Optional.of(each.clone());
      return this;
    }

    /**
     * How many members stay in memory at most; others are loaded for each call in turn, which makes
     * calls slower, so score large batches then. Default: all.
     *
     * @param count number of members, ≥ 1
     * @return this
     * @throws IllegalArgumentException if {@code count < 1}
     */
    public Builder residentMembers(int count) {
      if (count < 1) {
        throw new IllegalArgumentException(
            "resident members is " + count + "; at least 1 must be in memory to be run");
      }
      resident = count;
      return this;
    }

    /**
     * How many members are at work for one call at once. TensorFlow uses all cores for one model
     * already; more at once help where the models are small, and take memory for the moments of
     * each. Default: 1.
     *
     * @param count number of members, ≥ 1
     * @return this
     * @throws IllegalArgumentException if {@code count < 1}
     */
    public Builder parallelMembers(int count) {
      if (count < 1) {
        throw new IllegalArgumentException(
            "parallel members is " + count + "; at least 1 must be at work");
      }
      parallel = count;
      return this;
    }

    /**
     * Has every member answer once, as it is served, dropout or not. Default: members with dropout
     * draw the passes of the plan. So one model can be scored, and calibrated, without dropout: its
     * samples are one, and mutual information is 0.
     *
     * @return this
     */
    public Builder asServed() {
      asServed = true;
      return this;
    }

    /**
     * What calls name an input, where members have different names for it. Members of one input
     * need no such mapping: theirs is named as that of the first.
     *
     * @param name the name in the signature of one or more members
     * @param calledAs the name in calls
     * @return this
     * @throws IllegalArgumentException if that input has another name in calls already
     */
    public Builder renameInput(String name, String calledAs) {
      String known = renamed.putIfAbsent(name, calledAs);
      if (known != null && !known.equals(calledAs)) {
        throw new IllegalArgumentException(
            "input \"" + name + "\" is called \"" + known + "\" already; give it one name");
      }
      return this;
    }

    /**
     * Loads the members, and holds them against each other.
     *
     * @return the ensemble, which the caller closes
     * @throws ModelLoadException if a member cannot be loaded, members differ in inputs, output or
     *     labels, or nothing in the ensemble differs between passes: one member, without dropout,
     *     and not to be as served
     * @throws IllegalArgumentException if an input is renamed that no member has, or more members
     *     are to be at work than may be in memory
     */
    public SavedModelEnsemble load() {
      return EnsembleLoader.load(this);
    }

    /** The weight of each member, the largest 1, so that nothing but ratios matters. */
    double[] each() {
      double[] alike = new double[members.size()];
      Arrays.fill(alike, 1);
      double[] each = weights.orElse(alike);
      double largest = Arrays.stream(each).max().orElseThrow();
      return Arrays.stream(each).map(weight -> weight / largest).toArray();
    }
  }
}
