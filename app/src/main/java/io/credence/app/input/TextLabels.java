package io.credence.app.input;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Labels as a text, or as CSV of one column: a line is the index of a class, or its name, in double
 * quotes or not. Blank lines are passed over at the end only.
 */
final class TextLabels {

  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,18}");
  private static final int NAMES_SHOWN = 10;
  private static final int LETTERS_SHOWN = 40;

  private final Path path;
  private final List<String> names;
  private final Map<String, SortedSet<Long>> byName = new HashMap<>();

  TextLabels(Path path, List<String> names) {
    this.path = path;
    this.names = names;
    for (int i = 0; i < names.size(); i++) {
      byName.computeIfAbsent(names.get(i).strip(), name -> new TreeSet<>()).add((long) i);
    }
  }

  /**
   * Reads all lines.
   *
   * @return the index that each stands for, of a class or not
   * @throws BadInputException if a line is neither an integer nor the name of a class, is both of
   *     different classes, or is blank; or the file is not UTF-8
   */
  long[] read() throws IOException {
    LongStream.Builder values = LongStream.builder();
    long number = 0;
    long blank = 0;
    try (BufferedReader in = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        if (number == 1 && line.startsWith("\uFEFF")) {
          line = line.substring(1); // a byte order mark, as some editors write it
        }
        if (line.isBlank()) {
          blank = blank == 0 ? number : blank;
        } else if (blank > 0) {
          throw bad(blank, "is blank; give each row of the input its label");
        } else {
          values.add(label(number, unquoted(line.strip())));
        }
      }
    } catch (CharacterCodingException e) {
      throw new BadInputException(
          path + ", after line " + number + ", is not UTF-8; convert the file", e);
    }
    return values.build().toArray();
  }

  private static String unquoted(String line) {
    boolean quoted = line.length() > 1 && line.startsWith("\"") && line.endsWith("\"");
    return quoted ? line.substring(1, line.length() - 1).replace("\"\"", "\"").strip() : line;
  }

  private long label(long number, String text) {
    SortedSet<Long> meant = new TreeSet<>(byName.getOrDefault(text, new TreeSet<>()));
    boolean integer = INTEGER.matcher(text).matches();
    // An integer that is no class is told so later, unless it is a name.
    if (integer && (meant.isEmpty() || isClass(Long.parseLong(text)))) {
      meant.add(Long.parseLong(text));
    }
    if (meant.size() > 1) {
      throw bad(
          number,
          "holds \""
              + text
              + "\", which may be any of the classes "
              + meant
              + ", by index or by name; give a .npy file of indices");
    }
    if (meant.isEmpty()) {
      throw bad(
          number,
          "holds \""
              + (text.length() > LETTERS_SHOWN ? text.substring(0, LETTERS_SHOWN) + "…" : text)
              + "\", which is "
              + (names.isEmpty() ? "no index of a class, and the model names none" : known())
              + "; write one label a line, without a header or other columns");
    }
    return meant.first();
  }

  private boolean isClass(long index) {
    return index >= 0 && index < names.size();
  }

  private String known() {
    int more = names.size() - NAMES_SHOWN;
    return "neither an index nor a name of a class; the names are "
        + names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private BadInputException bad(long number, String what) {
    return new BadInputException(path + ", line " + number + ", " + what);
  }
}
