package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Every step of the notebook compiles and runs, and prints what it promises. */
class NotebookTest {

  private static final Path NOTEBOOK =
      Path.of("").toAbsolutePath().getParent().resolve("notebooks/first-look.jsh");

  @Test
  void firstLook_everyStep_runs() throws Exception {
    String printed;
    try (JavaShell shell = new JavaShell()) {
      printed = shell.run(Files.readString(NOTEBOOK).replace("/exit\n", ""));
    }
    assertTrue(printed.contains("inputs [image FLOAT32[?, 32, 32, 3]]"), printed);
    assertTrue(printed.contains("dropout 0.25 at "), printed);
    assertEquals(20, printed.lines().filter(line -> line.startsWith("class ")).count(), printed);
    assertTrue(printed.contains("0–255 pixels that were not rescaled"), printed);
  }
}
