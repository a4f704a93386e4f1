package io.credence.models;

/** How a convolutional classifier is built and trained. */
public enum CnnStyle {
  /**
   * With dropout: 3×3 convolutions, each before a 2×2 max-pool; .25 of the values dropped after the
   * last pool and .5 before the last layer; 64 pictures a step.
   */
  DROPOUT(64, 1e-3f),
  /**
   * With dropout: 4×4 convolutions, not padded, and one 2×2 max-pool after the last; .25 of the
   * values dropped after it and .5 before the last layer; 32 pictures a step. As in Gal, Islam,
   * Ghahramani 2017, "Deep Bayesian Active Learning with Image Data", arXiv 1703.02910.
   */
  ACTIVE(32, 3e-3f),
  /**
   * As LeNet-5, without dropout: 5×5 convolutions, all but the last before a 2×2 max-pool; 256
   * pictures a step. One such network answers always the same; several are an ensemble.
   */
  LENET5(256, 1e-3f);

  private final int batch;
  private final float learningRate;

  CnnStyle(int batch, float learningRate) {
    this.batch = batch;
    this.learningRate = learningRate;
  }

  /** Pictures of a step. */
  int batch() {
    return batch;
  }

  /** Step size of Adam: larger where few pictures are to be learnt in few steps. */
  float learningRate() {
    return learningRate;
  }
}
