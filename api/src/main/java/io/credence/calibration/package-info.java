/** How well predictions agree with what turned out to be true. */
@NullMarked
package io.credence.calibration;

import org.jspecify.annotations.NullMarked;
