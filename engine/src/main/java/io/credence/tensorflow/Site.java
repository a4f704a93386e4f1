package io.credence.tensorflow;

import io.credence.DropoutSite.Origin;
import java.util.Optional;
import java.util.Set;

/**
 * A place where passes are made to differ.
 *
 * @param name what people call it
 * @param loop the node of the flat graph whose body holds the place, or empty if it stands in the
 *     flat graph itself
 * @param tensor what is noised, written as inputs are written there; of a draw, the node that draws
 * @param readers the nodes that read it noised; the rest read it as it is
 * @param noise what is done
 * @param origin how it was found
 * @param gate the placeholder that turns it on, if there is one
 */
record Site(
    String name,
    Optional<Loop> loop,
    String tensor,
    Set<String> readers,
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

  Site {
    readers = Set.copyOf(readers);
  }

  /** Whether the model itself draws here. */
  boolean isDraw() {
    return noise instanceof Noise.OwnDraw;
  }
}
