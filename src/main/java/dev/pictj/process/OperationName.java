package dev.pictj.process;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The names that operations have in a query and in the whitelist. */
public enum OperationName {
  IDENTITY("identity"),
  THUMBNAIL("thumbnail"),
  RESIZE("resize"),
  CROP("crop"),
  BLUR("blur");

  private final String label;

  OperationName(String label) {
    this.label = label;
  }

  /** The name as written in a query. */
  public String label() {
    return label;
  }

  /** The operation of exactly this name. */
  public static Optional<OperationName> of(String label) {
    return Arrays.stream(values()).filter(name -> name.label.equals(label)).findFirst();
  }

  /** All names, for messages. */
  public static String all() {
    return Arrays.stream(values()).map(OperationName::label).collect(Collectors.joining(", "));
  }
}
