package dev.pictj.engine.vips;

import dev.pictj.codec.jpeg.Raster;
import dev.pictj.codec.jpeg.ShrunkenJpeg;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.engine.metadata.Recolouring;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.nativecode.NativeMemory;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.WrittenJpeg;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** Makes results of JPEGs, with and without libvips' own decoder. */
final class Kitchen {
  private final Path folder;

  Kitchen(Path folder) {
    this.folder = folder;
  }

  Path source(byte[] jpeg) throws IOException {
    return Files.write(folder.resolve("source"), jpeg);
  }

  static Job job(Path source, List<RenderStep> steps, MediaType target) throws Exception {
    return job(source, steps, target, JpegTraits.Chroma.QUARTER);
  }

  static Job job(Path source, List<RenderStep> steps, MediaType target, JpegTraits.Chroma chroma)
      throws Exception {
    Probed probed = new HeaderProbe().probe(source);
    return new Job(
        probed.type(),
        probed.dimensions(),
        probed.orientation(),
        false,
        Recolouring.NONE,
        steps,
        target,
        new Encoding(95, chroma, false, 2, 1),
        1,
        true);
  }

  /** From what Java decodes. */
  static byte[] preshrunk(Job job, Path source) throws Exception {
    Raster raster = Preshrunk.of(job, source, () -> false).orElseThrow();
    byte[][] made = new byte[1][];
    try (Arena arena = Arena.ofConfined();
        Pictures pictures = new Pictures(Engines.vips())) {
      new JobRunner(Engines.vips())
          .render(
              job,
              Pixels.of(raster, arena),
              pictures,
              arena,
              (bytes, _) -> made[0] = bytes.toArray(ValueLayout.JAVA_BYTE));
    }
    return made[0];
  }

  /** From what libvips decodes. */
  static byte[] decodedByVips(Job job, Path source) throws Exception {
    return rendered(job, Files.readAllBytes(source), false);
  }

  /** The same job with or without codecs of our own. */
  static Job with(Job job, boolean fastCodecs) {
    return new Job(
        job.type(),
        job.stored(),
        job.orientation(),
        job.premultiplied(),
        job.colours(),
        job.steps(),
        job.target(),
        job.encoding(),
        job.frames(),
        fastCodecs);
  }

  /** What becomes of a source with or without codecs of our own, or why nothing does. */
  static byte[] rendered(Job job, byte[] source, boolean fastCodecs) {
    LibVips vips = Engines.vips();
    // A decoder that goes on for a while after a failure may have said something since.
    String _ = vips.takeErrors();
    byte[][] made = new byte[1][];
    try (Arena arena = Arena.ofConfined();
        Pictures pictures = new Pictures(vips)) {
      new JobRunner(vips)
          .render(
              with(job, fastCodecs),
              arena.allocateFrom(ValueLayout.JAVA_BYTE, source),
              pictures,
              arena,
              (bytes, _) -> made[0] = bytes.toArray(ValueLayout.JAVA_BYTE));
      return made[0];
    } catch (VipsException | IOException e) {
      return Bytes.ascii("failed: " + e.getMessage());
    }
  }

  /** A picture as JPEG of all kinds that have a way of their own. */
  static Map<String, byte[]> kinds(BufferedImage image) {
    Map<String, byte[]> kinds = new LinkedHashMap<>();
    kinds.put("whole colour", WrittenJpeg.of(image).bytes());
    kinds.put("2x1", WrittenJpeg.of(image).sampling(2, 1).optimised().bytes());
    kinds.put("1x2", WrittenJpeg.of(image).sampling(1, 2).restarts(7).bytes());
    kinds.put("2x2", WrittenJpeg.of(image).sampling(2, 2).bytes());
    kinds.put("grey", dev.pictj.pictures.Pictures.jpegGrey(image.getWidth(), image.getHeight()));
    kinds.put("progressive", WrittenJpeg.of(image).sampling(2, 2).progressive().bytes());
    kinds.put("profile", JpegSegments.withIcc(WrittenJpeg.of(image).sampling(2, 2).bytes()));
    return kinds;
  }

  /** The pixels that libvips' own loader gives. */
  static BufferedImage loadedByVips(Path source, Dimensions stored, int shrink) throws Exception {
    try (Arena arena = Arena.ofConfined();
        Pictures pictures = new Pictures(Engines.vips())) {
      MemorySegment image =
          new Loading(Engines.vips(), pictures, arena)
              .open(
                  arena.allocateFrom(ValueLayout.JAVA_BYTE, Files.readAllBytes(source)),
                  MediaType.JPEG,
                  stored,
                  shrink);
      MemorySegment slot = arena.allocate(ValueLayout.ADDRESS);
      MemorySegment length = arena.allocate(ValueLayout.JAVA_LONG);
      Engines.vips().call(VipsFormat.PNG.saver(), arena, image, slot, length);
      MemorySegment bytes = slot.get(ValueLayout.ADDRESS, 0);
      try {
        return picture(
            NativeMemory.bytes(bytes, length.get(ValueLayout.JAVA_LONG, 0))
                .toArray(ValueLayout.JAVA_BYTE));
      } finally {
        Engines.vips().free(bytes);
      }
    }
  }

  /** The pixels that Java gives, with all colour. */
  static Raster loadedByJava(Path source, Dimensions stored, int shrink) throws IOException {
    try (FileChannel file = FileChannel.open(source)) {
      return ShrunkenJpeg.decode(file, stored, shrink, true, () -> false).orElseThrow();
    }
  }

  static BufferedImage picture(byte[] made) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(made));
  }
}
