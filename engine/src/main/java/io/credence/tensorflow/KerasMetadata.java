package io.credence.tensorflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.credence.DropoutSite;
import io.credence.DropoutSite.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObject;

/**
 * What Keras 2 wrote of its layers beside the graph: {@code keras_metadata.pb} (TensorFlow 2.5 to
 * 2.15), or the object graph (up to 2.4). The rates there are held against those of the training
 * function; where they contradict each other, files of two models were mixed.
 */
final class KerasMetadata {

  private static final String FILE = "keras_metadata.pb";

  /** Numbers of fields in keras/protobuf/saved_metadata.proto. */
  private static final int NODES = 1;

  private static final int METADATA = 5;

  private static final List<String> RATES =
      List.of("rate", "stddev", "dropout", "recurrent_dropout");
  private static final double TOLERANCE = 1e-5;

  private final Map<String, Set<Double>> rates = new HashMap<>();

  private KerasMetadata() {}

  /** The metadata of a model; empty if it has none, or none that can be read. */
  static KerasMetadata of(SavedModelFiles files) {
    KerasMetadata metadata = new KerasMetadata();
    ObjectMapper mapper = new ObjectMapper();
    for (String json : texts(files)) {
      try {
        metadata.collect(mapper.readTree(json), 0);
      } catch (JsonProcessingException e) {
        // Nothing but a cross-check hangs on it.
      }
    }
    return metadata;
  }

  @SuppressWarnings("deprecation") // up to TensorFlow 2.4 it stands nowhere else
  private static List<String> texts(SavedModelFiles files) {
    Path file = files.folder().resolve(FILE);
    List<String> texts = new ArrayList<>();
    try {
      if (Files.isRegularFile(file)) {
        UnknownFieldSet whole = UnknownFieldSet.parseFrom(Files.readAllBytes(file));
        for (ByteString node : whole.getField(NODES).getLengthDelimitedList()) {
          UnknownFieldSet.parseFrom(node)
              .getField(METADATA)
              .getLengthDelimitedList()
              .forEach(text -> texts.add(text.toStringUtf8()));
        }
      }
    } catch (InvalidProtocolBufferException e) {
      return texts;
    } catch (IOException e) {
      throw new ModelLoadException(file + " cannot be read: " + e.getMessage(), e);
    }
    for (SavedObject object : files.metaGraph().getObjectGraphDef().getNodesList()) {
      texts.add(object.getUserObject().getMetadata());
    }
    return texts;
  }

  private void collect(JsonNode node, int depth) {
    if (depth > 50) {
      return;
    }
    JsonNode config = node.path("config");
    String name = config.path("name").asText();
    for (String key : RATES) {
      JsonNode rate = config.path(key);
      if (!name.isEmpty() && rate.isNumber()) {
        rates.computeIfAbsent(name, n -> new HashSet<>()).add(rate.asDouble());
      }
    }
    for (JsonNode child : node) {
      collect(child, depth + 1);
    }
  }

  /**
   * Holds sites against the metadata.
   *
   * @throws ModelLoadException if a layer is known there by the name, with other rates
   */
  void check(List<DropoutSite> sites) {
    for (DropoutSite site : sites) {
      if (site.origin() != Origin.TRAINING_FUNCTION || site.rate().isEmpty()) {
        continue;
      }
      double rate = site.rate().getAsDouble();
      Set<Double> known = new HashSet<>();
      Stream.of(site.name().split("/", -1))
          .forEach(part -> known.addAll(rates.getOrDefault(part, Set.of())));
      if (!known.isEmpty() && known.stream().noneMatch(each -> Math.abs(each - rate) < TOLERANCE)) {
        throw new ModelLoadException(
            "layer \""
                + site.name()
                + "\" drops "
                + rate
                + " in the training function, but "
                + known.stream().sorted().toList()
                + " by what Keras wrote of it ("
                + FILE
                + " or the object graph): files of two models were mixed; copy the model again");
      }
    }
  }
}
