package io.credence;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A place in a model's graph where units are dropped at random.
 *
 * @param name the name of the node that draws the random numbers
 * @param rate the share of units dropped, within {@code [0, 1)}, where the graph states it as a
 *     constant
 * @param gate the name of the placeholder that turns the site on, or empty if it is always on
 */
public record DropoutSite(String name, OptionalDouble rate, Optional<String> gate) {}
