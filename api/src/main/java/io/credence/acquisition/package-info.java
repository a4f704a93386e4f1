/** Which of many unlabelled inputs to have labelled next: active learning. */
@NullMarked
package io.credence.acquisition;

import org.jspecify.annotations.NullMarked;
