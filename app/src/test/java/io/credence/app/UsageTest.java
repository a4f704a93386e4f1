package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

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
    CommandRun.of()
        .assertRefused(
            "a command is missing: acquire, calibrate, data, demo, inspect, merge, score, sweep or train",
            "--help");
  }

  @Test
  void unknownCommand_isNamed() {
    CommandRun.of("scroe").assertRefused("scroe", "see: credence --help");
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "inspect", "score", "sweep", "train"})
  void help_ofEachCommand_exitsWithZeroAndAnExample(String command) {
    CommandRun run = CommandRun.done(command, "--help");
    assertTrue(run.out().contains("Usage: credence " + command), run.out());
    assertTrue(run.out().contains("Example"), run.out());
    assertEquals("", run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "inspect", "score", "sweep", "train"})
  void help_ofEachCommand_fitsATerminalAndNamesEachOptionOnce(String command) {
    List<String> lines = CommandRun.done(command, "--help").out().lines().toList();
    lines.forEach(line -> assertTrue(line.length() <= 80, line));
    assertEquals(List.of(), lines.stream().filter(line -> line.startsWith("--")).toList());
    List<String> listed =
        lines.stream()
            .takeWhile(line -> !line.startsWith("Example"))
            .filter(line -> line.matches(" {2}(-., | {4})--\\w.*"))
            .map(line -> line.strip().replaceAll("^-., |[= ].*", ""))
            .toList();
    List<String> known =
        new CommandLine(new CredenceCommand())
            .getSubcommands().get(command).getCommandSpec().options().stream()
                .map(OptionSpec::longestName)
                .toList();
    assertEquals(known.stream().sorted().toList(), listed.stream().sorted().toList());
  }

  @Test
  void help_ofScore_beginsWithWhatIsNeededAndGroupsTheRest() {
    String help = CommandRun.done("score", "--help").out();
    int before = -1;
    for (String part :
        List.of(
            "Usage: credence score --model DIR --input PATH [--out FILE] [OPTION]...",
            "--model=DIR",
            "--input=PATH",
            "--out=FILE",
            "\nSampling:\n      --passes=T",
            "\nAs many passes as each input needs:\n      --tolerance=X",
            "\nWhat is written of each input:\n      --measures=MEASURE",
            "\nEnsembles:\n      --weights=W",
            "\nWhat the model does not say itself:\n      --signature=NAME",
            "\nExit codes: 0 done",
            "\nExamples:")) {
      int at = help.indexOf(part);
      assertTrue(at > before, () -> part + " is not in its place: " + help);
      before = at;
    }
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x | --dropout x has no rate; give TENSOR=RATE, RATE within (0, 1)",
        "x= | --dropout x=: the rate \"\" is no number; give the share of units",
        "x=abc | --dropout x=abc: the rate \"abc\" is no number; give the share of units",
        "x=1.5 | --dropout x=1.5: the rate is the share of units dropped in training and must be",
        "x=0 | --dropout x=0: the rate is the share of units dropped in training and must be",
        "x=NaN | --dropout x=NaN: the rate is the share of units dropped in training and must be",
        "=0.5 | --dropout =0.5: \"\" names no tensor; a node, or node:index",
        "x:y=0.5 | --dropout x:y=0.5: \"x:y\" names no tensor; a node, or node:index",
        "x=0.5,y=0.1 | --dropout x=0.5,y=0.1: \"x=0.5,y\" names no tensor"
      })
  void dropout_malformed_isNamedWithWhatIsAllowed(String value, String message) {
    refused("--dropout", value).assertSays("credence: " + message);
  }

  @Test
  void dropout_tensorTwice_isRefused() {
    refused("--dropout", "a/x=0.1", "--dropout", "a/x:0=0.2")
        .assertSays("--dropout names tensor \"a/x\" twice; give each tensor one rate");
  }

  @Test
  void dropout_withoutValue_namesTheForm() {
    CommandRun.of("score", "--model", model.folder(), "--input", input, "--dropout")
        .assertRefused("Missing required parameter", "--dropout", "TENSOR=RATE");
  }

  @Test
  void dropout_unknownTensor_listsOthers() {
    refused("--dropout", "nowhere=0.5")
        .assertSays("tensor \"nowhere\", named for dropout, is not in the model", "choose one of");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x | --input-tensor x has no name; give NAME=TENSOR",
        "=x | --input-tensor =x has no name; give NAME=TENSOR",
        "x= | --input-tensor x=: \"\" names no tensor; a node, or node:index",
        "x=a:b | --input-tensor x=a:b: \"a:b\" names no tensor; a node, or node:index"
      })
  void inputTensor_malformed_isNamedWithWhatIsAllowed(String value, String message) {
    refused("--input-tensor", value).assertSays("credence: " + message);
  }

  @Test
  void inputTensor_nameTwice_isRefused() {
    refused("--input-tensor", "x=a", "--input-tensor", "x=b")
        .assertSays("--input-tensor names \"x\" twice; give each tensor a name of its own");
  }

  @Test
  void inputTensor_unknown_listsPlaceholders() {
    refused("--input-tensor", "image=nowhere")
        .assertSays("tensor \"nowhere\" is not in the main graph");
  }

  @Test
  void outputTensor_malformed_isNamedWithWhatIsAllowed() {
    refused("--output-tensor", "a b").assertSays("--output-tensor a b: \"a b\" names no tensor");
  }

  @Test
  void outputTensor_withOutput_isRefused() {
    refused("--output-tensor", "x", "--output", "y")
        .assertSays("--output y and --output-tensor x both say what to sample; give one of them");
  }

  @Test
  void tensors_named_replaceTheSignature() throws IOException {
    Path tiny = TinyModels.logits(folder.resolve("tiny"));
    Path rows = Files.writeString(folder.resolve("rows.jsonl"), "{\"row\":[1,2,3,4]}\n");
    JsonNode row =
        CommandRun.score(
                folder.resolve("s.jsonl"),
                "--model",
                tiny,
                "--input",
                rows,
                "--input-tensor",
                "row=x",
                "--output-tensor",
                "MatMul:0",
                "--output-kind",
                "mean")
            .get(0);
    assertEquals(3, row.get("mean").size(), row::toString);
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
