package dev.pictj.engine.magick;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.child.ChildResult;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads from the marks in ImageMagick's messages ({@code text @ severity/file/function/line})
 * whether a run succeeded. The exit code alone does not tell: version 6 may exit with 1 after mere
 * warnings.
 */
final class MagickVerdict {
  private static final List<String> RESOURCE_MARKS =
      List.of(
          "resources exhausted",
          "time limit exceeded",
          "limit exceeded",
          "exceeds limit",
          "list length",
          "memory allocation failed",
          "out of memory",
          "insufficient memory",
          "cannot allocate memory",
          "unable to extend cache");

  /** Messages of decoders, in lower case, and the texts for clients, without names and paths. */
  private static final List<Map.Entry<String, String>> SENTENCES =
      List.of(
          Map.entry("not a jpeg file", "it is not a JPEG file"),
          Map.entry("not a png file", "it is not a PNG file"),
          Map.entry("improper image header", "its header is damaged"),
          Map.entry("negative or zero image size", "its header claims no pixels"),
          Map.entry("crc error", "a checksum is wrong"),
          Map.entry("insufficient image data", "its picture data is cut short"),
          Map.entry("unexpected end", "its picture data is cut short"),
          Map.entry("premature end", "its picture data is cut short"),
          Map.entry("unexpected eof", "its picture data is cut short"),
          Map.entry("read exception", "its picture data is cut short"),
          Map.entry("corrupt", "its picture data is damaged"),
          Map.entry("huffman", "its picture data is damaged"),
          Map.entry("unsupported", "it uses a variant of its format that is not supported"));

  private MagickVerdict() {}

  /** Whether the decoder said nothing at all. */
  static boolean clean(ChildResult result) {
    return result.exitCode() == 0 && result.errors().isBlank();
  }

  /**
   * Accepts a run that decoded its picture, with or without warnings.
   *
   * @throws MediaException when the picture is to blame
   * @throws EngineException when ImageMagick is
   */
  static void require(ChildResult result) throws MediaException, EngineException {
    if (result.notStarted()) {
      throw new EngineException("ImageMagick could not be started: " + result.errors());
    }
    if (result.diskFull()) {
      throw new EngineException("ImageMagick: No space left on device: " + result.errors());
    }
    String text = result.errors().toLowerCase(Locale.ROOT);
    if (result.exhausted() || RESOURCE_MARKS.stream().anyMatch(text::contains)) {
      throw new MediaException(
          Reason.TOO_EXPENSIVE, "Reading this image takes more time or memory than allowed");
    }
    if (text.contains("security policy")) {
      throw new EngineException("ImageMagick refuses by policy: " + result.errors());
    }
    boolean failed = text.contains("@ error/") || text.contains("@ fatal");
    boolean onlyWarned = text.contains("@ warning/") && !failed && result.exitCode() == 1;
    if (failed || (result.exitCode() != 0 && !onlyWarned)) {
      throw new MediaException(Reason.INVALID, "Image cannot be read: " + reason(text));
    }
  }

  /** Whether writing the result failed; most coders do not say why. */
  static boolean couldNotWrite(ChildResult result) {
    String text = result.errors().toLowerCase(Locale.ROOT);
    return text.contains("unable to write file") || text.contains("writeblob failed");
  }

  private static String reason(String text) {
    return SENTENCES.stream()
        .filter(entry -> text.contains(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("its picture data is damaged");
  }
}
