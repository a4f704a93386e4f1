package io.credence.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web server on this machine, with what it was asked for. */
final class LocalServer implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** Path and range of each request, such as {@code /a.gz} or {@code /a.gz bytes=5-}. */
  private final List<String> requests = new CopyOnWriteArrayList<>();

  LocalServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.start();
  }

  /** Answers with these bytes, from where it is asked to. */
  LocalServer serve(String path, byte[] content) {
    return answer(
        path,
        exchange -> {
          int from = from(exchange);
          if (from > 0) {
            range(exchange, from, content.length);
          }
          byte[] rest = Arrays.copyOfRange(content, from, content.length);
          exchange.sendResponseHeaders(from > 0 ? 206 : 200, rest.length);
          exchange.getResponseBody().write(rest);
        });
  }

  LocalServer answer(String path, HttpHandler handler) {
    server.createContext(
        path,
        exchange -> {
          String range = exchange.getRequestHeaders().getFirst("Range");
          requests.add(exchange.getRequestURI() + (range == null ? "" : " " + range));
          try (exchange) {
            handler.handle(exchange);
          }
        });
    return this;
  }

  static int from(HttpExchange exchange) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    return range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=|-", ""));
  }

  static void range(HttpExchange exchange, int from, int length) {
    String range = "bytes " + from + "-" + (length - 1) + "/" + length;
    exchange.getResponseHeaders().set("Content-Range", range);
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  List<String> requests() {
    return List.copyOf(requests);
  }

  /** The address of a server that is not there. */
  static String nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + socket.getLocalPort() + "/";
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
