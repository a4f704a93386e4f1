package io.credence.tensorflow;

import io.credence.ModelDescription;
import io.credence.SamplingPlan;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.ndarray.NdArray;

/**
 * A member of an ensemble: what it is, and how it is loaded where it does not stay in memory.
 *
 * @param index its number, from 0
 * @param weight how much it counts, relative to the others
 * @param source how it is loaded
 * @param description what it is
 * @param names what it calls each input, by what calls on the ensemble call it
 * @param resident the member, where it stays in memory
 */
record EnsembleMember(
    int index,
    double weight,
    SavedModelEngine.Builder source,
    ModelDescription description,
    Map<String, String> names,
    Optional<SavedModelEngine> resident) {

  /** Odd, and so are the members' distances: no two seeds share a network. */
  private static final long STRIDE = 0x9E3779B97F4A7C15L;

  boolean isStochastic() {
    return !description.sites().isEmpty();
  }

  /** How many samples a plan draws of it. */
  int samples(SamplingPlan plan) {
    return isStochastic() ? plan.passes() : 1;
  }

  /** The plan with a seed of this member; the first has that of the plan. */
  SamplingPlan own(SamplingPlan plan) {
    long mixed = index * STRIDE;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return plan.withSeed(plan.seed() ^ mixed ^ (mixed >>> 31));
  }

  /** The inputs of a call under the names that this member has for them. */
  Map<String, NdArray<?>> own(Map<String, ? extends NdArray<?>> inputs) {
    Map<String, NdArray<?>> renamed = new LinkedHashMap<>();
    inputs.forEach((name, array) -> renamed.put(names.getOrDefault(name, name), array));
    return renamed;
  }
}
