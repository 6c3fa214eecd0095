package dev.pictj.fuzz;

import java.util.List;
import java.util.stream.Stream;

/** Texts of one piece again and again, over which a pattern may go back and forth. */
final class Monotony {
  private static final List<String> STARTS =
      List.of(
          "", "bytes=", "multipart/form-data; x=\"", "blur=", "crop=", "http://", "\0\1\0\1src=");

  private static final List<String> PIECES =
      List.of(
          " ",
          "\t",
          "0",
          "9",
          "-",
          ",",
          "\"",
          "\\",
          "\\\"",
          "a",
          "1.",
          "%",
          "&a",
          "&blur=1",
          "x",
          ":1",
          "/..",
          "[",
          "0x1.",
          ";boundary");

  private Monotony() {}

  static Stream<String> texts(int length) {
    return STARTS.stream()
        .flatMap(
            start ->
                PIECES.stream().map(piece -> start + piece.repeat(length / piece.length()) + "!"));
  }
}
