package io.credence.app;

import io.credence.app.input.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;

/** Brings the files of a data set into a folder; those that are there already are kept. */
final class DataFetch {

  private static final int LISTED = 8;
  private static final int KILO = 1000;

  private final DataSet set;
  private final Path folder;
  private final Download download;

  DataFetch(DataSet set, Path folder, Download download) {
    this.set = set;
    this.folder = folder;
    this.download = download;
  }

  /**
   * Fetches what is missing.
   *
   * @param overwrite whether files that are there with another checksum are replaced
   * @return how many files were fetched
   * @throws BadInputException if a file is there that is another, or one cannot be fetched
   * @throws OutputException if the folder cannot be written
   */
  int run(boolean overwrite) throws IOException {
    List<DataSet.Entry> missing = missing(overwrite);
    long done = set.bytes() - missing.stream().mapToLong(DataSet.Entry::bytes).sum();
    try (Progress progress =
        Progress.of("fetching " + set.name(), OptionalLong.of(set.bytes() / KILO), " kB")) {
      for (int i = 0; i < missing.size(); i++) {
        DataSet.Entry file = missing.get(i);
        long before = done;
        progress.message(file.path());
        try {
          download.fetch(
              set.urls(file),
              file,
              prepared(file),
              came -> progress.stepTo((before + came) / KILO));
        } catch (IOException e) {
          throw new BadInputException(failure(e, missing.subList(i, missing.size())));
        }
        done += file.bytes();
        progress.stepTo(done / KILO);
      }
    }
    return missing.size();
  }

  private List<DataSet.Entry> missing(boolean overwrite) throws IOException {
    List<DataSet.Entry> missing = new ArrayList<>();
    for (DataSet.Entry file : set.files()) {
      Path target = folder.resolve(file.path());
      if (!Files.exists(target)) {
        missing.add(file);
      } else if (Files.isDirectory(target)) {
        throw new BadInputException(target + " is a folder; move it away, a file belongs there");
      } else {
        String found = sha256(target);
        if (!found.equals(file.sha256())) {
          if (!overwrite) {
            throw new BadInputException(
                target
                    + " is another file than that of "
                    + set.name()
                    + ": sha256 "
                    + file.sha256()
                    + " is expected, is "
                    + found
                    + "; move it away, choose another folder with --to, or replace it with"
                    + " --overwrite");
          }
          missing.add(file);
        }
      }
    }
    return missing;
  }

  private Path prepared(DataSet.Entry file) {
    Path target = folder.resolve(file.path());
    Download.onDisk(
        target,
        () -> {
          try {
            Files.createDirectories(target.toAbsolutePath().getParent());
          } catch (FileAlreadyExistsException e) {
            throw new BadInputException(
                target + " cannot be written: " + e.getFile() + " is a file, not a folder");
          }
        });
    return target;
  }

  private String failure(IOException e, List<DataSet.Entry> missing) {
    StringBuilder text = new StringBuilder();
    text.append(missing.get(0).path()).append(" of ").append(set.name());
    text.append(" cannot be fetched: ").append(e.getMessage());
    text.append("\nrun the same command again to go on where it stopped; without a network, put");
    text.append(" into ").append(folder).append(", from ").append(set.urls().get(0)).append(":");
    missing.stream().limit(LISTED).forEach(file -> text.append("\n  ").append(file.path()));
    if (missing.size() > LISTED) {
      text.append("\n  and ").append(missing.size() - LISTED).append(" more");
    }
    return text.toString();
  }

  /** The checksum of a file, 64 hexadecimal digits. */
  static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
