package io.credence.app;

import io.credence.app.input.BadInputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the options that name tensors. */
final class TensorOptions {

  private static final Pattern TENSOR = Pattern.compile("[^\\s=,:]+(:[0-9]{1,9})?");
  private static final String DROPOUT = "--dropout";
  private static final String INPUT = "--input-tensor";

  private TensorOptions() {}

  /**
   * Rates of tensors.
   *
   * @param values each TENSOR=RATE
   * @throws BadInputException if one is not, or a tensor is named twice
   */
  static Map<String, Double> dropout(List<String> values) {
    Map<String, Double> rates = new LinkedHashMap<>();
    for (String value : values) {
      int equals = value.lastIndexOf('=');
      if (equals < 0) {
        throw new BadInputException(
            DROPOUT
                + " "
                + value
                + " has no rate; give TENSOR=RATE, RATE within (0, 1), as in dense/Relu=0.5");
      }
      String tensor = tensor(DROPOUT, value, value.substring(0, equals));
      // The first output is the same with and without its index.
      String plain = tensor.endsWith(":0") ? tensor.substring(0, tensor.length() - 2) : tensor;
      if (rates.put(plain, rate(value, value.substring(equals + 1))) != null) {
        throw new BadInputException(
            DROPOUT + " names tensor \"" + plain + "\" twice; give each tensor one rate");
      }
    }
    return rates;
  }

  private static double rate(String value, String text) {
    double rate;
    try {
      rate = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new BadInputException(
          DROPOUT
              + " "
              + value
              + ": the rate \""
              + text
              + "\" is no number; give the share of units dropped in training, within (0, 1)");
    }
    if (!(0 < rate && rate < 1)) {
      throw new BadInputException(
          DROPOUT
              + " "
              + value
              + ": the rate is the share of units dropped in training and must be within (0, 1)");
    }
    return rate;
  }

  /**
   * Tensors to feed, by what to call them.
   *
   * @param values each NAME=TENSOR
   * @throws BadInputException if one is not, or a name is given twice
   */
  static Map<String, String> inputs(List<String> values) {
    Map<String, String> tensors = new LinkedHashMap<>();
    for (String value : values) {
      int equals = value.indexOf('=');
      if (equals <= 0) {
        throw new BadInputException(
            INPUT
                + " "
                + value
                + " has no name; give NAME=TENSOR, what to call the input and the tensor to feed,"
                + " as in image=conv/input:0");
      }
      String name = value.substring(0, equals);
      String other = tensors.put(name, tensor(INPUT, value, value.substring(equals + 1)));
      if (other != null) {
        throw new BadInputException(
            INPUT + " names \"" + name + "\" twice; give each tensor a name of its own");
      }
    }
    return tensors;
  }

  /**
   * The tensor to sample.
   *
   * @param tensor the tensor
   * @param output the output of the signature, if one is named too
   * @throws BadInputException if both are named, or the tensor is none
   */
  static String output(String tensor, @Nullable String output) {
    if (output != null) {
      throw new BadInputException(
          "--output "
              + output
              + " and --output-tensor "
              + tensor
              + " both say what to sample; give one of them");
    }
    return tensor("--output-tensor", tensor, tensor);
  }

  private static String tensor(String option, String value, String tensor) {
    if (!TENSOR.matcher(tensor).matches()) {
      throw new BadInputException(
          option
              + " "
              + value
              + ": \""
              + tensor
              + "\" names no tensor; a node, or node:index for another output than its first, is"
              + " needed, as in dense/Relu or split:1");
    }
    return tensor;
  }
}
