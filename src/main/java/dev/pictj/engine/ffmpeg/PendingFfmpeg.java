package dev.pictj.engine.ffmpeg;

import dev.pictj.engine.EngineException;
import java.util.Optional;

/**
 * An ffmpeg that may still be looked for: it links a hundred libraries, and a server that waited
 * for it would start noticeably later. Only a GIF or a video has to wait.
 */
@FunctionalInterface
public interface PendingFfmpeg {
  /** Waits until the search is over. */
  Optional<FfmpegTool> await() throws EngineException, InterruptedException;
}
