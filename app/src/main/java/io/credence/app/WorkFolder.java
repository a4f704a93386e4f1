package io.credence.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.app.input.BadInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder beside an output, {@code FILE.work}, that keeps what an unfinished run has done: a
 * manifest, and parts that are numbered from 0. A part counts once its record is there, which is
 * moved to its place last; whatever else lies about is of a run that was killed, and thrown away.
 */
final class WorkFolder implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MANIFEST = "manifest.json";

  private final Path folder;
  private final FileChannel lockFile;
  private final List<Part> parts = new ArrayList<>();

  /**
   * A part that is done.
   *
   * @param rows rows that were scored
   * @param bad rows that were set aside
   * @param position rows of the input that were taken until its end
   */
  record Part(long rows, long bad, long position) {}

  private WorkFolder(Path folder, FileChannel lockFile) {
    this.folder = folder;
    this.lockFile = lockFile;
  }

  /**
   * Opens the folder, or makes it.
   *
   * @param out the output
   * @param manifest what the results depend on
   * @param resume whether to go on with what is there
   * @throws BadInputException if there is work to go on with, and that is not asked for or it is of
   *     another run, or another process is at it
   */
  static WorkFolder open(Path out, RunManifest manifest, boolean resume) throws IOException {
    Path folder = out.resolveSibling(out.getFileName() + ".work");
    Files.createDirectories(folder);
    WorkFolder work =
        new WorkFolder(
            folder,
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    try {
      work.lock(out);
      work.read();
      if (!work.parts.isEmpty()) {
        work.checkResumed(out, manifest, resume);
      }
      work.tidy();
      if (work.parts.isEmpty()) {
        work.begin(manifest);
      }
      return work;
    } catch (IOException | RuntimeException e) {
      work.lockFile.close();
      throw e;
    }
  }

  private void lock(Path out) throws IOException {
    @Nullable FileLock lock;
    try {
      lock = lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new BadInputException(
          "another run is writing " + out + "; wait for it, or name another --out");
    }
  }

  private void read() throws IOException {
    if (!Files.exists(folder.resolve(MANIFEST))) {
      return; // the whole is in its place, and the folder was being removed
    }
    for (Path record = record(0); Files.exists(record); record = record(parts.size())) {
      ObjectNode json = (ObjectNode) JSON.readTree(record.toFile());
      parts.add(
          new Part(
              json.get("rows").longValue(),
              json.get("bad").longValue(),
              json.get("position").longValue()));
    }
  }

  private void begin(RunManifest manifest) throws IOException {
    Path temporary = unfinished("manifest");
    JSON.writerWithDefaultPrettyPrinter().writeValue(temporary.toFile(), manifest.json());
    move(temporary, folder.resolve(MANIFEST));
  }

  private void checkResumed(Path out, RunManifest manifest, boolean resume) throws IOException {
    if (!resume) {
      throw new BadInputException(
          folder
              + " holds "
              + rows()
              + " rows of an unfinished run; go on with --resume, or delete that folder to begin"
              + " anew");
    }
    List<String> differences = RunManifest.read(folder.resolve(MANIFEST)).differences(manifest);
    if (!differences.isEmpty()) {
      throw new BadInputException(
          "--resume cannot go on with "
              + out
              + ", which was begun otherwise: "
              + String.join("; ", differences)
              + "; give what was given then, or delete "
              + folder
              + " to begin anew");
    }
  }

  /** Removes what was not finished. */
  private void tidy() throws IOException {
    for (Path file : files()) {
      String name = file.getFileName().toString();
      int number = name.matches("\\d{6}\\..*") ? Integer.parseInt(name.substring(0, 6)) : -1;
      boolean kept =
          name.equals("lock") || name.equals(MANIFEST) || (0 <= number && number < parts.size());
      if (!kept) {
        Files.delete(file);
      }
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** A file for what is not finished. */
  Path unfinished(String name) {
    return folder.resolve("unfinished." + name);
  }

  /** Files of this end of all parts that have one, in order. */
  List<Path> all(String end) {
    return Stream.iterate(0, i -> i + 1)
        .limit(parts.size())
        .map(i -> numbered(i, end))
        .filter(Files::exists)
        .toList();
  }

  /**
   * Adds a part.
   *
   * @param results its rows; none if it has no row
   * @param end the end of the name of its results
   * @param bad the rows that were set aside; none if there is none
   */
  void add(Part part, Optional<Path> results, String end, Optional<Path> bad) throws IOException {
    int number = parts.size();
    if (results.isPresent()) {
      move(results.get(), numbered(number, end));
    }
    if (bad.isPresent()) {
      move(bad.get(), numbered(number, "bad"));
    }
    ObjectNode json = JSON.createObjectNode();
    json.put("rows", part.rows()).put("bad", part.bad()).put("position", part.position());
    Path temporary = unfinished("json");
    JSON.writeValue(temporary.toFile(), json);
    move(temporary, record(number));
    parts.add(part);
  }

  private Path numbered(int number, String end) {
    return folder.resolve("%06d.%s".formatted(number, end));
  }

  private Path record(int number) {
    return numbered(number, "json");
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Rows that are scored. */
  long rows() {
    return parts.stream().mapToLong(Part::rows).sum();
  }

  /** Rows that were set aside. */
  long bad() {
    return parts.stream().mapToLong(Part::bad).sum();
  }

  /** How many rows of the input were taken, if any part is done. */
  Optional<Long> position() {
    return parts.isEmpty() ? Optional.empty() : Optional.of(parts.get(parts.size() - 1).position());
  }

  Path folder() {
    return folder;
  }

  /** Removes the folder and all in it, the manifest before the parts: without it, none counts. */
  void remove() throws IOException {
    lockFile.close();
    for (Path file : files().stream().sorted(Comparator.reverseOrder()).toList()) {
      Files.delete(file);
    }
    Files.delete(folder);
  }

  /** Keeps finished parts; without one, the folder goes. */
  @Override
  public void close() throws IOException {
    if (!lockFile.isOpen()) {
      return;
    }
    if (parts.isEmpty()) {
      remove();
    } else {
      tidy();
      lockFile.close();
    }
  }
}
