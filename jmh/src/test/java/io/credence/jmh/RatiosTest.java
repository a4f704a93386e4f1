package io.credence.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RatiosTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Ratios.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  @Test
  void help_listsCasesAndHasAnExample() {
    assertEquals(0, run("--help"));
    assertTrue(out.toString().contains("last, both, kws"), out.toString());
    assertTrue(out.toString().contains("Ratios --cases last,both"), out.toString());
  }

  @Test
  void cases_unknown_listsTheKnown() {
    assertEquals(CommandLine.ExitCode.USAGE, run("--cases", "first"));
    assertTrue(err.toString().contains("[LAST, BOTH, KWS"), err.toString());
  }

  @Test
  void rounds_none_isRefused() {
    assertEquals(CommandLine.ExitCode.USAGE, run("--rounds", "0"));
    assertTrue(err.toString().contains("--rounds is 0; it must be at least 1"), err.toString());
  }
}
