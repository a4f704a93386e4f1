/** Benchmarks of the sampling hot path. */
@NullMarked
package io.credence.jmh;

import org.jspecify.annotations.NullMarked;
