package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.models.BundledModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands and options, right and wrong. */
class UsageTest {

  private static BundledModel model;
  @TempDir Path folder;
  private Path input;

  @BeforeAll
  static void unpack() {
    model = BundledModel.streetDigits();
  }

  @AfterAll
  static void remove() {
    model.close();
  }

  @BeforeEach
  void write() throws IOException {
    input = DigitInputs.float32(folder.resolve("digits.npy"));
  }

  private CommandRun refused(Object... options) {
    Object[] args =
        Arrays.copyOf(
            new Object[] {"--model", model.folder(), "--input", input}, 4 + options.length);
    System.arraycopy(options, 0, args, 4, options.length);
    return CommandRun.refusedScore(folder, args);
  }

  @Test
  void noCommand_listsTheCommands() {
    CommandRun.of().assertRefused("a command is missing: demo, score or train", "--help");
  }

  @Test
  void unknownCommand_isNamed() {
    CommandRun.of("scroe").assertRefused("scroe", "see: credence --help");
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "score", "train"})
  void help_ofEachCommand_exitsWithZeroAndAnExample(String command) {
    CommandRun run = CommandRun.done(command, "--help");
    assertTrue(run.out().contains("Usage: credence " + command), run.out());
    assertTrue(run.out().contains("Example:"), run.out());
    assertEquals("", run.err());
  }

  @Test
  void version_isPrinted() {
    assertEquals("credence 0.1.0", CommandRun.done("--version").out().strip());
  }

  @Test
  void unknownOption_isNamedWithANeighbour() {
    refused("--pases", 5).assertSays("Unknown option", "'--pases'", "see: credence score --help");
  }

  @Test
  void missingOption_isNamed() {
    CommandRun.of("score", "--model", model.folder())
        .assertRefused("Missing required option", "--input", "see: credence score --help");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void passes_belowOne_areRefused(int passes) {
    refused("--passes", passes)
        .assertSays("passes is " + passes, "at least 1", "50 is a good start");
  }

  @Test
  void passes_noNumber_areRefused() {
    refused("--passes", "many").assertSays("--passes", "'many' is not an int");
  }

  @Test
  void masks_unknown_listTheKnown() {
    refused("--masks", "rows").assertSays("masks \"rows\" are unknown", "SHARED, PER_ROW");
  }

  @Test
  void masks_shared_isTheDefaultAndInThePlan() {
    Path out = folder.resolve("s.jsonl");
    for (Object[] options : new Object[][] {{}, {"--masks", "shared"}}) {
      Object[] args = {"--model", model.folder(), "--input", input};
      Object[] all = Arrays.copyOf(args, 4 + options.length);
      System.arraycopy(options, 0, all, 4, options.length);
      CommandRun.score(out, all)
          .forEach(row -> assertEquals("SHARED", row.at("/plan/masks").textValue()));
    }
  }

  @Test
  void inputRange_oneNumber_isRefused() {
    refused("--input-range", "5").assertSays("--input-range takes two numbers", "0,1", "got 1");
  }

  @Test
  void inputRange_threeNumbers_isRefused() {
    refused("--input-range", "0,1,2").assertSays("--input-range takes two numbers", "got 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1,0", "0,0", "NaN,1", "0,Infinity"})
  void inputRange_emptyOrNotFinite_isRefused(String range) {
    refused("--input-range", range).assertSays("input range [", "min < max is needed");
  }

  @Test
  void inputRange_given_replacesTheSidecars() {
    refused("--input-range", "5,6", "--strict").assertSays("input \"image\" holds", "[5, 6]");
  }

  @Test
  void out_folder_isRefusedAndKept() throws IOException {
    Path out = Files.createDirectory(folder.resolve("here"));
    CommandRun.of("score", "--model", model.folder(), "--input", input, "--out", out)
        .assertRefused(out + " is a folder", "name the file to write");
    assertEquals(List.of(), CommandRun.names(out));
  }

  @Test
  void out_belowAFile_namesTheFile() {
    Path out = input.resolve("s.jsonl");
    CommandRun.of("score", "--model", model.folder(), "--input", input, "--out", out)
        .assertRefused(out + " cannot be written", input + " is a file, not a folder");
  }
}
