package io.credence.app.input;

import io.credence.ElementType;
import io.credence.ImagePreprocessing;
import io.credence.TensorSpec;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/** Makes an input of 8-bit pixels: rescaled for a floating-point input, as they are for bytes. */
final class Pixels {

  private Pixels() {}

  /**
   * The pixels as the model reads them.
   *
   * @param pixels unsigned bytes, as many as the shape has
   * @throws BadInputException if the model reads neither floating-point numbers nor bytes
   */
  static NdArray<?> toArray(
      byte[] pixels, Shape shape, TensorSpec spec, ImagePreprocessing preprocessing) {
    switch (spec.type()) {
      case FLOAT32 -> {
        float[] values = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
          values[i] = preprocessing.value(pixels[i] & 0xFF);
        }
        return NdArrays.wrap(shape, DataBuffers.of(values));
      }
      case FLOAT64 -> {
        double[] values = new double[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
          values[i] = (pixels[i] & 0xFF) * preprocessing.scale() + preprocessing.offset();
        }
        return NdArrays.wrap(shape, DataBuffers.of(values));
      }
      case UINT8 -> {
        return NdArrays.wrap(shape, DataBuffers.of(pixels));
      }
      default ->
          throw new BadInputException(
              "pictures cannot feed input \""
                  + spec.name()
                  + "\", which reads "
                  + spec.type()
                  + "; only "
                  + ElementType.FLOAT32
                  + ", "
                  + ElementType.FLOAT64
                  + " and "
                  + ElementType.UINT8
                  + " inputs take them");
    }
  }
}
