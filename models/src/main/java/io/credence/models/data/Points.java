package io.credence.models.data;

import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/**
 * Points of a few coordinates, each with what a network is to answer and its weight in the loss.
 * Values are copied in and out.
 */
public final class Points {

  private final int size;
  private final float[] inputs;
  private final float[] targets;
  private final float[] weights;

  /**
   * Copies points.
   *
   * @param inputs coordinates, shape {@code [N, inputs]}
   * @param targets numbers to be answered, or a distribution over classes, shape {@code [N,
   *     targets]}
   * @param weights weight of each point in the loss, shape {@code [N]}, N ≥ 1
   * @throws IllegalArgumentException if there is no point, or the lengths do not agree
   */
  public Points(float[] inputs, float[] targets, float[] weights) {
    if (weights.length == 0
        || inputs.length == 0
        || inputs.length % weights.length != 0
        || targets.length == 0
        || targets.length % weights.length != 0) {
      throw new IllegalArgumentException(
          inputs.length
              + " coordinates and "
              + targets.length
              + " targets of "
              + weights.length
              + " points; a point at least, and as many of each for every point are needed");
    }
    this.size = weights.length;
    this.inputs = inputs.clone();
    this.targets = targets.clone();
    this.weights = weights.clone();
  }

  /**
   * Number of points.
   *
   * @return N ≥ 1
   */
  public int size() {
    return size;
  }

  /**
   * One coordinate of a point.
   *
   * @param point the point, 0 ≤ point &lt; N
   * @param coordinate which one
   * @return its value
   */
  public float input(int point, int coordinate) {
    return inputs[point * (inputs.length / size) + coordinate];
  }

  /**
   * One target of a point.
   *
   * @param point the point, 0 ≤ point &lt; N
   * @param target which one
   * @return its value
   */
  public float target(int point, int target) {
    return targets[point * (targets.length / size) + target];
  }

  /**
   * The coordinates as an array.
   *
   * @return a copy, shape {@code [N, inputs]}
   */
  public FloatNdArray inputs() {
    return NdArrays.wrap(Shape.of(size, inputs.length / size), DataBuffers.of(inputs.clone()));
  }

  /**
   * The targets as an array.
   *
   * @return a copy, shape {@code [N, targets]}
   */
  public FloatNdArray targets() {
    return NdArrays.wrap(Shape.of(size, targets.length / size), DataBuffers.of(targets.clone()));
  }

  /**
   * The weights as an array.
   *
   * @return a copy, shape {@code [N]}
   */
  public FloatNdArray weights() {
    return NdArrays.wrap(Shape.of(size), DataBuffers.of(weights.clone()));
  }
}
