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
 * A copy of an animated AVIF in which only the frames are found. The stills beside them are items
 * (ISO/IEC 14496-12, 8.11), which ffmpeg 7 takes for streams in front of those of the tracks, with
 * the same ids.
 */
final class FramesOnly implements AutoCloseable {
  private static final ByteBuffer FREE = StandardCharsets.US_ASCII.encode("free");

  private final Path file;

  private FramesOnly(Path file) {
    this.file = file;
  }

  /**
   * Copies a file.
   *
   * @param file where the copy lies until this is closed
   * @throws MediaException when its boxes are damaged
   */
  static FramesOnly of(Path avif, Path file) throws MediaException, EngineException {
    FramesOnly copy = new FramesOnly(file);
    try {
      Files.copy(avif, file, StandardCopyOption.REPLACE_EXISTING);
      copy.hideItems();
      return copy;
    } catch (IOException e) {
      copy.close();
      throw new EngineException("could not copy " + avif, e);
    } catch (MediaException e) {
      copy.close();
      throw e;
    }
  }

  /** The box becomes one of no meaning, so that everything else stays where it is. */
  private void hideItems() throws IOException, MediaException {
    try (ByteSource in = ByteSource.ofHeader(file);
        FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      Chunks boxes = Chunks.ofStill(in);
      long start = 0;
      while (boxes.next() && boxes.isWhole()) {
        if (boxes.code().equals("meta")) {
          out.write(FREE.duplicate(), start + 4);
        }
        start = boxes.end();
      }
    }
  }

  Path file() {
    return file;
  }

  @Override
  public void close() throws EngineException {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new EngineException("could not delete " + file, e);
    }
  }
}
