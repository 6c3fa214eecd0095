package dev.pictj.engine.vips;

import dev.pictj.codec.jpeg.Raster;
import dev.pictj.codec.jpeg.ShrunkenPlanes;
import dev.pictj.media.MediaType;
import dev.pictj.nativecode.UnavailableException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Does jobs on the calling thread, in the server as in a worker process. */
public final class JobRunner {
  /** What a process that renders has to have in its environment. */
  public static final Map<String, String> ENVIRONMENT =
      Map.of(ShrunkenPlanes.OPTIMISING_VARIABLE, "1");

  private final LibVips vips;

  JobRunner(LibVips vips) {
    this.vips = vips;
  }

  /** Loads all libraries that there are on this machine. */
  public static JobRunner load() throws UnavailableException {
    return new JobRunner(LibVips.load(_ -> {}));
  }

  /** For the log: such as {@code libvips 8.14.1 with TurboJPEG}. */
  public String describe() {
    List<String> names = ShrunkenPlanes.libraries();
    return "libvips "
        + vips.version()
        + (names.isEmpty() ? "" : " with " + String.join(", ", names));
  }

  /** The libraries of single formats: such as {@code libheif 1.15.1}. */
  public List<String> codecs() {
    return Codecs.installed();
  }

  /** What cannot be done on this machine. */
  public Lacks lacks() {
    VipsBuild build = new VipsBuild(vips.version(), vips::hasOperation);
    Map<MediaType, String> reading = new EnumMap<>(MediaType.class);
    Map<MediaType, String> writing = new EnumMap<>(MediaType.class);
    for (VipsFormat format : VipsFormat.values()) {
      format.lackOfReading(build).ifPresent(lack -> reading.put(format.type(), lack));
      format.lackOfWriting(build).ifPresent(lack -> writing.put(format.type(), lack));
    }
    return new Lacks(reading, writing);
  }

  /** Does a job with a file. */
  public void render(Job job, MemorySegment source, Sink sink) throws VipsException, IOException {
    // The pictures are closed first, and then the memory that they were made of.
    try (Arena arena = Arena.ofConfined();
        Pictures pictures = new Pictures(vips)) {
      render(job, source, pictures, arena, sink);
    }
  }

  /** Does a job with a source that is decoded, and shrunk as the job has it. */
  public void render(Job job, Pixels source, Sink sink) throws VipsException, IOException {
    try (Arena arena = Arena.ofConfined();
        Pictures pictures = new Pictures(vips)) {
      render(job, source, pictures, arena, sink);
    }
  }

  /**
   * Decodes a file whole.
   *
   * @return the copy that the check asks for; empty also where none could be made
   * @throws VipsException when it is not sound, or it is not known
   */
  public Optional<Raster> inspect(Check check, MemorySegment source) throws VipsException {
    try (Arena arena = Arena.ofConfined();
        Pictures pictures = new Pictures(vips)) {
      return new StrictDecoding(vips, check, pictures, arena).run(source);
    }
  }

  /**
   * Does a job with a file.
   *
   * @param pictures where all pictures of it go; closed before the arena
   * @param arena for small things, and for what codecs make
   */
  void render(Job job, MemorySegment source, Pictures pictures, Arena arena, Sink sink)
      throws VipsException, IOException {
    if (!Animations.isAnimation(job.type(), source)
        || (job.frames() == 1 && Animations.beginsWithStill(job.type(), source))) {
      new Rendering(vips, job, pictures, arena).run(source, sink);
      return;
    }
    AnimatedRendering animation = new AnimatedRendering(vips, job, pictures, source);
    if (job.frames() > 1) {
      animation.all(sink);
    } else {
      render(job, animation.first(arena), pictures, arena, sink);
    }
  }

  /** Does a job with a source that is decoded, and shrunk as the job has it. */
  void render(Job job, Pixels source, Pictures pictures, Arena arena, Sink sink)
      throws VipsException, IOException {
    new Rendering(vips, job, pictures, arena).run(source, sink);
  }
}
