package dev.pictj.engine.ffmpeg;

import dev.pictj.engine.EngineException;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A changed copy of a picture, which ffmpeg reads in its place.
 *
 * @param file where it lies until this is closed
 */
record FfmpegCopy(Path file) implements AutoCloseable {
  /** What writes one. */
  @FunctionalInterface
  interface Writing {
    void to(Path file) throws IOException, MediaException;
  }

  /**
   * Makes one; nothing is left where that fails.
   *
   * @throws MediaException when the picture is damaged
   */
  static FfmpegCopy of(Path picture, Path file, Writing writing)
      throws MediaException, EngineException {
    FfmpegCopy copy = new FfmpegCopy(file);
    try {
      writing.to(file);
      return copy;
    } catch (IOException e) {
      copy.close();
      throw new EngineException("could not copy " + picture, e);
    } catch (MediaException e) {
      copy.close();
      throw e;
    }
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
