package io.credence.app;

import io.credence.app.input.BadRow;
import io.credence.app.input.InputBatch;
import io.credence.app.input.InputSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads the next batch on a thread of its own while the one before is scored. */
final class ReadAhead implements AutoCloseable {

  private final InputSource source;
  private final int rows;
  private final ExecutorService reader;
  private Future<Item> coming;

  /**
   * What was read.
   *
   * @param batch the rows; empty at the end
   * @param position how many rows of the input were taken until its end
   * @param bad the rows that were set aside since the batch before
   */
  record Item(Optional<InputBatch> batch, long position, List<BadRow> bad) {}

  /**
   * Starts to read a source, which nobody else may use until this is closed.
   *
   * @param rows how many rows are in a batch, at most
   */
  ReadAhead(InputSource source, int rows) {
    this.source = source;
    this.rows = rows;
    this.reader =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "credence-reader");
              thread.setDaemon(true);
              return thread;
            });
    this.coming = reader.submit(this::read);
  }

  private Item read() throws IOException {
    Optional<InputBatch> batch = source.next(rows);
    return new Item(batch, source.position(), source.takeBad());
  }

  /**
   * The next batch. None may be asked for after the end.
   *
   * @throws IOException whatever the source throws
   */
  Item next() throws IOException {
    Item item;
    try {
      item = coming.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      if (e.getCause() instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw (Error) e.getCause();
    }
    if (item.batch().isPresent()) {
      coming = reader.submit(this::read);
    }
    return item;
  }

  /** Waits for a batch that is being read, since its source is closed next. */
  @Override
  public void close() {
    reader.shutdown();
    try {
      coming.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      return; // told already, or of no interest after another failure
    }
  }
}
