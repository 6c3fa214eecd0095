package dev.pictj.hostile;

import java.util.function.Supplier;

/**
 * One file of the corpus, made when it is asked for.
 *
 * @param kind what is wrong with it
 * @param index among those of its kind
 */
record HostileFile(String format, String kind, int index, Supplier<byte[]> content) {
  /** By this it is found again, such as {@code png/truncated/17}. */
  String name() {
    return family() + "/" + index;
  }

  /** Format and kind. */
  String family() {
    return format + "/" + kind;
  }

  byte[] bytes() {
    return content.get();
  }
}
