package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the module promises to those who compile against it. */
class ModuleTest {

  private static final ModuleDescriptor MODULE = read();

  @Test
  void name_isIoCredence() {
    assertEquals("io.credence", MODULE.name());
  }

  @Test
  void exports_areThePublicPackages_toAll() {
    assertEquals(
        Set.of(
            "io.credence",
            "io.credence.statistics",
            "io.credence.decision",
            "io.credence.calibration",
            "io.credence.acquisition"),
        MODULE.exports().stream()
            .map(ModuleDescriptor.Exports::source)
            .collect(Collectors.toSet()));
    assertTrue(MODULE.exports().stream().noneMatch(ModuleDescriptor.Exports::isQualified));
    assertEquals(Set.of(), MODULE.opens());
  }

  @Test
  void requires_noTensorFlow() {
    Set<String> required =
        MODULE.requires().stream().map(Requires::name).collect(Collectors.toSet());
    assertTrue(required.contains("org.tensorflow.ndarray"), () -> "read wrongly: " + required);
    assertTrue(
        required.stream().noneMatch(name -> name.startsWith("tensorflow")), required::toString);
  }

  @Test
  void requires_typesOfTheApi_areTransitive() {
    assertEquals(
        Set.of("org.tensorflow.ndarray", "com.fasterxml.jackson.databind"),
        MODULE.requires().stream()
            .filter(r -> r.modifiers().contains(Requires.Modifier.TRANSITIVE))
            .map(Requires::name)
            .collect(Collectors.toSet()));
  }

  /** From the folder of the classes themselves: other modules lie on the class path too. */
  private static ModuleDescriptor read() {
    try {
      URI classes = SamplingPlan.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      try (InputStream file = Files.newInputStream(Path.of(classes).resolve("module-info.class"))) {
        return ModuleDescriptor.read(file);
      }
    } catch (IOException | URISyntaxException e) {
      throw new AssertionError("module-info.class is not beside the classes", e);
    }
  }
}
