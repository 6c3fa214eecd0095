package dev.pictj.engine.vips.worker;

import dev.pictj.codec.jpeg.Raster;
import dev.pictj.engine.vips.Check;
import dev.pictj.engine.vips.Job;
import dev.pictj.engine.vips.JobRunner;
import dev.pictj.engine.vips.Lacks;
import dev.pictj.engine.vips.PixelLengths;
import dev.pictj.engine.vips.Pixels;
import dev.pictj.engine.vips.VipsException;
import dev.pictj.media.Dimensions;
import dev.pictj.media.Excerpt;
import dev.pictj.nativecode.UnavailableException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * The main class of a process that does jobs, one after another, and knows nothing but the bytes it
 * is sent, or finds in a folder of its own. It ends when its input does.
 */
public final class Worker {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Optional<JobRunner> renderer;
  private final Path source;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];

  private Worker(
      Optional<JobRunner> renderer, Path source, DataInputStream in, DataOutputStream out) {
    this.renderer = renderer;
    this.source = source;
    this.in = in;
    this.out = out;
  }

  /** Started by the server, with the name of its {@link Handover}. */
  public static void main(String[] arguments) throws IOException {
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
    DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES));
    Optional<JobRunner> renderer = Optional.empty();
    String libraries;
    Lacks lacks = Lacks.NOTHING;
    try {
      renderer = Optional.of(JobRunner.load());
      libraries = renderer.get().describe();
      lacks = renderer.get().lacks();
    } catch (UnavailableException e) {
      libraries = String.valueOf(e.getMessage());
    }
    out.writeByte(Protocol.READY);
    out.writeBoolean(renderer.isPresent());
    out.writeUTF(libraries);
    Protocol.write(out, lacks);
    out.flush();
    new Worker(renderer, Handover.source(Path.of(arguments[0])), in, out).serve();
  }

  private void serve() throws IOException {
    while (true) {
      switch (in.read()) {
        case Protocol.RENDER -> work(Protocol.readJob(in));
        case Protocol.RENDER_PIXELS -> workOnPixels(Protocol.readJob(in));
        case Protocol.INSPECT -> inspect(Protocol.readCheck(in));
        case Protocol.MEASURE -> measure();
        case -1 -> {
          return;
        }
        default -> throw new IOException("no such order");
      }
      out.flush();
    }
  }

  private void work(Job job) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = source(in.readLong(), arena);
      renderer().render(job, bytes, this::answer);
    } catch (VipsException e) {
      fail(e);
    }
  }

  private void workOnPixels(Job job) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Dimensions size = Dimensions.read(in);
      int bands = in.readUnsignedByte();
      byte[] profile = in.readNBytes(in.readInt());
      MemorySegment samples = read(size.area() * bands, arena);
      renderer().render(job, new Pixels(size, bands, samples, profile), this::answer);
    } catch (VipsException e) {
      fail(e);
    }
  }

  private void inspect(Check check) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = source(in.readLong(), arena);
      Optional<Raster> copy = renderer().inspect(check, bytes);
      out.writeByte(Protocol.DONE);
      Protocol.writeCopy(out, copy);
    } catch (VipsException e) {
      fail(e);
    }
  }

  private void measure() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Optional<List<Long>> lengths = PixelLengths.of(source(in.readLong(), arena));
      out.writeByte(Protocol.DONE);
      Protocol.write(out, lengths);
    }
  }

  private JobRunner renderer() throws VipsException {
    return renderer.orElseThrow(() -> new VipsException("this worker has no libvips"));
  }

  private void fail(VipsException e) throws IOException {
    out.writeByte(Protocol.FAILED);
    String reason = String.valueOf(e.getMessage());
    out.writeUTF(Excerpt.of(reason, 1000));
  }

  private MemorySegment source(long length, Arena arena) throws IOException {
    if (in.readBoolean()) {
      try (FileChannel file = FileChannel.open(source, StandardOpenOption.READ)) {
        // Mapped: were it cut short meanwhile, this process would end, and no other.
        return file.map(FileChannel.MapMode.READ_ONLY, 0, length, arena);
      } catch (IOException _) {
        out.writeByte(Protocol.UNREADABLE);
        out.flush();
      }
    }
    return read(length, arena);
  }

  private MemorySegment read(long length, Arena arena) throws IOException {
    MemorySegment bytes = arena.allocate(Math.max(1, length));
    long at = 0;
    while (at < length) {
      int count = ((InputStream) in).read(buffer, 0, (int) Math.min(BUFFER_BYTES, length - at));
      if (count < 0) {
        throw new EOFException("the source ended early");
      }
      MemorySegment.copy(buffer, 0, bytes, ValueLayout.JAVA_BYTE, at, count);
      at += count;
    }
    return bytes;
  }

  private void answer(MemorySegment bytes, boolean bare) throws IOException {
    out.writeByte(Protocol.DONE);
    out.writeBoolean(bare);
    out.writeLong(bytes.byteSize());
    for (long at = 0; at < bytes.byteSize(); at += BUFFER_BYTES) {
      int count = (int) Math.min(BUFFER_BYTES, bytes.byteSize() - at);
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, buffer, 0, count);
      out.write(buffer, 0, count);
    }
  }
}
