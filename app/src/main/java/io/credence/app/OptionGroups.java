package io.credence.app;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Lists the options of a command by what they are about: first those that it needs, or are its own.
 */
final class OptionGroups implements IHelpSectionRenderer {

  private static final Map<Class<?>, String> HEADINGS = new LinkedHashMap<>();

  static {
    HEADINGS.put(AcquireOptions.class, "Settings of strategies:");
    HEADINGS.put(InputOptions.class, "Reading inputs:");
    HEADINGS.put(PartsOptions.class, "Long runs:");
    HEADINGS.put(PlanOptions.class, "Sampling:");
    HEADINGS.put(ToleranceOptions.class, "As many passes as each input needs:");
    HEADINGS.put(FieldOptions.class, "What is written of each input:");
    HEADINGS.put(EnsembleOptions.class, "Ensembles:");
    HEADINGS.put(ModelOptions.class, "What the model does not say itself:");
  }

  /** Sets this up for every command below one. */
  static void in(CommandLine main) {
    main.getSubcommands()
        .values()
        .forEach(
            command ->
                command
                    .getHelpSectionMap()
                    .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, new OptionGroups()));
  }

  @Override
  public String render(Help help) {
    CommandSpec command = help.commandSpec();
    Map<Class<?>, List<OptionSpec>> groups = new LinkedHashMap<>();
    List<OptionSpec> first = new ArrayList<>(command.options());
    for (CommandSpec mixin : command.mixins().values()) {
      if (HEADINGS.containsKey(mixin.userObject().getClass())) {
        List<OptionSpec> own = new ArrayList<>(mixin.options());
        own.removeIf(OptionSpec::required);
        groups.put(mixin.userObject().getClass(), own);
        List<String> names = own.stream().map(OptionSpec::longestName).toList();
        first.removeIf(option -> names.contains(option.longestName()));
      }
    }
    first.sort(
        Comparator.comparing((OptionSpec option) -> option.usageHelp() || option.versionHelp())
            .thenComparing(option -> !option.required()));
    StringBuilder text = new StringBuilder(list(help, first));
    HEADINGS.forEach(
        (group, heading) -> {
          if (groups.containsKey(group)) {
            String line = System.lineSeparator();
            text.append(line).append(heading).append(line).append(list(help, groups.get(group)));
          }
        });
    return text.toString();
  }

  private static String list(Help help, List<OptionSpec> options) {
    Help.Layout layout = help.createDefaultLayout();
    layout.addOptions(options, help.createDefaultParamLabelRenderer());
    return layout.toString();
  }
}
