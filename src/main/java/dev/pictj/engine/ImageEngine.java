package dev.pictj.engine;

import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Decodes and encodes stills and animations under limits of time, memory and disk.
 *
 * <p>Every method blocks until the work is done, may be called from many threads, and stops the
 * work when the calling thread is interrupted. Output files are written whole or not at all, and
 * carry no EXIF, XMP, IPTC or comments; an ICC profile is kept. A picture that cannot be read is a
 * {@link MediaException}; an engine that does not work is an {@link EngineException}.
 */
public interface ImageEngine {
  /**
   * Decodes a picture whole and reports what was really there.
   *
   * @param source a file whose header has been judged against the limits
   * @param probed what the header said
   * @throws MediaException {@code INVALID} when the decoder reports an error, {@code TOO_EXPENSIVE}
   *     when it ran out of time or resources
   */
  default Verification verify(Path source, Probed probed)
      throws MediaException, EngineException, InterruptedException {
    return verify(source, probed, Duration.ofDays(1));
  }

  /**
   * Decodes a picture whole in less time than usual: another engine has spent a part of it.
   *
   * @param atMost how long it may take; the usual time where that is less
   */
  Verification verify(Path source, Probed probed, Duration atMost)
      throws MediaException, EngineException, InterruptedException;

  /**
   * Writes a picture anew: orientation applied, metadata gone, in the wanted format. All frames of
   * an animation are kept where the target holds animations and the engine makes them; otherwise
   * the first one is written. Transparency becomes white in JPEG.
   */
  default void convert(Path source, Probed probed, MediaType target, Path output)
      throws MediaException, EngineException, InterruptedException {
    render(source, probed, List.of(), target, output);
  }

  /**
   * Applies steps in order and writes the result. The rules of {@link #convert} hold.
   *
   * @param steps may be empty
   */
  default void render(
      Path source, Probed probed, List<RenderStep> steps, MediaType target, Path output)
      throws MediaException, EngineException, InterruptedException {
    render(new RenderRequest(source, probed, steps, target, Fidelity.USUAL), output);
  }

  /** Applies the steps of a request and writes the result as true to its pixels as it asks. */
  void render(RenderRequest request, Path output)
      throws MediaException, EngineException, InterruptedException;
}
