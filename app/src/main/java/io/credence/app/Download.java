package io.credence.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/**
 * Fetches files by HTTP. What comes is written beside its place, under the name with {@code .part},
 * and moved there once its checksum is right; a part that is there, of a run that was stopped, is
 * gone on with. Proxies are those of the JVM ({@code https.proxyHost}).
 */
final class Download {

  private static final int TRIES = 5;
  private static final int LONGEST_WAIT_SECONDS = 60;
  private static final int BUFFER = 1 << 16;

  private final Duration patience;
  private final HttpClient client;
  private final ExecutorService reader =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "download");
            thread.setDaemon(true);
            return thread;
          });

  /** Waits so long, at most, for a connection, an answer, and each of its pieces. */
  Download(Duration patience) {
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(patience)
            .build();
  }

  /**
   * An HTTP answer, or a file, that is not what was asked for. The message begins with the host.
   */
  private static final class AnswerException extends IOException {

    private static final long serialVersionUID = 1L;

    AnswerException(URI url, String what) {
      super(url.getHost() + " " + what);
    }
  }

  /**
   * Fetches a file from the first of the URLs that gives it.
   *
   * @param urls where it is, in the order to try
   * @param file its length and checksum
   * @param target where it belongs; a file that is there is replaced
   * @param came told how many bytes of it have come
   * @throws IOException if none gives it; the message says why of each. What came of it is left as
   *     a part, unless it is wrong
   * @throws OutputException if it cannot be written
   */
  void fetch(List<URI> urls, DataSet.Entry file, Path target, LongConsumer came)
      throws IOException {
    Path part = target.resolveSibling(target.getFileName() + ".part");
    List<String> failures = new ArrayList<>();
    for (URI url : urls) {
      Optional<String> failure = from(url, file, part, came);
      if (failure.isEmpty()) {
        onDisk(
            target,
            () ->
                Files.move(
                    part,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING));
        return;
      }
      failures.add(failure.get());
    }
    throw new IOException(String.join("; ", failures));
  }

  /** Completes the part, in several requests if the connection is cut, or says what failed. */
  private Optional<String> from(URI url, DataSet.Entry file, Path part, LongConsumer came)
      throws IOException {
    String failure = "";
    for (int attempt = 0; attempt < TRIES; attempt++) {
      long before = size(part);
      try {
        if (before < file.bytes()) {
          get(url, file, part, before, came);
        }
        String found = DataFetch.sha256(part);
        if (found.equals(file.sha256())) {
          return Optional.empty();
        }
        onDisk(part, () -> Files.delete(part));
        throw new AnswerException(
            url, "gives another file: sha256 " + file.sha256() + " is expected, is " + found);
      } catch (IOException e) {
        failure = reason(url, e);
      }
      if (size(part) == before) {
        // Nothing came, or all of it and wrong. Otherwise a part was cut off, or is to begin anew.
        break;
      }
    }
    return Optional.of(failure);
  }

  private void get(URI url, DataSet.Entry file, Path part, long from, LongConsumer came)
      throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(patience);
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    HttpResponse<InputStream> response = answer(request.build());
    try (InputStream body = response.body()) {
      if (response.statusCode() == 206 && from > 0) {
        String expected = "bytes " + from + "-" + (file.bytes() - 1) + "/" + file.bytes();
        String range = response.headers().firstValue("Content-Range").orElse("");
        if (!range.equals(expected)) {
          onDisk(part, () -> Files.delete(part));
          throw new AnswerException(
              url, "answers with \"" + range + "\"; \"" + expected + "\" was asked for");
        }
        copy(url, body, file, part, from, came);
      } else if (response.statusCode() == 200) {
        long length = response.headers().firstValueAsLong("Content-Length").orElse(file.bytes());
        if (length != file.bytes()) {
          throw new AnswerException(
              url, "gives another file: " + length + " bytes, " + file.bytes() + " are expected");
        }
        copy(url, body, file, part, 0, came);
      } else {
        if (response.statusCode() == 416) {
          onDisk(part, () -> Files.delete(part));
        }
        throw new AnswerException(url, "answers " + response.statusCode() + " to " + url.getPath());
      }
    }
  }

  /** The answer, waited for as long as the server asks for, within limits. */
  private HttpResponse<InputStream> answer(HttpRequest request) throws IOException {
    try {
      HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
      for (int i = 0; i < TRIES && wait(response).isPresent(); i++) {
        response.body().close();
        TimeUnit.SECONDS.sleep(wait(response).get());
        response = client.send(request, BodyHandlers.ofInputStream());
      }
      return response;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** How many seconds a server that has too much to do asks to wait; empty if too many. */
  private static Optional<Integer> wait(HttpResponse<?> response) {
    if (response.statusCode() != 429 && response.statusCode() != 503) {
      return Optional.empty();
    }
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(text -> text.matches("\\d{1,5}"))
        .map(Integer::valueOf)
        .filter(seconds -> seconds <= LONGEST_WAIT_SECONDS);
  }

  private void copy(
      URI url, InputStream body, DataSet.Entry file, Path part, long from, LongConsumer came)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    long size = from;
    try (OutputStream out = open(part, from > 0)) {
      for (int n = read(url, body, buffer); n >= 0; n = read(url, body, buffer)) {
        int length = n;
        onDisk(part, () -> out.write(buffer, 0, length));
        size += n;
        came.accept(Math.min(size, file.bytes()));
        if (size > file.bytes()) {
          break;
        }
      }
    }
    if (size > file.bytes()) {
      onDisk(part, () -> Files.delete(part));
      throw new AnswerException(url, "gives another file: more than " + file.bytes() + " bytes");
    }
    if (size < file.bytes()) {
      throw new AnswerException(url, "gave " + size + " of " + file.bytes() + " bytes");
    }
  }

  /** Reads what is there, which the HTTP client does for as long as it takes. */
  private int read(URI url, InputStream body, byte[] buffer) throws IOException {
    Future<Integer> read = reader.submit(() -> body.read(buffer));
    try {
      return read.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AnswerException(url, "has sent nothing for " + patience.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String reason(URI url, IOException e) {
    if (e instanceof AnswerException) {
      return e.getMessage();
    }
    if (e instanceof ConnectException || e instanceof HttpConnectTimeoutException) {
      return url.getHost() + " cannot be reached";
    }
    return url.getHost() + " broke off: " + e.getMessage();
  }

  private static long size(Path part) throws IOException {
    return Files.exists(part) ? Files.size(part) : 0;
  }

  private static OutputStream open(Path part, boolean append) {
    OutputStream[] out = new OutputStream[1];
    onDisk(
        part,
        () ->
            out[0] =
                Files.newOutputStream(
                    part,
                    StandardOpenOption.CREATE,
                    append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE));
    return out[0];
  }

  /** Something done to a file. */
  interface DiskAction {
    /** Does it. */
    void run() throws IOException;
  }

  /** Tells a disk that fails from a network that does. */
  static void onDisk(Path path, DiskAction action) {
    try {
      action.run();
    } catch (IOException e) {
      String why = e.getMessage();
      if (e instanceof AccessDeniedException) {
        why = "no permission";
      } else if (e instanceof FileSystemException failed && failed.getReason() != null) {
        why = failed.getReason();
      }
      throw new OutputException(
          path + " cannot be written: " + why + "; make room or name another folder with --to", e);
    }
  }
}
