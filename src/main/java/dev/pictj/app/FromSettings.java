package dev.pictj.app;

import dev.pictj.config.FastCodecs;
import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.engine.EncoderEffort;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.admission.AdmissionLimits;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.engine.ffmpeg.FfmpegLimits;
import dev.pictj.engine.magick.MagickLimits;
import dev.pictj.engine.vips.worker.WorkerLimits;
import dev.pictj.ingest.IngestRules;
import dev.pictj.ingest.fetch.FetchLimits;
import dev.pictj.media.Limits;
import dev.pictj.process.ChainRules;
import dev.pictj.process.Mezzanine;
import dev.pictj.process.Operation;
import dev.pictj.upkeep.Suspicion;
import dev.pictj.upkeep.Sweep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What each component is told, in its own terms, of what an administrator has set. */
final class FromSettings {
  private static final int VIDEO_CORES = 4;
  private static final int LONGEST_SIDE = 65_535;

  private FromSettings() {}

  /** A folder of our own even where others put their files too: it is emptied at every start. */
  static Path tempDir(Settings settings) {
    Path data = settings.get(SettingsCatalogue.PATH);
    return settings
        .get(SettingsCatalogue.TEMP_DIR)
        .map(dir -> dir.resolve("pictj-" + Integer.toHexString(data.toString().hashCode())))
        .orElse(data.resolve("tmp"));
  }

  private static Limits limits(Settings settings) {
    return new Limits(
        settings.get(SettingsCatalogue.MAX_IMAGE_WIDTH),
        settings.get(SettingsCatalogue.MAX_IMAGE_HEIGHT),
        settings.get(SettingsCatalogue.MAX_IMAGE_AREA),
        settings.get(SettingsCatalogue.MAX_IMAGE_FRAMES));
  }

  static PictureRules pictureRules(Settings settings) {
    return new PictureRules(
        limits(settings),
        settings.get(SettingsCatalogue.IMAGE_TIMEOUT),
        new EncoderEffort(
            settings.get(SettingsCatalogue.WEBP_EFFORT), settings.get(SettingsCatalogue.PNG_LEVEL)),
        settings.get(SettingsCatalogue.FAST_CODECS) == FastCodecs.AUTO);
  }

  static MagickLimits magickLimits(Settings settings) {
    return new MagickLimits(
        settings.get(SettingsCatalogue.IMAGE_MEMORY),
        settings.get(SettingsCatalogue.IMAGE_MAP),
        settings.get(SettingsCatalogue.IMAGE_DISK),
        settings.get(SettingsCatalogue.IMAGE_THREADS),
        settings
            .get(SettingsCatalogue.IMAGE_ADDRESS_SPACE)
            .orElseGet(
                () ->
                    MagickLimits.addressBytesFor(
                        settings.get(SettingsCatalogue.IMAGE_MEMORY),
                        settings.get(SettingsCatalogue.IMAGE_MAP),
                        settings.get(SettingsCatalogue.MAX_IMAGE_AREA))),
        settings.get(SettingsCatalogue.TOOL_TEMP_SIZE),
        settings.get(SettingsCatalogue.TOOL_OUTPUT_SIZE));
  }

  static WorkerLimits workerLimits(Settings settings) {
    return new WorkerLimits(
        settings.get(SettingsCatalogue.IMAGE_JOBS),
        // Java itself reserves some hundred megabytes before it begins.
        magickLimits(settings).addressBytes() + (512L << 20),
        settings.get(SettingsCatalogue.TOOL_OUTPUT_SIZE),
        settings.get(SettingsCatalogue.ENGINE_IDLE_TIMEOUT));
  }

  static FfmpegLimits ffmpegLimits(Settings settings) {
    return new FfmpegLimits(
        settings.get(SettingsCatalogue.VIDEO_TIMEOUT),
        settings.get(SettingsCatalogue.VIDEO_MEMORY),
        settings.get(SettingsCatalogue.TOOL_TEMP_SIZE),
        settings.get(SettingsCatalogue.TOOL_OUTPUT_SIZE));
  }

  static AdmissionLimits admissionLimits(Settings settings) {
    return new AdmissionLimits(
        settings.get(SettingsCatalogue.IMAGE_JOBS),
        settings.get(SettingsCatalogue.IMAGE_BUDGET),
        settings.get(SettingsCatalogue.IMAGE_SMALL_COST),
        settings.get(SettingsCatalogue.IMAGE_QUEUE),
        settings.get(SettingsCatalogue.IMAGE_QUEUE_COST),
        settings.get(SettingsCatalogue.IMAGE_QUEUE_TIMEOUT));
  }

  /**
   * What is shrunk may have any size that its format knows; memory and time decide. A JPEG's sides
   * have 16 bits.
   */
  static PictureRules rulesOfFitting(Settings settings) {
    PictureRules rules = pictureRules(settings);
    return new PictureRules(
        new Limits(LONGEST_SIDE, LONGEST_SIDE, (long) LONGEST_SIDE * LONGEST_SIDE, 1),
        rules.timeout(),
        rules.effort());
  }

  /** Pixels that one ImageMagick may hold, wherever. */
  static long mostPixelBytes(Settings settings) {
    return settings.get(SettingsCatalogue.IMAGE_MEMORY)
        + settings.get(SettingsCatalogue.IMAGE_MAP)
        + settings.get(SettingsCatalogue.IMAGE_DISK);
  }

  /** What one image job may be, in pixels. */
  static long mostImageWork(Settings settings) {
    return mostWork(settings, settings.get(SettingsCatalogue.IMAGE_TIMEOUT));
  }

  /** The same of a video: ffmpeg works on several cores. */
  static long mostVideoWork(Settings settings) {
    long work = mostWork(settings, settings.get(SettingsCatalogue.VIDEO_TIMEOUT));
    return work > Long.MAX_VALUE / VIDEO_CORES ? work : work * VIDEO_CORES;
  }

  private static long mostWork(Settings settings, Duration timeout) {
    long rate = settings.get(SettingsCatalogue.IMAGE_COST_RATE);
    return rate == 0 ? Long.MAX_VALUE : rate * 1000 * timeout.toMillis();
  }

  static FailureMemory failureMemory(Settings settings) {
    return new FailureMemory(
        settings.get(SettingsCatalogue.FAILURE_ENTRIES),
        settings.get(SettingsCatalogue.FAILURE_RETENTION));
  }

  static IngestRules ingestRules(Settings settings) {
    return new IngestRules(
        limits(settings), settings.get(SettingsCatalogue.FORMAT), parallelFiles(settings));
  }

  /** A request whose files wait for each other must not be refused for that. */
  private static int parallelFiles(Settings settings) {
    return settings.get(SettingsCatalogue.IMAGE_QUEUE) < 4
        ? 1
        : Math.min(settings.get(SettingsCatalogue.IMAGE_JOBS), 4);
  }

  static Sweep.Rules sweepRules(Settings settings) {
    return new Sweep.Rules(
        settings.get(SettingsCatalogue.SWEEP_INTERVAL),
        settings.get(SettingsCatalogue.LOST_FOUND_RETENTION),
        new Suspicion(
            settings.get(SettingsCatalogue.SWEEP_MAX_FILES),
            settings.get(SettingsCatalogue.SWEEP_MAX_PERCENT)));
  }

  static FetchLimits fetchLimits(Settings settings) {
    return new FetchLimits(
        settings.get(SettingsCatalogue.MAX_FILE_SIZE),
        settings.get(SettingsCatalogue.DOWNLOAD_CONNECT_TIMEOUT),
        settings.get(SettingsCatalogue.DOWNLOAD_TIMEOUT),
        settings.get(SettingsCatalogue.DOWNLOAD_MAX_REDIRECTS),
        settings.get(SettingsCatalogue.MAX_DOWNLOADS),
        settings.get(SettingsCatalogue.DOWNLOAD_ALLOW_PRIVATE));
  }

  static Mezzanine mezzanine(Settings settings) {
    return new Mezzanine(
        settings.get(SettingsCatalogue.MEZZANINE_SIZE),
        settings.get(SettingsCatalogue.MEZZANINE_QUALITY));
  }

  static ChainRules rules(Settings settings) throws InvalidSettingsException {
    List<String> names = Operation.KINDS.stream().map(Operation.Kind::name).toList();
    Optional<List<String>> whitelist = settings.get(SettingsCatalogue.WHITELIST);
    List<String> problems =
        whitelist.orElse(List.of()).stream()
            .filter(name -> !names.contains(name))
            .map(
                name ->
                    "the whitelist names %s, but there is only %s"
                        .formatted(name, String.join(", ", names)))
            .toList();
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
    return new ChainRules(
        Math.max(
            settings.get(SettingsCatalogue.MAX_IMAGE_WIDTH),
            settings.get(SettingsCatalogue.MAX_IMAGE_HEIGHT)),
        settings.get(SettingsCatalogue.MAX_OPERATIONS),
        20,
        settings.get(SettingsCatalogue.MAX_BLUR),
        whitelist.map(Set::copyOf));
  }
}
