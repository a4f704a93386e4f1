package io.credence.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sets of numbers, read and refused. */
class TabularSetTest {

  @TempDir Path folder;

  private TabularSet small() throws IOException {
    MadeTable.put(folder, "data.txt", "\n1 2 3\n  4\t5 6e0 \n-7 8 9\n1 1 1\n0 0 2\n\n");
    MadeTable.put(folder, "index_features.txt", "2\n0");
    MadeTable.put(folder, "index_target.txt", "1.0\n");
    MadeTable.put(folder, "index_train_0.txt", "3 2 0 4\n");
    MadeTable.put(folder, "index_test_0.txt", "1");
    return TabularSet.read(folder);
  }

  @Test
  void read_takesColumnsAndRowsAsNamed() throws IOException {
    TabularSet set = small();
    assertTrue(TabularSet.isSet(folder));
    assertEquals(folder.getFileName().toString(), set.name());
    assertEquals(5, set.size());
    assertEquals(2, set.features());
    assertEquals(6, set.feature(1, 0));
    assertEquals(4, set.feature(1, 1));
    assertEquals(5, set.target(1));
    assertThrows(IndexOutOfBoundsException.class, () -> set.feature(1, 2));
    assertEquals(1, set.splits().size());
    TabularSplit split = set.splits().get(0);
    assertEquals(0, split.number());
    assertArrayEquals(new int[] {3, 2, 0, 4}, split.training());
    assertArrayEquals(new int[] {1}, split.test());
  }

  @Test
  void validation_isTheEndOfTheTrainingRows() throws IOException {
    TabularSplit validation = small().splits().get(0).validation();
    assertArrayEquals(new int[] {3, 2, 0}, validation.training());
    assertArrayEquals(new int[] {4}, validation.test());
    TabularSplit one = new TabularSplit(7, new int[] {1}, new int[] {2});
    String message = assertThrows(IllegalArgumentException.class, one::validation).getMessage();
    assertTrue(message.startsWith("split 7 has 0 rows to learn from"), message);
  }

  @Test
  void settings_areThere_orNot() throws IOException {
    TabularSet set = small();
    assertEquals(List.of(), set.settings("dropout_rates.txt"));
    MadeTable.put(folder, "dropout_rates.txt", ".005\n0.1\n");
    assertEquals(List.of(.005, .1), set.settings("dropout_rates.txt"));
    assertFalse(TabularSet.isSet(folder.resolve("data")));
  }

  @Test
  void standardization_isOfTheTrainingRows() throws IOException {
    TabularSet set = small();
    TabularSplit split = set.splits().get(0);
    Standardization own = Standardization.of(set, split);
    // Column 2 of rows 3, 2, 0 and 4: 1, 9, 3, 2; the target: 1, 8, 2, 0.
    double deviation = Math.sqrt((2.75 * 2.75 + 5.25 * 5.25 + .75 * .75 + 1.75 * 1.75) / 4);
    assertEquals(3.75f, own.means().getFloat(0, 0));
    assertEquals(deviation, own.deviations().getFloat(0, 0), 1e-6);
    assertEquals(8 / deviation, own.range(0), 1e-12);
    assertEquals(2.75, own.targetMean());
    assertEquals((6 - 3.75) / deviation, own.inputs(set, 2, 1)[2], 1e-6);
    assertEquals((5 - 2.75) / own.targetDeviation(), own.targets(set, 1)[0], 1e-6);
  }

  @Test
  void standardization_ofAColumnThatNeverVaries_keepsIt() throws IOException {
    TabularSet set = MadeTable.of(folder, 50, 1);
    Standardization own = Standardization.of(set, set.splits().get(0));
    assertEquals(1, own.deviations().getFloat(0, 1));
    assertEquals(0, own.range(1));
    assertEquals(0, own.inputs(set, 3)[1], 1e-15);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data.txt | '1 2 3\n4 5\n' | line 2 has 2 numbers, but the lines before it have 3",
        "data.txt | '1 2 3\n4 x 6' | line 2, column 2 is \"x\"; every cell must be a finite",
        "data.txt | '1 2 3\n4 5 NaN' | line 2, column 3 is \"NaN\"",
        "data.txt | '\n \n' | is empty",
        "index_features.txt | '0\n3' | names 3.0; data.txt has 3 columns, counted from 0",
        "index_features.txt | '0\n1' | names column 1, which is the target",
        "index_features.txt | '0\n0' | names 0 twice",
        "index_target.txt | '0\n1' | names 2 columns; name one",
        "index_train_0.txt | '0\n5' | names 5.0; data.txt has 5 rows",
        "index_train_0.txt | '-1' | names -1.0",
        "index_train_0.txt | '0.5' | names 0.5",
        "index_train_0.txt | '' | is empty",
        "index_test_0.txt | '1\n2' | names row 2, which is also in index_train_0.txt",
        "index_test_0.txt | '1\n1' | names 1 twice"
      })
  void read_aBadFile_isRefusedByNameAndPlace(String file, String text, String message)
      throws IOException {
    small();
    MadeTable.put(folder, file, text);
    refused(file, message);
  }

  @ParameterizedTest
  @CsvSource({"data.txt", "index_features.txt", "index_target.txt", "index_train_0.txt"})
  void read_aMissingFile_isRefusedByName(String file) throws IOException {
    small();
    Files.delete(folder.resolve("data").resolve(file));
    refused(file, "is missing; a set is a folder data of data.txt");
  }

  @Test
  void read_aSplitWithoutItsTest_isRefused() throws IOException {
    small();
    MadeTable.put(folder, "index_train_1.txt", "0");
    refused("index_test_1.txt", "is missing");
  }

  @Test
  void read_bytesThatAreNoText_areRefused() throws IOException {
    small();
    Files.write(folder.resolve("data/data.txt"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    refused("data.txt", "is no text in UTF-8");
    Files.write(folder.resolve("data/data.txt"), "é".getBytes(StandardCharsets.UTF_8));
    refused("data.txt", "is \"é\"");
  }

  private void refused(String file, String message) {
    IOException e = assertThrows(IOException.class, () -> TabularSet.read(folder));
    assertTrue(e.getMessage().startsWith(folder.resolve("data").resolve(file) + ""), e::getMessage);
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }
}
