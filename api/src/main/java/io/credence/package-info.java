/** The engine contract: inputs, a sampling plan, predictions, and the description of a model. */
@NullMarked
package io.credence;

import org.jspecify.annotations.NullMarked;
