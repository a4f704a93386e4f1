package io.credence.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file of raw samples, if one is asked for. */
record SamplesOutput(Optional<SamplesFile> file) implements AutoCloseable {

  static SamplesOutput of(@Nullable Path target) throws IOException {
    return new SamplesOutput(
        target == null ? Optional.empty() : Optional.of(SamplesFile.create(target)));
  }

  void publish() {
    file.ifPresent(SamplesFile::publish);
  }

  @Override
  public void close() throws IOException {
    if (file.isPresent()) {
      file.get().close();
    }
  }
}
