package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tables of Arrow get the scores of the same tables in Parquet, and results are written as Arrow.
 */
class ScoreArrowTest {

  private static final int ROWS = 9_000; // two batches of Arrow
  @TempDir static Path shared;
  private static Path model;
  private static Path parquet;
  private static Path arrow;
  private static List<JsonNode> expected;

  @TempDir Path folder;

  @BeforeAll
  static void make() {
    model = TinyModels.member(shared.resolve("model"), 3, true);
    parquet = Tables.numbered(shared.resolve("t.parquet"), ROWS);
    arrow = Tables.numbered(shared.resolve("t.arrow"), ROWS);
    expected = score(shared.resolve("s.jsonl"), parquet);
  }

  private static List<JsonNode> score(Path out, Path input) {
    return CommandRun.score(
        out,
        "--model",
        model,
        "--input",
        input,
        "--measures",
        "mutualInformation",
        "--error-groups",
        0);
  }

  /** The same batches, written by Arrow's own library in other ways. */
  private Path rewritten(boolean stream, CodecType codec) throws IOException {
    CompressionCodec.Factory factory =
        codec == CodecType.NO_COMPRESSION
            ? NoCompressionCodec.Factory.INSTANCE
            : CommonsCompressionFactory.INSTANCE;
    Path to = folder.resolve(stream ? "t.arrows" : "u.feather");
    try (BufferAllocator memory = new RootAllocator();
        FileChannel channel = FileChannel.open(arrow);
        ArrowFileReader reader = new ArrowFileReader(channel, memory);
        FileOutputStream out = new FileOutputStream(to.toFile())) {
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      try (ArrowWriter writer =
          stream
              ? new ArrowStreamWriter(
                  root, reader, out.getChannel(), IpcOption.DEFAULT, factory, codec)
              : new ArrowFileWriter(
                  root, reader, out.getChannel(), Map.of(), IpcOption.DEFAULT, factory, codec)) {
        writer.start();
        while (reader.loadNextBatch()) {
          writer.writeBatch();
        }
        writer.end();
      }
    }
    return to;
  }

  @Test
  void file_givesTheScoresOfParquet() {
    assertEquals(expected, score(folder.resolve("s.jsonl"), arrow));
  }

  @ParameterizedTest
  @EnumSource(
      value = CodecType.class,
      names = {"NO_COMPRESSION", "LZ4_FRAME", "ZSTD"})
  void compressed_asFileOrStream_givesTheSame(CodecType codec) throws IOException {
    for (boolean stream : new boolean[] {false, true}) {
      Path other = rewritten(stream, codec);
      assertEquals(expected, score(folder.resolve(stream + ".jsonl"), other), codec.name());
    }
  }

  @Test
  void results_asArrow_areThoseOfParquet_inShardsToo() throws IOException {
    Object[] args = {"score", "--model", model, "--input", arrow, "--passes", 3, "--out"};
    Path whole = folder.resolve("whole.arrow");
    CommandRun.done(with(args, whole));
    Path tabular = folder.resolve("whole.parquet");
    CommandRun.done(with(args, tabular));
    Path copy = Tables.write(folder.resolve("copy.arrow"), "SELECT * FROM " + Tables.file(tabular));
    assertArrayEquals(Files.readAllBytes(copy), Files.readAllBytes(whole));

    Path first = folder.resolve("1.arrow");
    Path second = folder.resolve("2.arrow");
    CommandRun.done(with(args, first, "--shard", "1/2"));
    CommandRun.done(with(args, second, "--shard", "2/2", "--resume"));
    Path merged = folder.resolve("merged.arrow");
    CommandRun.done("merge", "--out", merged, second, first);
    assertEquals(
        CommandRun.rows(CommandRun.done("acquire", "--scores", whole).out()),
        CommandRun.rows(CommandRun.done("acquire", "--scores", merged).out()));
    assertEquals(
        CommandRun.rows(CommandRun.done("acquire", "--scores", tabular).out()),
        CommandRun.rows(CommandRun.done("acquire", "--scores", first + "," + second).out()));
  }

  private static Object[] with(Object[] some, Object... others) {
    Object[] all = Arrays.copyOf(some, some.length + others.length);
    System.arraycopy(others, 0, all, some.length, others.length);
    return all;
  }

  @Test
  void damagedOrOther_isRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(arrow);
    Path cut = Files.write(folder.resolve("cut.arrow"), Arrays.copyOf(bytes, bytes.length / 2));
    refused(cut).assertSays("cut.arrow cannot be read as a table: no whole Arrow file");
    Path text = Files.writeString(folder.resolve("x.arrow"), "id,f0\n1,2\n");
    refused(text).assertSays("x.arrow cannot be read as a table: no whole Arrow file");
    Path stream = rewritten(true, CodecType.NO_COMPRESSION);
    byte[] whole = Files.readAllBytes(stream);
    Files.write(stream, Arrays.copyOf(whole, whole.length / 2));
    refused(stream).assertSays("t.arrows cannot be read as a table: ");
    Path twins =
        Tables.write(
            folder.resolve("w.arrow"),
            "SELECT 'a' AS id, 1.0 a, 2.0 b, 3.0 c, 4.0 d" + " FROM range(3)");
    refused(twins).assertSays("holds \"a\" in 3 rows");
    Path text4 = Tables.write(folder.resolve("y.arrow"), "SELECT 'a' f0, 1 f1, 2 f2, 3 f3");
    CommandRun.refusedScore(folder, "--model", model, "--input", text4, "--map", "x=f0..f3")
        .assertSays("column \"f0\"", "is VARCHAR");
  }

  private CommandRun refused(Path input) {
    return CommandRun.refusedScore(folder, "--model", model, "--input", input);
  }
}
