package io.credence.app.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labels of every kind of file, right and wrong. */
class LabelsTest {

  private static final List<String> ANIMALS = List.of("cat", "dog", "sea horse");
  private static final List<String> NONE = List.of();

  @TempDir Path folder;

  private Path text(String content) throws IOException {
    return Files.writeString(folder.resolve("labels.csv"), content);
  }

  private Path npy(String descr, String shape, ByteBuffer data) throws IOException {
    return NpyBytes.write(folder.resolve("labels.npy"), descr, shape, data);
  }

  private static List<Integer> list(Labels labels) {
    return IntStream.range(0, labels.size()).map(labels::get).boxed().toList();
  }

  private static String refusal(Path file, List<String> names) {
    return assertThrows(BadInputException.class, () -> Labels.read(file, names)).getMessage();
  }

  @Test
  void text_indices_areRead() throws IOException {
    assertEquals(List.of(2, 0, 10, 7), list(Labels.read(text("2\n0\r\n 10 \n+7\n"), NONE)));
    assertEquals(List.of(1), list(Labels.read(text("\uFEFF1\n\n \n"), NONE)));
  }

  @Test
  void text_namesAndIndices_areTheSame() throws IOException {
    String lines = "dog\n\"cat\"\n2\n\"sea horse\"\nsea horse\n\"1\"\n";
    assertEquals(List.of(1, 0, 2, 2, 2, 1), list(Labels.read(text(lines), ANIMALS)));
  }

  @Test
  void text_nameWithCommaAndQuotes_isUnquotedAsCsv() throws IOException {
    List<String> names = List.of("a, \"b\"", " padded ");
    String lines = "\"a, \"\"b\"\"\"\npadded\n";
    assertEquals(List.of(0, 1), list(Labels.read(text(lines), names)));
  }

  @Test
  void text_namesThatAreIndices_areTheirClasses() throws IOException {
    assertEquals(List.of(1, 0), list(Labels.read(text("1\n0\n"), List.of("0", "1"))));
    assertEquals(List.of(1, 0), list(Labels.read(text("20\n10\n"), List.of("10", "20"))));
  }

  @Test
  void text_nameThatIsTheIndexOfAnother_isRefused() throws IOException {
    Path file = text("2\n1\n");
    assertEquals(
        file
            + ", line 2, holds \"1\", which may be any of the classes [0, 1], by index or by name;"
            + " give a .npy file of indices",
        refusal(file, List.of("1", "5")));
    assertEquals(
        file
            + ", line 1, holds \"x\", which may be any of the classes [0, 2], by index or by name;"
            + " give a .npy file of indices",
        refusal(text("x"), List.of("x", "y", "x")));
  }

  @Test
  void text_noLabel_saysWhatIsKnown() throws IOException {
    Path file = text("0\nhorse\n");
    assertEquals(
        file
            + ", line 2, holds \"horse\", which is neither an index nor a name of a class; the"
            + " names are cat, dog, sea horse; write one label a line, without a header or other"
            + " columns",
        refusal(file, ANIMALS));
    assertEquals(
        file
            + ", line 2, holds \"horse\", which is no index of a class, and the model names none;"
            + " write one label a line, without a header or other columns",
        refusal(file, NONE));
    List<String> many = IntStream.range(0, 12).mapToObj(i -> "c" + i).toList();
    assertEquals(
        file
            + ", line 1, holds \""
            + "x".repeat(40)
            + "…\", which is neither an index nor a name of a class; the names are c0, c1, c2, c3,"
            + " c4, c5, c6, c7, c8, c9 and 2 more; write one label a line, without a header or"
            + " other columns",
        refusal(text("x".repeat(41)), many));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"1.0", "1,cat", "1e2", "0x1", "9999999999999999999", "'\"1'", "١"})
  void text_anythingButAnInteger_isRefused(String line) throws IOException {
    Path file = text(line + "\n");
    String message = refusal(file, NONE);
    String expected = file + ", line 1, holds \"" + line + "\", which is no index of a class, and";
    assertTrue(message.startsWith(expected), message);
  }

  @Test
  void text_blankLineBetween_isRefused() throws IOException {
    Path file = text("1\n\n\n0\n");
    assertEquals(
        file + ", line 2, is blank; give each row of the input its label", refusal(file, NONE));
  }

  @Test
  void file_withoutLabel_isRefused() throws IOException {
    String expected = " holds no label; at least one is needed";
    Path file = text("");
    assertEquals(file + expected, refusal(file, NONE));
    assertEquals(file + expected, refusal(text(" \n\n"), NONE));
    Path idx = Files.write(folder.resolve("none"), new byte[] {0, 0, 8, 1, 0, 0, 0, 0});
    assertEquals(idx + expected, refusal(idx, NONE));
  }

  @Test
  void text_notUtf8_isRefused() throws IOException {
    Path file = folder.resolve("latin1.txt");
    Files.write(file, "käse\n".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(file + ", after line 0, is not UTF-8; convert the file", refusal(file, NONE));
  }

  @Test
  void idx_plainAndCompressed_areUnsignedBytes() throws IOException {
    byte[] bytes = {0, 0, 8, 1, 0, 0, 0, 3, 7, 0, (byte) 200};
    Path plain = Files.write(folder.resolve("labels-idx1-ubyte"), bytes);
    Path gz = folder.resolve("labels-idx1-ubyte.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
      out.write(bytes);
    }
    assertEquals(List.of(7, 0, 200), list(Labels.read(plain, NONE)));
    assertEquals(List.of(7, 0, 200), list(Labels.read(gz, NONE)));
  }

  @Test
  void idx_ofPictures_isRefused() throws IOException {
    Path file = folder.resolve("images");
    Files.write(file, new byte[] {0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5});
    String message = assertThrows(IOException.class, () -> Labels.read(file, NONE)).getMessage();
    assertEquals(
        file
            + " has the shape [1, 1]; a file of labels has one dimension; give the path of the"
            + " labels, not of the images",
        message);
  }

  @Test
  void npy_integersOfAnyWidth_areRead() throws IOException {
    ByteBuffer eight = NpyBytes.littleEndian(16).putLong(3).putLong(1);
    assertEquals(List.of(3, 1), list(Labels.read(npy("<i8", "(2,)", eight), NONE)));
    assertEquals(List.of(3, 1), list(Labels.read(npy("<i8", "(2, 1)", eight), NONE)));
    ByteBuffer one = ByteBuffer.wrap(new byte[] {9, (byte) 255});
    assertEquals(List.of(9, 255), list(Labels.read(npy("|u1", "(2,)", one), NONE)));
    ByteBuffer big = ByteBuffer.allocate(4).putShort((short) 2).putShort((short) 5);
    assertEquals(List.of(2, 5), list(Labels.read(npy(">i2", "(2,)", big), NONE)));
  }

  @Test
  void npy_manyLabels_areAllRead() throws IOException {
    int count = 3 * (1 << 16) + 5;
    ByteBuffer data = NpyBytes.littleEndian(4 * count);
    IntStream.range(0, count).forEach(data::putInt);
    Labels labels = Labels.read(npy("<i4", "(" + count + ",)", data), NONE);
    assertEquals(IntStream.range(0, count).boxed().toList(), list(labels));
  }

  @Test
  void npy_oneHotOrFloating_isRefused() throws IOException {
    Path file = npy("|u1", "(2, 3)", ByteBuffer.allocate(6));
    assertEquals(
        file
            + " has shape [2, 3]; labels are one class a row, [N] or [N, 1]; of one-hot rows save"
            + " argmax(axis=1)",
        refusal(file, NONE));
    assertEquals(
        file
            + " holds elements of type '<f4', but input \"labels\" reads INT64; convert the array"
            + " with astype before saving it",
        refusal(npy("<f4", "(1,)", ByteBuffer.allocate(4)), NONE));
  }

  @Test
  void check_labelOfNoClass_namesTheFirst() throws IOException {
    Path file = text("1\n3\n-1\n");
    Labels labels = Labels.read(file, ANIMALS);
    assertEquals(
        file
            + ", line 2, holds the label 3; the classes of the model are 0 to 2; mend the label, or"
            + " drop that row of both files",
        checked(labels, 3));
    assertEquals(
        file
            + ", line 3, holds the label -1; the classes of the model are 0 to 3; mend the label,"
            + " or drop that row of both files",
        checked(labels, 4));
    Path rows = npy("<i8", "(2,)", NpyBytes.littleEndian(16).putLong(0).putLong(1L << 40));
    assertEquals(
        rows
            + ", row 1, holds the label 1099511627776; the classes of the model are 0 to 9; mend"
            + " the label, or drop that row of both files",
        checked(Labels.read(rows, NONE), 10));
  }

  private static String checked(Labels labels, int classes) {
    return assertThrows(BadInputException.class, () -> labels.check(classes)).getMessage();
  }

  @Test
  void read_noRegularFile_isRefused() {
    Path nowhere = folder.resolve("nowhere");
    assertEquals(
        "no labels at " + nowhere + "; name an IDX (.gz too), .npy or text file",
        refusal(nowhere, NONE));
    assertEquals(
        "labels " + folder + " is a folder; name an IDX (.gz too), .npy or text file",
        refusal(folder, NONE));
  }
}
