package io.credence.app;

import io.credence.acquisition.ActiveLearning;
import io.credence.app.input.BadInputException;
import io.credence.models.LabelledImages;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Active learning on MNIST as Gal, Islam, Ghahramani 2017 (arXiv 1703.02910), and on MNIST with
 * near copies as Kirsch, van Amersfoort, Gal 2019 (arXiv 1906.08158), beside what was published.
 * What is done is kept: the same command goes on where it was stopped, and processes that run at
 * the same time share the work.
 *
 * @param trials what is tried
 * @param beginnings how often, each time from other labels
 * @param steps steps of a training at least; each picture is seen 20 times at least
 */
record TrainActive(List<TrainActiveTrial> trials, int beginnings, int steps)
    implements TrainRecipe {

  TrainActive() {
    this(TrainActiveTrial.all(), 3, 150);
  }

  @Override
  public String name() {
    return "active-learning";
  }

  @Override
  public List<String> options() {
    return List.of("--data", "--seed");
  }

  @Override
  public void run(TrainOptions options, PrintWriter print) throws IOException {
    Path data =
        options
            .data()
            .orElseThrow(
                () ->
                    new BadInputException(
                        "recipe active-learning needs --data DIR, the folder of the four IDX files"
                            + " of MNIST; \"credence data fetch mnist\" brings one to data/mnist"));
    LabelledImages train = LabelledImages.idx(data, "train");
    LabelledImages test = LabelledImages.idx(data, "t10k");
    Map<TrainActivePool, LabelledImages> pools = new EnumMap<>(TrainActivePool.class);
    trials.forEach(trial -> pools.computeIfAbsent(trial.pool(), pool -> pool.of(train)));
    long first = options.seed().orElse(0L);
    boolean all = true;
    for (long seed = first; seed < first + beginnings; seed++) {
      for (TrainActiveTrial trial : trials) {
        TrainActiveRun run = new TrainActiveRun(trial, seed, options.out());
        boolean done = run.run(pools.get(trial.pool()), test, steps, options.overwrite());
        all &= done;
        print.println(run.name() + (done ? " is done" : " is with another process"));
        print.flush();
      }
    }
    tell(pools, first, options.out(), print);
    if (!all) {
      print.println("The rest is with other processes; this command again tells of all of it.");
    }
  }

  private void tell(
      Map<TrainActivePool, LabelledImages> pools, long first, Path out, PrintWriter print)
      throws IOException {
    Map<TrainActiveTrial, List<ActiveLearning>> loops = new LinkedHashMap<>();
    for (TrainActiveTrial trial : trials) {
      List<ActiveLearning> ofTrial = new ArrayList<>();
      for (long seed = first; seed < first + beginnings; seed++) {
        ofTrial.add(new TrainActiveRun(trial, seed, out).open(pools.get(trial.pool())));
      }
      loops.put(trial, ofTrial);
    }
    TrainActiveTable table = new TrainActiveTable(loops);
    for (TrainActivePool pool : TrainActivePool.values()) {
      table.lines(pool).forEach(print::println);
    }
    TrainActiveChart.write(loops, out.resolve("active-learning.png"), print);
  }
}
