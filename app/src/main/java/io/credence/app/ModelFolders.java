package io.credence.app;

import io.credence.app.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads what {@code --model} names: a model, several, or a folder that holds several. */
final class ModelFolders {

  private ModelFolders() {}

  /**
   * The folders of the models.
   *
   * @param text a folder, or several with commas between
   * @return one at least; a folder that holds no model is left for the loader to refuse
   * @throws BadInputException if a name is empty, or a folder is named twice, by links too
   */
  static List<Path> of(String text) {
    if (text.isBlank()) {
      throw new BadInputException("--model is empty; name the folder of a SavedModel");
    }
    // A folder may have a comma in its name.
    if (Files.exists(Path.of(text)) || !text.contains(",")) {
      return within(Path.of(text));
    }
    List<Path> models = new ArrayList<>();
    Set<Path> real = new HashSet<>();
    for (String each : text.split(",", -1)) {
      if (each.isBlank()) {
        throw new BadInputException(
            "--model " + text + " has an empty name; name each member, as in --model A,B,C");
      }
      for (Path model : within(Path.of(each.trim()))) {
        if (!real.add(real(model))) {
          throw new BadInputException(
              "--model names " + model + " twice; give a member more weight with --weights");
        }
        models.add(model);
      }
    }
    return models;
  }

  /** The folder itself if it is a model, else the models in it, by name. */
  private static List<Path> within(Path folder) {
    if (!Files.isDirectory(folder) || isModel(folder)) {
      return List.of(folder);
    }
    try (Stream<Path> inside = Files.list(folder)) {
      List<Path> models =
          inside
              .filter(ModelFolders::isModel)
              .sorted(Comparator.comparing(ModelFolders::inOrder))
              .toList();
      List<Path> real = models.stream().map(ModelFolders::real).toList();
      for (int i = 0; i < real.size(); i++) {
        if (real.indexOf(real.get(i)) < i) {
          throw new BadInputException(
              models.get(i)
                  + " and "
                  + models.get(real.indexOf(real.get(i)))
                  + " are one model; name the members, as in --model A,B,C");
        }
      }
      return models.isEmpty() ? List.of(folder) : models;
    } catch (IOException e) {
      throw new BadInputException(folder + " cannot be listed: " + e.getMessage());
    }
  }

  /** A text by which numbers in names stand in their order: seed2 before seed10. */
  private static String inOrder(Path folder) {
    return Pattern.compile("[0-9]+")
        .matcher(folder.getFileName().toString())
        .replaceAll(
            number -> "0".repeat(Math.max(0, 20 - number.group().length())) + number.group());
  }

  /** The same for all names of a folder, with links followed. */
  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder.toAbsolutePath().normalize(); // the loader says what is wrong with it
    }
  }

  private static boolean isModel(Path folder) {
    return Files.exists(folder.resolve("saved_model.pb"))
        || Files.exists(folder.resolve("saved_model.pbtxt"));
  }
}
