package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the engine says in the words of its builder, in those of the command line. */
class OptionNamesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "choose one with output(..) | choose one with --output NAME",
        "choose one of these with tags(..) | choose one of these with --tags TAG,TAG",
        "with inputTensor(..) or outputTensor(..)"
            + " | with --input-tensor NAME=TENSOR or --output-tensor TENSOR",
        "inputTensor(name, tensor) and outputTensor(tensor)"
            + " | --input-tensor NAME=TENSOR and --output-tensor TENSOR",
        "allow it with allowUnsafeOps() of the builder, or --allow-unsafe-ops on the command line"
            + " | allow it with --allow-unsafe-ops",
        "declare its output kind, one of A, B | declare it with --output-kind, one of A, B",
        "the graph is damaged | the graph is damaged"
      })
  void in_message_ofTheBuilder_namesOptions(String message, String expected) {
    assertEquals(expected, OptionNames.in(message));
  }
}
