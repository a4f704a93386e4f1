package io.credence.app;

import io.credence.models.TrainingListener;
import io.credence.models.data.TabularSet;
import io.credence.models.data.TabularSplit;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A way to tell a number and how sure that is, trained and tested on splits of a set. */
interface TrainUciMethod {

  /** What it is called in files and tables. */
  String name();

  /** What it is called in pictures. */
  String title();

  /** Whose numbers it is held against. */
  String source();

  /** How many splits are trained together at most. */
  int group();

  /** Times every row is seen, as the user says, or as published. */
  int epochs(TabularSet set, Optional<Integer> asked) throws IOException;

  /** Trains and tests some splits that have as many rows to learn from each. */
  List<TrainUciScore> run(
      TrainUciResults results, List<TabularSplit> group, TrainingListener listener)
      throws IOException;

  /** What was published of a set; empty where nothing was. */
  Optional<TrainUciPublished> published(TabularSet set) throws IOException;

  /** The first number of a file beside the table, or another where there is no such file. */
  static int setting(TabularSet set, String file, int otherwise) throws IOException {
    List<Double> numbers = set.settings(file);
    return numbers.isEmpty() ? otherwise : numbers.get(0).intValue();
  }
}
