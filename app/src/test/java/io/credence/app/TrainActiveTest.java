package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.credence.acquisition.Strategy;
import io.credence.app.input.BadInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Active learning on pictures of three bars: what is kept, shared, told and refused. */
class TrainActiveTest {

  private static final int SIZE = 9;
  private static final int CLASSES = 3;

  @TempDir private Path folder;
  private Path data;
  private Path out;

  @BeforeEach
  void write() throws IOException {
    data = Files.createDirectory(folder.resolve("data"));
    out = folder.resolve("out");
    bars("train", 60, 0);
    bars("t10k", 30, 6); // so that no error that ends a trial is reached
  }

  /** A bright bar at the place of the class, on noise; the first labels are wrong. */
  private void bars(String prefix, int count, int wrong) throws IOException {
    SplittableRandom random = new SplittableRandom(count);
    byte[] pixels = new byte[count * SIZE * SIZE];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % CLASSES);
      for (int j = 0; j < SIZE * SIZE; j++) {
        int bright = j % SIZE / CLASSES == labels[i] ? 180 : 0;
        pixels[i * SIZE * SIZE + j] = (byte) (bright + random.nextInt(70));
      }
      labels[i] = (byte) ((labels[i] + (i < wrong ? 1 : 0)) % CLASSES);
    }
    Files.write(
        data.resolve(prefix + "-images-idx3-ubyte"),
        DigitInputs.idxBytes(pixels, count, SIZE, SIZE));
    Files.write(data.resolve(prefix + "-labels-idx1-ubyte"), DigitInputs.idxBytes(labels, count));
  }

  private static TrainActiveTrial trial(TrainActivePool pool, Strategy strategy, int most) {
    return new TrainActiveTrial(pool, strategy, 4, most, List.of("7"));
  }

  private String run(boolean overwrite, TrainActiveTrial... trials) throws IOException {
    StringWriter text = new StringWriter();
    Optional<Path> none = Optional.empty();
    new TrainActive(List.of(trials), 2, 40)
        .run(
            new TrainOptions(
                out,
                overwrite,
                Optional.of(data),
                none,
                none,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(5L)),
            new PrintWriter(text));
    return text.toString();
  }

  private JsonNode loop(String trial, int seed) throws IOException {
    return CommandRun.json(Files.readString(out.resolve(trial + "-" + seed + ".json")));
  }

  @Test
  void run_triesAll_andTellsOfIt() throws IOException {
    String text =
        run(
            false,
            trial(TrainActivePool.MNIST, Strategy.RANDOM, 14),
            trial(TrainActivePool.REPEATED, Strategy.BATCHBALD, 14),
            trial(TrainActivePool.REPEATED, Strategy.BALD, 10));

    assertTrue(text.contains("mnist/random, seed 6 is done"), text);
    assertTrue(text.contains("MNIST: labels until so few are wrong"), text);
    assertTrue(text.contains("copies of one another among 14"), text);
    assertFalse(text.contains("other processes"), text);
    assertTrue(ImageIO.read(out.resolve("active-learning.png").toFile()).getWidth() > 1000);
    assertEquals(60, loop("mnist/random", 5).get("poolSize").intValue());
    JsonNode batch = loop("repeated/batchbald", 6);
    assertEquals(120, batch.get("poolSize").intValue());
    assertEquals(3, batch.get("rounds").size()); // of 6, 10 and 14 labels
    assertEquals(4, batch.get("rounds").get(0).get("acquired").size());
    double last = batch.get("rounds").get(2).get("metric").doubleValue();
    assertTrue(last > .7 && last <= .8, () -> "accuracy " + last);
    assertFalse(loop("mnist/random", 5).equals(loop("mnist/random", 6)));
  }

  @Test
  void run_again_goesOnWhereItWas_andOverwriteBeginsAnew() throws IOException {
    run(false, trial(TrainActivePool.MNIST, Strategy.BALD, 6));
    JsonNode before = loop("mnist/bald", 5);
    run(false, trial(TrainActivePool.MNIST, Strategy.BALD, 14));
    JsonNode after = loop("mnist/bald", 5);

    assertEquals(1, before.get("rounds").size());
    assertEquals(3, after.get("rounds").size());
    assertEquals(before.get("rounds").get(0), after.get("rounds").get(0));
    run(false, trial(TrainActivePool.MNIST, Strategy.BALD, 14));
    assertEquals(after, loop("mnist/bald", 5));
    run(true, trial(TrainActivePool.MNIST, Strategy.BALD, 6));
    assertEquals(1, loop("mnist/bald", 5).get("rounds").size());
  }

  @Test
  void run_thatReachesItsError_isDone() throws IOException {
    bars("t10k", 30, 0);
    run(false, trial(TrainActivePool.MNIST, Strategy.ENTROPY, 1000));
    JsonNode rounds = loop("mnist/entropy", 5).get("rounds");
    int last = rounds.size() - 1;
    assertTrue(last < 10, () -> last + " rounds of a pool of 14 more");
    for (int round = 0; round <= last; round++) {
      double error = 1 - rounds.get(round).get("metric").doubleValue();
      assertEquals(round == last, error <= .1 + 1e-9, "round " + round + ": " + error);
    }
  }

  @Test
  void run_poolThatIsUsedUp_isDone() throws IOException {
    bars("train", 12, 0);
    run(false, trial(TrainActivePool.MNIST, Strategy.ENTROPY, 1000));
    JsonNode rounds = loop("mnist/entropy", 5).get("rounds");
    assertEquals(3, rounds.size()); // of 6, 10 and all 12
    assertEquals(0, rounds.get(2).get("acquired").size());
  }

  @Test
  void run_anotherProcessAtIt_leavesItThat_andSaysSo() throws Exception {
    TrainActiveTrial trial = trial(TrainActivePool.MNIST, Strategy.RANDOM, 6);
    Path lock = Files.createDirectories(out.resolve("mnist/random-5")).resolve("lock");
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                Path.of(
                        TrainActiveTest.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString(),
                Holder.class.getName(),
                lock.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertEquals('h', other.getInputStream().read());

      String text = run(false, trial);

      assertTrue(text.contains("mnist/random, seed 5 is with another process"), text);
      assertTrue(text.contains("mnist/random, seed 6 is done"), text);
      assertTrue(text.contains("The rest is with other processes"), text);
      assertEquals(
          List.of("random-5", "random-6", "random-6.json"), CommandRun.names(out.resolve("mnist")));
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertTrue(run(false, trial).contains("mnist/random, seed 5 is done"));
  }

  /** Holds a lock until it is killed. */
  static final class Holder {
    private Holder() {}

    /** Says "h" when it holds it. */
    public static void main(String[] args) throws Exception {
      try (FileChannel channel =
              FileChannel.open(
                  Path.of(args[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        System.out.write(lock.isValid() ? 'h' : 'n');
        System.out.flush();
        Thread.sleep(60_000);
      }
    }
  }

  @Test
  void run_fileThatIsNotItsOwn_isRefused() throws IOException {
    TrainActiveTrial trial = trial(TrainActivePool.MNIST, Strategy.RANDOM, 6);
    run(false, trial);
    Path file = out.resolve("mnist/random-5.json");
    String whole = Files.readString(file);
    for (String other :
        List.of(whole.substring(0, whole.length() / 2), "", whole.replace("\"random\"", "\"x\""))) {
      Files.writeString(file, other);
      BadInputException e = assertThrows(BadInputException.class, () -> run(false, trial));
      assertTrue(e.getMessage().startsWith(file + " is damaged: "), e.getMessage());
      assertTrue(e.getMessage().endsWith("; remove it, or say --overwrite"), e.getMessage());
      assertEquals(other, Files.readString(file));
    }
    Files.writeString(file, whole.replace("\"random\"", "\"bald\""));
    BadInputException e = assertThrows(BadInputException.class, () -> run(false, trial));
    assertTrue(e.getMessage().contains(" is of "), e.getMessage());
    run(true, trial);
    assertEquals("random", loop("mnist/random", 5).get("acquisition").get("strategy").textValue());
  }

  @Test
  void command_dataThatIsNone_isRefused() {
    CommandRun.of("train", "active-learning", "--out", out)
        .assertRefused("needs --data DIR", "credence data fetch mnist");
    CommandRun.of("train", "active-learning", "--data", folder, "--out", out)
        .assertRefused("train-labels-idx1-ubyte");
    CommandRun.of("train", "active-learning", "--data", data, "--out", out, "--epochs", "3")
        .assertRefused("no use for --epochs");
  }
}
