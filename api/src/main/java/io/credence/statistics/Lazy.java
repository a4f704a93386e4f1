package io.credence.statistics;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is computed when it is first asked for, from what nobody changes. Several threads
 * may ask at once; each gets an equal value.
 */
final class Lazy<T> {

  private volatile @Nullable Supplier<T> source;
  private volatile @Nullable T value;

  Lazy(Supplier<T> source) {
    this.source = source;
  }

  T get() {
    T known = value;
    Supplier<T> from = source;
    if (known == null && from != null) {
      known = from.get();
      value = known;
      source = null; // and what it was computed from
    }
    return known == null ? get() : known;
  }
}
