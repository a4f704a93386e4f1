package io.credence.tensorflow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * What a model is fed with and asked for: the tensors that the caller names, else those of a
 * signature.
 *
 * @param source the signature, or the output tensor where no signature has a part in it
 * @param inputs in the order of their names
 * @param output the tensor to sample
 */
record Endpoints(String source, List<Endpoint> inputs, Endpoint output) {

  /**
   * Finds them.
   *
   * @throws ModelLoadException if one is not there, or nothing says which they are; the message
   *     lists what there is
   */
  static Endpoints of(SavedModelEngine.Builder options, SavedModelFiles files) {
    TensorNames tensors = new TensorNames(files.metaGraph().getGraphDef());
    String asked = first(options.signature, options.otherSignatures, files.signatures());
    boolean unsigned =
        options.outputTensor.isPresent()
            && (!options.inputTensors.isEmpty() || files.findSignature(asked).isEmpty());
    if (unsigned && options.inputTensors.isEmpty()) {
      throw new ModelLoadException(
          files.folder()
              + " has no signature \""
              + asked
              + "\" that would say what to feed; name its inputs with inputTensor(name, tensor): "
              + tensors.placeholders());
    }
    SignatureDef signature =
        unsigned ? SignatureDef.getDefaultInstance() : signature(asked, files, tensors);
    List<Endpoint> inputs = new ArrayList<>();
    if (options.inputTensors.isEmpty()) {
      new TreeMap<>(signature.getInputsMap())
          .forEach((name, info) -> inputs.add(Endpoint.of(name, info)));
    } else {
      new TreeMap<>(options.inputTensors)
          .forEach((name, tensor) -> inputs.add(Endpoint.named(name, tensors.find(tensor))));
    }
    if (inputs.isEmpty()) {
      throw new ModelLoadException(
          "signature \""
              + asked
              + "\" of "
              + files.folder()
              + " has no input; choose another, or name one with inputTensor(name, tensor)");
    }
    Endpoint output =
        options
            .outputTensor
            .map(tensor -> Endpoint.named(tensor, tensors.find(tensor)))
            .orElseGet(() -> signedOutput(options, asked, signature));
    return new Endpoints(unsigned ? output.name() : asked, inputs, output);
  }

  private static SignatureDef signature(String name, SavedModelFiles files, TensorNames tensors) {
    Optional<SignatureDef> signature = files.findSignature(name);
    List<String> known = files.signatures();
    return signature.orElseThrow(
        () ->
            new ModelLoadException(
                "signature \""
                    + name
                    + "\" is not in "
                    + files.folder()
                    + (known.isEmpty()
                        ? "; it has no signature at all: name its tensors with inputTensor(name,"
                            + " tensor) and outputTensor(tensor); "
                            + tensors.placeholders()
                        : "; it has " + known + ", choose one of these")));
  }

  /** The first of some names that is known; the first of all if none is. */
  private static String first(String name, List<String> others, Collection<String> known) {
    return known.contains(name)
        ? name
        : others.stream().filter(known::contains).findFirst().orElse(name);
  }

  private static Endpoint signedOutput(
      SavedModelEngine.Builder options, String asked, SignatureDef signature) {
    Map<String, TensorInfo> outputs = new TreeMap<>(signature.getOutputsMap());
    String where = "signature \"" + asked + "\" of " + options.model;
    if (options.output.isEmpty() && outputs.size() != 1) {
      throw new ModelLoadException(
          where + " has the outputs " + outputs.keySet() + "; choose one with output(..)");
    }
    String name =
        options
            .output
            .map(output -> first(output, options.otherOutputs, outputs.keySet()))
            .orElseGet(() -> outputs.keySet().iterator().next());
    TensorInfo info = outputs.get(name);
    if (info == null) {
      throw new ModelLoadException(
          "output \"" + name + "\" is not in " + where + "; it has " + outputs.keySet());
    }
    return Endpoint.of(name, info);
  }
}
