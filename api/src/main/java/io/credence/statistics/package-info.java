/**
 * Streaming moments of the samples of a predictive distribution, and the measures computed from
 * them. Information is in nats, moments of regression in the units of the targets.
 */
@NullMarked
package io.credence.statistics;

import org.jspecify.annotations.NullMarked;
