package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.ClassificationPrediction;
import io.credence.SamplingPlan;
import io.credence.models.BundledModel;
import io.credence.models.data.Picture;
import io.credence.models.data.StreetDigits;
import io.credence.statistics.ClassificationSummary;
import io.credence.tensorflow.SavedModelEngine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/** The Java of the README compiles, and prints what the README says. */
class ReadmeTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @Test
  void readme_snippet_isThisCode_andPrintsWhatItSays() throws Exception {
    String readme = Files.readString(ROOT.resolve("README.md"));
    String source =
        Files.readString(ROOT.resolve("app/src/test/java/io/credence/app/ReadmeTest.java"));
    String code =
        source.substring(source.indexOf("// begin\n") + 9, source.indexOf("    // end\n"));
    String snippet = code.stripTrailing().stripIndent();
    assertTrue(readme.contains("```java\n" + snippet + "\n```"), snippet);

    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        BundledModel bundled = BundledModel.streetDigits()) {
      score(bundled.folder(), pictures(), out);
    }
    String output = readme.substring(readme.indexOf("```text\n") + 8);
    assertEquals(
        output.substring(0, output.indexOf("```")), printed.toString(StandardCharsets.UTF_8));
  }

  /** A digit, a letter and a texture. */
  private static float[] pictures() {
    StreetDigits street = StreetDigits.of(3);
    float[] values = new float[3 * Picture.VALUES];
    street.digit(1).copyTo(values, 0, 1f / 255);
    street.noDigit(0).copyTo(values, Picture.VALUES, 1f / 255);
    street.noDigit(1).copyTo(values, 2 * Picture.VALUES, 1f / 255);
    return values;
  }

  private static void score(Path model, float[] values, PrintStream out) {
    // begin
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      FloatNdArray images = NdArrays.wrap(Shape.of(3, 32, 32, 3), DataBuffers.of(values));
      ClassificationPrediction prediction = engine.classify(images, SamplingPlan.of(50));
      for (ClassificationSummary s : prediction.summaries()) {
        out.printf("class %d  max probability %.2f  ", s.predictedClass(), s.maxProbability());
        out.printf("predictive entropy %.2f  ", s.predictiveEntropy());
        out.printf("mutual information %.2f%n", s.mutualInformation());
      }
    }
    // end
  }
}
