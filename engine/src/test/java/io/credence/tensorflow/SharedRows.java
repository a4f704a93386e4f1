package io.credence.tensorflow;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;

/** Seeded inputs of whatever a model reads. */
final class SharedRows {

  private SharedRows() {}

  static Map<String, NdArray<?>> of(SavedModelEngine engine, int rows) {
    Map<String, NdArray<?>> inputs = new LinkedHashMap<>();
    engine
        .describe()
        .inputs()
        .forEach(
            spec -> {
              long[] dims = spec.shape().asArray();
              dims[0] = rows;
              for (int i = 1; i < dims.length; i++) {
                dims[i] = dims[i] < 0 ? 6 : dims[i];
              }
              inputs.put(spec.name(), array(spec.type(), Shape.of(dims)));
            });
    return inputs;
  }

  private static NdArray<?> array(io.credence.ElementType type, Shape shape) {
    SplittableRandom random = new SplittableRandom(5);
    switch (type) {
      case FLOAT32 -> {
        FloatNdArray floats = NdArrays.ofFloats(shape);
        floats.scalars().forEach(s -> s.setFloat(random.nextInt(1, 9)));
        return floats;
      }
      case FLOAT64 -> {
        var doubles = NdArrays.ofDoubles(shape);
        doubles.scalars().forEach(s -> s.setDouble(random.nextDouble(0, 4)));
        return doubles;
      }
      case INT64 -> {
        var longs = NdArrays.ofLongs(shape);
        longs.scalars().forEach(s -> s.setLong(random.nextInt(0, 2)));
        return longs;
      }
      default -> {
        NdArray<String> texts = NdArrays.ofObjects(String.class, shape);
        texts.scalars().forEach(s -> s.setObject(random.nextBoolean() ? "M" : "F"));
        return texts;
      }
    }
  }
}
