package dev.pictj.engine.vips.worker;

import dev.pictj.codec.jpeg.Raster;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.engine.metadata.Recolouring;
import dev.pictj.engine.vips.Check;
import dev.pictj.engine.vips.Encoding;
import dev.pictj.engine.vips.Job;
import dev.pictj.engine.vips.Lacks;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The messages of the {@linkplain dev.pictj.engine.vips.worker protocol} and their fields. */
final class Protocol {
  static final int READY = 1;
  static final int DONE = 2;
  static final int FAILED = 3;
  static final int RENDER = 4;
  static final int INSPECT = 5;
  static final int UNREADABLE = 6;
  static final int RENDER_PIXELS = 7;
  static final int MEASURE = 8;

  private Protocol() {}

  static void write(DataOutputStream out, Job job) throws IOException {
    out.writeByte(RENDER);
    writeJob(out, job);
  }

  static void write(DataOutputStream out, Job job, Raster source) throws IOException {
    out.writeByte(RENDER_PIXELS);
    writeJob(out, job);
    source.size().write(out);
    out.writeByte(source.bands());
    out.writeInt(source.profile().length);
    out.write(source.profile());
    out.write(source.samples());
  }

  private static void writeJob(DataOutputStream out, Job job) throws IOException {
    out.writeUTF(job.type().name());
    job.stored().write(out);
    out.writeUTF(job.orientation().name());
    out.writeBoolean(job.premultiplied());
    out.writeUTF(job.colours().change().name());
    out.writeInt(job.colours().profile().length);
    out.write(job.colours().profile());
    out.writeShort(job.steps().size());
    for (RenderStep step : job.steps()) {
      RenderStep.write(out, step);
    }
    out.writeUTF(job.target().name());
    Encoding encoding = job.encoding();
    out.writeByte(encoding.quality());
    out.writeUTF(encoding.chroma().name());
    out.writeBoolean(encoding.lossless());
    out.writeByte(encoding.effort());
    out.writeByte(encoding.depth());
    out.writeInt(job.frames());
    out.writeBoolean(job.fastCodecs());
  }

  static void write(DataOutputStream out, Check check) throws IOException {
    out.writeByte(INSPECT);
    out.writeUTF(check.type().name());
    check.stored().write(out);
    out.writeInt(check.frames());
    out.writeBoolean(check.copy().isPresent());
    if (check.copy().isPresent()) {
      check.copy().get().write(out);
    }
  }

  static void write(DataOutputStream out, Lacks lacks) throws IOException {
    for (Map<MediaType, String> kind : List.of(lacks.reading(), lacks.writing())) {
      out.writeByte(kind.size());
      for (Map.Entry<MediaType, String> lack : kind.entrySet()) {
        out.writeUTF(lack.getKey().name());
        out.writeUTF(lack.getValue());
      }
    }
  }

  static Lacks readLacks(DataInputStream in) throws IOException {
    return new Lacks(readReasons(in), readReasons(in));
  }

  private static Map<MediaType, String> readReasons(DataInputStream in) throws IOException {
    Map<MediaType, String> reasons = new EnumMap<>(MediaType.class);
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      reasons.put(MediaType.valueOf(in.readUTF()), in.readUTF());
    }
    return reasons;
  }

  static Check readCheck(DataInputStream in) throws IOException {
    return new Check(
        MediaType.valueOf(in.readUTF()),
        Dimensions.read(in),
        in.readInt(),
        in.readBoolean() ? Optional.of(Dimensions.read(in)) : Optional.empty());
  }

  /** Writes a copy, whose size the other side knows. */
  static void writeCopy(DataOutputStream out, Optional<Raster> copy) throws IOException {
    out.writeByte(copy.map(Raster::bands).orElse(0));
    if (copy.isPresent()) {
      out.write(copy.get().samples());
    }
  }

  /**
   * Reads a copy.
   *
   * @param wanted its size
   */
  static Optional<Raster> readCopy(DataInputStream in, Optional<Dimensions> wanted)
      throws IOException {
    int bands = in.readUnsignedByte();
    if (bands == 0) {
      return Optional.empty();
    }
    if (wanted.isEmpty() || bands < 3 || bands > 4) {
      throw new IOException("a worker does not keep to what was agreed");
    }
    byte[] samples = new byte[Math.toIntExact(wanted.get().area() * bands)];
    in.readFully(samples);
    return Optional.of(new Raster(wanted.get(), bands, samples, new byte[0]));
  }

  /** Writes lengths; that there are none is a count of -1. */
  static void write(DataOutputStream out, Optional<List<Long>> lengths) throws IOException {
    out.writeInt(lengths.map(List::size).orElse(-1));
    for (long length : lengths.orElse(List.of())) {
      out.writeLong(length);
    }
  }

  static Optional<List<Long>> readLengths(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<Long> lengths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lengths.add(in.readLong());
    }
    return count < 0 ? Optional.empty() : Optional.of(lengths);
  }

  static Job readJob(DataInputStream in) throws IOException {
    final MediaType type = MediaType.valueOf(in.readUTF());
    final Dimensions stored = Dimensions.read(in);
    final Orientation orientation = Orientation.valueOf(in.readUTF());
    final boolean premultiplied = in.readBoolean();
    final Recolouring colours =
        new Recolouring(Recolouring.Change.valueOf(in.readUTF()), in.readNBytes(in.readInt()));
    int count = in.readUnsignedShort();
    List<RenderStep> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      steps.add(RenderStep.read(in));
    }
    final MediaType target = MediaType.valueOf(in.readUTF());
    return new Job(
        type,
        stored,
        orientation,
        premultiplied,
        colours,
        steps,
        target,
        new Encoding(
            in.readUnsignedByte(),
            JpegTraits.Chroma.valueOf(in.readUTF()),
            in.readBoolean(),
            in.readUnsignedByte(),
            in.readUnsignedByte()),
        in.readInt(),
        in.readBoolean());
  }
}
