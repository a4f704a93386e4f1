package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import org.junit.jupiter.api.Test;

/** Every step of the notebook compiles and runs, and prints what it promises. */
class NotebookTest {

  private static final Path NOTEBOOK =
      Path.of("").toAbsolutePath().getParent().resolve("notebooks/first-look.jsh");

  @Test
  void firstLook_everyStep_runs() throws Exception {
    String printed = run(Files.readString(NOTEBOOK).replace("/exit\n", ""));
    assertTrue(printed.contains("inputs [image FLOAT32[?, 32, 32, 3]]"), printed);
    assertTrue(printed.contains("dropout 0.25 at "), printed);
    assertEquals(20, printed.lines().filter(line -> line.startsWith("class ")).count(), printed);
    assertTrue(printed.contains("0–255 pixels that were not rescaled"), printed);
  }

  private static String run(String source) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    // The local engine runs the steps in this JVM, so that they print to this System.out.
    try (JShell shell = JShell.builder().executionEngine("local").build();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      shell.addToClasspath(System.getProperty("java.class.path"));
      System.setOut(out);
      SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
      StringBuilder step = new StringBuilder();
      for (String line : source.lines().filter(l -> !l.startsWith("//")).toList()) {
        step.append(line).append('\n');
        // Its source has the semicolon that the shell lets people leave out.
        SourceCodeAnalysis.CompletionInfo info = analysis.analyzeCompletion(step.toString());
        if (info.completeness().isComplete()) {
          assertEquals("", info.remaining().strip(), "one step a line");
          check(shell, shell.eval(info.source()));
          step.setLength(0);
        }
      }
      assertTrue(step.toString().isBlank(), () -> "not complete: " + step);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static void check(JShell shell, List<SnippetEvent> events) {
    for (SnippetEvent event : events) {
      String problems =
          shell.diagnostics(event.snippet()).map(d -> d.getMessage(null)).toList().toString();
      assertEquals(Snippet.Status.VALID, event.status(), event.snippet().source() + problems);
      if (event.exception() != null) {
        throw new AssertionError(event.snippet().source(), event.exception());
      }
    }
  }
}
