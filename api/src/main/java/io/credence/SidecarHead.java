package io.credence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parts of a {@link Sidecar} that make up its {@link RegressionHead}. */
final class SidecarHead {

  private static final String NOISE = "observationVariance";
  private static final String LEVELS = "quantileLevels";
  private static final String COMPONENTS = "mixtureComponents";

  /** What each part needs. */
  private static final Map<String, OutputKind> KINDS =
      Map.of(
          NOISE, OutputKind.MEAN,
          LEVELS, OutputKind.QUANTILES,
          COMPONENTS, OutputKind.MIXTURE_DENSITY);

  private SidecarHead() {}

  /** The head, if one of the parts is there; a part that does not suit the kind is refused. */
  static Optional<RegressionHead> parse(JsonNode root, Optional<OutputKind> kind) {
    for (String part : List.of(NOISE, LEVELS, COMPONENTS)) {
      if (root.has(part) && !kind.equals(Optional.of(KINDS.get(part)))) {
        throw new IllegalArgumentException(
            part
                + " is given, but outputKind is "
                + kind.map(Enum::name).orElse("missing")
                + "; it needs "
                + KINDS.get(part));
      }
    }
    if (root.has(NOISE)) {
      return Optional.of(
          RegressionHead.Mean.withObservationVariance(Sidecar.number(NOISE, root.get(NOISE))));
    }
    if (root.has(COMPONENTS)) {
      return Optional.of(
          new RegressionHead.MixtureDensity(Sidecar.wholeNumber(COMPONENTS, root.get(COMPONENTS))));
    }
    return root.has(LEVELS)
        ? Optional.of(new RegressionHead.Quantiles(levels(root.get(LEVELS))))
        : Optional.empty();
  }

  private static List<Double> levels(JsonNode array) {
    if (!array.isArray()) {
      throw new IllegalArgumentException(
          LEVELS + " is " + array + "; an array of numbers is needed");
    }
    List<Double> levels = new ArrayList<>();
    for (JsonNode level : array) {
      levels.add(Sidecar.number(LEVELS + "[" + levels.size() + "]", level));
    }
    return levels;
  }

  /** Writes the parts of a head; none for heads that their kind says all of. */
  static void write(RegressionHead head, ObjectNode root) {
    if (head instanceof RegressionHead.Mean mean) {
      mean.observationVariance().ifPresent(variance -> root.put(NOISE, variance));
    } else if (head instanceof RegressionHead.Quantiles quantiles) {
      ArrayNode levels = root.putArray(LEVELS);
      quantiles.levels().forEach(levels::add);
    } else if (head instanceof RegressionHead.MixtureDensity mixture) {
      root.put(COMPONENTS, mixture.components());
    }
  }
}
