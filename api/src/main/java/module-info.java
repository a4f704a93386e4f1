/**
 * What a JVM program compiles against to learn how far to trust a neural network's answer: the
 * engine contract, the statistics of its samples, decisions made on them, and how well they agree
 * with what turned out to be true. Pure Java: TensorFlow stays behind {@link
 * io.credence.UncertaintyEngine}.
 */
module io.credence {
  requires transitive org.tensorflow.ndarray;
  requires transitive com.fasterxml.jackson.databind;
  requires commons.math3;
  requires static org.jspecify;

  exports io.credence;
  exports io.credence.statistics;
  exports io.credence.decision;
  exports io.credence.calibration;
  exports io.credence.acquisition;
}
