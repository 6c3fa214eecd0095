package dev.pictj.codec.jpeg;

/** A file is not one that is decoded here. */
final class GiveUpException extends Exception {
  private static final long serialVersionUID = 1;

  GiveUpException(String reason) {
    super(reason, null, false, false);
  }
}
