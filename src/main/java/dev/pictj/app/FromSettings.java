package dev.pictj.app;

import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.engine.EncoderEffort;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.admission.AdmissionLimits;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.engine.ffmpeg.FfmpegLimits;
import dev.pictj.engine.magick.MagickLimits;
import dev.pictj.engine.vips.WorkerLimits;
import dev.pictj.ingest.Ingest;
import dev.pictj.ingest.fetch.FetchLimits;
import dev.pictj.ingest.fetch.OutboundProxy;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaType;
import dev.pictj.process.ChainRules;
import dev.pictj.process.Mezzanine;
import dev.pictj.process.Operation;
import dev.pictj.upkeep.Suspicion;
import dev.pictj.upkeep.Sweep;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What each component is told, in its own terms, of what an administrator has set. */
final class FromSettings {
  private static final int VIDEO_CORES = 4;
  private static final int LONGEST_SIDE = 65_535;

  private FromSettings() {}

  private static Limits limits(Settings.Image image) {
    return new Limits(image.maxWidth(), image.maxHeight(), image.maxArea(), image.maxFrames());
  }

  static PictureRules pictureRules(Settings settings) {
    return new PictureRules(
        limits(settings.image()),
        settings.image().timeout(),
        new EncoderEffort(settings.engine().webpEffort(), settings.engine().pngLevel()));
  }

  static MagickLimits magickLimits(Settings settings) {
    Settings.Image image = settings.image();
    return new MagickLimits(
        image.memory(),
        image.map(),
        image.disk(),
        image.threads(),
        settings
            .tools()
            .imageAddressSpace()
            .orElseGet(
                () -> MagickLimits.addressBytesFor(image.memory(), image.map(), image.maxArea())),
        settings.tools().tempSize(),
        settings.tools().outputSize());
  }

  static WorkerLimits workerLimits(Settings settings) {
    return new WorkerLimits(
        settings.image().jobs(),
        // Java itself reserves some hundred megabytes before it begins.
        magickLimits(settings).addressBytes() + (512L << 20),
        settings.tools().outputSize(),
        settings.engine().idleTimeout());
  }

  static FfmpegLimits ffmpegLimits(Settings settings) {
    return new FfmpegLimits(
        settings.image().videoTimeout(),
        settings.tools().videoMemory(),
        settings.tools().tempSize(),
        settings.tools().outputSize());
  }

  static AdmissionLimits admissionLimits(Settings.Image image) {
    return new AdmissionLimits(
        image.jobs(),
        image.budget(),
        image.smallCost(),
        image.queue(),
        image.queueCost(),
        image.queueTimeout());
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
  static long mostPixelBytes(Settings.Image image) {
    return image.memory() + image.map() + image.disk();
  }

  /** What one image job may be, in pixels. */
  static long mostImageWork(Settings settings) {
    return mostWork(settings, settings.image().timeout());
  }

  /** The same of a video: ffmpeg works on several cores. */
  static long mostVideoWork(Settings settings) {
    long work = mostWork(settings, settings.image().videoTimeout());
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

  static Ingest.Rules ingestRules(Settings settings) {
    return new Ingest.Rules(
        limits(settings.image()),
        settings.uploads().format().flatMap(FromSettings::format),
        parallelFiles(settings.image()));
  }

  /** A request whose files wait for each other must not be refused for that. */
  private static int parallelFiles(Settings.Image image) {
    return image.queue() < 4 ? 1 : Math.min(image.jobs(), 4);
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
    Settings.Download download = settings.download();
    return new FetchLimits(
        settings.uploads().maxFileSize(),
        download.connectTimeout(),
        download.timeout(),
        download.maxRedirects(),
        settings.get(SettingsCatalogue.MAX_DOWNLOADS),
        download.allowPrivate());
  }

  static Optional<OutboundProxy> proxy(Settings.Download download) {
    return download
        .proxy()
        .map(proxy -> new OutboundProxy(proxy.host(), proxy.port(), proxy.credentials()));
  }

  private static Optional<MediaType> format(String extension) {
    for (MediaType type : MediaType.values()) {
      if (type.extension().equals(extension)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  static Mezzanine mezzanine(Settings.Engine engine) {
    return new Mezzanine(engine.mezzanineSize(), engine.mezzanineQuality());
  }

  static ChainRules rules(Settings settings) throws InvalidSettingsException {
    List<String> names = Operation.KINDS.stream().map(Operation.Kind::name).toList();
    Optional<List<String>> whitelist = settings.processing().whitelist();
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
        Math.max(settings.image().maxWidth(), settings.image().maxHeight()),
        settings.processing().maxOperations(),
        20,
        settings.processing().maxBlur(),
        whitelist.map(Set::copyOf));
  }
}
