/** Inputs of the {@code credence} command, read in batches from files of several kinds. */
@NullMarked
package io.credence.app.input;

import org.jspecify.annotations.NullMarked;
