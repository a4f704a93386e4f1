package io.credence.app;

import io.credence.app.input.BadInputException;
import io.credence.tensorflow.ModelLoadException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * The command line: {@code credence acquire | calibrate | data | demo | inspect | merge | score |
 * sweep | train}.
 */
@Command(
    name = "credence",
    version = "credence 0.1.0",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    description = "Tells how far to trust a neural network's answer.",
    footer = {
      "",
      "Example:",
      "  credence demo",
      "  credence inspect --model DIR",
      "  credence score --model DIR --input pictures/ --out scores.jsonl"
    },
    subcommands = {
      AcquireCommand.class,
      CalibrateCommand.class,
      DataCommand.class,
      DemoCommand.class,
      InspectCommand.class,
      MergeCommand.class,
      ScoreCommand.class,
      SweepCommand.class,
      TrainCommand.class
    })
public final class CredenceCommand implements Runnable {

  /** Exit code for bad input and bad usage. */
  static final int BAD_INPUT = 2;

  /** Exit code for an output that cannot be written. */
  static final int OUTPUT_FAILED = 3;

  /** Exit code for an error of the program itself. */
  static final int INTERNAL_ERROR = 1;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Made by picocli. */
  CredenceCommand() {}

  /**
   * Runs the command line and exits: 0 if it did what was asked, 1 for an error of the program
   * itself, 2 for bad input or usage, 3 for an output that cannot be written.
   *
   * @param args the arguments
   */
  public static void main(String[] args) {
    // The JVM would write ASCII under LANG=C.
    System.setOut(utf8(FileDescriptor.out));
    System.setErr(standardError());
    System.exit(run(args));
  }

  /** Runs the command line and returns the exit code. */
  static int run(String... args) {
    CommandLine main = new CommandLine(new CredenceCommand());
    OptionGroups.in(main);
    return main.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(CredenceCommand::badUsage)
        .setExecutionExceptionHandler((e, command, parsed) -> failed(e, command))
        .execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing: acquire, calibrate, data, demo, inspect, merge, score, sweep or train");
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** The start script keeps native chatter apart and says where standard error went. */
  private static PrintStream standardError() {
    String path = System.getProperty("credence.stderr");
    if (path != null) {
      try {
        return new PrintStream(new FileOutputStream(path, true), true, StandardCharsets.UTF_8);
      } catch (IOException e) {
        // A socket cannot be opened by name: what both share is good enough then.
        return utf8(FileDescriptor.err);
      }
    }
    return utf8(FileDescriptor.err);
  }

  private static int badUsage(ParameterException e, String[] args) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println("credence: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.println("see: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return BAD_INPUT;
  }

  private static int failed(Exception e, CommandLine command) {
    PrintWriter err = command.getErr();
    if (e instanceof OutputException) {
      err.println("credence: " + e.getMessage());
      return OUTPUT_FAILED;
    }
    if (e instanceof NoSuchFileException missing) {
      err.println("credence: no such file or folder: " + missing.getFile());
      return BAD_INPUT;
    }
    if (e instanceof AccessDeniedException denied) {
      err.println("credence: no permission to read or write " + denied.getFile());
      return BAD_INPUT;
    }
    if (e instanceof ModelLoadException || e instanceof IllegalArgumentException) {
      err.println("credence: " + OptionNames.in(String.valueOf(e.getMessage())));
      return BAD_INPUT;
    }
    if (e instanceof BadInputException || e instanceof IOException) {
      err.println("credence: " + e.getMessage());
      return BAD_INPUT;
    }
    err.println("credence: this is a defect of the program; please report it with these lines:");
    e.printStackTrace(err);
    return INTERNAL_ERROR;
  }
}
