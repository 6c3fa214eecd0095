package dev.pictj.engine.vips;

import dev.pictj.engine.EngineException;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Does jobs on threads of this process. The caller only waits, and stops the work when its time is
 * over; all that is native belongs to the thread that works and is released by it, at the end of
 * the work and never before.
 */
final class InProcess implements Workshop {
  /** How long work that was stopped may take to notice. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private static final int GLANCE_MILLIS = 50;

  private final LibVips vips;
  private final Duration timeout;
  private final long outputBytes;
  private final Semaphore places;
  private final ExecutorService pool;

  /**
   * A workshop.
   *
   * @param threads how many jobs at a time
   * @param timeout of one job
   * @param outputBytes the most that one may write
   */
  InProcess(LibVips vips, int threads, Duration timeout, long outputBytes) {
    this.vips = vips;
    this.timeout = timeout;
    this.outputBytes = outputBytes;
    this.places = new Semaphore(threads);
    this.pool =
        Executors.newFixedThreadPool(
            threads,
            work ->
                Thread.ofPlatform()
                    .daemon()
                    .name("vips")
                    .unstarted(
                        () -> {
                          try {
                            work.run();
                          } finally {
                            vips.endThread();
                          }
                        }));
  }

  @Override
  public String describe() {
    return "libvips " + vips.version() + " in process";
  }

  @Override
  public boolean work(Job job, Path source, Path output)
      throws VipsException, MediaException, EngineException, InterruptedException {
    if (!places.tryAcquire()) {
      // Admission lets in no more jobs than there are threads: some do not come back.
      throw new VipsException("no thread is free");
    }
    Pictures pictures = new Pictures(vips);
    Future<Boolean> work =
        pool.submit(
            () -> {
              try {
                return render(job, source, output, pictures);
              } finally {
                places.release();
              }
            });
    try {
      return work.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      stop(work, pictures);
      throw tooExpensive();
    } catch (InterruptedException gone) {
      stop(work, pictures);
      throw gone;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case VipsException cause -> throw cause;
        case TooLargeException _ -> throw tooExpensive();
        case IOException cause -> throw new EngineException("could not read or write", cause);
        case OutOfMemoryError cause -> throw new VipsException("no memory for the source", cause);
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw new EngineException("libvips failed", e.getCause());
      }
    }
  }

  private boolean render(Job job, Path source, Path output, Pictures pictures)
      throws VipsException, IOException {
    boolean[] bare = new boolean[1];
    // In this order: the pictures go before what they were made of.
    try (Arena arena = Arena.ofConfined();
        pictures) {
      new Rendering(vips, job, pictures, arena)
          .run(
              read(source, arena),
              (bytes, clean) -> {
                write(bytes, output);
                bare[0] = clean;
              });
    }
    return bare[0];
  }

  /** Copied, not mapped: a mapped file that is cut short meanwhile ends the process. */
  private static MemorySegment read(Path source, Arena arena) throws IOException {
    try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ)) {
      MemorySegment bytes = arena.allocate(Math.max(1, in.size()));
      ByteBuffer buffer = bytes.asByteBuffer();
      while (buffer.hasRemaining()) {
        if (in.read(buffer) < 0) {
          throw new EOFException("a source became shorter while it was read");
        }
      }
      return bytes;
    }
  }

  private void write(MemorySegment bytes, Path output) throws IOException {
    if (bytes.byteSize() > Math.min(outputBytes, Integer.MAX_VALUE)) {
      throw new TooLargeException();
    }
    try (FileChannel out =
        FileChannel.open(output, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer buffer = bytes.asByteBuffer();
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
    }
  }

  /** Waits until the work has ended; only work that ignores being stopped is left to itself. */
  private static void stop(Future<Boolean> work, Pictures pictures) {
    boolean interrupted = false;
    long end = System.nanoTime() + GRACE.toNanos();
    while (!work.isDone() && System.nanoTime() < end) {
      pictures.kill();
      try {
        work.get(GLANCE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException _) {
        interrupted = true;
      } catch (TimeoutException | ExecutionException _) {
        // Looked at again, or over.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  static MediaException tooExpensive() {
    return new MediaException(
        Reason.TOO_EXPENSIVE, "Rendering this image takes more time or memory than allowed");
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
