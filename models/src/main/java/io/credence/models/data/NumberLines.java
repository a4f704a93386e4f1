package io.credence.models.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads text files of numbers separated by white space; lines with nothing on them are passed. */
final class NumberLines {

  private NumberLines() {}

  /**
   * Reads a table.
   *
   * @return its lines, one at least, all of as many finite numbers
   * @throws IOException as {@link TabularSet#read}
   */
  static List<double[]> read(Path file) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw new IOException(
          file
              + " is missing; a set is a folder data of data.txt, index_features.txt,"
              + " index_target.txt, and index_train_k.txt and index_test_k.txt for k = 0, 1, ...",
          e);
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is no text in UTF-8; save it as plain numbers", e);
    }
    List<double[]> table = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        String[] cells = lines.get(i).strip().split("\\s+", -1);
        double[] row = new double[cells.length];
        for (int c = 0; c < cells.length; c++) {
          row[c] = number(file, i, c, cells[c]);
        }
        if (!table.isEmpty() && table.get(0).length != row.length) {
          throw new IOException(
              at(file, i)
                  + " has "
                  + row.length
                  + " numbers, but the lines before it have "
                  + table.get(0).length
                  + "; all must have as many");
        }
        table.add(row);
      }
    }
    if (table.isEmpty()) {
      throw new IOException(file + " is empty; it must hold one number at least");
    }
    return table;
  }

  /**
   * Reads whole numbers.
   *
   * @return one at least, each ≥ 0 and below {@code size}
   * @throws IOException as {@link TabularSet#read}
   */
  static int[] indices(Path file, int size, String of) throws IOException {
    List<double[]> table = read(file);
    int width = table.get(0).length;
    int[] indices = new int[table.size() * width];
    for (int i = 0; i < indices.length; i++) {
      double value = table.get(i / width)[i % width];
      if (!(value >= 0 && value < size && value == Math.rint(value))) {
        throw new IOException(
            file
                + " names "
                + value
                + "; data.txt has "
                + size
                + " "
                + of
                + ", counted from 0, so the last is "
                + (size - 1));
      }
      indices[i] = (int) value;
    }
    return indices;
  }

  private static double number(Path file, int line, int column, String text) throws IOException {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IOException(bad(file, line, column, text), e);
    }
    throw new IOException(bad(file, line, column, text));
  }

  private static String bad(Path file, int line, int column, String text) {
    return at(file, line)
        + ", column "
        + (column + 1)
        + " is \""
        + text
        + "\"; every cell must be a finite number";
  }

  private static String at(Path file, int line) {
    return file + ", line " + (line + 1);
  }
}
