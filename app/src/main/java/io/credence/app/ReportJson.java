package io.credence.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.DropoutSite;
import io.credence.ModelReport;
import io.credence.SamplingCost;
import java.util.List;
import org.tensorflow.ndarray.Shape;

/** Writes what there is in a model as JSON; {@code docs/json.md} documents the format. */
final class ReportJson {

  /** The schema of the object written. */
  static final String SCHEMA = "credence.inspect/1";

  private ReportJson() {}

  static ObjectNode of(ModelReport report) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("schema", SCHEMA);
    json.put("model", report.model());
    ArrayNode graphs = json.putArray("graphs");
    report.tags().forEach(tags -> addAll(graphs.addArray(), tags));
    addAll(json.putArray("graph"), report.graph());
    ArrayNode signatures = json.putArray("signatures");
    for (ModelReport.Signature each : report.signatures()) {
      ObjectNode signature = signatures.addObject().put("name", each.name());
      each.inputs().forEach(tensor -> put(signature.withArray("/inputs").addObject(), tensor));
      each.outputs().forEach(tensor -> put(signature.withArray("/outputs").addObject(), tensor));
    }
    report.signature().ifPresent(name -> json.put("signature", name));
    report.output().ifPresent(name -> json.put("output", name));
    report.outputKind().ifPresent(kind -> json.put("outputKind", kind.name()));
    addAll(
        json.putArray("possibleOutputKinds"),
        report.possibleOutputKinds().stream().map(Enum::name).toList());
    ArrayNode sites = json.putArray("sites");
    report.sites().forEach(site -> put(sites.addObject(), site));
    report.cost().ifPresent(cost -> put(json.putObject("cost"), cost));
    addAll(json.putArray("refusedOps"), report.refusedOps());
    addAll(json.putArray("candidates"), report.candidates());
    report.problem().ifPresent(text -> json.put("problem", OptionNames.in(text)));
    return json;
  }

  private static void put(ObjectNode json, ModelReport.Tensor tensor) {
    json.put("name", tensor.name());
    json.put("tensor", tensor.tensor());
    json.put("type", tensor.type());
    put(json, "shape", tensor.shape());
  }

  private static void put(ObjectNode json, DropoutSite site) {
    json.put("name", site.name());
    json.put("kind", site.kind().name());
    site.rate().ifPresent(rate -> json.put("rate", rate));
    put(json, "maskShape", site.maskShape());
    json.put("origin", site.origin().name());
    site.gate().ifPresent(gate -> json.put("gate", gate));
  }

  private static void put(ObjectNode json, SamplingCost cost) {
    json.put("trunkOps", cost.trunkOps());
    json.put("tailOps", cost.tailOps());
    json.put("tailShare", cost.tailShare());
    cost.passByPass().ifPresent(why -> json.put("passByPass", why));
    ObjectNode ofPasses = json.putObject("ofPasses");
    for (int passes : ReportText.PASSES) {
      ofPasses.put(Integer.toString(passes), cost.ofPasses(passes));
    }
  }

  private static void put(ObjectNode json, String field, Shape shape) {
    if (shape.isUnknown()) {
      json.putNull(field);
      return;
    }
    ArrayNode dims = json.putArray(field);
    for (int i = 0; i < shape.numDimensions(); i++) {
      dims.add(shape.get(i));
    }
  }

  private static void addAll(ArrayNode array, List<String> values) {
    values.forEach(array::add);
  }
}
