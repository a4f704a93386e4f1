package io.credence.tensorflow;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A test of every Keras model of other people that has dropout. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@ParameterizedTest
@ValueSource(
    strings = {
      "mlperf-kws",
      "heart-tabular",
      "rongo-lstm",
      "stock-transformer",
      "stock-nlx",
      "optba-lstm-recdrop"
    })
@interface EachSharedModel {}
