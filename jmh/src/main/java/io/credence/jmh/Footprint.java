package io.credence.jmh;

import io.credence.ClassificationPrediction;
import io.credence.SamplingPlan;
import io.credence.tensorflow.SavedModelEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.ndarray.FloatNdArray;

/**
 * What predicting takes of memory, measured in a process of its own that prints one number: the
 * bytes of a result, or the peak memory of the process.
 */
final class Footprint {

  private static final int BATCH = 64;

  /** Predictions that are kept to measure one. */
  private static final int KEPT = 1000;

  /** Passes that a process draws in all, whatever T, so that garbage of the heap is alike. */
  private static final int PASSES = 5000;

  private Footprint() {}

  /** Runs {@code result|peak dropout passes}. */
  public static void main(String... args) {
    boolean both = args[1].equals("both");
    SamplingPlan plan = SamplingPlan.of(Integer.parseInt(args[2]));
    Path folder = Network.savedModel(both);
    try (SavedModelEngine engine = SavedModelEngine.load(folder)) {
      FloatNdArray pictures = Network.pictures(BATCH);
      System.out.println(
          args[0].equals("result") ? result(engine, pictures, plan) : peak(engine, pictures, plan));
    } finally {
      Network.delete(folder);
    }
  }

  /** What the heap holds more after a collection, for each of many predictions that are kept. */
  private static long result(SavedModelEngine engine, FloatNdArray pictures, SamplingPlan plan) {
    List<ClassificationPrediction> kept = new ArrayList<>(KEPT + 1);
    kept.add(engine.classify(pictures, plan));
    long before = heap();
    for (int i = 0; i < KEPT; i++) {
      kept.add(engine.classify(pictures, plan));
    }
    long after = heap();
    if (kept.size() != KEPT + 1) {
      throw new IllegalStateException("predictions were not kept");
    }
    return (after - before) / KEPT;
  }

  private static long heap() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** The most that the process had in memory, as Linux counts it. */
  private static long peak(SavedModelEngine engine, FloatNdArray pictures, SamplingPlan plan) {
    for (int drawn = 0; drawn < PASSES; drawn += plan.passes()) {
      engine.classify(pictures, plan);
    }
    try {
      String status = Files.readString(Path.of("/proc/self/status"), StandardCharsets.UTF_8);
      return status
              .lines()
              .filter(line -> line.startsWith("VmHWM:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElseThrow()
          * 1024;
    } catch (IOException e) {
      throw new UncheckedIOException("no /proc/self/status, which only Linux has", e);
    }
  }
}
