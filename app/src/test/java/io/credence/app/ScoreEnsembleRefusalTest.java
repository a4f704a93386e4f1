package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of an ensemble is refused on the command line, and how that is said. */
class ScoreEnsembleRefusalTest extends EnsembleScores {

  @Test
  void asServed_ofAModelThatAlwaysDraws_isRefused() {
    refused("--model", all, "--as-served")
        .assertSays(
            members.resolve("a").toString(),
            "draws whenever the model is served, so there is no answer without dropout; leave out"
                + " --as-served");
  }

  @Test
  void rename_malformedOrOfNoMember_isRefused() {
    String next =
        " is no pair of names; give NAME=CALLED, the name in a signature and the one to call it by,"
            + " as in dense_12_input=image";
    for (String bad : List.of("x", "=x", "x=")) {
      refused("--model", all, "--rename-input", bad).assertMessage("--rename-input " + bad + next);
    }
    refused("--model", all, "--rename-input", "z=pixels")
        .assertSays("--rename-input names [z], which are inputs of no member; members have ");
    refused("--model", all, "--rename-input", "x=a", "--rename-input", "x=b")
        .assertMessage("input \"x\" is called \"a\" already; give it one name");
  }

  @Test
  void weights_ofOtherNumberOrRange_areRefused() {
    refused("--model", all, "--weights", "1,2")
        .assertMessage("there are 2 weights for 3 members; give one for each, in their order");
    for (String bad : List.of("0.0", "-1.0", "NaN", "Infinity")) {
      refused("--model", all, "--weights", "1,1," + bad)
          .assertMessage(
              "a weight of --weights is "
                  + bad
                  + "; each must be within [1e-9, 1e9]; only ratios matter");
    }
    refused("--model", all, "--weights", "1,x,1").assertSays("--weights", "'x' is not a double");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--weights 1",
        "--resident-members 1",
        "--parallel-members 1",
        "--rename-input x=y"
      })
  void optionsOfAnEnsemble_forOneModel_areRefused(String option) {
    List<Object> options = new ArrayList<>(List.of("--model", members.resolve("a")));
    options.addAll(List.of(option.split(" ", -1)));
    refused(options.toArray())
        .assertMessage(
            option.split(" ", -1)[0]
                + " is of an ensemble, but --model names one model; name its members, as in --model"
                + " A,B,C, or the folder that holds them");
  }

  @Test
  void members_inMemoryOrAtWork_outOfRange_areRefused() {
    refused("--model", all, "--resident-members", 0)
        .assertMessage("--resident-members is 0; at least 1 must be in memory to be run");
    refused("--model", all, "--parallel-members", 0)
        .assertMessage("--parallel-members is 0; at least 1 must be at work");
    refused("--model", all, "--parallel-members", 3, "--resident-members", 2)
        .assertMessage(
            "3 members at work at once, but 2 in memory; raise --resident-members, or lower"
                + " --parallel-members");
  }

  @Test
  void memberOfOtherWidth_isNamed() {
    Path wide = TinyModels.wide(folder.resolve("wide"));
    refused("--model", members.resolve("a") + "," + wide + "," + members.resolve("b"))
        .assertMessage(
            "members differ in their shape of the output: \""
                + wide
                + "\" has [?, 4], \""
                + members.resolve("a")
                + "\" and 1 more have [?, 3]; choose the output that all have with --output NAME");
  }

  @Test
  void memberOfOtherInput_isNamed() {
    Path map = TinyModels.segmenter(folder.resolve("map"), 1);
    refused("--model", all + "," + map)
        .assertMessage(
            "members differ in their inputs: \""
                + map
                + "\" has \"x\" FLOAT32 [?, 2, 3, 4], \""
                + members.resolve("a")
                + "\" and 2 more have \"x\" FLOAT32 [?, 4]; map input names with --rename-input"
                + " NAME=CALLED, or export the model anew");
  }

  @Test
  void memberOfOtherLabels_isNamed() throws IOException {
    Path first = labelled("first", "cat", "dog", "cow");
    Path second = labelled("second", "cat", "cow", "dog");
    refused("--model", first + "," + second)
        .assertMessage(
            "members differ in their labels: \""
                + second
                + "\" has [cat, cow, dog], \""
                + first
                + "\" has [cat, dog, cow]; put classes into one order, or mend them in"
                + " credence.json");
    Path third = labelled("third", "cat", "dog", "cow");
    assertEquals("", run(first + "," + third, input).err());
    JsonNode row = CommandRun.rows(out).get(0);
    assertEquals(
        List.of("cat", "dog", "cow").get(row.get("predictedClass").intValue()),
        row.get("predictedLabel").textValue());
  }

  @Test
  void memberOfOtherKind_isNamed() throws IOException {
    Path regressor = TinyModels.regressor(folder.resolve("regressor"), 1);
    sidecar(regressor, "\"outputKind\":\"MEAN\"");
    refused("--model", members.resolve("a") + "," + regressor)
        .assertMessage(
            "members differ in their output kind: \""
                + regressor
                + "\" has MEAN, \""
                + members.resolve("a")
                + "\" has PROBABILITIES; declare one for all with --output-kind, or choose another"
                + " output with --output NAME,NAME");
  }

  @Test
  void membersThatPreparePicturesInOtherWays_areNamed() throws IOException {
    Path first = TinyModels.member(folder.resolve("first"), 1, true);
    Path second = TinyModels.member(folder.resolve("second"), 2, true);
    sidecar(first, image(1));
    sidecar(second, image(2));
    refused("--model", first + "," + second)
        .assertSays(
            first + " and " + second + " prepare pictures in different ways, ",
            "; feed the values themselves as .npy or JSON Lines, or mend credence.json");
    sidecar(second, image(1));
    assertEquals(1, run(first + "," + second, input).err().lines().count()); // that of the labels
  }

  @Test
  void model_missingTwiceOrUnnamed_isRefused() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    refused("--model", all + "," + nowhere)
        .assertMessage(
            "no model at "
                + nowhere
                + ": there is no such folder; name the folder that holds saved_model.pb");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    refused("--model", empty).assertSays(empty + " is no SavedModel: it holds no saved_model.pb");
    refused("--model", all + ",")
        .assertMessage(
            "--model " + all + ", has an empty name; name each member, as in --model A,B,C");
    refused("--model", all + "," + members.resolve("b"))
        .assertMessage(
            "--model names "
                + members.resolve("b")
                + " twice; give a member more weight with --weights");
  }

  @Test
  void inspect_severalModels_isRefused() {
    CommandRun.of("inspect", "--model", all)
        .assertRefused()
        .assertMessage(
            "--model names 3 models, [" + all.replace(",", ", ") + "]; this command takes one");
  }
}
