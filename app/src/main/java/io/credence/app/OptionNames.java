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
