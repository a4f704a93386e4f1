/** The {@code credence} command. */
@NullMarked
package io.credence.app;

import org.jspecify.annotations.NullMarked;
