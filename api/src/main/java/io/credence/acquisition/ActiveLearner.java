package io.credence.acquisition;

import java.util.List;

/**
 * What an {@link ActiveLearning} loop asks of its user: the model, the pool and who labels it.
 *
 * @param <P> what is kept of each candidate, such as its samples
 */
public interface ActiveLearner<P> {

  /**
   * Trains the model, from scratch or further.
   *
   * @param labelled the ids of all inputs that have labels, in the order in which they got them
   */
  void train(List<String> labelled);

  /**
   * Measures the model as it is now, on inputs that are never acquired.
   *
   * @return the metric, such as the share of right answers
   */
  double evaluate();

  /**
   * Offers inputs with their scores. All of them should be offered; one that is left out is not
   * acquired in this round.
   *
   * @param unlabelled the ids of all inputs without labels, in the order of the pool
   * @param strategy makes scores of predictions
   * @param candidates what to offer them to
   */
  void score(List<String> unlabelled, Strategy strategy, TopK<P> candidates);

  /**
   * The distributions of an input by each network, from what was kept of it. Asked for by {@link
   * Strategy#BATCHBALD} alone.
   *
   * @param payload what was offered with the input
   * @return [T, K]
   * @throws UnsupportedOperationException unless overridden
   */
  default double[][] distributions(P payload) {
    throw new UnsupportedOperationException(
        "batchbald needs samples; override distributions(payload), or choose another strategy");
  }

  /**
   * Has inputs labelled. When this returns they have labels.
   *
   * @param acquired their ids, the first the one that was most wanted
   */
  void label(List<String> acquired);
}
