package io.credence.models;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.SessionFunction;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Writes the SavedModel of a trained recipe: a graph of its own, without gradients and optimizer
 * state, which reads the weights of the training checkpoint.
 *
 * @param input the name of the input
 * @param shape the shape of the input, its first dimension free
 * @param output the name of the output
 * @param network what is computed
 */
record ServingExport(String input, Shape shape, String output, Network network) {

  private static final String IMAGE = "image";
  private static final int TEST_BATCH = 250;

  /** Builds the output of a network in a graph. */
  @FunctionalInterface
  interface Network {
    Operand<TFloat32> output(Layers layers, Operand<TFloat32> input);
  }

  /** A network that answers pictures, or points of another name, with the softmax of its logits. */
  static ServingExport classifier(String input, Shape shape, Network logits) {
    return new ServingExport(
        input,
        shape,
        "probabilities",
        (layers, in) ->
            layers.ops().withName("probabilities").nn.softmax(logits.output(layers, in)));
  }

  /** A network that answers pictures of that shape, [?, height, width, channels]. */
  static ServingExport ofPictures(Shape shape, Network logits) {
    return classifier(IMAGE, shape, logits);
  }

  /** Reads the checkpoint of that prefix and writes the SavedModel into a folder. */
  void write(Path checkpoint, Path folder) throws IOException {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> in =
          tf.withName(input).placeholder(TFloat32.class, Placeholder.shape(shape));
      Signature signature =
          Signature.builder(Signature.DEFAULT_KEY)
              .input(input, in)
              .output(output, network.output(Layers.serving(tf), in))
              .methodName("tensorflow/serving/predict")
              .build();
      try (Session session = new Session(graph, false)) {
        session.restore(checkpoint.toString());
        SavedModelBundle.exporter(folder.toString())
            .withFunction(SessionFunction.create(signature, session))
            .export();
      }
    }
  }

  /** The share of pictures that the SavedModel in a folder, as served, classifies rightly. */
  static double accuracy(Path folder, LabelledImages test) {
    int right = 0;
    try (SavedModelBundle model = SavedModelBundle.load(folder.toString())) {
      SessionFunction serving = model.function(Signature.DEFAULT_KEY);
      for (int from = 0; from < test.size(); from += TEST_BATCH) {
        int[] batch = IntStream.range(from, Math.min(from + TEST_BATCH, test.size())).toArray();
        try (TFloat32 images = TFloat32.tensorOf(test.array(batch));
            Result result = serving.call(Map.of(IMAGE, images))) {
          TFloat32 probabilities = (TFloat32) result.get("probabilities").orElseThrow();
          for (int i = 0; i < batch.length; i++) {
            right += mostProbable(probabilities, i) == test.label(batch[i]) ? 1 : 0;
          }
        }
      }
    }
    return (double) right / test.size();
  }

  private static int mostProbable(TFloat32 probabilities, int row) {
    int best = 0;
    for (int k = 1; k < probabilities.shape().get(1); k++) {
      if (probabilities.getFloat(row, k) > probabilities.getFloat(row, best)) {
        best = k;
      }
    }
    return best;
  }
}
