package io.credence.tensorflow;

import java.util.List;

/** Finds places of one sort where a model drops units at random, or did so in training. */
interface SiteFinder {

  /**
   * Looks through a model.
   *
   * @return the sites, in an order that depends on the model alone; none if it has none of the sort
   * @throws ModelLoadException if there is one that cannot be turned on by itself
   */
  List<Site> find(FlatModel model);
}
