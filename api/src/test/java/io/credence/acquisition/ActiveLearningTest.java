package io.credence.acquisition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The loop, on a problem whose answer is known: where on a line the class changes. */
class ActiveLearningTest {

  private static final int POINTS = 257;
  private static final int CHANGE = 90;
  private static final List<String> POOL =
      IntStream.range(0, POINTS).mapToObj(String::valueOf).toList();
  private static final List<String> ENDS = List.of("0", "256");

  /**
   * All thresholds that agree with the labels are networks, as probable each: their answers are
   * certain and differ, so that BALD halves what is left.
   */
  private static class Thresholds implements ActiveLearner<double[][]> {

    private final List<List<String>> labelled = new ArrayList<>();
    private int low;
    private int high;

    @Override
    public void train(List<String> ids) {
      low = ids.stream().mapToInt(Integer::parseInt).filter(x -> x < CHANGE).max().orElse(-1);
      high = ids.stream().mapToInt(Integer::parseInt).filter(x -> x >= CHANGE).min().orElse(POINTS);
    }

    @Override
    public double evaluate() {
      return high - low;
    }

    private double[][] answers(int x) {
      double[][] answers = new double[high - low][];
      for (int t = 0; t < answers.length; t++) {
        answers[t] = x > low + t ? new double[] {0, 1} : new double[] {1, 0};
      }
      return answers;
    }

    @Override
    public void score(List<String> unlabelled, Strategy strategy, TopK<double[][]> candidates) {
      for (String id : unlabelled) {
        double[][] answers = answers(Integer.parseInt(id));
        double p = IntStream.range(0, answers.length).mapToDouble(t -> answers[t][0]).sum();
        p /= answers.length;
        double bald = p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p);
        candidates.offer(id, strategy == Strategy.RANDOM ? 0 : bald, () -> answers);
      }
    }

    @Override
    public double[][] distributions(double[][] payload) {
      return payload;
    }

    @Override
    public void label(List<String> acquired) {
      labelled.add(acquired);
    }
  }

  private static ActiveLearning loop(Strategy strategy, int labels) {
    return ActiveLearning.of(
        Acquisition.of(strategy, labels).withSeed(4).withConfigurations(1000), POOL, ENDS);
  }

  @Test
  void bald_ofOneLabelARound_halvesWhatIsLeft() {
    ActiveLearning loop = loop(Strategy.BALD, 1);
    Thresholds learner = new Thresholds();
    while (loop.history().isEmpty() || loop.history().get(loop.history().size() - 1).metric() > 1) {
      loop.next(learner);
    }
    assertEquals(List.of(256., 128., 64., 32., 16., 8., 4., 2., 1.), metrics(loop));
    ActiveLearning.Round first = loop.history().get(0);
    assertEquals(new ActiveLearning.Round(0, 2, 256, List.of("128")), first);
    assertEquals(List.of("0", "256", "128"), loop.labelled().subList(0, 3));
    assertEquals(POINTS - 2 - 9, loop.unlabelled().size());
    assertEquals(
        loop.history().stream().map(ActiveLearning.Round::acquired).toList(), learner.labelled);
  }

  private static List<Double> metrics(ActiveLearning loop) {
    return loop.history().stream().map(ActiveLearning.Round::metric).toList();
  }

  /** Three labels a round: BatchBALD quarters, BALD takes three neighbours, which halve. */
  @Test
  void batchBald_ofThreeLabelsARound_isFasterThanBald() {
    ActiveLearning bald = loop(Strategy.BALD, 3);
    ActiveLearning batch = loop(Strategy.BATCHBALD, 3);
    for (int round = 0; round < 4; round++) {
      bald.next(new Thresholds());
      batch.next(new Thresholds());
    }
    assertEquals(256, metrics(batch).get(0));
    assertEquals(64, metrics(batch).get(1));
    assertEquals(16, metrics(batch).get(2));
    assertEquals(4, metrics(batch).get(3));
    assertTrue(metrics(bald).get(3) > 25, () -> metrics(bald).toString());
  }

  @Test
  void loop_thatIsResumed_goesOnAsItWouldHave() {
    for (Strategy strategy : List.of(Strategy.RANDOM, Strategy.POWERBALD, Strategy.BATCHBALD)) {
      ActiveLearning whole = loop(strategy, 7);
      whole.next(new Thresholds());
      whole.next(new Thresholds());
      String state = whole.toJson();
      ActiveLearning resumed = ActiveLearning.resume(state, POOL);
      assertEquals(whole.history(), resumed.history());
      assertEquals(state, resumed.toJson());
      whole.next(new Thresholds());
      resumed.next(new Thresholds());
      assertEquals(whole.history(), resumed.history());
      assertEquals(whole.labelled(), resumed.labelled());
      assertEquals(whole.unlabelled(), resumed.unlabelled());
      assertEquals(whole.acquisition(), resumed.acquisition());
    }
  }

  @Test
  void rounds_ofChance_drawFromSeedsOfTheirOwn() {
    ActiveLearning loop = loop(Strategy.RANDOM, 7);
    loop.next(new Thresholds());
    loop.next(new Thresholds());
    Acquisition next = loop.acquisition().withCandidates(14);
    TopK<Void> ofOneSeed =
        new Acquisition(Strategy.RANDOM, 14, 14, next.seed(), 1, 1).newCandidates();
    POOL.stream().filter(id -> !ENDS.contains(id)).forEach(id -> ofOneSeed.offer(id, 0));
    assertTrue(
        !loop.labelled()
            .subList(2, 16)
            .equals(ofOneSeed.best().stream().map(Candidate::id).toList()));
  }

  @Test
  void pool_thatRunsOut_isTrainedOnAndLeft() {
    ActiveLearning loop =
        ActiveLearning.of(Acquisition.of(Strategy.BALD, 2), List.of("0", "1", "256"), ENDS);
    Thresholds learner = new Thresholds();
    assertEquals(List.of("1"), loop.next(learner).acquired());
    assertEquals(new ActiveLearning.Round(1, 3, 255, List.of()), loop.next(learner));
    assertEquals(List.of(List.of("1")), learner.labelled);
    assertEquals(List.of(), loop.unlabelled());
  }

  @Test
  void learner_thatFails_leavesTheLoopAsItWas() {
    ActiveLearning loop = loop(Strategy.BALD, 1);
    Thresholds failing =
        new Thresholds() {
          @Override
          public void label(List<String> acquired) {
            throw new IllegalStateException("nobody is there");
          }
        };
    assertThrows(IllegalStateException.class, () -> loop.next(failing));
    assertEquals(List.of(), loop.history());
    assertEquals(ENDS, loop.labelled());
    assertEquals(List.of("128"), loop.next(new Thresholds()).acquired());
    Thresholds wrong =
        new Thresholds() {
          @Override
          public void score(List<String> unlabelled, Strategy s, TopK<double[][]> candidates) {
            candidates.offer("256", 1);
          }
        };
    refused(
        "id \"256\" was offered, and has a label or is not in the pool; offer those that score(..)"
            + " is given",
        () -> loop.next(wrong));
    assertEquals(1, loop.history().size());
  }

  @Test
  void distributions_ofALearnerWithout_areRefused() {
    ActiveLearner<String> learner =
        new ActiveLearner<>() {
          @Override
          public void train(List<String> labelled) {}

          @Override
          public double evaluate() {
            return 0;
          }

          @Override
          public void score(List<String> unlabelled, Strategy strategy, TopK<String> candidates) {
            unlabelled.forEach(id -> candidates.offer(id, 1, () -> id));
          }

          @Override
          public void label(List<String> acquired) {}
        };
    assertEquals(3, loop(Strategy.BALD, 3).next(learner).acquired().size());
    assertEquals(
        "batchbald needs samples; override distributions(payload), or choose another strategy",
        assertThrows(
                UnsupportedOperationException.class,
                () -> loop(Strategy.BATCHBALD, 3).next(learner))
            .getMessage());
  }

  @Test
  void poolsAndStates_thatCannotBe_areRefused() {
    Acquisition acquisition = Acquisition.of(Strategy.BALD, 1);
    refused(
        "id \"a\" is in the pool twice; every input needs an id of its own",
        () -> ActiveLearning.of(acquisition, List.of("a", "a"), List.of()));
    String missing = "labelled id \"b\" is not in the pool, or labelled twice; give each once";
    refused(missing, () -> ActiveLearning.of(acquisition, List.of("a"), List.of("b")));
    refused(missing, () -> ActiveLearning.of(acquisition, List.of("b"), List.of("b", "b")));
    ActiveLearning loop = loop(Strategy.BALD, 1);
    loop.next(new Thresholds());
    String state = loop.toJson();
    refused(
        "the pool has 1 inputs, that of the state 257; give the same pool",
        () -> ActiveLearning.resume(state, List.of("a")));
    List<String> other = new ArrayList<>(POOL);
    other.set(256, "b");
    refused(
        "labelled id \"256\" is not in the pool, or labelled twice; give each once",
        () -> ActiveLearning.resume(state, other));
    String next = "; give what toJson() wrote";
    refusedJson("schema is \"\"; this version reads \"credence.active-learning/1\"", "{}");
    refusedJson("poolSize is 1.5; a whole number is needed" + next, state.replace("257", "1.5"));
    refusedJson(
        "metric is \"good\"; a number is needed" + next, state.replace("256.0", "\"good\""));
    refusedJson("metric is missing; a value is needed" + next, state.replace("metric", "mertic"));
    refusedJson(
        "acquired is [128]; an array of texts is needed" + next, state.replace("\"128\"", "128"));
    refusedJson("rounds is missing; a value is needed" + next, state.replace("rounds", "r"));
    refusedJson(
        "seed is 4.5; a whole number is needed" + next,
        state.replace("\"seed\":4", "\"seed\":4.5"));
    refusedJson(
        "coldness is \"1\"; a number is needed" + next,
        state.replace("\"coldness\":1.0", "\"coldness\":\"1\""));
    refusedJson("strategy is missing; a value is needed" + next, state.replace("strategy", "s"));
    String message =
        assertThrows(IllegalArgumentException.class, () -> ActiveLearning.resume("{", POOL))
            .getMessage();
    assertTrue(message.startsWith("the state is no JSON: ") && message.endsWith(next), message);
  }

  @Test
  void metric_thatIsNotFinite_isKept() {
    ActiveLearning loop = loop(Strategy.BALD, 1);
    loop.next(new Thresholds());
    for (String metric : List.of("NaN", "Infinity", "-Infinity")) {
      String state = loop.toJson().replace("256.0", "\"" + metric + "\"");
      ActiveLearning resumed = ActiveLearning.resume(state, POOL);
      assertEquals(Double.parseDouble(metric), metrics(resumed).get(0));
      assertEquals(state, resumed.toJson());
    }
  }

  private static void refusedJson(String message, String state) {
    refused(message, () -> ActiveLearning.resume(state, POOL));
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
