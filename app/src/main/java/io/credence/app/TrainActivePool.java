package io.credence.app;

import io.credence.models.LabelledImages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What labels are chosen from, and how much of it is looked at in a round. */
enum TrainActivePool {
  /** Each picture once; a round looks at 2,000 of chance, as the code of Gal et al. did. */
  MNIST(1, 0, 2_000),
  /**
   * Each picture twice, with Gaussian noise of .1 of pixels that are scaled to deviation 1, as in
   * the repeated MNIST of Kirsch et al.; a round looks at both copies of 2,500.
   */
  REPEATED(2, 0.1 * 0.3081 * 255, 2_500);

  private final int copies;
  private final double noise;
  private final int looked;

  TrainActivePool(int copies, double noise, int looked) {
    this.copies = copies;
    this.noise = noise;
    this.looked = looked;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What is told of it above a table or a picture. */
  String title() {
    return this == MNIST ? "MNIST" : "MNIST, each picture twice, with noise";
  }

  boolean hasCopies() {
    return copies > 1;
  }

  LabelledImages of(LabelledImages train) {
    return copies == 1 ? train : train.repeated(copies, noise, 1);
  }

  /** Of pictures without labels, those that a round looks at: of each one all copies. */
  List<String> looked(List<String> unlabelled, int pictures, long seed) {
    List<Integer> all = new ArrayList<>(IntStream.range(0, pictures / copies).boxed().toList());
    Collections.shuffle(all, new Random(seed));
    boolean[] some = new boolean[pictures / copies];
    all.stream().limit(looked).forEach(i -> some[i] = true);
    return unlabelled.stream().filter(id -> some[original(id, pictures)]).toList();
  }

  /** How many of these are copies of one before. */
  int duplicates(List<String> labelled, int pictures) {
    return labelled.size()
        - labelled.stream().map(id -> original(id, pictures)).collect(Collectors.toSet()).size();
  }

  private int original(String id, int pictures) {
    return Integer.parseInt(id) % (pictures / copies);
  }

  /** Two pictures of each class, of chance. */
  static List<String> first(LabelledImages pictures, long seed) {
    List<Integer> all = new ArrayList<>(IntStream.range(0, pictures.size()).boxed().toList());
    Collections.shuffle(all, new Random(seed));
    int[] left = new int[pictures.classes()];
    Arrays.fill(left, 2);
    return all.stream()
        .filter(i -> left[pictures.label(i)]-- > 0)
        .map(i -> Integer.toString(i))
        .toList();
  }
}
