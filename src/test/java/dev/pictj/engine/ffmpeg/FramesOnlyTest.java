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
    try (FfmpegCopy frames = FramesOnly.of(avif, copy)) {
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
    try (FfmpegCopy frames = FramesOnly.of(avif, folder.resolve("copy"))) {
      assertEquals(
          HEAD + wide.formatted("free") + MOVIE,
          Files.readString(frames.file(), StandardCharsets.ISO_8859_1));
    }
  }

  /** What browsers do not look at, and what is said in another way. */
  @Test
  void howATrackIsShownIsHidden() throws Exception {
    String upright = "\0\1\0\0" + "\0".repeat(12) + "\0\1\0\0" + "\0".repeat(12) + "@\0\0\0";
    String before = HEAD + movie("m".repeat(36), "clap", "pasp", "irot", "imir") + DATA;
    Path avif = Files.write(folder.resolve("a.avif"), ascii(before));
    try (FfmpegCopy frames = FramesOnly.of(avif, folder.resolve("copy"))) {
      assertEquals(
          HEAD + movie(upright, "free", "free", "free", "free") + DATA,
          Files.readString(frames.file(), StandardCharsets.ISO_8859_1));
    }
  }

  private static String movie(String matrix, String... codes) {
    StringBuilder entry = new StringBuilder("\0".repeat(78) + box("av1C", "code"));
    for (String code : codes) {
      entry.append(box(code, "it"));
    }
    String table = box("stsd", "\0".repeat(8) + box("av01", entry.toString()));
    String header = box("tkhd", "\0".repeat(40) + matrix + "12345678");
    String media = box("mdia", box("minf", box("stbl", table)));
    return box("moov", box("trak", header + media));
  }

  private static String box(String code, String payload) {
    int length = payload.length() + 8;
    return "\0\0" + (char) (length >> 8) + (char) (length & 0xFF) + code + payload;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
