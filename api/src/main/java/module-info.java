/**
 * What a JVM program compiles against to learn how far to trust a neural network's answer: the
 * engine contract, the statistics of its samples, and decisions made on them. Pure Java: TensorFlow
 * stays behind {@link io.credence.UncertaintyEngine}.
 */
module io.credence {
  requires transitive org.tensorflow.ndarray;
  requires transitive com.fasterxml.jackson.databind;
  requires commons.math3;
  requires static org.jspecify;

  exports io.credence;
  exports io.credence.statistics;
  exports io.credence.decision;
}
