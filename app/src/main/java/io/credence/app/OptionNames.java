package io.credence.app;

import java.util.LinkedHashMap;
import java.util.Map;

/** Puts what the engine says to callers in Java into the options of the command line. */
final class OptionNames {

  private static final Map<String, String> OPTIONS = new LinkedHashMap<>();

  static {
    OPTIONS.put("inputTensor(name, tensor)", "--input-tensor NAME=TENSOR");
    OPTIONS.put("inputTensor(..)", "--input-tensor NAME=TENSOR");
    OPTIONS.put("outputTensor(tensor)", "--output-tensor TENSOR");
    OPTIONS.put("outputTensor(..)", "--output-tensor TENSOR");
    OPTIONS.put(" output(..)", " --output NAME");
    OPTIONS.put("tags(..)", "--tags TAG,TAG");
    OPTIONS.put("declare its output kind, one of", "declare it with --output-kind, one of");
    OPTIONS.put(
        "name the tensors and rates of training",
        "name the tensors and rates of training with --dropout TENSOR=RATE");
    OPTIONS.put(
        "allowUnsafeOps() of the builder, or --allow-unsafe-ops on the command line",
        "--allow-unsafe-ops");
    OPTIONS.put("with renameInput(..)", "with --rename-input NAME=CALLED");
    OPTIONS.put("renamed inputs [", "--rename-input names [");
    OPTIONS.put("] are in no member", "], which are inputs of no member");
    OPTIONS.put(
        "declare the kind of each, or choose another output",
        "declare one for all with --output-kind, or choose another output with --output NAME,NAME");
    OPTIONS.put(
        "choose the output that all have", "choose the output that all have with --output NAME");
    OPTIONS.put("weight is ", "a weight of --weights is ");
    OPTIONS.put("resident members is ", "--resident-members is ");
    OPTIONS.put("parallel members is ", "--parallel-members is ");
    OPTIONS.put(
        "keep at least as many as are to be at work",
        "raise --resident-members, or lower --parallel-members");
    OPTIONS.put("let its members be sampled", "leave out --as-served");
    OPTIONS.put("error groups is ", "--error-groups is ");
    OPTIONS.put("min passes is ", "--min-passes is ");
    OPTIONS.put("tolerance is ", "--tolerance is ");
    OPTIONS.put("raise the most, or lower the least", "raise --passes, or lower --min-passes");
    OPTIONS.put("could end sampling; ask for", "could end sampling; give --error-groups");
    OPTIONS.put("use shared masks with a tolerance", "leave out --masks per-row, or --tolerance");
    OPTIONS.put("choose a measure of means", "choose another --tolerance-measure");
    OPTIONS.put(
        "ask for samples with a fixed number of passes", "leave out --tolerance, or --samples-out");
  }

  private OptionNames() {}

  /** The message, with options where it names methods of the builder. */
  static String in(String message) {
    String text = message;
    for (Map.Entry<String, String> each : OPTIONS.entrySet()) {
      text = text.replace(each.getKey(), each.getValue());
    }
    return text;
  }
}
