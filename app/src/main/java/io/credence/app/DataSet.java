package io.credence.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.credence.app.input.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Files that belong together, where they are fetched from, and how to know them: a manifest.
 *
 * @param name what it is called on the command line
 * @param title what it holds
 * @param licence what may be done with it
 * @param home where people read about it
 * @param use a command that reads it, with {@code DIR} for its folder
 * @param urls folders that hold the files, each ending in a slash, in the order to try
 * @param files the files
 */
record DataSet(
    String name,
    String title,
    String licence,
    String home,
    @Nullable String use,
    List<URI> urls,
    List<Entry> files) {

  private static final List<String> KNOWN =
      List.of("mnist", "fashion-mnist", "notmnist", "uci", "membrane");

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z0-9_+-][A-Za-z0-9._+-]*(/[A-Za-z0-9_+-][A-Za-z0-9._+-]*)*");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * A file of a set.
   *
   * @param path where it lies below the folder, with slashes
   * @param bytes how long it is, at least 1
   * @param sha256 its checksum, 64 hexadecimal digits
   */
  record Entry(String path, long bytes, String sha256) {

    /**
     * Checks what a manifest says.
     *
     * @param path see the record
     * @param bytes see the record
     * @param sha256 see the record
     */
    Entry {
      // No dot begins a name, so that no path leads out of the folder.
      matching("path", path, PATH, "letters, digits and ._+- in names that begin with no dot");
      if (bytes < 1) {
        throw new IllegalArgumentException(path + " has bytes " + bytes + "; give its length");
      }
      matching("sha256 of " + path, sha256, SHA256, "64 digits of 0-9a-f, as sha256sum prints");
    }
  }

  /**
   * Checks what a manifest says.
   *
   * @param name see the record
   * @param title see the record
   * @param licence see the record
   * @param home see the record
   * @param use see the record
   * @param urls see the record
   * @param files see the record
   */
  DataSet {
    matching("name", name, NAME, "lower-case letters, digits and hyphens");
    needed("title", title);
    needed("licence", licence);
    needed("home", home);
    urls = List.copyOf(needed("urls", urls));
    files = List.copyOf(needed("files", files));
    if (urls.isEmpty() || files.isEmpty()) {
      throw new IllegalArgumentException("urls and files must hold one at least");
    }
    for (URI url : urls) {
      String text = url.toString();
      if (!text.matches("https?://.+/") || url.getHost() == null) {
        throw new IllegalArgumentException(
            "url \"" + text + "\" is no folder; give http(s)://HOST/…/ with a slash at its end");
      }
    }
    Set<String> paths = new HashSet<>();
    for (Entry file : files) {
      if (!paths.add(file.path())) {
        throw new IllegalArgumentException("file " + file.path() + " is named twice; name it once");
      }
    }
  }

  /** The sets that the project knows. */
  static List<DataSet> known() {
    return KNOWN.stream().map(DataSet::resource).toList();
  }

  /**
   * The sets that the project knows, and that of a manifest, which comes before one of its name.
   */
  static List<DataSet> known(Optional<Path> manifest) throws IOException {
    List<DataSet> sets = new ArrayList<>(known());
    if (manifest.isPresent()) {
      DataSet own = read(manifest.get());
      sets.removeIf(set -> set.name().equals(own.name()));
      sets.add(own);
    }
    return sets;
  }

  /** One of several, by its name. */
  static DataSet named(String name, List<DataSet> sets) {
    return sets.stream()
        .filter(set -> set.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "data set \""
                        + name
                        + "\" is unknown; choose one of "
                        + sets.stream().map(DataSet::name).collect(Collectors.joining(", "))
                        + ", or name the manifest of your own with --manifest FILE"));
  }

  /** How long its files are together, in bytes. */
  long bytes() {
    return files.stream().mapToLong(Entry::bytes).sum();
  }

  /** Where one of its files may be fetched, in the order to try. */
  List<URI> urls(Entry file) {
    return urls.stream().map(url -> url.resolve(file.path())).toList();
  }

  private static DataSet read(Path manifest) throws IOException {
    try (InputStream in = Files.newInputStream(manifest)) {
      return JSON.readValue(in, DataSet.class);
    } catch (ValueInstantiationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new BadInputException("manifest " + manifest + ": " + cause.getMessage());
    } catch (JsonProcessingException e) {
      throw new BadInputException(
          "manifest "
              + manifest
              + (e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr())
              + ": "
              + e.getOriginalMessage()
              + "; docs/data.md shows one");
    }
  }

  private static DataSet resource(String name) {
    try (InputStream in = DataSet.class.getResourceAsStream("data/" + name + ".json")) {
      return JSON.readValue(in, DataSet.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T needed(String field, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(
          "there is no " + field + "; a manifest has " + fields() + ", and may have use");
    }
    return value;
  }

  private static String fields() {
    return Arrays.stream(DataSet.class.getRecordComponents())
        .map(component -> component.getName())
        .filter(field -> !field.equals("use"))
        .collect(Collectors.joining(", "));
  }

  private static void matching(
      String field, @Nullable String value, Pattern pattern, String allowed) {
    if (!pattern.matcher(needed(field, value)).matches()) {
      throw new IllegalArgumentException(
          field + " \"" + value + "\" is not allowed; give " + allowed);
    }
  }
}
