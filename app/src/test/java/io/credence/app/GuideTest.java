package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java of the user guide compiles, runs, and prints what the guide says; its commands run. */
class GuideTest {

  private static final Path GUIDE = Path.of("").toAbsolutePath().getParent().resolve("docs/guide");
  private static final Pattern BLOCK = Pattern.compile("```(java|text)\n(.*?)```", Pattern.DOTALL);

  /** What the guide takes as given. */
  private static final String GIVEN =
      """
      import io.credence.*;
      import io.credence.acquisition.*;
      import io.credence.calibration.*;
      import io.credence.decision.*;
      import io.credence.models.*;
      import io.credence.models.data.*;
      import io.credence.statistics.*;
      import io.credence.tensorflow.*;
      import java.io.*;
      import java.nio.file.*;
      import java.time.Duration;
      import java.util.*;
      import org.tensorflow.ndarray.*;
      import org.tensorflow.ndarray.buffer.DataBuffers;
      import org.tensorflow.ndarray.index.Indices;
      import static java.lang.System.out;
      BundledModel bundled = BundledModel.streetDigits();
      Path model = bundled.folder();
      StreetDigits street = StreetDigits.of(3);
      float[] digit = new float[Picture.VALUES];
      street.digit(1).copyTo(digit, 0, 1f / 255);
      float[] letter = new float[Picture.VALUES];
      street.noDigit(0).copyTo(letter, 0, 1f / 255);
      float[] values = new float[12 * Picture.VALUES];
      for (int i = 0; i < 12; i++) {
        (i < 6 ? street.digit(i) : street.noDigit(i)).copyTo(values, i * Picture.VALUES, 1f / 255);
      }
      FloatNdArray images = NdArrays.wrap(Shape.of(12, 32, 32, 3), DataBuffers.of(values));
      """;

  @ParameterizedTest
  @ValueSource(strings = {"service.md", "sample-counts.md", "active-learning.md"})
  void guide_everyStep_runs_andPrintsWhatItSays(String page) throws Exception {
    Matcher blocks = BLOCK.matcher(Files.readString(GUIDE.resolve(page)));
    int steps = 0;
    try (JavaShell shell = new JavaShell()) {
      shell.run(GIVEN);
      String printed = "";
      while (blocks.find()) {
        if (blocks.group(1).equals("java")) {
          printed = shell.run(blocks.group(2));
          steps++;
        } else {
          assertEquals(blocks.group(2), printed, page);
        }
      }
      shell.run("bundled.close();");
    }
    assertTrue(steps > 1, page);
  }

  /** The commands of a page, one after the other, on a model and a pool that fit, and quicker. */
  @Test
  void guide_everyCommand_runs(@TempDir Path folder) throws Exception {
    Path model = TinyModels.member(folder.resolve("model"), 3, true);
    Tables.numbered(folder.resolve("pool.parquet"), 2100);
    Path pictures = TinyInputs.rows(folder.resolve("pictures.npy"), 0, 40);
    List<String> lines = Files.readAllLines(GUIDE.resolve("active-learning.md"));
    int commands = 0;
    for (String line : lines) {
      if (line.startsWith("./credence ")) {
        Object[] words =
            Arrays.stream(line.replace("batchbald", "batchbald --configurations 100").split(" "))
                .skip(1)
                .map(word -> word.equals("DIR") ? model.toString() : word)
                .map(word -> word.equals("pictures/") ? pictures.toString() : word)
                .map(word -> word.matches("[\\w-]+\\.\\w+") ? "" + folder.resolve(word) : word)
                .toArray();
        CommandRun.done(words);
        commands++;
      }
    }
    assertEquals(4, commands);
    assertEquals(2000, Files.readAllLines(folder.resolve("to-label-1.jsonl")).size());
    assertEquals(100, Files.readAllLines(folder.resolve("to-label.jsonl")).size());
  }
}
