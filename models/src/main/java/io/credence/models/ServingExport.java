package io.credence.models;

import java.io.IOException;
import java.nio.file.Path;
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
 */
final class ServingExport {

  private static final String INPUT = "image";
  private static final String OUTPUT = "probabilities";
  private static final int TEST_BATCH = 250;

  private final CnnRecipe recipe;
  private final Shape shape;
  private final int classes;

  ServingExport(CnnRecipe recipe, Shape shape, int classes) {
    this.recipe = recipe;
    this.shape = shape;
    this.classes = classes;
  }

  /** Reads the checkpoint of that prefix and writes the SavedModel into a folder. */
  void write(Path checkpoint, Path folder) throws IOException {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> images =
          tf.withName(INPUT).placeholder(TFloat32.class, Placeholder.shape(shape));
      DropoutCnn network =
          new DropoutCnn(tf, recipe.filters(), recipe.denseUnits(), recipe.seed(), true);
      Operand<TFloat32> probabilities =
          tf.withName(OUTPUT).nn.softmax(network.logits(images, classes));
      Signature signature =
          Signature.builder(Signature.DEFAULT_KEY)
              .input(INPUT, images)
              .output(OUTPUT, probabilities)
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
        try (TFloat32 images = CnnRecipe.images(test, batch);
            Result result = serving.call(java.util.Map.of(INPUT, images))) {
          TFloat32 probabilities = (TFloat32) result.get(OUTPUT).orElseThrow();
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
