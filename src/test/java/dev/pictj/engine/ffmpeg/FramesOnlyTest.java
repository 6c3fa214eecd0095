package dev.pictj.engine.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copy of an animated AVIF that is handed to ffmpeg. */
final class FramesOnlyTest {
  private static final String HEAD = "\0\0\0\20ftypavis\0\0\0\0";
  private static final String MOVIE = "\0\0\0\20moov\0\0\0\10meta";
  private static final String DATA = "\0\0\0\14mdatmeta";

  @TempDir private Path folder;

  @Test
  void itemsOfTheFileAreHiddenAndNothingElseIsMoved() throws Exception {
    byte[] items = ascii(HEAD + "\0\0\0\14metaitem" + MOVIE + DATA);
    Path avif = Files.write(folder.resolve("a.avif"), items);
    Path copy = folder.resolve("copy");
    try (FramesOnly frames = FramesOnly.of(avif, copy)) {
      assertEquals(
          new String(ascii(HEAD + "\0\0\0\14freeitem" + MOVIE + DATA), StandardCharsets.ISO_8859_1),
          Files.readString(frames.file(), StandardCharsets.ISO_8859_1));
    }
    assertFalse(Files.exists(copy));
    assertArrayEquals(items, Files.readAllBytes(avif));
  }

  @Test
  void aLengthMayTakeSixtyFourBits() throws Exception {
    String wide = "\0\0\0\1%s\0\0\0\0\0\0\0\24item";
    Path avif = Files.write(folder.resolve("a.avif"), ascii(HEAD + wide.formatted("meta") + MOVIE));
    try (FramesOnly frames = FramesOnly.of(avif, folder.resolve("copy"))) {
      assertEquals(
          HEAD + wide.formatted("free") + MOVIE,
          Files.readString(frames.file(), StandardCharsets.ISO_8859_1));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
