package io.credence.app.input;

import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.NdArray;

/**
 * Some inputs that are scored together.
 *
 * @param ids the name of each row
 * @param inputs each input of the model by its name, as many rows as there are ids
 */
public record InputBatch(List<String> ids, Map<String, NdArray<?>> inputs) {}
