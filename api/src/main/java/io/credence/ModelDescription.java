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
 * @param members the members of an ensemble, in their order; none of one model
 * @param notes what could not be checked, or is otherwise worth knowing, for people
 */
public record ModelDescription(
    String model,
    String signature,
    List<TensorSpec> inputs,
    TensorSpec output,
    OutputKind outputKind,
    List<String> labels,
    List<DropoutSite> sites,
    SamplingCost cost,
    List<Member> members,
    List<String> notes) {

  /**
   * One member of an ensemble.
   *
   * @param model what it is
   * @param weight its weight, within (0, 1]; the weights of all members sum to 1
   * @param stochastic whether each of its passes is another network; else it is run once, as it is
   *     served
   */
  public record Member(ModelDescription model, double weight, boolean stochastic) {}

  /**
   * The description of one model.
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
  public ModelDescription(
      String model,
      String signature,
      List<TensorSpec> inputs,
      TensorSpec output,
      OutputKind outputKind,
      List<String> labels,
      List<DropoutSite> sites,
      SamplingCost cost) {
    this(model, signature, inputs, output, outputKind, labels, sites, cost, List.of(), List.of());
  }

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
   * @param members see the record
   * @param notes see the record
   */
  public ModelDescription {
    inputs = List.copyOf(inputs);
    labels = List.copyOf(labels);
    sites = List.copyOf(sites);
    members = List.copyOf(members);
    notes = List.copyOf(notes);
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
