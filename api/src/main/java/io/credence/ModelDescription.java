package io.credence;

import java.util.List;

/**
 * What an engine knows of the model it runs.
 *
 * @param model where the model came from, for people
 * @param signature the name of the signature that is run
 * @param inputs the signature's inputs, in the order of their names
 * @param output the output that is sampled
 * @param outputKind what the numbers of the output mean
 * @param labels the name of each class, or of each regression target; empty if none are known
 * @param sites the dropout sites that are drawn anew in each pass
 * @param cost what sampling costs, and how passes are run
 */
public record ModelDescription(
    String model,
    String signature,
    List<TensorSpec> inputs,
    TensorSpec output,
    OutputKind outputKind,
    List<String> labels,
    List<DropoutSite> sites,
    SamplingCost cost) {

  /**
   * Copies the lists.
   *
   * @param model see the record
   * @param signature see the record
   * @param inputs see the record
   * @param output see the record
   * @param outputKind see the record
   * @param labels see the record
   * @param sites see the record
   * @param cost see the record
   */
  public ModelDescription {
    inputs = List.copyOf(inputs);
    labels = List.copyOf(labels);
    sites = List.copyOf(sites);
  }

  /**
   * The name of a class or regression target: its label, or its index where no labels are known.
   *
   * @param index the class, 0 ≤ index &lt; K, or the target, 0 ≤ index &lt; D
   * @return the name
   * @throws IndexOutOfBoundsException if labels are known and {@code index} is not one of theirs
   */
  public String label(int index) {
    return labels.isEmpty() ? Integer.toString(index) : labels.get(index);
  }
}
