package io.credence.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Fetches the data sets that recipes read: {@code credence data list | fetch}. */
@Command(
    name = "data",
    synopsisSubcommandLabel = "COMMAND",
    description = "Fetches known data sets, or those of a manifest of your own.",
    footer = {
      "",
      "Examples:",
      "  credence data list",
      "  credence data fetch mnist",
    })
final class DataCommand implements Runnable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String MANIFEST = "JSON file of a set of your own; docs/data.md shows one";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Made by picocli. */
  DataCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing: list or fetch");
  }

  /** Prints the sets. */
  @Command(
      name = "list",
      description = "Lists the data sets that can be fetched.",
      footer = {"", "Example:", "  credence data list"})
  int list(
      @Option(names = "--manifest", paramLabel = "FILE", description = MANIFEST)
          @Nullable Path manifest)
      throws IOException {
    List<DataSet> sets = DataSet.known(Optional.ofNullable(manifest));
    PrintWriter out = spec.commandLine().getOut();
    TextTable table = new TextTable("").row("name", "size", "what", "licence");
    sets.forEach(set -> table.row(set.name(), size(set), set.title(), set.licence()));
    table.lines().forEach(out::println);
    return 0;
  }

  /** Fetches a set. */
  @Command(
      name = "fetch",
      description = {
        "Fetches a data set from where it is published, and checks every file.",
        "Files that are there are kept; what was cut off, or stopped, is gone on with."
      },
      footer = {
        "",
        "Exit codes: 0 all files are there, 1 defect, 2 bad usage, another file is",
        "there, or the network gives none, 3 the folder cannot be written.",
        "",
        "Examples:",
        "  credence data fetch mnist",
        "  credence data fetch uci --to DIR",
        "  credence data fetch scans --manifest scans.json"
      })
  int fetch(
      @Parameters(
              paramLabel = "NAME",
              description = "a name that the command data list prints, or that of the manifest")
          String name,
      @Option(
              names = "--to",
              paramLabel = "DIR",
              description = "folder for the files (default: data/NAME)")
          @Nullable Path to,
      @Option(names = "--manifest", paramLabel = "FILE", description = MANIFEST)
          @Nullable Path manifest,
      @Option(
              names = "--overwrite",
              description = "replace files that are there with another checksum")
          boolean overwrite)
      throws IOException {
    DataSet set = DataSet.named(name, DataSet.known(Optional.ofNullable(manifest)));
    Path folder = to == null ? Path.of("data", set.name()) : to;
    int fetched = new DataFetch(set, folder, new Download(PATIENCE)).run(overwrite);
    PrintWriter out = spec.commandLine().getOut();
    int there = set.files().size() - fetched;
    out.println(
        set.name()
            + ": "
            + set.files().size()
            + (set.files().size() == 1 ? " file, " : " files, ")
            + size(set)
            + ", in "
            + folder
            + (there == 0 ? "" : "; there already: " + there));
    out.println("licence: " + set.licence());
    out.println("about: " + set.home());
    if (set.use() != null) {
      out.println("next: " + set.use().replace("DIR", folder.toString()));
    }
    return 0;
  }

  private static String size(DataSet set) {
    return String.format(Locale.ROOT, "%.1f MB", set.bytes() / 1e6);
  }
}
