package io.credence.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.credence.ModelReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells what there is in a SavedModel, also in one that cannot be sampled as it is. */
@Command(
    name = "inspect",
    description = {
      "Tells what there is in a SavedModel, and what to do if it cannot be sampled.",
      "Prints its signatures, what the output means, its dropout sites, what sampling costs, and"
          + " the problem if there is one. Scores nothing."
    },
    footer = {
      "",
      "Exit codes: 0 the model was read, also if it has a problem, 1 defect, 2 bad usage, or the"
          + " model cannot be read, 3 output cannot be written.",
      "",
      "Example:",
      "  credence inspect --model models/street-digits"
    })
final class InspectCommand implements Callable<Integer> {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Mixin private ModelOptions modelOptions;

  @Option(names = "--json", description = "print the report as JSON, for machines")
  private boolean json;

  /** Made by picocli. */
  InspectCommand() {}

  @Override
  public Integer call() throws IOException {
    ModelReport report = modelOptions.builder().inspect();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new ObjectMapper().writeValueAsString(ReportJson.of(report)));
    } else {
      new ReportText(report).lines().forEach(out::println);
    }
    if (out.checkError()) {
      throw new OutputException("standard output cannot be written: it is closed, or full");
    }
    return 0;
  }
}
