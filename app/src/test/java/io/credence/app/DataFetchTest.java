package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fetching from a server that works, and from those that do not. */
class DataFetchTest {

  private static final int SIZE = 10_000;

  private final LocalServer server = new LocalServer();
  private final byte[] content = new byte[SIZE];
  private final byte[] other = new byte[SIZE];
  @TempDir Path folder;
  private Path to;
  private Path target;
  private Path part;

  @BeforeEach
  void fill() {
    Random random = new Random(7);
    random.nextBytes(content);
    random.nextBytes(other);
    to = folder.resolve("in");
    target = to.resolve("a/x.gz");
    part = to.resolve("a/x.gz.part");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private CommandRun fetch(Object... options) throws IOException {
    return fetchFrom(List.of(server.url()), options);
  }

  private CommandRun fetchFrom(List<String> urls, Object... options) throws IOException {
    Path manifest = Manifests.write(folder, urls, "a/x.gz", content);
    Object[] args = {"data", "fetch", "own", "--manifest", manifest, "--to", to};
    Object[] all = Arrays.copyOf(args, args.length + options.length);
    System.arraycopy(options, 0, all, args.length, options.length);
    return CommandRun.of(all);
  }

  private void assertFetched(CommandRun run, String... requests) throws IOException {
    assertEquals(0, run.exitCode(), run::toString);
    assertArrayEquals(content, Files.readAllBytes(target));
    assertEquals(List.of("x.gz"), CommandRun.names(target.getParent()));
    assertEquals(List.of(requests), server.requests());
  }

  private void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  @Test
  void fetch_nothingThere_bringsTheFile_andTheNextRunKeepsIt() throws IOException {
    server.serve("/a/x.gz", content);
    CommandRun run = fetch();
    assertFetched(run, "/a/x.gz");
    assertEquals(
        List.of(
            "own: 1 file, 0.0 MB, in " + to,
            "licence: none",
            "about: https://example.org/own",
            "next: credence train lenet --data " + to),
        run.out().lines().toList());
    CommandRun again = fetch();
    assertFetched(again, "/a/x.gz");
    assertTrue(again.out().contains("; there already: 1"), again.out());
  }

  @Test
  void fetch_connectionCut_goesOnWhereItWas() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    server.answer(
        "/a/x.gz",
        exchange -> {
          int from = LocalServer.from(exchange);
          LocalServer.range(exchange, from, SIZE);
          exchange.sendResponseHeaders(from > 0 ? 206 : 200, SIZE - from);
          int length = calls.incrementAndGet() < 3 ? 3000 : SIZE - from;
          exchange.getResponseBody().write(content, from, length);
          exchange.getResponseBody().flush();
        });
    assertFetched(fetch(), "/a/x.gz", "/a/x.gz bytes=3000-", "/a/x.gz bytes=6000-");
  }

  @Test
  void fetch_connectionCutForGood_keepsThePart_forTheNextRun() throws IOException {
    AtomicBoolean well = new AtomicBoolean();
    server.answer(
        "/a/x.gz",
        exchange -> {
          int from = LocalServer.from(exchange);
          if (from > 0 && !well.get()) {
            return; // hangs up
          }
          LocalServer.range(exchange, from, SIZE);
          exchange.sendResponseHeaders(from > 0 ? 206 : 200, SIZE - from);
          exchange.getResponseBody().write(content, from, from > 0 ? SIZE - from : 4000);
          exchange.getResponseBody().flush();
        });
    fetch().assertRefused("a/x.gz of own cannot be fetched: 127.0.0.1 broke off", "run the same");
    assertArrayEquals(Arrays.copyOf(content, 4000), Files.readAllBytes(part));
    assertFalse(Files.exists(target));
    well.set(true);
    CommandRun again = fetch();
    assertEquals(0, again.exitCode(), again::toString);
    assertArrayEquals(content, Files.readAllBytes(target));
    assertEquals(1, server.requests().stream().filter("/a/x.gz"::equals).count());
  }

  @Test
  void fetch_partThere_serverWithoutRanges_beginsAnew() throws IOException {
    write(part, Arrays.copyOf(content, 4000));
    server.answer(
        "/a/x.gz",
        exchange -> {
          exchange.sendResponseHeaders(200, SIZE);
          exchange.getResponseBody().write(content);
        });
    assertFetched(fetch(), "/a/x.gz bytes=4000-");
  }

  @Test
  void fetch_partThere_otherRangeThanAskedFor_beginsAnew() throws IOException {
    write(part, Arrays.copyOf(content, 4000));
    server.answer(
        "/a/x.gz",
        exchange -> {
          int from = LocalServer.from(exchange);
          LocalServer.range(exchange, from + 1, SIZE);
          exchange.sendResponseHeaders(from > 0 ? 206 : 200, SIZE - from);
          exchange.getResponseBody().write(content, from, SIZE - from);
        });
    assertFetched(fetch(), "/a/x.gz bytes=4000-", "/a/x.gz");
  }

  @Test
  void fetch_partThere_rangeRefused_beginsAnew() throws IOException {
    write(part, Arrays.copyOf(content, 4000));
    server.answer(
        "/a/x.gz",
        exchange -> {
          boolean asked = LocalServer.from(exchange) > 0;
          exchange.sendResponseHeaders(asked ? 416 : 200, asked ? -1 : SIZE);
          if (!asked) {
            exchange.getResponseBody().write(content);
          }
        });
    assertFetched(fetch(), "/a/x.gz bytes=4000-", "/a/x.gz");
  }

  @Test
  void fetch_partOfAnotherFile_beginsAnew() throws IOException {
    write(part, Arrays.copyOf(other, 4000));
    server.serve("/a/x.gz", content);
    assertFetched(fetch(), "/a/x.gz bytes=4000-", "/a/x.gz");
  }

  @Test
  void fetch_partLongerThanTheFile_beginsAnew() throws IOException {
    write(part, Arrays.copyOf(content, SIZE + 1));
    server.serve("/a/x.gz", content);
    assertFetched(fetch(), "/a/x.gz");
  }

  @Test
  void fetch_partComplete_asksNobody() throws IOException {
    write(part, content);
    assertFetched(fetch());
  }

  @Test
  void fetch_otherChecksum_isNamed_andNothingIsLeft() throws IOException {
    server.serve("/a/x.gz", other);
    fetch()
        .assertRefused(
            "a/x.gz of own cannot be fetched: 127.0.0.1 gives another file: sha256 "
                + Manifests.sha256(content)
                + " is expected, is "
                + Manifests.sha256(other));
    assertEquals(List.of(), CommandRun.names(target.getParent()));
    assertEquals(List.of("/a/x.gz"), server.requests());
  }

  @Test
  void fetch_otherLength_isNamed_andNoByteIsTaken() throws IOException {
    server.serve("/a/x.gz", "please log in".getBytes(StandardCharsets.UTF_8));
    fetch().assertRefused("127.0.0.1 gives another file: 13 bytes, 10000 are expected");
    assertEquals(List.of(), CommandRun.names(target.getParent()));
  }

  @Test
  @Timeout(60)
  void fetch_moreThanTheFile_withoutEnd_isNamed() throws IOException {
    server.answer(
        "/a/x.gz",
        exchange -> {
          exchange.sendResponseHeaders(200, 0); // in chunks
          while (true) {
            exchange.getResponseBody().write(content); // fails once nobody listens
          }
        });
    fetch().assertRefused("127.0.0.1 gives another file: more than 10000 bytes");
    assertEquals(List.of(), CommandRun.names(target.getParent()));
  }

  @Test
  void fetch_notFound_asksTheNext() throws IOException {
    server.serve("/mirror/a/x.gz", content);
    assertFetched(fetchFrom(List.of(server.url(), server.url() + "mirror/")), "/mirror/a/x.gz");
  }

  @Test
  void fetch_otherChecksum_asksTheNext() throws IOException {
    server.serve("/old/a/x.gz", other).serve("/a/x.gz", content);
    assertFetched(
        fetchFrom(List.of(server.url() + "old/", server.url())), "/old/a/x.gz", "/a/x.gz");
  }

  @Test
  void fetch_redirected_follows() throws IOException {
    server.serve("/elsewhere", content);
    server.answer(
        "/a/x.gz",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          exchange.sendResponseHeaders(302, -1);
        });
    assertFetched(fetch(), "/a/x.gz", "/elsewhere");
  }

  @Test
  void fetch_serverBusy_waitsAsItIsAsked() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    server.answer(
        "/a/x.gz",
        exchange -> {
          boolean busy = calls.incrementAndGet() < 3;
          exchange.getResponseHeaders().set("Retry-After", "0");
          exchange.sendResponseHeaders(busy ? 429 : 200, busy ? -1 : SIZE);
          if (!busy) {
            exchange.getResponseBody().write(content);
          }
        });
    assertFetched(fetch(), "/a/x.gz", "/a/x.gz", "/a/x.gz");
  }

  @Test
  void fetch_serverBusyForLong_isNamed() throws IOException {
    server.answer(
        "/a/x.gz",
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "3600");
          exchange.sendResponseHeaders(429, -1);
        });
    fetch().assertRefused("127.0.0.1 answers 429 to /a/x.gz");
    assertEquals(List.of("/a/x.gz"), server.requests());
  }

  @Test
  void fetch_nobodyThere_tellsWhatToPutWhere() throws IOException {
    String first = LocalServer.nobody();
    CommandRun run = fetchFrom(List.of(first, server.url()));
    run.assertRefused()
        .assertMessage(
            "a/x.gz of own cannot be fetched: 127.0.0.1 cannot be reached; 127.0.0.1 answers 404 to"
                + " /a/x.gz\nrun the same command again to go on where it stopped; without a network,"
                + " put into "
                + to
                + ", from "
                + first
                + ":\n  a/x.gz");
  }

  @Test
  @Timeout(60)
  void fetch_serverFallsSilent_isGivenUp() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    server.answer(
        "/a/x.gz",
        exchange -> {
          exchange.sendResponseHeaders(200, SIZE);
          exchange.getResponseBody().write(content, 0, 4000);
          exchange.getResponseBody().flush();
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    write(part, new byte[0]);
    DataSet.Entry file = new DataSet.Entry("a/x.gz", SIZE, Manifests.sha256(content));
    Download download = new Download(Duration.ofMillis(700));
    URI url = URI.create(server.url() + "a/x.gz");
    IOException e =
        assertThrows(
            IOException.class, () -> download.fetch(List.of(url), file, target, came -> {}));
    over.countDown();
    assertTrue(e.getMessage().startsWith("127.0.0.1 "), e.getMessage());
    assertFalse(Files.exists(target));
  }

  @Test
  void fetch_anotherFileThere_isRefused_orReplacedWhereAsked() throws IOException {
    server.serve("/a/x.gz", content);
    write(target, other);
    fetch()
        .assertRefused(
            target + " is another file than that of own: sha256 " + Manifests.sha256(content),
            "is " + Manifests.sha256(other),
            "move it away, choose another folder with --to, or replace it with --overwrite");
    assertArrayEquals(other, Files.readAllBytes(target));
    assertEquals(List.of(), server.requests());
    assertFetched(fetch("--overwrite"), "/a/x.gz");
  }

  @Test
  void fetch_partThatCannotBeWritten_isAnOutputThatFails() throws IOException {
    server.serve("/a/x.gz", content);
    write(part.resolve("in-the-way"), content);
    CommandRun run = fetch();
    assertEquals(3, run.exitCode(), run::toString);
    run.assertSays("credence: " + part + " cannot be written", "another folder with --to");
  }

  @Test
  void fetch_belowAFile_isRefused() throws IOException {
    write(to.resolve("a"), content);
    fetch().assertRefused(target + " cannot be written: " + to.resolve("a") + " is a file");
  }

  @Test
  void fetch_folderInTheWay_isRefused() throws IOException {
    Files.createDirectories(target);
    fetch().assertRefused(target + " is a folder; move it away");
  }
}
