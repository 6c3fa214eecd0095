package dev.pictj.engine.ffmpeg;

import dev.pictj.engine.EngineException;
import dev.pictj.media.ByteSource;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A GIF whose screen has room for all of its frames. Those that exceed it ffmpeg refuses or unpacks
 * wrongly, the first one too, for which browsers enlarge the screen.
 */
final class GifOnScreen implements AutoCloseable {
  /** Where width and height of the screen stand (GIF89a specification, 18). */
  private static final int SCREEN = 6;

  private final Path file;
  private final Optional<Path> copy;

  private GifOnScreen(Path file, Optional<Path> copy) {
    this.file = file;
    this.copy = copy;
  }

  /**
   * Copies a file where its screen is another one.
   *
   * @param room for all of its frames
   * @param copy where that lies until this is closed
   */
  static GifOnScreen of(Path gif, Dimensions room, Path copy)
      throws MediaException, EngineException {
    try (ByteSource in = ByteSource.ofHeader(gif)) {
      if (in.littleU16(SCREEN) == room.width() && in.littleU16(SCREEN + 2) == room.height()) {
        return new GifOnScreen(gif, Optional.empty());
      }
    } catch (IOException e) {
      throw new EngineException("could not read " + gif, e);
    }
    GifOnScreen made = new GifOnScreen(copy, Optional.of(copy));
    try {
      Files.copy(gif, copy, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel out = FileChannel.open(copy, StandardOpenOption.WRITE)) {
        ByteBuffer screen = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        screen.putShort((short) room.width()).putShort((short) room.height());
        out.write(screen.flip(), SCREEN);
      }
      return made;
    } catch (IOException e) {
      made.close();
      throw new EngineException("could not copy " + gif, e);
    }
  }

  Path file() {
    return file;
  }

  @Override
  public void close() throws EngineException {
    try {
      if (copy.isPresent()) {
        Files.deleteIfExists(copy.get());
      }
    } catch (IOException e) {
      throw new EngineException("could not delete " + copy, e);
    }
  }
}
