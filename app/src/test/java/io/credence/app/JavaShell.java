package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;

/** Java as people read it in documents, run step by step in this JVM. */
final class JavaShell implements AutoCloseable {

  private final JShell shell;

  JavaShell() {
    // The local engine runs the steps in this JVM, so that they print to this System.out.
    shell = JShell.builder().executionEngine("local").build();
    shell.addToClasspath(System.getProperty("java.class.path"));
  }

  /** Runs every step of a source, and tells what they print. */
  String run(String source) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      StringBuilder step = new StringBuilder();
      for (String line : source.lines().filter(l -> !l.startsWith("//")).toList()) {
        step.append(line).append('\n');
        // Its source has the semicolon that the shell lets people leave out.
        SourceCodeAnalysis.CompletionInfo info =
            shell.sourceCodeAnalysis().analyzeCompletion(step.toString());
        if (info.completeness().isComplete()) {
          assertEquals("", info.remaining().strip(), "one step a line");
          check(shell.eval(info.source()));
          step.setLength(0);
        }
      }
      assertTrue(step.toString().isBlank(), () -> "not complete: " + step);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private void check(List<SnippetEvent> events) {
    for (SnippetEvent event : events) {
      String problems =
          shell.diagnostics(event.snippet()).map(d -> d.getMessage(null)).toList().toString();
      assertEquals(Snippet.Status.VALID, event.status(), event.snippet().source() + problems);
      if (event.exception() != null) {
        throw new AssertionError(event.snippet().source(), event.exception());
      }
    }
  }

  @Override
  public void close() {
    shell.close();
  }
}
