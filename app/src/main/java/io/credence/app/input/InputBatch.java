package io.credence.app.input;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.NdArray;

/**
 * Some inputs that are scored together.
 *
 * @param ids the name of each row
 * @param inputs each input of the model by its name, as many rows as there are ids
 */
public record InputBatch(List<String> ids, Map<String, NdArray<?>> inputs) {

  /**
   * What to say of a batch that the model refused: what is refused is known by its row within the
   * batch only.
   *
   * @param input where the batch was read
   * @param e the refusal
   * @return the first line of its message, with the input and the ids
   */
  public String refusal(Path input, IllegalArgumentException e) {
    return input
        + ", among the rows \""
        + ids.get(0)
        + "\" to \""
        + ids.get(ids.size() - 1)
        + "\": "
        + String.valueOf(e.getMessage()).lines().findFirst().orElse("refused");
  }
}
