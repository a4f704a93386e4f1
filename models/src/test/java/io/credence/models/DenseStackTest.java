package io.credence.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.models.DenseStack.Member;
import io.credence.models.data.MadeTable;
import io.credence.models.data.Standardization;
import io.credence.models.data.TabularSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks side by side, against each alone and against descent by numeric derivatives. */
class DenseStackTest {

  @TempDir Path folder;
  private TabularSet set;

  @BeforeEach
  void read() throws IOException {
    set = MadeTable.of(folder, 60, 3);
  }

  private Member member(int split, double rate, double decay, long seed) {
    return new Member(set.splits().get(split), rate, decay, seed);
  }

  private List<TabularNetwork> train(DenseStack stack, Member... members) {
    return stack.train(set, List.of(members), TrainingListener.silent());
  }

  private static float[] weights(TabularNetwork network) {
    float[][] parts = {
      network.hidden().kernel(),
      network.hidden().biases(),
      network.last().kernel(),
      network.last().biases()
    };
    float[] all = new float[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({"false, 0", "false, .01", "true, 0", "true, .01"})
  void train_inAStack_learnsWhatEachLearnsAlone(boolean variances, double adversarial) {
    DenseStack stack = new DenseStack(variances, 7, 30, 20, .01, adversarial, 3);
    Member[] members = {
      member(0, 0, 0, 1), member(1, 0, .1, 2), member(2, 0, 0, 1), member(0, 0, 0, 9)
    };
    List<TabularNetwork> together = train(stack, members);
    for (int m = 1; m < members.length; m += 2) {
      float[] alone = weights(train(stack, members[m]).get(0));
      assertArrayEquals(alone, weights(together.get(m)), 1e-5f, "network " + m);
      for (int other = 0; other < m; other++) {
        assertFalse(Arrays.equals(alone, weights(together.get(other))), m + " is " + other);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"false, 0, 0", "false, .2, 0", "true, 0, 0", "true, .05, .02", "false, 0, .02"})
  void train_isAdamDownTheNumericDerivatives(boolean variances, double decay, double adversarial) {
    int epochs = 4;
    DenseStack stack = new DenseStack(variances, 3, epochs, 20, .01, adversarial, 3);
    float[] learnt = weights(train(stack, member(1, 0, decay, 4)).get(0));
    NumericNetwork numeric = new NumericNetwork(set, set.splits().get(1), 3, variances, 4);
    numeric.descend(epochs, 20, .01, decay, adversarial);
    for (int i = 0; i < learnt.length; i++) {
      // Each of the 12 steps moves a weight by about .01.
      assertEquals(numeric.weight(i), learnt[i], 1e-3, "weight " + i);
    }
  }

  @Test
  void train_again_givesTheSameWeights_andAnotherSeedOthers() {
    DenseStack stack = new DenseStack(false, 5, 10, 16, .01, 0, 3);
    Member[] members = {member(0, .1, 0, 1), member(1, .05, 0, 2)};
    float[] once = weights(train(stack, members).get(1));
    assertArrayEquals(once, weights(train(stack, members).get(1)));
    DenseStack otherMasks = new DenseStack(false, 5, 10, 16, .01, 0, 4);
    assertFalse(Arrays.equals(once, weights(train(otherMasks, members).get(1))));
  }

  /** A loss of one step that hardly moves is that of the first weights under masks of chance. */
  @ParameterizedTest
  @CsvSource({".02", ".5"})
  void dropout_isOfInputsAndHiddenUnits_scaled(double rate) throws IOException {
    TabularSet large = MadeTable.of(folder.resolve("large"), 4000, 1);
    double[] loss = {0};
    int hidden = 4;
    Member[] members = {
      new Member(large.splits().get(0), rate, 0, 6), new Member(large.splits().get(0), 0, 0, 6)
    };
    for (List<Member> some : List.of(List.of(members[0]), List.of(members))) {
      double before = loss[0];
      new DenseStack(false, hidden, 1, 4000, 1e-12, 0, 11)
          .train(large, some, (step, steps, mean) -> loss[0] = some.size() * mean - before);
    }
    // The loss of both less that of the first alone: another network's masks change nothing here.
    assertEquals(expected(large, hidden, 0, 1), loss[0], 1e-4);
    double alone = expected(large, hidden, rate, 40);
    double[] own = {0};
    new DenseStack(false, hidden, 1, 4000, 1e-12, 0, 11)
        .train(large, List.of(members[0]), (step, steps, mean) -> own[0] = mean);
    assertEquals(alone, own[0], .05 * alone);
  }

  private static double expected(TabularSet set, int hidden, double rate, int draws) {
    SplittableRandom weights = new SplittableRandom(6);
    float[] first = DenseWeights.drawn(set.features(), hidden, weights).kernel();
    float[] last = DenseWeights.drawn(hidden, 1, weights).kernel();
    int[] rows = set.splits().get(0).training();
    Standardization own = Standardization.of(set, set.splits().get(0));
    float[] x = own.inputs(set, rows);
    float[] y = own.targets(set, rows);
    SplittableRandom masks = new SplittableRandom(8);
    double sum = 0;
    for (int draw = 0; draw < draws; draw++) {
      for (int row = 0; row < rows.length; row++) {
        double[] in = new double[set.features()];
        for (int i = 0; i < in.length; i++) {
          in[i] = masks.nextDouble() < rate ? 0 : x[row * in.length + i] / (1 - rate);
        }
        double answer = 0;
        for (int unit = 0; unit < hidden; unit++) {
          double at = 0;
          for (int i = 0; i < in.length; i++) {
            at += in[i] * first[i * hidden + unit];
          }
          boolean dropped = masks.nextDouble() < rate;
          answer += dropped ? 0 : Math.max(0, at) / (1 - rate) * last[unit];
        }
        sum += (answer - y[row]) * (answer - y[row]);
      }
    }
    return sum / draws / rows.length;
  }

  @Test
  void drawn_fillsTheRangeOfGlorot() {
    DenseWeights weights = DenseWeights.drawn(30, 20, new SplittableRandom(1));
    double limit = Math.sqrt(6.0 / 50);
    double squares = 0;
    for (float weight : weights.kernel()) {
      assertTrue(Math.abs(weight) <= limit);
      squares += weight * weight;
    }
    assertEquals(limit * limit / 3, squares / 600, .1 * limit * limit / 3);
    assertArrayEquals(new float[20], weights.biases());
  }

  @Test
  void train_whatDiverges_isTold() {
    DenseStack stack = new DenseStack(false, 5, 5, 8, 1e30, 0, 3);
    String message =
        assertThrows(ArithmeticException.class, () -> train(stack, member(0, 0, 0, 1)))
            .getMessage();
    assertTrue(message.contains("try a lower learning rate"), message);
  }

  @Test
  void numbers_outOfRange_areRefused() throws IOException {
    assertRefused("hidden is 0", () -> new DenseStack(false, 0, 1, 1, 1, 0, 0));
    assertRefused("epochs 0", () -> new DenseStack(false, 1, 0, 1, 1, 0, 0));
    assertRefused("batch 0", () -> new DenseStack(false, 1, 1, 0, 1, 0, 0));
    assertRefused("learningRate is NaN", () -> new DenseStack(false, 1, 1, 1, Double.NaN, 0, 0));
    assertRefused("adversarial -1", () -> new DenseStack(false, 1, 1, 1, 1, -1, 0));
    assertRefused("rate is 1.0", () -> member(0, 1, 0, 0));
    assertRefused("decay NaN", () -> member(0, 0, Double.NaN, 0));
    DenseStack stack = new DenseStack(false, 1, 1, 1, 1, 0, 0);
    assertRefused("learn from [] rows", () -> train(stack));
    Member other = new Member(set.splits().get(0).validation(), 0, 0, 1);
    assertRefused("learn from [48, 38] rows", () -> train(stack, member(0, 0, 0, 1), other));
  }

  private static void assertRefused(String message, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }
}
