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
        "map input names with renameInput(..), or | map input names with --rename-input NAME=CALLED,"
            + " or",
        "renamed inputs [z] are in no member; members have"
            + " | --rename-input names [z], which are inputs of no member; members have",
        "declare the kind of each, or choose another output"
            + " | declare one for all with --output-kind, or choose another output with --output"
            + " NAME,NAME",
        "weight is 0.0; each must | a weight of --weights is 0.0; each must",
        "resident members is 0; at | --resident-members is 0; at",
        "parallel members is 0; at | --parallel-members is 0; at",
        "3 members at work at once, but 2 in memory; keep at least as many as are to be at work"
            + " | 3 members at work at once, but 2 in memory; raise --resident-members, or lower"
            + " --parallel-members",
        "without dropout; let its members be sampled | without dropout; leave out --as-served",
        "error groups is 1; it must | --error-groups is 1; it must",
        "tolerance is NaN; it must | --tolerance is NaN; it must",
        "min passes is 2; at least | --min-passes is 2; at least",
        "cannot be taken; raise the most, or lower the least"
            + " | cannot be taken; raise --passes, or lower --min-passes",
        "when they leave it; use shared masks with a tolerance"
            + " | when they leave it; leave out --masks per-row, or --tolerance",
        "make up no array; ask for samples with a fixed number of passes"
            + " | make up no array; leave out --tolerance, or --samples-out",
        "the graph is damaged | the graph is damaged",
        "passes is 0; it must be at least 1 | passes is 0; it must be at least 1"
      })
  void in_message_ofTheBuilder_namesOptions(String message, String expected) {
    assertEquals(expected, OptionNames.in(message));
  }
}
