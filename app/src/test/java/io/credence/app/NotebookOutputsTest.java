package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The notebooks are kept as one run from top to bottom left them. {@code notebooks/run} runs them.
 */
class NotebookOutputsTest {

  private static final Path FOLDER = Path.of("").toAbsolutePath().getParent().resolve("notebooks");
  private static final ObjectMapper JSON = new ObjectMapper();

  static List<Path> notebooks() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".ipynb")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("notebooks")
  void notebook_asCommitted_wasRunInOrderWithoutAnError(Path notebook) throws IOException {
    int run = 0;
    int pictures = 0;
    for (JsonNode cell : JSON.readTree(notebook.toFile()).path("cells")) {
      if (cell.path("cell_type").asText().equals("code")) {
        run++;
        assertEquals(run, cell.path("execution_count").asInt(), () -> "count of " + cell);
      }
      assertTrue(cell.path("metadata").isEmpty(), () -> "times of execution in " + cell);
      for (JsonNode output : cell.path("outputs")) {
        assertFalse(output.path("output_type").asText().equals("error"), output::toString);
        pictures += output.path("data").has("image/png") ? 1 : 0;
      }
    }
    assertTrue(
        pictures > 0, () -> notebook + " has no picture; run it with notebooks/run --update");
  }

  @ParameterizedTest
  @MethodSource("notebooks")
  void notebook_asCommitted_namesNoFolderOfAMachine(Path notebook) throws IOException {
    String text = Files.readString(notebook);
    for (String folder : List.of("/home/", "/root/", "/tmp/", "/Users/", "/var/", "\\\\Users")) {
      assertFalse(text.contains(folder), () -> notebook + " names " + folder);
    }
  }

  @Test
  void readme_ofTheFolder_listsEveryNotebook() throws IOException {
    String readme = Files.readString(FOLDER.resolve("README.md"));
    for (Path notebook : notebooks()) {
      assertTrue(readme.contains("(" + notebook.getFileName() + ")"), notebook::toString);
    }
  }
}
