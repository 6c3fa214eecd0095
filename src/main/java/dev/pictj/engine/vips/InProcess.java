package dev.pictj.engine.vips;

import dev.pictj.codec.jpeg.Raster;
import dev.pictj.engine.EngineException;
import dev.pictj.media.MediaException;
import dev.pictj.nativecode.NativeMemory;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * Does jobs on threads of this process. All that is native belongs to the thread that works and is
 * released by it, at the end of the work and never before.
 */
final class InProcess implements Workshop {
  private final LibVips vips;
  private final JobRunner renderer;
  private final long outputBytes;
  private final JobThreads threads;

  /**
   * Starts the threads.
   *
   * @param jobs at a time
   * @param timeout of one job
   * @param outputBytes the most that one may write
   */
  InProcess(LibVips vips, int jobs, Duration timeout, long outputBytes) {
    this.vips = vips;
    this.renderer = new JobRunner(vips);
    this.outputBytes = outputBytes;
    this.threads = new JobThreads(jobs, timeout, vips::endThread);
  }

  /** The library is loaded already. */
  @Override
  public void awaitReady() {}

  @Override
  public String describe() {
    return renderer.describe() + ", in process";
  }

  @Override
  public Lacks lacks() {
    return renderer.lacks();
  }

  @Override
  public boolean work(Job job, Path source, Path output)
      throws VipsException, MediaException, EngineException, InterruptedException {
    Pictures pictures = new Pictures(vips);
    return threads.run(() -> render(job, source, output, pictures), pictures::kill);
  }

  private boolean render(Job job, Path source, Path output, Pictures pictures)
      throws VipsException, IOException {
    boolean[] bare = new boolean[1];
    // The pictures are closed first, and then the memory that they were made of.
    try (Arena arena = Arena.ofConfined();
        pictures) {
      Sink sink =
          (bytes, clean) -> {
            write(bytes, output);
            bare[0] = clean;
          };
      Optional<Raster> shrunken = Preshrunk.of(job, source, pictures::isKilled);
      if (shrunken.isPresent()) {
        renderer.render(job, Pixels.of(shrunken.get(), arena), pictures, arena, sink);
      } else {
        renderer.render(job, read(source, arena), pictures, arena, sink);
      }
    }
    return bare[0];
  }

  /** Copied, not mapped: a mapped file that is cut short meanwhile ends the process. */
  private static MemorySegment read(Path source, Arena arena) throws VipsException, IOException {
    try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ)) {
      MemorySegment bytes =
          NativeMemory.allocate(Math.max(1, in.size()), arena)
              .orElseThrow(() -> new VipsException("no memory for the source"));
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

  @Override
  public void close() {
    threads.close();
  }
}
