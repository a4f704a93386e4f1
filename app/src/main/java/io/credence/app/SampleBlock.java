package io.credence.app;

import io.credence.SampleSink;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.ndarray.Shape;

/** The raw samples of one batch, as they are drawn. */
final class SampleBlock implements SampleSink {

  private final List<float[]> passes = new ArrayList<>();
  private Shape shape = Shape.unknown();

  @Override
  public void accept(int member, int pass, float[] outputs, Shape outputsShape) {
    shape = outputsShape;
    passes.add(outputs.clone());
  }

  /** Adds all of them to a file, as one batch. */
  void writeTo(SamplesFile file) {
    int each = passes.get(0).length;
    float[] all = new float[Math.multiplyExact(each, passes.size())];
    for (int i = 0; i < passes.size(); i++) {
      System.arraycopy(passes.get(i), 0, all, i * each, each);
    }
    // A model of one number a row may leave out the last dimension.
    Shape rows = shape.numDimensions() == 1 ? shape.append(Shape.of(1)) : shape;
    file.add(all, Shape.of(passes.size()).append(rows));
  }
}
