package io.credence.tensorflow;

import io.credence.ElementType;
import io.credence.TensorSpec;
import io.credence.tensorflow.GraphIndex.Port;
import java.util.Arrays;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * A tensor that a model is fed with or asked for.
 *
 * @param name what callers call it
 * @param port where it stands in the graph
 * @param info what a signature says of it, if it comes from one
 */
record Endpoint(String name, Port port, Optional<TensorInfo> info) {

  /**
   * A tensor that a signature names.
   *
   * @throws ModelLoadException if it stands for several tensors
   */
  static Endpoint of(String name, TensorInfo info) {
    switch (info.getEncodingCase()) {
      case NAME -> {}
      case COO_SPARSE ->
          throw new ModelLoadException(
              "\""
                  + name
                  + "\" is a sparse tensor (COO: values, indices and shape), which is not read"
                  + " yet; name a dense tensor with inputTensor(..) or outputTensor(..)");
      case COMPOSITE_TENSOR ->
          throw new ModelLoadException(
              "\""
                  + name
                  + "\" is a composite tensor ("
                  + info.getCompositeTensor().getTypeSpec().getTypeSpecClassName()
                  + "), which is not read yet; name a dense tensor with inputTensor(..) or"
                  + " outputTensor(..)");
      default ->
          throw new ModelLoadException(
              "the signature is damaged: it does not say which tensor \"" + name + "\" is");
    }
    return new Endpoint(name, Port.parse(info.getName()), Optional.of(info));
  }

  /** A tensor that the caller names. */
  static Endpoint named(String name, Port port) {
    return new Endpoint(name, port, Optional.empty());
  }

  /** The same, standing elsewhere. */
  Endpoint at(Port other) {
    return new Endpoint(name, other, info);
  }

  /**
   * Type and shape: as the signature says, and where none does, as TensorFlow infers.
   *
   * @param graph the imported graph
   * @param actual where the tensor stands in it
   * @throws ModelLoadException if the type cannot be read, or the signature contradicts the graph
   */
  TensorSpec spec(Graph graph, Port actual) {
    Output<?> tensor = output(graph, actual);
    DataType inferred = DataType.forNumber(tensor.dataType().getNumber());
    DataType type = info.map(TensorInfo::getDtype).orElse(inferred);
    if (type != inferred) {
      throw new ModelLoadException(
          "the signature says that \""
              + name
              + "\" is of type "
              + type
              + ", but in the graph it is "
              + inferred
              + "; the model is damaged");
    }
    ElementType element =
        ElementTypes.of(type)
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "\"" + name + "\" is of type " + type + ", which is not read yet"));
    Shape shape = info.map(each -> shape(each.getTensorShape())).orElse(tensor.shape());
    boolean negative =
        !shape.isUnknown() && Arrays.stream(shape.asArray()).anyMatch(dim -> dim < -1);
    if (negative || !shape.isCompatibleWith(tensor.shape())) {
      throw new ModelLoadException(
          "the signature says that \""
              + name
              + "\" has the shape "
              + TensorSpec.describe(shape)
              + ", but in the graph it has "
              + TensorSpec.describe(tensor.shape())
              + "; the model is damaged");
    }
    return new TensorSpec(name, element, shape);
  }

  private static Output<?> output(Graph graph, Port at) {
    var operation = graph.operationOrThrow(at.node());
    if (at.index() >= operation.numOutputs()) {
      throw new ModelLoadException(
          "tensor \""
              + at
              + "\" is not there: node \""
              + at.node()
              + "\" has "
              + operation.numOutputs()
              + " outputs");
    }
    return operation.output(at.index());
  }

  private static Shape shape(TensorShapeProto shape) {
    if (shape.getUnknownRank()) {
      return Shape.unknown();
    }
    long[] dims = shape.getDimList().stream().mapToLong(TensorShapeProto.Dim::getSize).toArray();
    return Shape.of(dims);
  }
}
