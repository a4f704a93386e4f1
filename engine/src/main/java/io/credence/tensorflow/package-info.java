/**
 * Turns a SavedModel into samples of its predictive distribution: read and check, find the dropout
 * sites, rewrite their masks, cut the graph into a trunk that runs once and a tail that runs T
 * times, and run it.
 */
@NullMarked
package io.credence.tensorflow;

import org.jspecify.annotations.NullMarked;
