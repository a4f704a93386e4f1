package io.credence.app;

import io.credence.app.input.BadInputException;
import io.credence.models.data.TabularSet;
import io.credence.models.data.TabularSplit;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Tables of numbers, by MC dropout as Gal and Ghahramani 2016 (arXiv 1506.02142) and by deep
 * ensembles as Lakshminarayanan et al. 2017 (arXiv 1612.01474), over given splits, beside what was
 * published. What is done is kept: the same command goes on where it was stopped, and ends in the
 * same numbers.
 *
 * @param methods what is done with each set, in order
 */
record TrainUci(List<TrainUciMethod> methods) implements TrainRecipe {

  private static final long DEFAULT_SEED = 42;

  TrainUci() {
    this(
        List.of(
            new TrainUciDropout(10_000, 10), new TrainUciEnsemble(0), new TrainUciEnsemble(.01)));
  }

  @Override
  public String name() {
    return "uci";
  }

  @Override
  public List<String> options() {
    return List.of("--data", "--epochs", "--seed");
  }

  @Override
  public void run(TrainOptions options, PrintWriter print) throws IOException {
    long seed = options.seed().orElse(DEFAULT_SEED);
    Map<TrainUciMethod, List<TrainUciResults>> all = new LinkedHashMap<>();
    List<TabularSet> sets = sets(options);
    for (TrainUciMethod method : methods) {
      List<TrainUciResults> ofMethod = new ArrayList<>();
      for (TabularSet set : sets) {
        int epochs = method.epochs(set, options.epochs());
        ofMethod.add(
            TrainUciResults.open(
                options.out(), set, method.name(), seed, epochs, options.overwrite()));
      }
      all.put(method, ofMethod);
    }
    for (int s = 0; s < sets.size(); s++) {
      for (TrainUciMethod method : methods) {
        TrainUciResults results = all.get(method).get(s);
        train(method, results, print);
      }
    }
    for (TrainUciMethod method : methods) {
      TrainUciTable table = new TrainUciTable(method, all.get(method));
      print.println();
      table.lines().forEach(print::println);
      TrainUciChart.write(
          table.rows(), method, options.out().resolve(method.name() + ".png"), print);
    }
    print.println("written to " + options.out());
  }

  private static void train(TrainUciMethod method, TrainUciResults results, PrintWriter print)
      throws IOException {
    TabularSet set = results.set();
    for (List<TabularSplit> group : groups(set.splits(), method.group())) {
      if (!results.has(group)) {
        String task = set.name() + ", " + method.name() + ", splits " + range(group);
        try (Progress progress = Progress.of(task, OptionalLong.empty(), " epochs")) {
          results.add(method.run(results, group, TrainProgress.listener(progress)));
        }
        print.println(task + " done");
        print.flush();
      }
    }
  }

  private static String range(List<TabularSplit> group) {
    int first = group.get(0).number();
    int last = group.get(group.size() - 1).number();
    return first == last ? Integer.toString(first) : first + "-" + last;
  }

  /** Splits that are trained together: in order, as many rows each, and not more than fit. */
  static List<List<TabularSplit>> groups(List<TabularSplit> splits, int most) {
    List<List<TabularSplit>> groups = new ArrayList<>();
    for (TabularSplit split : splits) {
      List<TabularSplit> last = groups.isEmpty() ? List.of() : groups.get(groups.size() - 1);
      if (last.isEmpty()
          || last.size() == most
          || last.get(0).training().length != split.training().length) {
        groups.add(new ArrayList<>());
      }
      groups.get(groups.size() - 1).add(split);
    }
    return groups;
  }

  /** The sets of a folder, or the one that it is, the quickest first. */
  private static List<TabularSet> sets(TrainOptions options) throws IOException {
    Path folder =
        options
            .data()
            .orElseThrow(
                () ->
                    new BadInputException(
                        "recipe uci needs --data DIR, a set or a folder of sets, each with"
                            + " data/data.txt, index_features.txt, index_target.txt,"
                            + " index_train_0.txt, index_test_0.txt and so on"));
    List<Path> folders = new ArrayList<>();
    if (TabularSet.isSet(folder)) {
      folders.add(folder);
    } else if (Files.isDirectory(folder)) {
      try (Stream<Path> entries = Files.list(folder)) {
        entries.filter(TabularSet::isSet).sorted().forEach(folders::add);
      }
    }
    if (folders.isEmpty()) {
      throw new BadInputException(
          folder + " is no set, and holds none; a set is a folder with data/data.txt");
    }
    List<TabularSet> sets = new ArrayList<>();
    for (Path each : folders) {
      sets.add(TabularSet.read(each));
    }
    sets.sort(Comparator.comparingInt(TabularSet::size));
    return sets;
  }
}
