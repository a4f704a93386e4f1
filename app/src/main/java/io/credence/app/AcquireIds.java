package io.credence.app;

import io.credence.app.input.BadInputException;
import io.credence.app.table.TableEngine;
import io.credence.app.table.TableFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Ids of inputs that have labels already. */
final class AcquireIds {

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private AcquireIds() {}

  /**
   * Reads ids.
   *
   * @param files tables with a column {@code id}, or texts with one a line
   * @throws BadInputException if a file is missing, empty or damaged
   */
  static Set<String> read(List<Path> files) throws IOException {
    Set<String> ids = new HashSet<>();
    for (Path file : files) {
      if (Files.isRegularFile(file) && TableFormat.of(file).isEmpty()) {
        try (Stream<String> lines = Files.lines(file)) {
          lines
              .map(line -> line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line)
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .forEach(ids::add);
        } catch (UncheckedIOException e) {
          if (e.getCause() instanceof MalformedInputException) {
            throw new BadInputException(
                file + " is no text in UTF-8; name a text of one id a line, or a table");
          }
          throw e.getCause();
        }
        continue;
      }
      try (TableEngine engine = TableEngine.start()) {
        AcquireTable.open(engine, "--exclude", file)
            .read(Optional.empty(), (id, value) -> ids.add(id));
      }
    }
    return ids;
  }
}
