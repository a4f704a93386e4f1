package io.credence.tensorflow;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Seeded damage to the bytes of a file, or to the parts of a model. */
final class Mutations {

  private static final List<String> OPS =
      TensorFlow.registeredOpList().getOpList().stream().map(OpDef::getName).sorted().toList();
  private static final long[] SIZES = {
    -1,
    -2,
    0,
    1,
    3,
    7,
    1000,
    1 << 20,
    Integer.MAX_VALUE,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Integer.MIN_VALUE
  };
  private static final String[] NAMES = {
    "", ":", "^", "x:-1", "x:1", "x:99999999999", "nowhere", "^nowhere", "x::0", "a:b:c", "^^x", "é"
  };

  private final SplittableRandom random;

  Mutations(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Flips one to eight bytes, or cuts the end off. */
  byte[] bytes(byte[] original) {
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(original, random.nextInt(original.length));
    }
    byte[] bytes = original.clone();
    for (int i = random.nextInt(1, 9); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  /** Changes one or two parts. */
  SavedModel parts(SavedModel original) {
    SavedModel.Builder model = original.toBuilder();
    for (int i = random.nextInt(1, 3); i > 0; i--) {
      part(model.getMetaGraphsBuilder(0));
    }
    return model.build();
  }

  private void part(MetaGraphDef.Builder model) {
    GraphDef.Builder graph = model.getGraphDefBuilder();
    int functions = graph.getLibrary().getFunctionCount();
    switch (random.nextInt(functions > 0 ? 16 : 12)) {
      case 0 -> signature(model);
      case 1 -> saver(model);
      case 2 -> graph.removeNode(random.nextInt(graph.getNodeCount()));
      case 3 -> graph.addNode(graph.getNode(random.nextInt(graph.getNodeCount())));
      default -> {
        if (functions > 0 && random.nextBoolean()) {
          function(graph, random.nextInt(functions));
        } else if (graph.getNodeCount() > 0) {
          int at = random.nextInt(graph.getNodeCount());
          NodeDef other = graph.getNode(random.nextInt(graph.getNodeCount()));
          graph.setNode(at, node(graph.getNode(at), other));
        }
      }
    }
  }

  private void function(GraphDef.Builder graph, int at) {
    FunctionDef.Builder function = graph.getLibraryBuilder().getFunctionBuilder(at);
    int nodes = function.getNodeDefCount();
    switch (random.nextInt(10)) {
      case 0 -> graph.getLibraryBuilder().removeFunction(at);
      case 1 -> function.getSignatureBuilder().setName(name());
      case 2 -> function.clearRet();
      case 3 -> function.getRetMap().keySet().forEach(each -> function.putRet(each, name()));
      case 4 -> function.getSignatureBuilder().clearInputArg();
      case 5 -> graph.getLibraryBuilder().addFunction(function);
      default -> {
        if (nodes > 0) {
          int i = random.nextInt(nodes);
          NodeDef other = function.getNodeDef(random.nextInt(nodes));
          NodeDef changed = node(function.getNodeDef(i), other);
          if (random.nextInt(8) == 0) {
            AttrValue.Builder itself = AttrValue.newBuilder();
            itself.getFuncBuilder().setName(function.getSignature().getName());
            changed =
                changed.toBuilder().setOp("PartitionedCall").putAttr("f", itself.build()).build();
          }
          function.setNodeDef(i, changed);
        }
      }
    }
  }

  private NodeDef node(NodeDef original, NodeDef other) {
    NodeDef.Builder node = original.toBuilder();
    int inputs = node.getInputCount();
    switch (random.nextInt(11)) {
      case 0 -> node.setOp(random.nextInt(5) == 0 ? name() : OPS.get(random.nextInt(OPS.size())));
      case 1 -> node.setName(random.nextBoolean() ? other.getName() : name());
      case 2 -> node.addInput((random.nextBoolean() ? "^" : "") + other.getName());
      case 3 -> node.clearInput();
      case 4 -> {
        for (int i = 0; i < 10_000; i++) {
          node.addInput(other.getName());
        }
      }
      case 5, 6 -> {
        if (inputs > 0) {
          String[] to = {
            name(), node.getName(), other.getName(), other.getName() + ":" + random.nextInt(4)
          };
          node.setInput(random.nextInt(inputs), to[random.nextInt(to.length)]);
        }
      }
      default -> attribute(node, other);
    }
    return node.build();
  }

  private void attribute(NodeDef.Builder node, NodeDef other) {
    List<String> names = node.getAttrMap().keySet().stream().sorted().toList();
    if (names.isEmpty()) {
      return;
    }
    String name = names.get(random.nextInt(names.size()));
    AttrValue.Builder attr = node.getAttrOrThrow(name).toBuilder();
    switch (random.nextInt(6)) {
      case 0 -> node.removeAttr(name);
      case 1 ->
          other.getAttrMap().keySet().stream()
              .sorted()
              .findFirst()
              .ifPresent(a -> node.putAttr(name, other.getAttrOrThrow(a)));
      default -> {
        value(attr);
        node.putAttr(name, attr.build());
      }
    }
  }

  private void value(AttrValue.Builder attr) {
    switch (attr.getValueCase()) {
      case TENSOR -> tensor(attr.getTensorBuilder());
      case SHAPE -> shape(attr.getShapeBuilder());
      case I -> attr.setI(size());
      case B -> attr.setB(!attr.getB());
      case TYPE -> attr.setType(type());
      case S -> attr.setS(ByteString.copyFromUtf8(name()));
      case F -> attr.setF(random.nextBoolean() ? Float.NaN : -1);
      case FUNC -> attr.getFuncBuilder().setName(name());
      case LIST -> {
        AttrValue.ListValue.Builder list = attr.getListBuilder();
        if (list.getICount() > 0) {
          list.setI(random.nextInt(list.getICount()), size());
        } else if (list.getTypeCount() > 0) {
          list.setType(random.nextInt(list.getTypeCount()), type());
        } else {
          list.addI(size());
        }
      }
      default -> attr.setI(size());
    }
  }

  private void tensor(TensorProto.Builder tensor) {
    switch (random.nextInt(6)) {
      case 0 -> shape(tensor.getTensorShapeBuilder());
      case 1 -> tensor.setDtype(type());
      case 2 -> tensor.clearTensorContent();
      case 3 -> tensor.setTensorContent(ByteString.copyFrom(new byte[random.nextInt(64)]));
      case 4 -> tensor.addIntVal((int) size()).addFloatVal(Float.POSITIVE_INFINITY);
      default -> {
        if (!tensor.getTensorContent().isEmpty()) {
          tensor.setTensorContent(
              ByteString.copyFrom(bytes(tensor.getTensorContent().toByteArray())));
        } else if (tensor.getIntValCount() > 0) {
          tensor.setIntVal(0, (int) size());
        }
      }
    }
  }

  private void shape(TensorShapeProto.Builder shape) {
    if (shape.getDimCount() == 0 || random.nextInt(4) == 0) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size()));
    } else if (random.nextInt(6) == 0) {
      shape.setUnknownRank(true);
    } else {
      shape.getDimBuilder(random.nextInt(shape.getDimCount())).setSize(size());
    }
  }

  private void signature(MetaGraphDef.Builder model) {
    SignatureDef.Builder signature =
        model
            .getSignatureDefOrDefault("serving_default", SignatureDef.getDefaultInstance())
            .toBuilder();
    TensorInfo.Builder input =
        signature.getInputsOrDefault("x", TensorInfo.getDefaultInstance()).toBuilder();
    TensorInfo.Builder output =
        signature.getOutputsOrDefault("y", TensorInfo.getDefaultInstance()).toBuilder();
    TensorInfo.Builder changed = random.nextBoolean() ? input : output;
    int nodes = model.getGraphDef().getNodeCount();
    switch (random.nextInt(5)) {
      case 0 -> changed.setName(name());
      case 1 -> changed.setDtype(type());
      case 2 -> shape(changed.getTensorShapeBuilder());
      case 3 -> changed.getCooSparseBuilder().setValuesTensorName("x");
      default -> changed.setName(model.getGraphDef().getNode(random.nextInt(nodes)).getName());
    }
    signature.putInputs("x", input.build()).putOutputs("y", output.build());
    model.putSignatureDef("serving_default", signature.build());
  }

  private void saver(MetaGraphDef.Builder model) {
    GraphDef graph = model.getGraphDef();
    String node =
        random.nextBoolean()
            ? name()
            : graph.getNode(random.nextInt(graph.getNodeCount())).getName();
    if (random.nextBoolean()) {
      model.getSaverDefBuilder().setRestoreOpName(node);
    } else {
      model.getSaverDefBuilder().setFilenameTensorName(node);
    }
  }

  private String name() {
    return NAMES[random.nextInt(NAMES.length)];
  }

  private long size() {
    return SIZES[random.nextInt(SIZES.length)];
  }

  private DataType type() {
    return DataType.forNumber(random.nextInt(0, 24));
  }
}
