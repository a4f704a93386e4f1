package io.credence;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tensorflow.ndarray.Shape;

/**
 * What can be told of a saved model without running it.
 *
 * @param model where it is
 * @param tags the tags of each graph in it
 * @param graph the tags of the graph looked into
 * @param signatures the signatures of that graph, in the order of their names
 * @param signature the signature looked into, or empty if it has none, or the caller names what to
 *     feed and to sample
 * @param output the output looked into, or the tensor that the caller names; of several the first
 *     that holds floating-point numbers; empty if there is none
 * @param outputKind what the output means, where the sidecar or the last op says so
 * @param sites the dropout sites of that output; without mask shapes if it cannot be sampled, and
 *     empty if ops are refused, for then it is not looked for any
 * @param cost what sampling it costs, or empty if it cannot be sampled
 * @param refusedOps ops that are refused unless the caller trusts the model, each with its node
 * @param candidates tensors where dropout often stands, nearest to the output first, for a model
 *     without a site
 * @param problem why it cannot be sampled as it is, and what to do next; empty if it can be
 */
public record ModelReport(
    String model,
    List<List<String>> tags,
    List<String> graph,
    List<Signature> signatures,
    Optional<String> signature,
    Optional<String> output,
    Optional<OutputKind> outputKind,
    List<DropoutSite> sites,
    Optional<SamplingCost> cost,
    List<String> refusedOps,
    List<String> candidates,
    Optional<String> problem) {

  /**
   * Copies the lists.
   *
   * @param model see the record
   * @param tags see the record
   * @param graph see the record
   * @param signatures see the record
   * @param signature see the record
   * @param output see the record
   * @param outputKind see the record
   * @param sites see the record
   * @param cost see the record
   * @param refusedOps see the record
   * @param candidates see the record
   * @param problem see the record
   */
  public ModelReport {
    tags = tags.stream().map(List::copyOf).toList();
    graph = List.copyOf(graph);
    signatures = List.copyOf(signatures);
    sites = List.copyOf(sites);
    refusedOps = List.copyOf(refusedOps);
    candidates = List.copyOf(candidates);
  }

  /**
   * What the output may mean, going by its shape: classes of one number are two, of more are as
   * many.
   *
   * @return the output kind if it is known, else those that the caller may declare
   */
  public List<OutputKind> possibleOutputKinds() {
    if (outputKind.isPresent()) {
      return List.of(outputKind.get());
    }
    Shape shape = outputShape();
    int dims = shape.isUnknown() ? 0 : shape.numDimensions();
    long width = dims == 0 ? Shape.UNKNOWN_SIZE : shape.get(dims - 1);
    return Arrays.stream(OutputKind.values())
        .filter(kind -> width == Shape.UNKNOWN_SIZE || fits(kind, width))
        .toList();
  }

  private static boolean fits(OutputKind kind, long width) {
    return switch (kind) {
      case PROBABILITIES, LOGITS -> width > 1;
      case BINARY_PROBABILITY, BINARY_LOGIT -> width == 1;
      case MEAN -> true;
      case MEAN_AND_VARIANCE, MEAN_AND_LOG_VARIANCE -> width % 2 == 0;
      case QUANTILES -> width > 1;
      case MIXTURE_DENSITY -> width > 2; // a weight, a mean and a deviation
    };
  }

  private Shape outputShape() {
    return signatures.stream()
        .filter(each -> signature.equals(Optional.of(each.name())))
        .flatMap(each -> each.outputs().stream())
        .filter(each -> output.equals(Optional.of(each.name())))
        .map(Tensor::shape)
        .findFirst()
        .orElse(Shape.unknown());
  }

  /**
   * A way to call a model.
   *
   * @param name its name
   * @param inputs what it is given, in the order of their names
   * @param outputs what it gives, in the order of their names
   */
  public record Signature(String name, List<Tensor> inputs, List<Tensor> outputs) {

    /**
     * Copies the lists.
     *
     * @param name see the record
     * @param inputs see the record
     * @param outputs see the record
     */
    public Signature {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }
  }

  /**
   * An input or output.
   *
   * @param name its name in the signature
   * @param tensor its name in the graph
   * @param type its element type as TensorFlow writes it, {@code DT_FLOAT} say
   * @param shape its shape, −1 where a dimension is open
   */
  public record Tensor(String name, String tensor, String type, Shape shape) {

    /** Returns name, type and shape as in {@code image FLOAT[?, 32, 32, 3]}. */
    @Override
    public String toString() {
      return name + " " + type.replaceFirst("^DT_", "") + TensorSpec.describe(shape);
    }
  }
}
