package io.credence.acquisition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.commons.math3.ml.clustering.CentroidCluster;
import org.apache.commons.math3.ml.clustering.Clusterable;
import org.apache.commons.math3.ml.clustering.KMeansPlusPlusClusterer;
import org.apache.commons.math3.ml.distance.EuclideanDistance;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.util.MathArrays;

/**
 * Chooses inputs that lie apart among candidates of high scores, by embeddings such as the outputs
 * of the layer before the last. Distances are Euclidean, so coordinates should be of one scale.
 * Candidates that lie in the same place count as one.
 */
public final class Diversity {

  private static final int ITERATIONS = 100;

  private Diversity() {}

  /**
   * The first candidate of each of k clusters, by k-means from the centres of k-means++, at most
   * 100 steps. Time O(100 · N · k · D).
   *
   * <p>Source: Zhdanov 2019, "Diverse mini-batch Active Learning", arXiv 1901.05954, which takes
   * the candidate nearest to the centre; Arthur and Vassilvitskii 2007, "k-means++: The Advantages
   * of Careful Seeding".
   *
   * @param <P> what is kept of each candidate
   * @param candidates N candidates, best first, as {@link TopK#best} gives them
   * @param embedding makes of a payload its embedding, [D]
   * @param labels k ≥ 1
   * @param seed the seed of the first centres
   * @return one candidate of each cluster, best first; N if there are no more than k. Clusters that
   *     end without a candidate are made up for by the first candidates of other places
   * @throws IllegalArgumentException if {@code labels < 1}, a payload is missing, an embedding is
   *     empty, not finite, or of another length than the first
   */
  public static <P> List<Candidate<P>> kMeans(
      List<Candidate<P>> candidates, Function<P, double[]> embedding, int labels, long seed) {
    List<Place> places = places(candidates, embedding, labels);
    NavigableSet<Integer> chosen = new TreeSet<>();
    if (labels < places.size()) {
      // By a random generator of its own, for the sequence of MersenneTwister is documented.
      List<CentroidCluster<Place>> clusters =
          new KMeansPlusPlusClusterer<Place>(
                  labels, ITERATIONS, new EuclideanDistance(), new MersenneTwister(seed))
              .cluster(places);
      for (CentroidCluster<Place> cluster : clusters) {
        cluster.getPoints().stream().mapToInt(Place::candidate).min().ifPresent(chosen::add);
      }
    }
    return fill(candidates, chosen, places, labels);
  }

  /**
   * The candidates from which no other is far: again and again the one that is farthest from those
   * chosen and labelled (k-center greedy), the first of candidates as far. Time O((N + L) · k · D).
   *
   * <p>Source: Sener and Savarese 2018, "Active Learning for Convolutional Neural Networks: A
   * Core-Set Approach", arXiv 1708.00489, algorithm 1.
   *
   * @param <P> what is kept of each candidate
   * @param candidates N candidates, best first, as {@link TopK#best} gives them
   * @param embedding makes of a payload its embedding, [D]
   * @param labels k ≥ 1
   * @param labelled embeddings of L inputs that have labels; none to begin with the best candidate
   * @return the chosen, best first; N if there are no more than k
   * @throws IllegalArgumentException as {@link #kMeans}
   */
  public static <P> List<Candidate<P>> kCenter(
      List<Candidate<P>> candidates,
      Function<P, double[]> embedding,
      int labels,
      Collection<double[]> labelled) {
    List<Place> places = places(candidates, embedding, labels);
    double[] distances = new double[places.size()];
    Arrays.fill(distances, Double.POSITIVE_INFINITY);
    int number = 0;
    for (double[] each : labelled) {
      int length = places.isEmpty() ? each.length : places.get(0).embedding.length;
      check("labelled embedding " + number++, each, length);
      approach(places, distances, each);
    }
    NavigableSet<Integer> chosen = new TreeSet<>();
    while (chosen.size() < Math.min(labels, places.size())) {
      int farthest = 0;
      for (int i = 1; i < distances.length; i++) {
        farthest = distances[i] > distances[farthest] ? i : farthest;
      }
      chosen.add(places.get(farthest).candidate);
      approach(places, distances, places.get(farthest).embedding);
      distances[farthest] = -1; // chosen, also where all others lie where a label is
    }
    return fill(candidates, chosen, places, labels);
  }

  private static void approach(List<Place> places, double[] distances, double... to) {
    for (int i = 0; i < distances.length; i++) {
      distances[i] = Math.min(distances[i], MathArrays.distance(places.get(i).embedding, to));
    }
  }

  /** The chosen, and as many others as are missing: of new places first, then any. */
  private static <P> List<Candidate<P>> fill(
      List<Candidate<P>> candidates, NavigableSet<Integer> chosen, List<Place> places, int labels) {
    List<Integer> others = new ArrayList<>(places.stream().map(Place::candidate).toList());
    for (int i = 0; i < candidates.size(); i++) {
      others.add(i);
    }
    int wanted = Math.min(labels, candidates.size());
    for (int i = 0; chosen.size() < wanted; i++) {
      chosen.add(others.get(i));
    }
    return chosen.stream().map(candidates::get).toList();
  }

  /** The distinct places of candidates, each with the first candidate that lies there. */
  private static <P> List<Place> places(
      List<Candidate<P>> candidates, Function<P, double[]> embedding, int labels) {
    if (labels < 1) {
      throw new IllegalArgumentException("labels is " + labels + "; it must be at least 1");
    }
    Map<List<Double>, Place> places = new HashMap<>();
    int length = -1;
    for (int i = 0; i < candidates.size(); i++) {
      Candidate<P> candidate = candidates.get(i);
      String name = "the embedding of id \"" + candidate.id() + "\"";
      double[] point =
          embedding.apply(
              candidate
                  .payload()
                  .orElseThrow(
                      () ->
                          new IllegalArgumentException(
                              name + " is missing; offer candidates with a payload")));
      length = i == 0 ? point.length : length;
      check(name, point, length);
      Place place = new Place(i, point.clone());
      places.putIfAbsent(Arrays.stream(point).boxed().toList(), place);
    }
    return places.values().stream().sorted(Comparator.comparingInt(Place::candidate)).toList();
  }

  private static void check(String name, double[] point, int length) {
    if (point.length != length || length == 0) {
      throw new IllegalArgumentException(
          name
              + " has "
              + point.length
              + " coordinates, the first "
              + length
              + "; all need the same number, at least 1");
    }
    for (double coordinate : point) {
      if (!Double.isFinite(coordinate)) {
        throw new IllegalArgumentException(
            name + " holds " + coordinate + "; coordinates must be finite");
      }
    }
  }

  /** An embedding, and the index of the first candidate that has it. */
  private static final class Place implements Clusterable {

    private final int candidate;
    private final double[] embedding;

    Place(int candidate, double... embedding) {
      this.candidate = candidate;
      this.embedding = embedding;
    }

    int candidate() {
      return candidate;
    }

    @Override
    public double[] getPoint() {
      return embedding;
    }
  }
}
