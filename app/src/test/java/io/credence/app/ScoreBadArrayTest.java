package io.credence.app;

import io.credence.app.input.NpyBytes;
import io.credence.models.BundledModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code .npy} and IDX files that cannot be scored, and what is said of them. */
class ScoreBadArrayTest {

  private static BundledModel model;
  @TempDir Path folder;

  @BeforeAll
  static void unpack() {
    model = BundledModel.streetDigits();
  }

  @AfterAll
  static void remove() {
    model.close();
  }

  private CommandRun refused(Path input) {
    return CommandRun.refusedScore(folder, "--model", model.folder(), "--input", input);
  }

  private Path cut(Path file, int bytes) throws IOException {
    return Files.write(file, Arrays.copyOf(Files.readAllBytes(file), bytes));
  }

  @Test
  void input_missing_isNamed() {
    Path nowhere = folder.resolve("nowhere.npy");
    refused(nowhere).assertSays("no input at " + nowhere, "name a folder of PNG or JPEG pictures");
  }

  @Test
  void input_emptyFile_isNamed() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.npy"));
    refused(empty).assertSays(empty + " is empty", "at least one row is needed");
  }

  @Test
  void input_ofUnknownKind_listsTheKinds() throws IOException {
    Path other = Files.writeString(folder.resolve("rows.bin"), "a,b\n1,2\n");
    refused(other).assertSays(other + " is of no kind that is read", ".npy", "IDX", "JSON Lines");
  }

  @Test
  void npy_noRows_isEmpty() throws IOException {
    Path none = NpyBytes.zeros(folder.resolve("none.npy"), 0, 32, 32, 3);
    refused(none).assertSays(none + " is empty", "[0, 32, 32, 3]", "at least one row");
  }

  @Test
  void npy_wrongShape_namesBothShapes() throws IOException {
    Path small = NpyBytes.zeros(folder.resolve("small.npy"), 5, 28, 28, 3);
    refused(small)
        .assertSays(small, "[5, 28, 28, 3]", "input \"image\" reads [?, 32, 32, 3]", "? is free");
  }

  @ParameterizedTest
  @CsvSource({"<i8, 8", "<c8, 8", "<c16, 16", "|S3, 3", "<U5, 20", "<i4, 4", "<f2, 2"})
  void npy_typeThatDoesNotFit_isNamed(String descr, int width) throws IOException {
    Path file = folder.resolve("typed.npy");
    NpyBytes.write(file, descr, "(1, 32, 32, 3)", ByteBuffer.allocate(32 * 32 * 3 * width));
    refused(file).assertSays(file, "'" + descr + "'", "\"image\" reads FLOAT32", "astype");
  }

  @Test
  void npy_nanBeyondTheFirstBatch_namesTheRowOfTheFile() throws IOException {
    Path file = folder.resolve("nan.npy");
    ByteBuffer data = NpyBytes.littleEndian(301 * 3072 * 4);
    data.putFloat((300 * 3072 + 7) * 4, Float.NaN);
    NpyBytes.write(file, "<f4", "(301, 32, 32, 3)", data);
    CommandRun.refusedScore(folder, "--model", model.folder(), "--input", file, "--passes", 1)
        .assertSays(file, "NaN in row 300, element 7", "mend or drop that row");
  }

  @Test
  void npy_truncated_saysWhatIsThere() throws IOException {
    Path file = DigitInputs.float32(folder.resolve("cut.npy"));
    cut(file, (int) Files.size(file) - 1);
    refused(file)
        .assertSays(
            file + " was cut short", "6 rows of 12288 bytes", "73727 bytes are there", "save it");
  }

  @Test
  void npy_truncatedHeader_isRefused() throws IOException {
    Path file = cut(DigitInputs.float32(folder.resolve("cut.npy")), 30);
    refused(file).assertSays(file + " has a header that is not understood");
  }

  @Test
  void npy_fortranOrder_saysHowToSaveIt() throws IOException {
    Path file = folder.resolve("fortran.npy");
    String header = NpyBytes.header("'<f4'", "True", "(1, 32, 32, 3)");
    Files.write(file, NpyBytes.bytes(1, header, new byte[3072 * 4]));
    refused(file).assertSays(file + " is in Fortran order", "numpy.ascontiguousarray");
  }

  @Test
  void npy_forSeveralInputs_pointsToJsonLines() throws IOException {
    Path file = DigitInputs.float32(folder.resolve("digits.npy"));
    Path named = TinyModels.named(folder.resolve("named"));
    CommandRun.refusedScore(folder, "--model", named, "--input", file)
        .assertSays("the model has 2 inputs", "ids INT64[?, ?]", "text STRING[?]", "JSON Lines");
  }

  @Test
  void idx_truncated_isCutOff() throws IOException {
    Path file = cut(DigitInputs.idx(folder.resolve("images-idx4-ubyte")), 10_000);
    refused(file).assertSays(file + " is cut off", "[6, 32, 32, 3]", "download it again");
  }

  @Test
  void idxGz_truncated_isCutOff() throws IOException {
    Path file = DigitInputs.idxGz(folder.resolve("images-idx4-ubyte.gz"));
    cut(file, (int) Files.size(file) / 2);
    refused(file).assertSays(file + " is cut off", "gzip stream ends early", "download it again");
  }

  @Test
  void idx_otherSize_namesBothShapes() throws IOException {
    Path file = folder.resolve("t10k-images-idx3-ubyte");
    Files.write(file, DigitInputs.idxBytes(new byte[2 * 28 * 28], 2, 28, 28));
    refused(file).assertSays(file, "[28, 28, 1]", "input \"image\" reads [?, 32, 32, 3]");
  }

  @Test
  void idx_noPicture_isRefused() throws IOException {
    Path file = folder.resolve("none-idx4-ubyte");
    Files.write(file, DigitInputs.idxBytes(new byte[0], 0, 32, 32, 3));
    refused(file).assertSays(file + " holds no row that can be scored");
  }
}
