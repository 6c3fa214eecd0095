package dev.pictj.engine.vips;

import dev.pictj.engine.EngineException;
import dev.pictj.media.MediaException;
import dev.pictj.nativecode.UnavailableException;
import java.nio.file.Path;

/** Where jobs are done: in this process, or in one beside it. */
public interface Workshop extends AutoCloseable {
  /**
   * Does a job, and waits for it.
   *
   * @param output an existing file, overwritten; means nothing when this throws
   * @return whether nothing but pixels and a colour profile was written
   * @throws VipsException when libvips could not do it
   * @throws MediaException {@code TOO_EXPENSIVE} when it ran out of time, or wrote too much
   * @throws InterruptedException when this thread is interrupted; the work has stopped by then
   */
  boolean work(Job job, Path source, Path output)
      throws VipsException, MediaException, EngineException, InterruptedException;

  /**
   * Waits until it is known whether jobs can be done here.
   *
   * @throws UnavailableException when they cannot
   */
  void awaitReady() throws UnavailableException, InterruptedException;

  /** For the log once it is ready, such as {@code libvips 8.14.1 with libwebp, in process}. */
  String describe();

  /** What cannot be done here, once it is ready. */
  default Lacks lacks() {
    return Lacks.NOTHING;
  }

  /** The processes that jobs are done in; none where they are done in this one. */
  default Workers workers() {
    return Workers.NONE;
  }

  /**
   * Worker processes.
   *
   * @param idle those without work now
   * @param busy those at work now
   * @param started those that were started since the server was
   */
  record Workers(int idle, int busy, long started) {
    static final Workers NONE = new Workers(0, 0, 0);
  }

  @Override
  void close();
}
