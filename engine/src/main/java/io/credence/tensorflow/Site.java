package io.credence.tensorflow;

import io.credence.DropoutSite;
import io.credence.DropoutSite.Origin;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.tensorflow.ndarray.Shape;

/**
 * A place where passes are made to differ.
 *
 * @param name what people call it
 * @param loop the node of the flat graph whose body holds the place, or empty if it stands in the
 *     flat graph itself
 * @param tensor what is noised, written as inputs are written there; of a draw, the node that draws
 * @param readers the operands that read it noised; empty if all do
 * @param noise what is done
 * @param origin how it was found
 * @param gate the placeholder that turns it on, if there is one
 */
record Site(
    String name,
    Optional<Loop> loop,
    String tensor,
    Set<Reader> readers,
    Noise noise,
    Origin origin,
    Optional<String> gate) {

  /**
   * The body of a loop.
   *
   * @param node the While node in the flat graph
   * @param body the function that is run at each step
   */
  record Loop(String node, String body) {}

  /**
   * An operand of a node; another of the same node may read the same tensor as it is.
   *
   * @param node the node
   * @param operand which of its inputs, from 0
   */
  record Reader(String node, int operand) {}

  Site {
    readers = Set.copyOf(readers);
  }

  /** Whether an operand reads the tensor noised. */
  boolean isReadBy(String node, int operand) {
    return readers.isEmpty() || readers.contains(new Reader(node, operand));
  }

  /** The site as callers see it, with the shape of what one pass draws. */
  DropoutSite described(Shape maskShape) {
    OptionalDouble rate =
        noise instanceof Noise.OwnDraw draw ? draw.known() : OptionalDouble.of(noise.rate());
    return new DropoutSite(name, noise.kind(), rate, maskShape, origin, gate);
  }

  /** Whether the model itself draws here. */
  boolean isDraw() {
    return noise instanceof Noise.OwnDraw;
  }
}
