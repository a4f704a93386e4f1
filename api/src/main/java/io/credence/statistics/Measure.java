package io.credence.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A number that tells how far to trust a model's answer, of a classifier or of a regressor. */
public sealed interface Measure permits ClassificationMeasure, RegressionMeasure {

  /**
   * The name of the constant, such as {@code MUTUAL_INFORMATION}.
   *
   * @return the name
   */
  String name();

  /**
   * The name that the measure has in JSON and as a method of the summary, such as {@code
   * mutualInformation}.
   *
   * @return the name, in camel case
   */
  default String key() {
    StringBuilder key = new StringBuilder();
    for (String word : name().toLowerCase(Locale.ROOT).split("_", -1)) {
      int capital = key.isEmpty() ? 0 : 1;
      key.append(word.substring(0, capital).toUpperCase(Locale.ROOT))
          .append(word.substring(capital));
    }
    return key.toString();
  }

  /**
   * Reads the name of a measure, in whatever case and with whatever it joins words by: {@code
   * mutualInformation}, {@code mutual-information} and {@code MUTUAL_INFORMATION} are the same.
   *
   * @param text the name
   * @param classification whether a measure of classifiers is meant, or one of regressors
   * @return the measure
   * @throws IllegalArgumentException if there is none of that name; the message lists those there
   *     are
   */
  static Measure parse(String text, boolean classification) {
    Measure[] known = classification ? ClassificationMeasure.values() : RegressionMeasure.values();
    List<String> keys = new ArrayList<>();
    for (Measure each : known) {
      if (letters(each.name()).equals(letters(text))) {
        return each;
      }
      keys.add(each.key());
    }
    throw new IllegalArgumentException(
        "there is no measure \""
            + text
            + "\" of "
            + (classification ? "classifiers" : "regressors")
            + "; choose one of "
            + keys);
  }

  private static String letters(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
  }
}
