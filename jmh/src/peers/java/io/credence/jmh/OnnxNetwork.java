package io.credence.jmh;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** Writes the network of {@link Network} as an ONNX file, with dropout on, or off. */
final class OnnxNetwork {

  /** IR version and operator set in which Dropout reads whether it is in training. */
  private static final int IR_VERSION = 8;

  private static final int OPERATOR_SET = 13;

  static final String INPUT = "x";
  static final String OUTPUT = "y";

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("network");
  private final boolean dropped;
  private final Random random = new Random(7);

  private OnnxNetwork(boolean dropped) {
    this.dropped = dropped;
  }

  /**
   * The bytes of the file.
   *
   * @param bothSites whether dropout stands on the features, too
   * @param dropped whether it drops
   */
  static byte[] bytes(boolean bothSites, boolean dropped) {
    OnnxNetwork network = new OnnxNetwork(dropped);
    network.write(bothSites);
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName("credence-jmh")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATOR_SET))
        .setGraph(network.graph)
        .build()
        .toByteArray();
  }

  private void write(boolean bothSites) {
    graph.addInput(value(INPUT, 1, Network.SIDE, Network.SIDE));
    graph.addOutput(value(OUTPUT, Network.CLASSES));
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName("training")
            .setDataType(TensorProto.DataType.BOOL.getNumber())
            .addInt32Data(dropped ? 1 : 0));
    convolution(INPUT, "c1", 1, 32);
    convolution("c1", "c2", 32, 64);
    node("MaxPool", "pooled", "c2")
        .addAttribute(integers("kernel_shape", 2, 2))
        .addAttribute(integers("strides", 2, 2));
    node("Flatten", "features", "pooled");
    String features = "features";
    if (bothSites) {
      dropout("features", "dropped", .25f);
      features = "dropped";
    }
    product(features, "hidden", 14 * 14 * 64, 128);
    node("Relu", "positive", "hidden");
    dropout("positive", "kept", .5f);
    product("kept", "scores", 128, Network.CLASSES);
    node("Softmax", OUTPUT, "scores");
  }

  private void convolution(String x, String y, int depth, int filters) {
    weights(y + "/weights", Math.sqrt(2.0 / (9 * depth)), filters, depth, 3, 3);
    node("Conv", y + "/conv", x, y + "/weights")
        .addAttribute(integers("kernel_shape", 3, 3))
        .addAttribute(integers("pads", 1, 1, 1, 1));
    node("Relu", y, y + "/conv");
  }

  private void product(String x, String y, int inputs, int outputs) {
    weights(y + "/weights", Math.sqrt(2.0 / inputs), inputs, outputs);
    node("MatMul", y, x, y + "/weights");
  }

  private void dropout(String x, String y, float rate) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(y + "/rate")
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .addFloatData(rate));
    node("Dropout", y, x, y + "/rate", "training");
  }

  private void weights(String name, double scale, long... shape) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .addAllDims(LongStream.of(shape).boxed().toList());
    long size = LongStream.of(shape).reduce(1, Math::multiplyExact);
    for (long i = 0; i < size; i++) {
      tensor.addFloatData((float) (random.nextGaussian() * scale));
    }
    graph.addInitializer(tensor);
  }

  private NodeProto.Builder node(String type, String output, String... inputs) {
    return graph
        .addNodeBuilder()
        .setName(output)
        .setOpType(type)
        .addAllInput(List.of(inputs))
        .addOutput(output);
  }

  private static AttributeProto integers(String name, long... values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.INTS)
        .addAllInts(LongStream.of(values).boxed().toList())
        .build();
  }

  private static ValueInfoProto value(String name, long... features) {
    TensorShapeProto.Builder shape =
        TensorShapeProto.newBuilder().addDim(Dimension.newBuilder().setDimParam("rows"));
    LongStream.of(features).forEach(size -> shape.addDimBuilder().setDimValue(size));
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                        .setShape(shape)))
        .build();
  }
}
