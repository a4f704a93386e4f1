package io.credence.app;

import io.credence.app.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.math3.stat.StatUtils;

/**
 * What others published of a set.
 *
 * @param rmse mean over splits of the root of the mean squared error
 * @param logLikelihood mean over splits of the mean log-likelihood of a test row, in nats
 */
record TrainUciPublished(Value rmse, Value logLikelihood) {

  /**
   * A mean over splits.
   *
   * @param mean the mean
   * @param error its standard error: deviation over splits (ddof 0) / root of their number
   * @param rounding how far it may be off because it was printed with two digits
   */
  record Value(double mean, double error, double rounding) {

    /** The mean over splits, with its standard error. */
    static Value of(double... each) {
      double error = Math.sqrt(StatUtils.populationVariance(each) / each.length);
      return new Value(StatUtils.mean(each), error, 0);
    }

    /** Whether another mean is within two standard errors of this. */
    boolean agrees(double other) {
      return Math.abs(other - mean) <= 2 * error + rounding;
    }
  }

  private static final String SUFFIX = "_100_xepochs_1_hidden_layers.txt";
  private static final Pattern TRIED =
      Pattern.compile("Dropout_Rate: (\\S+) Tau: (\\S+) :: (\\S+)");

  private static final double HALF_A_DIGIT = .005;

  /** Means and deviations over splits: of the error, then of the negative log-likelihood. */
  private static final Map<String, double[]> ENSEMBLE =
      Map.of(
          "bostonHousing", new double[] {3.28, 1.00, 2.41, .25},
          "concrete", new double[] {6.03, .58, 3.06, .18},
          "energy", new double[] {2.09, .29, 1.38, .22},
          "kin8nm", new double[] {.09, 0, -1.20, .02},
          "naval-propulsion-plant", new double[] {0, 0, -5.63, .05},
          "power-plant", new double[] {4.11, .17, 2.79, .04},
          "protein-tertiary-structure", new double[] {4.71, .06, 2.83, .02},
          "wine-quality-red", new double[] {.64, .04, .94, .12},
          "yacht", new double[] {1.58, .48, 1.18, .21});

  /** The results of Gal's code on the splits of a set, where they lie beside it. */
  static Optional<TrainUciPublished> dropout(Path set) throws IOException {
    Path rmse = file(set, "test_MC_rmse");
    if (!Files.exists(rmse)) {
      return Optional.empty();
    }
    return Optional.of(
        new TrainUciPublished(Value.of(numbers(rmse)), Value.of(numbers(file(set, "test_ll")))));
  }

  /**
   * What its authors chose for each split, where their results lie beside the set: of what they
   * tried, the rate and τ of the highest log-likelihood.
   *
   * @return one for each of so many splits; empty where there are no results
   * @throws BadInputException if the file does not suit that number of splits
   */
  static Optional<List<TrainUciChoice>> choices(Path set, int splits) throws IOException {
    Path file = file(set, "validation_ll");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file).stream().filter(l -> !l.isBlank()).toList();
    if (lines.isEmpty() || lines.size() % splits != 0) {
      throw new BadInputException(
          file
              + " has "
              + lines.size()
              + " lines, which are no multiple of "
              + splits
              + " splits;"
              + " remove it to choose anew");
    }
    int tried = lines.size() / splits;
    List<TrainUciChoice> choices = new ArrayList<>();
    for (int split = 0; split < splits; split++) {
      double best = Double.NEGATIVE_INFINITY;
      TrainUciChoice choice = null;
      for (String line : lines.subList(split * tried, (split + 1) * tried)) {
        Matcher matcher = TRIED.matcher(line.strip());
        if (!matcher.matches()) {
          throw new BadInputException(
              file + " holds \"" + line + "\"; \"Dropout_Rate: r Tau: t :: x\" is needed");
        }
        double logLikelihood = number(file, matcher.group(3));
        if (choice == null || logLikelihood > best) {
          best = logLikelihood;
          choice =
              new TrainUciChoice(number(file, matcher.group(1)), number(file, matcher.group(2)));
        }
      }
      choices.add(choice);
    }
    return Optional.of(choices);
  }

  /** Table 1 of Lakshminarayanan et al. 2017; empty of a set that is not in it. */
  static Optional<TrainUciPublished> ensemble(String set, int splits) {
    double[] row = ENSEMBLE.get(set);
    if (row == null) {
      return Optional.empty();
    }
    double root = Math.sqrt(splits);
    return Optional.of(
        new TrainUciPublished(
            new Value(row[0], row[1] / root, HALF_A_DIGIT),
            new Value(-row[2], row[3] / root, HALF_A_DIGIT)));
  }

  private static Path file(Path set, String name) {
    return set.resolve("results").resolve(name + SUFFIX);
  }

  private static double[] numbers(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file).stream().filter(l -> !l.isBlank()).toList();
    if (lines.isEmpty()) {
      throw new BadInputException(file + " is empty; remove it");
    }
    double[] numbers = new double[lines.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(file, lines.get(i).strip());
    }
    return numbers;
  }

  private static double number(Path file, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new BadInputException(file + " holds \"" + text + "\", which is no number; remove it");
    }
  }
}
