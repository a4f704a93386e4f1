package io.credence.app.table;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;

/**
 * One pass over an Arrow file, or over a stream of Arrow in a file, batch by batch. What is
 * compressed, by LZ4 or Zstandard, is read too.
 *
 * @param reader reads the file
 * @param stream hands its batches on, without a copy
 */
record ArrowFile(ArrowReader reader, ArrowArrayStream stream) implements AutoCloseable {

  private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

  /**
   * Opens a file.
   *
   * @throws TableException if it is none, or damaged
   */
  static ArrowFile open(Path path, BufferAllocator memory) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      ArrowReader reader =
          Arrays.equals(start(path), MAGIC)
              ? new ArrowFileReader(channel, memory, CommonsCompressionFactory.INSTANCE)
              : new ArrowStreamReader(channel, memory, CommonsCompressionFactory.INSTANCE);
      reader.getVectorSchemaRoot(); // reads the schema, and so finds what is no Arrow
      ArrowArrayStream stream = ArrowArrayStream.allocateNew(memory);
      Data.exportArrayStream(memory, reader, stream);
      return new ArrowFile(reader, stream);
    } catch (IOException | RuntimeException e) {
      channel.close();
      String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("damaged");
      throw new TableException("no whole Arrow file: " + why.toLowerCase(Locale.ROOT), e);
    }
  }

  private static byte[] start(Path path) throws IOException {
    try (var in = Files.newInputStream(path)) {
      return in.readNBytes(MAGIC.length);
    }
  }

  /** Writes all batches of a reader, without compression, and closes the reader. */
  static void write(ArrowReader batches, Path to) throws IOException {
    try (batches;
        OutputStream out = Files.newOutputStream(to);
        ArrowFileWriter writer =
            new ArrowFileWriter(batches.getVectorSchemaRoot(), batches, Channels.newChannel(out))) {
      writer.start();
      while (batches.loadNextBatch()) {
        writer.writeBatch();
      }
      writer.end();
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
    reader.close(); // and its channel
  }
}
