package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;

/**
 * Ten thousand members merge in the memory of a few: a JVM of its own, with a heap that could not
 * hold a hundredth of them, merges {@link ManyMembers} and finds their mean.
 */
class EnsembleMemoryTest {

  /**
   * A member of N = 200 inputs and K = 100 classes holds mean, squares and votes, 3 · 200 · 100
   * numbers of 8 bytes, 480 kB at least: 33 of them fill this heap, and 10,000 would take 4.8 GB.
   */
  private static final String HEAP = "-Xmx16m";

  /**
   * With three error groups a member of N = 10 holds four times 24 kB at least: 125 of them fill
   * this heap, and 10,000 would take 0.96 GB.
   */
  private static final String HEAP_OF_GROUPS = "-Xmx12m";

  /** Long past any sensible time, should the other JVM hang. */
  private static final int MINUTES = 5;

  @TempDir private Path folder;

  @Test
  void addMember_ofTenThousand_needsNoMoreMemoryThanAFew() throws Exception {
    assertEquals(
        "10000 members, 10000 samples, right: true, error told: false, kept: 0",
        run(0, HEAP, 10_000, 1, 200, 100, 0, false));
  }

  @Test
  void addMember_ofTenThousandWithErrorGroups_needsNoMoreMemoryThanAFew() throws Exception {
    assertEquals(
        "10000 members, 30000 samples, right: true, error told: true, kept: 0",
        run(0, HEAP_OF_GROUPS, 10_000, 3, 10, 100, 3, false));
  }

  @Test
  void members_thatAreKept_doNotFit() throws Exception {
    int outOfMemory = 3; // what ExitOnOutOfMemoryError promises
    assertTrue(
        run(outOfMemory, HEAP, 100, 1, 200, 100, 0, true).contains("OutOfMemoryError"), HEAP);
    assertTrue(
        run(outOfMemory, HEAP_OF_GROUPS, 200, 3, 10, 100, 3, true).contains("OutOfMemoryError"),
        HEAP_OF_GROUPS);
  }

  /** What another JVM prints, which must end with a given status. */
  private String run(int status, String heap, Object... arguments)
      throws IOException, InterruptedException, URISyntaxException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                classPath(),
                ManyMembers.class.getName()));
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    File printed = folder.resolve("printed").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(printed);
    // Both make a JVM print more than the program does.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(MINUTES, TimeUnit.MINUTES), "it hangs");
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(printed.toPath(), StandardCharsets.UTF_8).strip();
    assertEquals(status, process.exitValue(), text);
    return text;
  }

  /** Where the classes themselves lie, as tests may be run from a module path. */
  private static String classPath() throws URISyntaxException {
    List<String> places = new ArrayList<>();
    for (Class<?> type : List.of(ManyMembers.class, OutputKind.class, Shape.class)) {
      places.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return places.stream().collect(Collectors.joining(File.pathSeparator));
  }
}
