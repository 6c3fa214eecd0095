package dev.pictj.engine.ffmpeg;

import dev.pictj.engine.EngineException;
import dev.pictj.media.ByteSource;
import dev.pictj.media.Chunks;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A copy of an animated AVIF in which only the frames are found, as they are coded.
 *
 * <ul>
 *   <li>The stills beside them are items (ISO/IEC 14496-12, 8.11), which ffmpeg 7 takes for streams
 *       in front of those of the tracks, with the same ids.
 *   <li>Browsers leave the matrix of a track and the shape of pixels alone. ffmpeg turns, or writes
 *       another size than that of the pictures.
 *   <li>How a track is cut and turned (ISO/IEC 23008-12, 6.5.9 and 6.5.10) is left out too: {@link
 *       AvifArguments} tells ffmpeg.
 * </ul>
 */
final class FramesOnly {
  private static final ByteBuffer FREE_BOX = StandardCharsets.US_ASCII.encode("free");

  /** The fields of a sample entry, and of what is around it, before their boxes. */
  private static final int ENTRY = 78;

  private static final int ENTRIES = 8;

  /** Bytes of the matrix and of the two sides behind it, at the end of a track's header. */
  private static final int MATRIX = 44;

  private static final ByteBuffer UPRIGHT =
      ByteBuffer.allocate(36).putInt(0, 1 << 16).putInt(16, 1 << 16).putInt(32, 1 << 30);

  private FramesOnly() {}

  /**
   * Copies a file.
   *
   * @param file where the copy lies until this is closed
   * @throws MediaException when its boxes are damaged
   */
  static FfmpegCopy of(Path avif, Path file) throws MediaException, EngineException {
    return FfmpegCopy.of(
        avif,
        file,
        copy -> {
          Files.copy(avif, copy, StandardCopyOption.REPLACE_EXISTING);
          hide(copy);
        });
  }

  private static void hide(Path file) throws IOException, MediaException {
    try (ByteSource in = ByteSource.ofHeader(file);
        FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      hide(Chunks.ofStill(in), 0, out);
    }
  }

  /**
   * Renames boxes to {@code free}, so that readers skip them and everything else keeps its place.
   */
  private static void hide(Chunks boxes, long from, FileChannel out)
      throws IOException, MediaException {
    long start = from;
    while (boxes.next() && boxes.isWhole()) {
      switch (boxes.code()) {
        case "meta" -> {
          if (from == 0) {
            out.write(FREE_BOX.duplicate(), start + 4);
          }
        }
        case "clap", "pasp", "irot", "imir" -> out.write(FREE_BOX.duplicate(), start + 4);
        case "moov", "trak", "mdia", "minf", "stbl" -> within(boxes, 0, out);
        case "stsd" -> within(boxes, ENTRIES, out);
        case "av01" -> within(boxes, ENTRY, out);
        case "tkhd" -> {
          if (boxes.length() >= MATRIX) {
            out.write(UPRIGHT.duplicate(), boxes.end() - MATRIX);
          }
        }
        default -> {}
      }
      start = boxes.end();
    }
  }

  /** Hides boxes within a box, which begin after some bytes of it. */
  private static void within(Chunks box, int behind, FileChannel out)
      throws IOException, MediaException {
    if (box.length() >= behind) {
      hide(box.inner(behind), box.at() + behind, out);
    }
  }
}
