package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.app.TrainUciPublished.Value;
import io.credence.models.DenseStack;
import io.credence.models.data.TabularSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of numbers, trained for a few epochs: what is kept, told and refused. */
class TrainUciTest {

  private static final int ROWS = 40;
  private static final String SUFFIX = "_100_xepochs_1_hidden_layers.txt";

  @TempDir private static Path shared;
  private static final double[][] TABLE = new double[ROWS][];
  private static Path whole;
  private static CommandRun run;

  @TempDir private Path folder;
  private Path data;

  /** A whole run, of three epochs, that several tests look at. */
  @BeforeAll
  static void train() throws IOException {
    Path data = shared.resolve("sets/made");
    write(data);
    publish(data);
    whole = shared.resolve("out");
    run = train(data, whole, "--epochs", 3);
    assertEquals(0, run.exitCode(), run::toString);
  }

  @BeforeEach
  void write() throws IOException {
    data = folder.resolve("sets/made");
    write(data);
  }

  /** Two features and a target; the second split has fewer rows to learn from. */
  private static void write(Path data) throws IOException {
    SplittableRandom random = new SplittableRandom(2);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double a = random.nextDouble();
      double b = 10 * random.nextDouble();
      TABLE[i] = new double[] {a, b, 3 * a - b + .1 * random.nextDouble()};
      lines.add(TABLE[i][0] + " " + TABLE[i][1] + " " + TABLE[i][2]);
    }
    put(data, "data/data.txt", String.join("\n", lines));
    put(data, "data/index_features.txt", "0\n1");
    put(data, "data/index_target.txt", "2");
    put(data, "data/index_train_0.txt", rows(i -> i % 4 != 0));
    put(data, "data/index_test_0.txt", rows(i -> i % 4 == 0));
    put(data, "data/index_train_1.txt", rows(i -> i % 4 > 1));
    put(data, "data/index_test_1.txt", rows(i -> i % 4 == 1));
    put(data, "data/tau_values.txt", ".5\n4");
  }

  private static void put(Path data, String file, String text) throws IOException {
    Files.createDirectories(data.resolve(file).getParent());
    Files.writeString(data.resolve(file), text);
  }

  private static String rows(IntPredicate which) {
    return IntStream.range(0, ROWS)
        .filter(which)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining("\n"));
  }

  /** What the authors tried, and how well they did. */
  private static void publish(Path data) throws IOException {
    put(
        data,
        "results/validation_ll" + SUFFIX,
        """
        Dropout_Rate: 0.005 Tau: 0.5 :: -3.5
        Dropout_Rate: 0.1 Tau: 4.0 :: -2.5
        Dropout_Rate: 0.05 Tau: 0.5 :: -1e3
        Dropout_Rate: 0.2 Tau: 0.5 :: -999.5
        """);
    put(data, "results/test_MC_rmse" + SUFFIX, "3\n5\n");
    put(data, "results/test_ll" + SUFFIX, "-2\n-2.5\n");
  }

  private static CommandRun train(Path data, Path out, Object... more) {
    List<Object> args =
        new ArrayList<>(List.of("train", "uci", "--data", data.getParent(), "--out", out));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray());
  }

  private static Path results(Path out, String method) {
    return out.resolve("made").resolve(method).resolve("results.json");
  }

  /** Puts the results of the ensembles where they count as done. */
  private static void ensembles(Path out, int epochs) throws IOException {
    for (String method : List.of("ensemble", "adversarial-ensemble")) {
      ObjectNode content = (ObjectNode) json(results(whole, method));
      Files.createDirectories(results(out, method).getParent());
      Files.writeString(results(out, method), content.put("epochs", epochs).toString());
    }
  }

  private static JsonNode json(Path file) throws IOException {
    return CommandRun.json(Files.readString(file));
  }

  /** The likelihood by its definition, of the samples that the score command keeps. */
  @Test
  void train_tellsTheLikelihoodOfTheModelItLeaves() throws IOException {
    JsonNode first = json(results(whole, "dropout")).get("splits").get(0);
    assertEquals(.1, first.get("settings").get("rate").doubleValue());
    assertEquals(4, first.get("settings").get("tau").doubleValue());
    Path input = folder.resolve("test.jsonl");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < ROWS; i += 4) {
      lines.add("{\"x\": [" + TABLE[i][0] + ", " + TABLE[i][1] + "]}");
    }
    Files.write(input, lines);
    Path samples = folder.resolve("samples.npy");
    Object[] args = {
      "--model", whole.resolve("made/dropout/split-0"), "--input", input, "--samples-out", samples
    };
    List<Object> scoring = new ArrayList<>(List.of(args));
    scoring.addAll(List.of("--passes", 10_000));
    List<JsonNode> scored = CommandRun.score(folder.resolve("scores.jsonl"), scoring.toArray());
    assertTrue(scored.toString().contains("0.25"), "1/τ is not told: " + scored.get(0));
    Samples read = Samples.read(samples);
    double logLikelihood = 0;
    double squares = 0;
    for (int n = 0; n < lines.size(); n++) {
      double y = TABLE[4 * n][2];
      double density = 0;
      double mean = 0;
      for (double[] sample : read.of(n)) {
        density += Math.exp(-.5 * 4 * (y - sample[0]) * (y - sample[0])) / 10_000;
        mean += sample[0] / 10_000;
      }
      logLikelihood += Math.log(density * Math.sqrt(4 / (2 * Math.PI))) / lines.size();
      squares += (y - mean) * (y - mean) / lines.size();
    }
    assertEquals(logLikelihood, first.get("logLikelihood").doubleValue(), 1e-4);
    assertEquals(Math.sqrt(squares), first.get("rmse").doubleValue(), 1e-5);
  }

  @Test
  void train_stopped_goesOnToTheSameNumbers() throws IOException {
    publish(data);
    assertTrue(run.out().contains("made, dropout, splits 0 done"), run.out());
    assertTrue(run.out().contains("made, dropout, splits 1 done"), run.out());
    assertTrue(ImageIO.read(whole.resolve("dropout.png").toFile()).getWidth() > 1000);
    Path stopped = folder.resolve("stopped");
    Files.createDirectories(stopped.resolve("made/dropout"));
    ObjectNode content = (ObjectNode) json(results(whole, "dropout"));
    ((ArrayNode) content.get("splits")).remove(0);
    Files.writeString(results(stopped, "dropout"), content.toString());
    // The ensembles, which take longest, are there: they are to be passed by.
    ensembles(stopped, 3);
    CommandRun rest = train(data, stopped, "--epochs", 3);
    assertEquals(0, rest.exitCode(), rest::toString);
    assertTrue(rest.out().contains("made, dropout, splits 0 done"), rest.out());
    assertTrue(!rest.out().contains("made, dropout, splits 1 done"), rest.out());
    assertTrue(!rest.out().contains("ensemble, splits"), rest.out());
    assertArrayEquals(
        Files.readAllBytes(results(whole, "dropout")),
        Files.readAllBytes(results(stopped, "dropout")));
    String told = run.out().substring(run.out().indexOf("\ndropout "));
    assertEquals(
        told.lines().filter(line -> line.startsWith("made")).toList(),
        rest.out().lines().filter(line -> line.startsWith("made ")).toList());
    String row = told.lines().filter(line -> line.startsWith("made ")).findFirst().orElseThrow();
    assertTrue(row.matches("made +2 .*4\\.000 ± 0\\.707.*-2\\.250 ± 0\\.177.*"), row);
    CommandRun other =
        train(data, stopped, "--epochs", 4)
            .assertRefused("is of seed 42 and 3 epochs, not 42 and 4");
    assertTrue(other.err().contains("or say --overwrite"), other.err());
    train(data, stopped, "--epochs", 3, "--seed", 1).assertRefused("results.json is of seed 42");
    Files.writeString(results(stopped, "dropout"), "{\"seed\": 42, \"epo");
    train(data, stopped, "--epochs", 3).assertRefused("results.json is damaged");
    Files.writeString(results(stopped, "dropout"), "{\"seed\": 42}");
    train(data, stopped, "--epochs", 3).assertRefused("results.json is damaged");
  }

  @Test
  void train_whatWasNotPublished_isChosenByValidation() throws IOException {
    put(data, "data/dropout_rates.txt", "0.05\n0.9");
    Path out = folder.resolve("out");
    ensembles(out, 150);
    CommandRun grid = train(data, out, "--epochs", 150);
    assertEquals(0, grid.exitCode(), grid::toString);
    for (JsonNode split : json(results(out, "dropout")).get("splits")) {
      assertEquals(.05, split.get("settings").get("rate").doubleValue(), "dropping 9 of 10");
    }
    assertEquals(
        List.of("split-0-rate-0.05", "split-0-rate-0.9", "split-1-rate-0.05", "split-1-rate-0.9"),
        CommandRun.names(out.resolve("made/dropout/validation")));
    assertTrue(!grid.out().contains("picture"), grid.out());
    Files.delete(data.resolve("data/tau_values.txt"));
    CommandRun none = train(data, folder.resolve("none"), "--epochs", 1);
    assertEquals(2, none.exitCode(), none::toString);
    assertTrue(none.err().contains("tau_values.txt is missing; list precisions"), none.err());
  }

  @Test
  void train_anEnsemble_isFiveModelsThatScore() throws IOException {
    Path members = whole.resolve("made/ensemble/split-1");
    assertEquals(
        List.of("member-0", "member-1", "member-2", "member-3", "member-4"),
        CommandRun.names(members));
    Path input = folder.resolve("test.jsonl");
    List<String> lines = new ArrayList<>();
    for (int i = 1; i < ROWS; i += 4) {
      lines.add("{\"x\": [" + TABLE[i][0] + ", " + TABLE[i][1] + "]}");
    }
    Files.write(input, lines);
    List<JsonNode> scored =
        CommandRun.score(folder.resolve("scores.jsonl"), "--model", members, "--input", input);
    double logLikelihood = 0;
    for (int n = 0; n < scored.size(); n++) {
      double y = TABLE[4 * n + 1][2];
      double mean = scored.get(n).get("mean").get(0).doubleValue();
      double variance = scored.get(n).get("totalVariance").get(0).doubleValue();
      logLikelihood -= .5 * (Math.log(2 * Math.PI * variance) + (y - mean) * (y - mean) / variance);
    }
    JsonNode told = json(results(whole, "ensemble")).get("splits").get(1);
    JsonNode moved = json(results(whole, "adversarial-ensemble")).get("splits").get(1);
    assertNotEquals(told, moved);
    assertEquals(logLikelihood / scored.size(), told.get("logLikelihood").doubleValue(), 1e-6);
  }

  @Test
  void train_dataThatIsNone_isRefused() throws IOException {
    Path out = folder.resolve("out");
    CommandRun.of("train", "uci", "--out", out).assertRefused("recipe uci needs --data DIR");
    CommandRun.of("train", "uci", "--data", folder, "--out", out)
        .assertRefused("is no set, and holds none");
    put(data, "data/index_test_1.txt", "1\n40");
    train(data, out).assertRefused("index_test_1.txt names 40.0; data.txt has 40 rows");
    put(data, "data/index_test_1.txt", "1");
    put(data, "results/validation_ll" + SUFFIX, "Dropout_Rate: 0.1 Tau: 4.0 :: -2.5\n");
    assertTrue(train(data, out).err().contains("has 1 lines, which are no multiple of 2 splits"));
    put(data, "results/validation_ll" + SUFFIX, "Dropout_Rate: 0.1 :: -2.5\nx\n");
    assertTrue(train(data, out).err().contains("holds \"Dropout_Rate: 0.1 :: -2.5\""));
  }

  @Test
  void decay_isThatOfThePrior() {
    TabularSplit split = new TabularSplit(0, new int[] {0, 1, 2, 3, 4}, new int[] {5});
    DenseStack.Member member = TrainUciDropout.member(split, new TrainUciChoice(.1, 4), 7);
    assertEquals(1e-4 * .9 / (2 * 5 * 4), member.decay(), 1e-18);
    assertEquals(.1, member.rate());
  }

  @Test
  void agrees_isTwoStandardErrors_andHalfADigit() {
    Value each = Value.of(1, 3, 1, 3);
    assertEquals(2, each.mean());
    assertEquals(.5, each.error(), 1e-15);
    assertTrue(each.agrees(2.99) && each.agrees(1.01));
    assertTrue(!each.agrees(3.01) && !each.agrees(.99) && !each.agrees(Double.NaN));
    assertTrue(new Value(.09, 0, .005).agrees(.0949));
    assertTrue(!new Value(.09, 0, .005).agrees(.0951));
  }

  /** Every set at hand is read, and its authors chose what they say they did. */
  @Test
  void published_choices_areThoseOfTheAuthors() throws IOException {
    String variable = System.getenv("CREDENCE_SHARED");
    Path root = variable == null ? Path.of("../../shared") : Path.of(variable);
    Path sets = root.resolve("data/uci");
    assumeTrue(Files.isDirectory(sets), "nothing at " + sets + ": set CREDENCE_SHARED");
    for (String set : CommandRun.names(sets)) {
      List<Double> tau =
          Files.readAllLines(sets.resolve(set).resolve("results/test_tau" + SUFFIX)).stream()
              .map(Double::valueOf)
              .toList();
      List<TrainUciChoice> choices =
          TrainUciPublished.choices(sets.resolve(set), tau.size()).orElseThrow();
      assertEquals(tau, choices.stream().map(TrainUciChoice::tau).toList(), set);
    }
  }
}
