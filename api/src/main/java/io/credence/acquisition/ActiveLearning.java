package io.credence.acquisition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The loop of active learning: train, evaluate, score what has no label, acquire a batch, have it
 * labelled, and again. It keeps which inputs have labels, and what each round gave.
 *
 * <pre>{@code
 * ActiveLearning loop = ActiveLearning.of(Acquisition.of(Strategy.BALD, 10), pool, firstTwenty);
 * while (loop.labelled().size() < 1000 && !loop.unlabelled().isEmpty()) {
 *   ActiveLearning.Round round = loop.next(learner);
 *   Files.writeString(file, loop.toJson()); // resume by ActiveLearning.resume(json, pool)
 * }
 * }</pre>
 *
 * <p>Each round draws from a seed of its own, made of that of the acquisition and the number of the
 * round, so a loop that is resumed goes on as it would have. Not safe for several threads.
 */
public final class ActiveLearning {

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private final Acquisition acquisition;
  private final Set<String> unlabelled;
  private final Set<String> labelled;
  private final List<Round> history;

  ActiveLearning(
      Acquisition acquisition, Set<String> unlabelled, Set<String> labelled, List<Round> history) {
    this.acquisition = acquisition;
    this.unlabelled = unlabelled;
    this.labelled = labelled;
    this.history = history;
  }

  /**
   * What one round gave.
   *
   * @param round its number, from 0
   * @param labels number of labels that the model was trained on
   * @param metric what {@link ActiveLearner#evaluate} told of it
   * @param acquired ids of the inputs that were labelled after it, the most wanted first
   */
  public record Round(int round, int labels, double metric, List<String> acquired) {
    /**
     * Copies the list.
     *
     * @param round see the record
     * @param labels see the record
     * @param metric see the record
     * @param acquired see the record
     */
    public Round {
      acquired = List.copyOf(acquired);
    }
  }

  /**
   * A loop that has not begun.
   *
   * @param acquisition how batches are chosen
   * @param pool ids of all inputs, each once
   * @param labelled ids of those that have labels; others may be chosen by {@link Strategy#RANDOM}
   * @return the loop
   * @throws IllegalArgumentException if an id is in the pool twice, is labelled twice, or is
   *     labelled and not in the pool
   */
  public static ActiveLearning of(
      Acquisition acquisition, Collection<String> pool, Collection<String> labelled) {
    Set<String> unlabelled = new LinkedHashSet<>();
    for (String id : pool) {
      if (!unlabelled.add(id)) {
        throw new IllegalArgumentException(
            "id \"" + id + "\" is in the pool twice; every input needs an id of its own");
      }
    }
    for (String id : labelled) {
      if (!unlabelled.remove(id)) {
        throw new IllegalArgumentException(
            "labelled id \"" + id + "\" is not in the pool, or labelled twice; give each once");
      }
    }
    return new ActiveLearning(
        acquisition, unlabelled, new LinkedHashSet<>(labelled), new ArrayList<>());
  }

  /**
   * Runs one round. Where nothing is without a label, it trains and evaluates alone.
   *
   * @param <P> what is kept of each candidate
   * @param learner the model, the pool and who labels it
   * @return what the round gave
   * @throws IllegalArgumentException if an id was offered that has a label or is not in the pool,
   *     or as {@link TopK#offer} and {@link Acquisition#choose}; the loop is then as before the
   *     round, and so it is if the learner throws
   */
  public <P> Round next(ActiveLearner<P> learner) {
    int labels = labelled.size();
    learner.train(labelled());
    double metric = learner.evaluate();
    List<String> acquired = unlabelled.isEmpty() ? List.of() : acquire(learner);
    if (!acquired.isEmpty()) {
      learner.label(acquired);
    }
    acquired.forEach(unlabelled::remove);
    labelled.addAll(acquired);
    Round round = new Round(history.size(), labels, metric, acquired);
    history.add(round);
    return round;
  }

  /** A round of the loop that is resumed. */
  void past(Round round) {
    history.add(round);
  }

  private <P> List<String> acquire(ActiveLearner<P> learner) {
    Acquisition ofRound =
        acquisition.withSeed(acquisition.seed() + (history.size() + 1) * GOLDEN_GAMMA);
    TopK<P> candidates = ofRound.newCandidates();
    learner.score(unlabelled(), acquisition.strategy(), candidates);
    List<String> acquired =
        ofRound.choose(candidates, learner::distributions).stream().map(Candidate::id).toList();
    for (String id : acquired) {
      if (!unlabelled.contains(id)) {
        throw new IllegalArgumentException(
            "id \""
                + id
                + "\" was offered, and has a label or is not in the pool; offer those"
                + " that score(..) is given");
      }
    }
    return acquired;
  }

  /**
   * How batches are chosen.
   *
   * @return the settings
   */
  public Acquisition acquisition() {
    return acquisition;
  }

  /**
   * The inputs with labels.
   *
   * @return their ids, in the order in which they got them
   */
  public List<String> labelled() {
    return List.copyOf(labelled);
  }

  /**
   * The inputs without labels.
   *
   * @return their ids, in the order of the pool
   */
  public List<String> unlabelled() {
    return List.copyOf(unlabelled);
  }

  /**
   * What all rounds so far gave.
   *
   * @return one entry a round
   */
  public List<Round> history() {
    return List.copyOf(history);
  }

  /**
   * All that is needed to go on later, but the pool: {@code credence.active-learning/1}, of {@code
   * docs/json.md}.
   *
   * @return one line of JSON
   */
  public String toJson() {
    return ActiveLearningJson.write(this, labelled.size() + unlabelled.size());
  }

  /**
   * A loop that goes on where another was written.
   *
   * @param json what {@link #toJson} gave
   * @param pool ids of all inputs, as in the loop that was written
   * @return the loop
   * @throws IllegalArgumentException if it is no such JSON, or of a pool of another size or without
   *     an id that has a label
   */
  public static ActiveLearning resume(String json, Collection<String> pool) {
    return ActiveLearningJson.read(json, pool);
  }
}
