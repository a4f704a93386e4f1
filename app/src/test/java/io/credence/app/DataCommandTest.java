package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code credence data} knows, and manifests of other people, right and wrong. */
class DataCommandTest {

  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir Path folder;

  private static List<String> names(String list) {
    return list.lines().skip(1).map(line -> line.split(" ", -1)[0]).toList();
  }

  @Test
  void list_namesEverySet() {
    CommandRun run = CommandRun.done("data", "list");
    assertEquals(
        List.of("mnist", "fashion-mnist", "notmnist", "uci", "membrane"), names(run.out()));
    assertTrue(run.out().contains("mnist          11.6 MB  70,000 handwritten digits"), run.out());
    assertTrue(run.out().contains("CC BY-SA 3.0"), run.out());
  }

  @Test
  void list_withAManifest_namesItsSetToo() throws IOException {
    Path own = Manifests.write(folder, List.of("https://example.org/"), "x", CONTENT);
    CommandRun run = CommandRun.done("data", "list", "--manifest", own);
    assertEquals("own", names(run.out()).get(5));
  }

  @Test
  void list_withAManifestOfAKnownName_namesItAlone() throws IOException {
    Path own = Manifests.write(folder, List.of("https://example.org/"), "x", CONTENT);
    Files.writeString(own, Files.readString(own).replace("\"own\"", "\"mnist\""));
    CommandRun run = CommandRun.done("data", "list", "--manifest", own);
    assertEquals(
        List.of("fashion-mnist", "notmnist", "uci", "membrane", "mnist"), names(run.out()));
  }

  @Test
  void fetch_unknownName_listsTheKnown() {
    CommandRun.of("data", "fetch", "mnits")
        .assertRefused(
            "data set \"mnits\" is unknown; choose one of mnist, fashion-mnist, notmnist, uci,"
                + " membrane, or name the manifest of your own with --manifest FILE");
  }

  @Test
  void fetch_noName_isRefused() {
    CommandRun.of("data", "fetch").assertRefused("NAME", "see: credence data fetch --help");
    CommandRun.of("data").assertRefused("a command is missing: list or fetch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "fetch"})
  void help_fitsATerminal_andHasAnExample(String command) {
    CommandRun run = CommandRun.done("data", command, "--help");
    assertTrue(run.out().contains("Usage: credence data " + command), run.out());
    assertTrue(run.out().contains("Example"), run.out());
    run.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
  }

  /** The files that the project's numbers were measured with are those that are fetched. */
  @ParameterizedTest
  @ValueSource(strings = {"notmnist", "uci", "membrane"})
  void known_isTheDataOfTheProject(String name) throws IOException {
    Path data = SharedFolder.data(name);
    DataSet set = DataSet.named(name, DataSet.known());
    Set<String> paths = new HashSet<>();
    for (DataSet.Entry file : set.files()) {
      byte[] bytes = Files.readAllBytes(data.resolve(file.path()));
      assertEquals(bytes.length, file.bytes(), file.path());
      assertEquals(Manifests.sha256(bytes), file.sha256(), file.path());
      paths.add(file.path());
    }
    try (Stream<Path> all = Files.walk(data)) {
      assertEquals(
          paths,
          new HashSet<>(
              all.filter(Files::isRegularFile)
                  .map(file -> data.relativize(file).toString().replace('\\', '/'))
                  .toList()));
    }
    CommandRun run = CommandRun.done("data", "fetch", name, "--to", data);
    assertTrue(run.out().contains("; there already: " + paths.size()), run.out());
  }

  @Test
  void known_urls_areThoseOfOneVersion() {
    for (DataSet set : DataSet.known()) {
      for (DataSet.Entry file : set.files()) {
        set.urls(file).forEach(url -> assertTrue(url.getPath().endsWith("/" + file.path())));
      }
      set.urls().stream()
          .filter(url -> url.getHost().equals("raw.githubusercontent.com"))
          .forEach(url -> assertTrue(url.getPath().matches("/[^/]+/[^/]+/[0-9a-f]{40}/.*")));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"x\" | \"../x\" | path \"../x\" is not allowed; give letters, digits",
        "\"x\" | \"/etc/x\" | path \"/etc/x\" is not allowed",
        "\"x\" | \"a/../x\" | path \"a/../x\" is not allowed",
        "\"x\" | \"a//x\" | path \"a//x\" is not allowed",
        "\"x\" | \"C:\\\\x\" | path \"C:\\x\" is not allowed",
        "\"x\" | \".x\" | path \".x\" is not allowed",
        "\"bytes\": 3 | \"bytes\": 0 | x has bytes 0; give its length",
        "\"bytes\": 3 | \"bytes\": \"three\" | line 9: Cannot deserialize",
        "\"sha256\": \"0 | \"sha256\": \" | sha256 of x \"39058",
        "\"path\": \"x\", | '' | there is no path; a manifest has name, title, licence, home,",
        "\"own\" | \"../own\" | name \"../own\" is not allowed; give lower-case letters",
        "\"title\" | \"colour\": 1, \"title\" | Unrecognized field \"colour\"",
        "\"home\" | \"hmoe\" | there is no home; a manifest has name, title, licence, home,",
        "\"title\": \"random bytes\", | '' | there is no title; a manifest has name, title,",
        "[\"https: | [\"ftp: | url \"ftp://example.org/data/\" is no folder; give http(s)://HOST/",
        "/data/ | /data | url \"https://example.org/data\" is no folder",
        "[\"https://example.org/data/\"] | [] | urls and files must hold one at least",
        "{ | '' | manifest",
      })
  void manifest_wrong_isRefused(String part, String wrong, String message) throws IOException {
    Path own = Manifests.write(folder, List.of("https://example.org/data/"), "x", CONTENT);
    String text = Files.readString(own);
    assertTrue(text.contains(part), text);
    int at = text.indexOf(part);
    Files.writeString(own, text.substring(0, at) + wrong + text.substring(at + part.length()));
    CommandRun.of("data", "fetch", "own", "--manifest", own, "--to", folder.resolve("to"))
        .assertRefused("manifest " + own, message);
  }

  @Test
  void manifest_fileNamedTwice_isRefused() throws IOException {
    Path own = Manifests.write(folder, List.of("https://example.org/"), "x", CONTENT);
    String file =
        "{\"path\": \"x\", \"bytes\": 3, \"sha256\": \"" + Manifests.sha256(CONTENT) + "\"}";
    Files.writeString(own, Files.readString(own).replace(file, file + ", " + file));
    CommandRun.of("data", "fetch", "own", "--manifest", own)
        .assertRefused("file x is named twice; name it once");
  }

  @Test
  void manifest_ofTheDocumentation_isRead() throws IOException {
    String page = Files.readString(Path.of("../docs/data.md"));
    int at = page.indexOf("```json\n") + 8;
    Path own = folder.resolve("scans.json");
    Files.writeString(own, page.substring(at, page.indexOf("```", at)));
    CommandRun run = CommandRun.done("data", "list", "--manifest", own);
    assertTrue(run.out().contains("scans          0.8 MB   2,000 scans"), run.out());
  }

  @Test
  void manifest_missing_isNamed() {
    Path own = folder.resolve("none.json");
    CommandRun.of("data", "list", "--manifest", own).assertRefused("no such file", own);
  }
}
