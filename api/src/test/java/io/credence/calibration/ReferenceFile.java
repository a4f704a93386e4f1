package io.credence.calibration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** A file of expected values beside the tests, each part an array of cases. */
public final class ReferenceFile {

  private ReferenceFile() {}

  /** One case of a file; prints its name. */
  public record Case(JsonNode node) {
    public double number(String field) {
      return Double.parseDouble(node.get(field).asText()); // JSON has no infinity but as text
    }

    public double[] numbers(String field) {
      return ReferenceFile.numbers(node.get(field));
    }

    public double[][] rows(String field) {
      return StreamSupport.stream(node.get(field).spliterator(), false)
          .map(ReferenceFile::numbers)
          .toArray(double[][]::new);
    }

    public int[] integers(String field) {
      return StreamSupport.stream(node.get(field).spliterator(), false)
          .mapToInt(JsonNode::intValue)
          .toArray();
    }

    public boolean[] truths(String field) {
      boolean[] truths = new boolean[node.get(field).size()];
      for (int i = 0; i < truths.length; i++) {
        truths[i] = node.get(field).get(i).booleanValue();
      }
      return truths;
    }

    public Case part(String field) {
      return new Case(node.get(field));
    }

    @Override
    public String toString() {
      return node.path("name").asText(node.toString());
    }
  }

  public static List<Case> cases(String file, String part) {
    try (InputStream in =
        Objects.requireNonNull(ReferenceFile.class.getResourceAsStream(file), file)) {
      JsonNode cases = new ObjectMapper().readTree(in).get(part);
      return StreamSupport.stream(cases.spliterator(), false).map(Case::new).toList();
    } catch (IOException e) {
      throw new AssertionError(file, e);
    }
  }

  private static double[] numbers(JsonNode values) {
    return StreamSupport.stream(values.spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }
}
