package io.credence.app;

import io.credence.ModelDescription;
import io.credence.app.input.BadInputException;
import io.credence.tensorflow.SavedModelEngine;
import io.credence.tensorflow.SavedModelEnsemble;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of an ensemble. */
final class EnsembleOptions {

  @Option(
      names = "--weights",
      split = ",",
      arity = "1",
      hideParamSyntax = true,
      paramLabel = "W,…",
      description = "how much each member counts, in their order (default: all alike)")
  private double @Nullable [] weights;

  @Option(
      names = "--as-served",
      description =
          "have the model, or each member, answer once, dropout or not (default: those with dropout"
              + " draw --passes each)")
  private boolean asServed;

  @Option(
      names = "--resident-members",
      paramLabel = "R",
      description =
          "members in memory at most; the others are loaded for each batch in turn (default: all)")
  private @Nullable Integer resident;

  @Option(
      names = "--parallel-members",
      paramLabel = "P",
      description = "members at work at once (default: 1, as one model uses all cores)")
  private @Nullable Integer parallel;

  @Option(
      names = "--rename-input",
      paramLabel = "NAME=CALLED",
      description =
          "what calls and files name an input, where members of several inputs have other names"
              + " for it; repeatable")
  private List<String> renamed = new ArrayList<>();

  /** Made by picocli. */
  EnsembleOptions() {}

  /** Whether members answer once; one model is then an ensemble of itself. */
  boolean asServed() {
    return asServed;
  }

  /**
   * Refuses options of an ensemble for one model.
   *
   * @throws BadInputException if there is one, {@code --as-served} apart
   */
  void refuseForOne() {
    String given =
        weights != null
            ? "--weights"
            : resident != null
                ? "--resident-members"
                : parallel != null
                    ? "--parallel-members"
                    : renamed.isEmpty() ? "" : "--rename-input";
    if (!given.isEmpty()) {
      throw new BadInputException(
          given
              + " is of an ensemble, but --model names one model; name its members, as in --model"
              + " A,B,C, or the folder that holds them");
    }
  }

  /**
   * Refuses a tolerance where no number of passes could bring it about, or each look at the error
   * would load members anew.
   *
   * @throws BadInputException if no member draws passes, or not all stay in memory
   */
  void refuseTolerance(ModelDescription model) {
    int members = model.members().size();
    if (members == 0) {
      return;
    }
    if (model.members().stream().noneMatch(ModelDescription.Member::stochastic)) {
      throw new BadInputException(
          "--tolerance has no effect: "
              + (members == 1 ? "the model" : "each of the " + members + " members")
              + " answers once, as it is served, which no number of passes changes; leave"
              + " out --tolerance"
              + (asServed ? ", or --as-served" : ""));
    }
    if (resident != null && resident < members) {
      throw new BadInputException(
          "--resident-members "
              + resident
              + " loads members in turn, and with --tolerance would load them all again for each"
              + " look at the error; keep all "
              + members
              + " in memory, or take a fixed number of --passes");
    }
  }

  /**
   * An ensemble of these members, with what is asked for here.
   *
   * @throws BadInputException if a name is not mapped to another
   * @throws IllegalArgumentException if a value is out of its range
   */
  SavedModelEnsemble.Builder of(List<SavedModelEngine.Builder> members) {
    SavedModelEnsemble.Builder builder = SavedModelEnsemble.of(members);
    if (weights != null) {
      builder.weights(weights);
    }
    if (asServed) {
      builder.asServed();
    }
    if (resident != null) {
      builder.residentMembers(resident);
    }
    if (parallel != null) {
      builder.parallelMembers(parallel);
    }
    for (String each : renamed) {
      int equals = each.indexOf('=');
      if (equals <= 0 || equals == each.length() - 1) {
        throw new BadInputException(
            "--rename-input "
                + each
                + " is no pair of names; give NAME=CALLED, the name in a signature and the one to"
                + " call it by, as in dense_12_input=image");
      }
      builder.renameInput(each.substring(0, equals), each.substring(equals + 1));
    }
    return builder;
  }
}
