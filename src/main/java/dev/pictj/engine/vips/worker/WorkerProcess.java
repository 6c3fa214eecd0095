package dev.pictj.engine.vips.worker;

import dev.pictj.codec.jpeg.Raster;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.child.ChildCommand;
import dev.pictj.engine.child.ChildLimits;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Resident;
import dev.pictj.engine.vips.Check;
import dev.pictj.engine.vips.Job;
import dev.pictj.engine.vips.JobRunner;
import dev.pictj.engine.vips.Lacks;
import dev.pictj.engine.vips.TooLargeException;
import dev.pictj.engine.vips.VipsException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The server's end of one {@link Worker}. Used by one thread at a time, killed by any. */
final class WorkerProcess implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private static final Duration MAX_TIME_TO_DIE = Duration.ofMillis(500);

  private final Resident child;
  private final Handover handover;
  private final DataInputStream in;
  private final DataOutputStream out;
  private boolean hasLibvips;
  private String libraries = "";
  private Lacks lacks = Lacks.NOTHING;
  private int jobs;
  private volatile long idleSince;

  private WorkerProcess(Resident child, Handover handover) {
    this.child = child;
    this.handover = handover;
    this.in = new DataInputStream(new BufferedInputStream(child.output(), BUFFER_BYTES));
    this.out = new DataOutputStream(new BufferedOutputStream(child.input(), BUFFER_BYTES));
  }

  /**
   * Starts one; it is not yet ready. It runs on the same Java, with a heap for next to nothing:
   * pixels and files are outside of the heap.
   *
   * @param code the jar, or the folder of classes, that the server runs from
   */
  static WorkerProcess start(Path code, ChildRunner runner, long memoryBytes)
      throws EngineException, InterruptedException {
    Handover handover = Handover.in(runner.folder());
    Path home = Path.of(System.getProperty("java.home"));
    ChildCommand command =
        new ChildCommand(
                home.resolve("bin").resolve("java"),
                List.of(
                    "-Xmx16m",
                    "-Xss512k",
                    "-XX:+UseSerialGC",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:ReservedCodeCacheSize=16m",
                    "-XX:CompressedClassSpaceSize=16m",
                    "-XX:-UsePerfData",
                    "-XX:-UseContainerSupport",
                    "-Xlog:disable",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    code.toString(),
                    Worker.class.getName(),
                    handover.folder().toString()),
                environment(home))
            .reading(code, handover.folder());
    // Time is kept for each job, and a worker does many.
    ChildLimits limits =
        ChildLimits.of(Duration.ofDays(365)).withFileBytes(1).withMemoryBytes(memoryBytes);
    try {
      return new WorkerProcess(runner.start(command, limits), handover);
    } catch (EngineException | InterruptedException e) {
      handover.close();
      throw e;
    }
  }

  private static Map<String, String> environment(Path home) {
    Map<String, String> environment = new HashMap<>(JobRunner.ENVIRONMENT);
    // Java finds its own libraries by way of /proc, which the sandbox has not.
    environment.put("LD_LIBRARY_PATH", home.resolve("lib") + ":" + home.resolve("lib/server"));
    return environment;
  }

  /** Waits until it is ready. */
  void greet() throws IOException {
    requireWord(Protocol.READY, in.readUnsignedByte());
    hasLibvips = in.readBoolean();
    libraries = in.readUTF();
    lacks = Protocol.readLacks(in);
  }

  /** Whether it can do more than measure, once it has been greeted. */
  boolean hasLibvips() {
    return hasLibvips;
  }

  /** What it cannot do, once it has been greeted. */
  Lacks lacks() {
    return lacks;
  }

  /** What it works with, once it has been greeted. */
  String libraries() {
    return libraries;
  }

  /** Notes that it has nothing to do from now on. */
  void setIdle(long nanoTime) {
    idleSince = nanoTime;
  }

  /** How long it has had nothing to do. */
  Duration idleFor(long nanoTime) {
    return Duration.ofNanos(nanoTime - idleSince);
  }

  /** How many it has begun. */
  int jobs() {
    return jobs;
  }

  /**
   * Does one job.
   *
   * @param shrunken the source, where it is decoded
   * @return whether the result is bare
   * @throws IOException when the worker died, or a file cannot be read or written
   */
  boolean work(Job job, Path source, Optional<Raster> shrunken, Path output, long outputBytes)
      throws IOException, VipsException {
    jobs++;
    if (shrunken.isPresent()) {
      Protocol.write(out, job, shrunken.get());
      out.flush();
      requireDone(in.readUnsignedByte());
    } else {
      Protocol.write(out, job);
      send(source);
    }
    final boolean bare = in.readBoolean();
    long length = in.readLong();
    if (length > outputBytes) {
      throw new TooLargeException();
    }
    // A channel's transferFrom loses bytes without a word where the disk is full.
    try (OutputStream file =
        Files.newOutputStream(
            output, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (long left = length; left > 0; ) {
        int count = (int) Math.min(BUFFER_BYTES, left);
        in.readFully(buffer, 0, count);
        file.write(buffer, 0, count);
        left -= count;
      }
    }
    return bare;
  }

  /**
   * Has a picture decoded whole.
   *
   * @return the copy that the check asks for; empty also where none could be made
   * @throws VipsException when it is not sound
   * @throws IOException when the worker died, or the file cannot be read
   */
  Optional<Raster> inspect(Check check, Path source) throws IOException, VipsException {
    jobs++;
    Protocol.write(out, check);
    send(source);
    return Protocol.readCopy(in, check.copy());
  }

  /** Has the coded pixels of a WebP measured. */
  Optional<List<Long>> measure(Path webp) throws IOException, VipsException {
    jobs++;
    out.writeByte(Protocol.MEASURE);
    send(webp);
    return Protocol.readLengths(in);
  }

  /** Sends what an order is about, and waits until it has been carried out. */
  private void send(Path source) throws IOException, VipsException {
    long length = Files.size(source);
    out.writeLong(length);
    boolean offered = handover.offer(source, length);
    int word;
    try {
      out.writeBoolean(offered);
      if (!offered) {
        copy(source, length);
      }
      out.flush();
      word = in.readUnsignedByte();
      if (word == Protocol.UNREADABLE) {
        handover.refused();
        copy(source, length);
        out.flush();
        word = in.readUnsignedByte();
      }
    } finally {
      if (offered) {
        handover.withdraw();
      }
    }
    requireDone(word);
  }

  private void requireDone(int word) throws IOException, VipsException {
    if (word == Protocol.FAILED) {
      throw new VipsException(in.readUTF());
    }
    requireWord(Protocol.DONE, word);
  }

  private static void requireWord(int expected, int word) throws IOException {
    if (word != expected) {
      throw new IOException("a worker does not keep to what was agreed");
    }
  }

  private void copy(Path source, long length) throws IOException {
    if (Files.copy(source, out) != length) {
      throw new IOException("a source has changed its length");
    }
  }

  /** Whether it has died; a pipe may break a moment before that is known. */
  boolean isDead() throws InterruptedException {
    return child.diesWithin(MAX_TIME_TO_DIE);
  }

  /** Ends the process at once; a thread that talks to it gets an {@link IOException}. */
  void kill() {
    child.kill();
  }

  @Override
  public void close() throws EngineException {
    try (handover) {
      child.close();
    }
  }
}
