package io.credence.tensorflow;

import io.credence.DropoutSite;
import io.credence.ModelDescription;
import io.credence.SamplingCost;
import io.credence.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Makes an ensemble of several SavedModels: load, map inputs, compare, keep those that fit. */
final class EnsembleLoader {

  private final SavedModelEnsemble.Builder options;
  private final int pinned;
  private final List<SavedModelEngine.Builder> sources = new ArrayList<>();
  private final List<ModelDescription> descriptions = new ArrayList<>();
  private final List<Optional<SavedModelEngine>> engines = new ArrayList<>();

  private EnsembleLoader(SavedModelEnsemble.Builder options) {
    this.options = options;
    int count = options.members.size();
    if (options.parallel > options.resident) {
      throw new IllegalArgumentException(
          options.parallel
              + " members at work at once, but "
              + options.resident
              + " in memory; keep at least as many as are to be at work");
    }
    this.pinned = options.resident >= count ? count : options.resident - options.parallel;
  }

  static SavedModelEnsemble load(SavedModelEnsemble.Builder options) {
    EnsembleLoader loader = new EnsembleLoader(options);
    boolean loaded = false;
    try {
      SavedModelEnsemble ensemble = loader.load();
      loaded = true;
      return ensemble;
    } finally {
      if (!loaded) {
        loader.engines.forEach(engine -> engine.ifPresent(SavedModelEngine::close));
      }
    }
  }

  private SavedModelEnsemble load() {
    SamplingGraph.Role role =
        options.asServed ? SamplingGraph.Role.AS_SERVED : SamplingGraph.Role.PASSES_IF_ANY;
    for (SavedModelEngine.Builder member : options.members) {
      // What the caller does with the options later must not change how a member is loaded again.
      SavedModelEngine.Builder source = member.copy(role);
      sources.add(source);
      SavedModelEngine engine = source.load();
      descriptions.add(engine.describe());
      boolean stays = engines.size() < pinned;
      engines.add(stays ? Optional.of(engine) : Optional.empty());
      if (!stays) {
        engine.close();
      }
    }
    List<Map<String, String>> names = names();
    EnsembleCheck check = new EnsembleCheck(descriptions, names);
    List<String> notes = new ArrayList<>(check.check());
    refuseAlone();
    notes.addAll(siteless());
    double[] weights = options.each();
    List<EnsembleMember> members = new ArrayList<>();
    for (int m = 0; m < weights.length; m++) {
      members.add(
          new EnsembleMember(
              m, weights[m], sources.get(m), descriptions.get(m), names.get(m), engines.get(m)));
    }
    int turns = Math.max(1, Math.min(options.resident, weights.length) - pinned);
    return new SavedModelEnsemble(
        description(members, notes, check), new Members(members, turns, options.parallel));
  }

  private void refuseAlone() {
    if (!options.asServed && descriptions.size() == 1 && descriptions.get(0).sites().isEmpty()) {
      throw new ModelLoadException(
          descriptions.get(0).model()
              + " is the only member and answers once, as it is served: nothing would differ"
              + " between samples; add members, or a model with dropout");
    }
  }

  /** Who answers once, where others draw passes: dropout may have been missed there. */
  private List<String> siteless() {
    List<String> once =
        descriptions.stream()
            .filter(member -> member.sites().isEmpty())
            .map(ModelDescription::model)
            .toList();
    return options.asServed || once.isEmpty() || once.size() == descriptions.size()
        ? List.of()
        : List.of("no dropout is found in " + once + ", which answer once, as they are served");
  }

  /** What each member calls its inputs, by what calls on the ensemble name them. */
  private List<Map<String, String>> names() {
    TreeSet<String> unknown = new TreeSet<>(options.renamed.keySet());
    boolean single = descriptions.stream().allMatch(member -> member.inputs().size() == 1);
    List<Map<String, String>> names = new ArrayList<>();
    for (ModelDescription member : descriptions) {
      Map<String, String> own = new LinkedHashMap<>();
      for (TensorSpec input : member.inputs()) {
        unknown.remove(input.name());
        String name = options.renamed.getOrDefault(input.name(), input.name());
        boolean asFirst = single && !names.isEmpty() && options.renamed.isEmpty();
        String other =
            own.put(asFirst ? names.get(0).keySet().iterator().next() : name, input.name());
        if (other != null) {
          throw new IllegalArgumentException(
              "inputs \""
                  + other
                  + "\" and \""
                  + input.name()
                  + "\" of "
                  + member.model()
                  + " would both be called \""
                  + name
                  + "\"; give each a name of its own");
        }
      }
      names.add(own);
    }
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "renamed inputs "
              + unknown
              + " are in no member; members have "
              + descriptions.stream().map(each -> each.inputs().toString()).distinct().toList());
    }
    return names;
  }

  private ModelDescription description(
      List<EnsembleMember> members, List<String> notes, EnsembleCheck check) {
    ModelDescription first = descriptions.get(0);
    double sum = members.stream().mapToDouble(EnsembleMember::weight).sum();
    List<DropoutSite> sites =
        descriptions.stream().flatMap(member -> member.sites().stream()).toList();
    return new ModelDescription(
        "ensemble of " + descriptions.stream().map(ModelDescription::model).toList(),
        first.signature(),
        check.inputs(),
        first.output(),
        first.outputKind(),
        descriptions.stream()
            .map(ModelDescription::labels)
            .filter(labels -> !labels.isEmpty())
            .findFirst()
            .orElse(List.of()),
        sites,
        cost(),
        members.stream()
            .map(
                each ->
                    new ModelDescription.Member(
                        each.description(), each.weight() / sum, each.isStochastic()))
            .toList(),
        notes);
  }

  /** Ops of all members; the tail's share is their mean. */
  private SamplingCost cost() {
    List<SamplingCost> costs = descriptions.stream().map(ModelDescription::cost).toList();
    return new SamplingCost(
        costs.stream().mapToInt(SamplingCost::trunkOps).sum(),
        costs.stream().mapToInt(SamplingCost::tailOps).sum(),
        costs.stream().mapToDouble(SamplingCost::tailShare).average().orElseThrow(),
        costs.stream().flatMap(cost -> cost.passByPass().stream()).findFirst());
  }
}
