package io.credence.models;

import io.credence.models.data.Picture;
import io.credence.models.data.StreetDigits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

/** A SavedModel run by TensorFlow alone: nothing of the code under test stands in between. */
final class ServedModel implements AutoCloseable {

  private final SavedModelBundle bundle;

  private ServedModel(SavedModelBundle bundle) {
    this.bundle = bundle;
  }

  static ServedModel load(Path folder) {
    return new ServedModel(SavedModelBundle.load(folder.toString(), "serve"));
  }

  SignatureDef signature() {
    return bundle.metaGraphDef().getSignatureDefOrThrow("serving_default");
  }

  GraphDef graph() {
    return bundle.metaGraphDef().getGraphDef();
  }

  /** The probabilities of these pictures, row by row, with the gate as served. */
  float[] probabilities(float[] images) {
    return probabilities(images, Optional.empty());
  }

  /** The probabilities of these pictures, row by row; the gate is fed only if one is given. */
  float[] probabilities(float[] images, Optional<Boolean> gate) {
    return run(images, gate, signature().getOutputsOrThrow("probabilities").getName()).get(0);
  }

  /** Runs one batch and copies out the tensors of these names. */
  List<float[]> run(float[] images, Optional<Boolean> gate, String... tensors) {
    var input = signature().getInputsOrThrow("image");
    long[] dims =
        input.getTensorShape().getDimList().stream()
            .mapToLong(TensorShapeProto.Dim::getSize)
            .toArray();
    dims[0] = images.length / (dims[1] * dims[2] * dims[3]);
    Session.Runner runner = bundle.session().runner();
    try (TFloat32 x = TFloat32.tensorOf(NdArrays.wrap(Shape.of(dims), DataBuffers.of(images)));
        TBool on = TBool.scalarOf(gate.orElse(false))) {
      runner.feed(input.getName(), x);
      if (gate.isPresent()) {
        runner.feed("dropout_training", on);
      }
      Arrays.stream(tensors).forEach(runner::fetch);
      List<float[]> copies = new ArrayList<>();
      try (Result result = runner.run()) {
        for (int i = 0; i < tensors.length; i++) {
          TFloat32 tensor = (TFloat32) result.get(i);
          float[] copy = new float[(int) tensor.size()];
          tensor.copyTo(DataBuffers.of(copy));
          copies.add(copy);
        }
      }
      return copies;
    }
  }

  /** The texts of a constant of the graph. */
  List<String> strings(String tensor) {
    List<String> strings = new ArrayList<>();
    try (Result result = bundle.session().runner().fetch(tensor).run()) {
      ((TString) result.get(0)).scalars().forEach(scalar -> strings.add(scalar.getObject()));
    }
    return strings;
  }

  /** The share of the first street digits of a seed that the model names rightly. */
  double accuracy(long seed, int count) {
    StreetDigits digits = StreetDigits.of(seed);
    int right = 0;
    for (int i = 0; i < count; i += 100) {
      int rows = Math.min(100, count - i);
      float[] probabilities = probabilities(pictures(seed, i, rows));
      for (int row = 0; row < rows; row++) {
        float[] p = Arrays.copyOfRange(probabilities, row * 10, row * 10 + 10);
        int label = digits.digit(i + row).label().orElseThrow();
        boolean named = true;
        for (int k = 0; k < p.length; k++) {
          named &= k == label || p[k] < p[label];
        }
        right += named ? 1 : 0;
      }
    }
    return (double) right / count;
  }

  /** Street digits as inputs. */
  static float[] pictures(long seed, int from, int count) {
    StreetDigits digits = StreetDigits.of(seed);
    float[] values = new float[count * Picture.VALUES];
    for (int i = 0; i < count; i++) {
      digits.digit(from + i).copyTo(values, i * Picture.VALUES, 1f / 255);
    }
    return values;
  }

  @Override
  public void close() {
    bundle.close();
  }
}
