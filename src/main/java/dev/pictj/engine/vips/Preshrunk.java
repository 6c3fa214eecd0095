package dev.pictj.engine.vips;

import dev.pictj.codec.jpeg.Raster;
import dev.pictj.codec.jpeg.ShrunkenJpeg;
import dev.pictj.media.MediaType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Decodes without libvips what is decoded at a small fraction of its size. */
public final class Preshrunk {
  /** The least factor by which Java decodes faster than libjpeg. */
  private static final int MIN_SHRINK = 4;

  private Preshrunk() {}

  /**
   * The source of a job, shrunk as the job has it.
   *
   * @param stopped asked now and then whether to give up
   * @return empty where that is for libvips
   */
  public static Optional<Raster> of(Job job, Path source, BooleanSupplier stopped)
      throws IOException {
    if (!job.fastCodecs() || job.type() != MediaType.JPEG || job.shrinkOnLoad() < MIN_SHRINK) {
      return Optional.empty();
    }
    try (FileChannel file = FileChannel.open(source, StandardOpenOption.READ)) {
      return ShrunkenJpeg.decode(
          file, job.stored(), (int) job.shrinkOnLoad(), !job.halvesChroma(), stopped);
    }
  }
}
