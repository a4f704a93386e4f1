package io.credence.models.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A table of numbers of which one column is to be told from others, with splits into training and
 * test rows. Immutable.
 *
 * <p>Read from the layout of the UCI sets of Hernández-Lobato and Adams 2015 ("Probabilistic
 * Backpropagation for Scalable Learning of Bayesian Neural Networks", arXiv 1502.05336): a folder
 * {@code data} of text files, numbers separated by white space. {@code data.txt} is the table,
 * {@code index_features.txt} and {@code index_target.txt} tell its columns, {@code
 * index_train_k.txt} and {@code index_test_k.txt} the rows of split k = 0, 1, …, all counted from
 * 0.
 */
public final class TabularSet {

  private final String name;
  private final Path folder;
  private final int features;
  private final List<double[]> rows;
  private final List<TabularSplit> splits;

  private TabularSet(
      String name, Path folder, int features, List<double[]> rows, List<TabularSplit> splits) {
    this.name = name;
    this.folder = folder;
    this.features = features;
    this.rows = rows;
    this.splits = List.copyOf(splits);
  }

  /**
   * Whether a folder looks like a set.
   *
   * @param folder a folder
   * @return whether it holds {@code data/data.txt}
   */
  public static boolean isSet(Path folder) {
    return Files.isRegularFile(table(folder));
  }

  /**
   * Reads a set.
   *
   * @param folder the folder that holds {@code data}
   * @return the set, named as its folder
   * @throws IOException if a file is missing or cannot be read, a line has another number of
   *     columns than the first, something is no finite number, an index is outside of the table or
   *     repeated, or a row is in both halves of a split; the message names the file and the line
   */
  public static TabularSet read(Path folder) throws IOException {
    List<double[]> table = NumberLines.read(table(folder));
    int width = table.get(0).length;
    Path features = file(folder, "index_features.txt");
    Path target = file(folder, "index_target.txt");
    int[] columns = distinct(features, NumberLines.indices(features, width, "columns"));
    int[] answer = NumberLines.indices(target, width, "columns");
    if (answer.length != 1) {
      throw new IOException(target + " names " + answer.length + " columns; name one");
    }
    for (int column : columns) {
      if (column == answer[0]) {
        throw new IOException(
            features + " names column " + column + ", which is the target; leave it out");
      }
    }
    List<double[]> rows = new ArrayList<>(table.size());
    for (double[] line : table) {
      double[] row = new double[columns.length + 1];
      for (int i = 0; i < columns.length; i++) {
        row[i] = line[columns[i]];
      }
      row[columns.length] = line[answer[0]];
      rows.add(row);
    }
    String name = folder.toAbsolutePath().normalize().getFileName().toString();
    return new TabularSet(name, folder, columns.length, rows, splits(folder, rows.size()));
  }

  private static List<TabularSplit> splits(Path folder, int rows) throws IOException {
    List<TabularSplit> splits = new ArrayList<>();
    Path training = file(folder, "index_train_0.txt");
    do {
      int number = splits.size();
      Path test = file(folder, "index_test_" + number + ".txt");
      int[] learnt = distinct(training, NumberLines.indices(training, rows, "rows"));
      int[] tested = distinct(test, NumberLines.indices(test, rows, "rows"));
      Set<Integer> seen = new HashSet<>();
      for (int row : learnt) {
        seen.add(row);
      }
      for (int row : tested) {
        if (seen.contains(row)) {
          throw new IOException(
              test
                  + " names row "
                  + row
                  + ", which is also in "
                  + training.getFileName()
                  + "; a row is either learnt from or tested on");
        }
      }
      splits.add(new TabularSplit(number, learnt, tested));
      training = file(folder, "index_train_" + splits.size() + ".txt");
    } while (Files.exists(training));
    return splits;
  }

  private static int[] distinct(Path file, int[] indices) throws IOException {
    Set<Integer> seen = new HashSet<>();
    for (int index : indices) {
      if (!seen.add(index)) {
        throw new IOException(file + " names " + index + " twice; name it once");
      }
    }
    return indices;
  }

  private static Path table(Path folder) {
    return file(folder, "data.txt");
  }

  private static Path file(Path folder, String name) {
    return folder.resolve("data").resolve(name);
  }

  /**
   * Numbers that a file beside the table may tell, such as {@code dropout_rates.txt}.
   *
   * @param file the name of the file
   * @return its numbers, one at least, in order; empty if there is no such file
   * @throws IOException if it cannot be read, or holds no number or something else
   */
  public List<Double> settings(String file) throws IOException {
    Path path = file(folder, file);
    if (!Files.exists(path)) {
      return List.of();
    }
    List<Double> numbers = new ArrayList<>();
    for (double[] line : NumberLines.read(path)) {
      for (double number : line) {
        numbers.add(number);
      }
    }
    return List.copyOf(numbers);
  }

  /**
   * What the set is called.
   *
   * @return the name of its folder
   */
  public String name() {
    return name;
  }

  /**
   * The folder that it was read from.
   *
   * @return the folder that holds {@code data}
   */
  public Path folder() {
    return folder;
  }

  /**
   * Number of rows.
   *
   * @return N ≥ 2
   */
  public int size() {
    return rows.size();
  }

  /**
   * Number of features, without the target.
   *
   * @return ≥ 1
   */
  public int features() {
    return features;
  }

  /**
   * A feature of a row.
   *
   * @param row the row, 0 ≤ row &lt; N
   * @param feature the feature, 0 ≤ feature &lt; {@link #features}
   * @return its value, finite
   */
  public double feature(int row, int feature) {
    if (feature == features) {
      throw new IndexOutOfBoundsException("feature " + feature + " of " + features);
    }
    return rows.get(row)[feature];
  }

  /**
   * The target of a row.
   *
   * @param row the row, 0 ≤ row &lt; N
   * @return its value, finite
   */
  public double target(int row) {
    return rows.get(row)[features];
  }

  /**
   * The splits.
   *
   * @return one at least, in order of their numbers
   */
  public List<TabularSplit> splits() {
    return splits;
  }
}
