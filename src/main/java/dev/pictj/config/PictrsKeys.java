package dev.pictj.config;

import dev.pictj.config.PictrsKey.Conversion;
import dev.pictj.config.PictrsKey.Effect;
import dev.pictj.config.PictrsKey.Option;
import dev.pictj.config.Setting.ExpectedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every key of the configuration of pict-rs 0.5 and 0.6, with what it does here. They are read from
 * their files, their variables and their command line, beside our own names.
 */
public final class PictrsKeys {
  /** The command that starts a server of pict-rs. */
  public static final String RUN = "run";

  /**
   * The prefix of variables of pict-rs 0.5. Variables of 0.3 have it too, but no section after it.
   */
  static final String PREFIX = "PICTRS__";

  /** The default folder of pictures in pict-rs. */
  static final String DEFAULT_STORE = "/mnt/files";

  /**
   * The folder of the catalog in the repo's folder of pict-rs, in which nothing else is touched.
   */
  private static final String CATALOG = "/pictj-catalog";

  /** The default folder of the catalog where pictures lie in that of pict-rs. */
  static final String DEFAULT_CATALOG = "/mnt/sled-repo" + CATALOG;

  /** The default folder of exports in pict-rs. */
  static final String DEFAULT_EXPORTS = "/mnt/exports";

  private static final long MIB = 1 << 20;

  /** The names of sled's databases in 0.3, 0.4 and 0.5, and of fjall's. */
  private static final Pattern DATABASE = Pattern.compile("db-0\\.[0-9]+|v0\\.[0-9].*");

  private static final String NO_OBJECT_STORAGE = "it is for object storage";
  private static final String NO_POSTGRES = "it is for PostgreSQL";
  private static final String MAGICK_LIMITS = "ImageMagick has the limits that pictures have";
  private static final String NO_OLD_DATA = "there is no data of pict-rs 0.4 to upgrade";
  private static final String NO_CONSOLE = "there is no tokio console";
  private static final String NO_TRACES = "there is no OpenTelemetry";

  private static final List<PictrsKey> ALL =
      List.of(
          sets("server.address", "run -a --address", SettingsCatalogue.ADDR),
          sets("server.api_key", "run --api-key", SettingsCatalogue.API_KEY),
          sets("server.read_only", "run --read-only=true", SettingsCatalogue.READ_ONLY),
          sets(
              "server.danger_dummy_mode",
              "run --danger-dummy-mode=true",
              SettingsCatalogue.DANGER_DUMMY_MODE),
          sets("server.max_file_count", "run --max-file-count", SettingsCatalogue.MAX_FILES),
          sets(
              "server.temporary_directory",
              "run --temporary-directory",
              SettingsCatalogue.TEMP_DIR),
          nothing(
              "server.cleanup_temporary_directory",
              "run --no-cleanup-temporary-directory=false",
              "pictj empties a folder of its own in there, and nothing else"),
          sets("server.certificate", "run --certificate", SettingsCatalogue.TLS_CERTIFICATE),
          sets("server.private_key", "run --private-key", SettingsCatalogue.TLS_KEY),
          sets("client.timeout", "run --client-timeout", SettingsCatalogue.DOWNLOAD_TIMEOUT),
          sets(
              "client.allow_local_connections",
              "run --client-allow-local-connections=true",
              SettingsCatalogue.DOWNLOAD_ALLOW_PRIVATE),
          nothing("upgrade.concurrency", "run --upgrade-concurrency", NO_OLD_DATA),
          sets(
              "tracing.logging.format",
              "--log-format",
              PictrsKeys::logFormat,
              SettingsCatalogue.LOG_FORMAT),
          sets(
              "tracing.logging.targets",
              "--log-targets",
              Parsers::logLevelOf,
              SettingsCatalogue.LOG_LEVEL),
          nothing("tracing.logging.log_spans", "--log-spans=true", "there are no spans"),
          nothing(
              "tracing.logging.log_requests",
              "--log-requests=true",
              "every request is logged, but for what --quiet-probes leaves out"),
          nothing("tracing.logging.no_ansi", "--no-log-ansi=true", "the log has no colours"),
          nothing("tracing.console.address", "--console-address", NO_CONSOLE),
          nothing("tracing.console.buffer_capacity", "--console-buffer-capacity", NO_CONSOLE),
          nothing("tracing.opentelemetry.url", "--opentelemetry-url", NO_TRACES),
          nothing("tracing.opentelemetry.service_name", "--opentelemetry-service-name", NO_TRACES),
          nothing("tracing.opentelemetry.targets", "--opentelemetry-targets", NO_TRACES),
          sets(
              "metrics.prometheus_address",
              "run --metrics-prometheus-address",
              SettingsCatalogue.METRICS_ADDR),
          key(
              "old_repo.path",
              "--old-repo-path",
              new Effect.NoDatabase(
                  NO_OLD_DATA,
                  "holds a database of pict-rs, which pictj cannot read: move its pictures with"
                      + " pictj adopt, as docs/migrating-from-pict-rs.md says")),
          nothing(
              "old_repo.cache_capacity",
              "--old-repo-cache-capacity",
              "there is no database of pict-rs 0.4"),
          sets(
              "media.external_validation",
              "run --media-external-validation",
              SettingsCatalogue.EXTERNAL_VALIDATION),
          sets(
              "media.external_validation_timeout",
              "run --media-external-validation-timeout",
              SettingsCatalogue.EXTERNAL_VALIDATION_TIMEOUT),
          sets("media.max_file_size", "run --media-max-file-size", SettingsCatalogue.MAX_FILE_SIZE),
          sets(
              "media.process_timeout",
              "run --media-process-timeout",
              SettingsCatalogue.IMAGE_TIMEOUT,
              SettingsCatalogue.VIDEO_TIMEOUT),
          sets(
              "media.preprocess_steps",
              "run --media-preprocess-steps",
              SettingsCatalogue.PREPROCESS_STEPS),
          sets("media.filters", "run --media-filters", SettingsCatalogue.WHITELIST),
          sets(
              "media.retention.variants",
              "run --media-retention-variants",
              PictrsKeys::age,
              SettingsCatalogue.VARIANT_RETENTION),
          sets(
              "media.retention.proxy",
              "run --media-retention-proxy",
              PictrsKeys::age,
              SettingsCatalogue.PROXY_RETENTION),
          nothing("media.magick.max_width", "run --media-magick-max-width", MAGICK_LIMITS),
          nothing("media.magick.max_height", "run --media-magick-max-height", MAGICK_LIMITS),
          nothing(
              "media.magick.max_area",
              "run --media-magick-max-area",
              "--image-memory bounds the pixels that ImageMagick holds in memory"),
          sets("media.magick.memory", "run --media-magick-memory", SettingsCatalogue.IMAGE_MEMORY),
          sets("media.magick.map", "run --media-magick-map", SettingsCatalogue.IMAGE_MAP),
          sets("media.magick.disk", "run --media-magick-disk", SettingsCatalogue.IMAGE_DISK),
          sets(
              "media.image.max_width",
              "run --media-image-max-width",
              SettingsCatalogue.MAX_IMAGE_WIDTH),
          sets(
              "media.image.max_height",
              "run --media-image-max-height",
              SettingsCatalogue.MAX_IMAGE_HEIGHT),
          sets(
              "media.image.max_area",
              "run --media-image-max-area",
              SettingsCatalogue.MAX_IMAGE_AREA),
          sets(
              "media.image.max_file_size",
              "run --media-image-max-file-size",
              SettingsCatalogue.MAX_IMAGE_FILE_SIZE),
          sets(
              "media.image.format",
              "run --media-image-format",
              PictrsKeys::format,
              SettingsCatalogue.FORMAT),
          sets(
              "media.image.quality.avif",
              "run --media-image-quality-avif",
              PictrsKeys::quality,
              SettingsCatalogue.AVIF_QUALITY),
          sets(
              "media.image.quality.png",
              "run --media-image-quality-png",
              PictrsKeys::pngLevel,
              SettingsCatalogue.PNG_LEVEL),
          sets(
              "media.image.quality.jpeg",
              "run --media-image-quality-jpeg",
              PictrsKeys::quality,
              SettingsCatalogue.JPEG_QUALITY),
          sets(
              "media.image.quality.jxl",
              "run --media-image-quality-jxl",
              PictrsKeys::quality,
              SettingsCatalogue.JXL_QUALITY),
          sets(
              "media.image.quality.webp",
              "run --media-image-quality-webp",
              PictrsKeys::quality,
              SettingsCatalogue.WEBP_QUALITY),
          sets(
              "media.animation.max_width",
              "run --media-animation-max-width",
              SettingsCatalogue.MAX_ANIMATION_WIDTH),
          sets(
              "media.animation.max_height",
              "run --media-animation-max-height",
              SettingsCatalogue.MAX_ANIMATION_HEIGHT),
          sets(
              "media.animation.max_area",
              "run --media-animation-max-area",
              SettingsCatalogue.MAX_ANIMATION_AREA),
          sets(
              "media.animation.max_file_size",
              "run --media-animation-max-file-size",
              SettingsCatalogue.MAX_ANIMATION_FILE_SIZE),
          sets(
              "media.animation.max_frame_count",
              "run --media-animation-max-frame-count",
              SettingsCatalogue.MAX_ANIMATION_FRAMES),
          sets(
              "media.animation.format",
              "run --media-animation-format",
              SettingsCatalogue.ANIMATION_FORMAT),
          sets(
              "media.animation.quality.apng",
              "run --media-animation-quality-apng",
              PictrsKeys::pngLevel,
              SettingsCatalogue.ANIMATION_PNG_LEVEL),
          sets(
              "media.animation.quality.avif",
              "run --media-animation-quality-avif",
              PictrsKeys::quality,
              SettingsCatalogue.ANIMATION_AVIF_QUALITY),
          sets(
              "media.animation.quality.webp",
              "run --media-animation-quality-webp",
              PictrsKeys::quality,
              SettingsCatalogue.ANIMATION_WEBP_QUALITY),
          sets(
              "media.video.enable",
              "run --media-video-disable=false",
              SettingsCatalogue.ACCEPT_VIDEO),
          sets(
              "media.video.allow_audio",
              "run --media-video-allow-audio=true",
              SettingsCatalogue.VIDEO_SOUND),
          sets(
              "media.video.max_width",
              "run --media-video-max-width",
              SettingsCatalogue.MAX_VIDEO_WIDTH),
          sets(
              "media.video.max_height",
              "run --media-video-max-height",
              SettingsCatalogue.MAX_VIDEO_HEIGHT),
          sets(
              "media.video.max_area",
              "run --media-video-max-area",
              SettingsCatalogue.MAX_VIDEO_AREA),
          sets(
              "media.video.max_file_size",
              "run --media-video-max-file-size",
              SettingsCatalogue.MAX_VIDEO_FILE_SIZE),
          sets(
              "media.video.max_frame_count",
              "run --media-video-max-frame-count",
              SettingsCatalogue.MAX_VIDEO_FRAMES),
          sets("media.video.video_codec", "run --media-video-codec", SettingsCatalogue.VIDEO_CODEC),
          sets(
              "media.video.audio_codec",
              "run --media-video-audio-codec",
              SettingsCatalogue.VIDEO_AUDIO_CODEC),
          sets(
              "media.video.quality.crf_max",
              "run --media-video-quality-max",
              PictrsKeys::crf,
              SettingsCatalogue.VIDEO_CRF),
          crf(240),
          crf(360),
          crf(480),
          crf(720),
          crf(1080),
          crf(1440),
          crf(2160),
          only(
              "repo.type",
              "pictj keeps a catalog of its own in its folder, and has no other",
              "sled",
              "fjall"),
          sets("repo.path", "sled -p --path", PictrsKeys::catalog, SettingsCatalogue.CATALOG_PATH),
          sets(
              "repo.fjall_path",
              "fjall -f --fjall-path",
              PictrsKeys::catalog,
              SettingsCatalogue.CATALOG_PATH),
          nothing(
              "repo.debug_dump_db_path",
              "fjall -d --debug-dump-db-path",
              "the catalog is no fjall database"),
          sets(
              "repo.cache_capacity",
              "sled -c --cache-capacity",
              PictrsKeys::mebibytes,
              SettingsCatalogue.CATALOG_CACHE),
          sets("repo.export_path", "sled -e --export-path", SettingsCatalogue.EXPORT_PATH),
          nothing("repo.url", "", NO_POSTGRES),
          nothing("repo.use_tls", "", NO_POSTGRES),
          nothing("repo.certificate_file", "", NO_POSTGRES),
          only("store.type", "pictj keeps pictures in files", "filesystem"),
          sets("store.path", "filesystem -p --path", SettingsCatalogue.PATH),
          nothing("store.endpoint", "", NO_OBJECT_STORAGE),
          nothing("store.bucket_name", "", NO_OBJECT_STORAGE),
          nothing("store.region", "", NO_OBJECT_STORAGE),
          nothing("store.access_key", "", NO_OBJECT_STORAGE),
          nothing("store.secret_key", "", NO_OBJECT_STORAGE),
          nothing("store.use_path_style", "", NO_OBJECT_STORAGE),
          nothing("store.session_token", "", NO_OBJECT_STORAGE),
          nothing("store.client_timeout", "", NO_OBJECT_STORAGE),
          nothing("store.public_endpoint", "", NO_OBJECT_STORAGE),
          nothing("store.signature_duration", "", NO_OBJECT_STORAGE),
          nothing("store.tag_healthz", "", NO_OBJECT_STORAGE));

  private static final Set<String> SECTIONS =
      ALL.stream().map(key -> section(key.name())).collect(Collectors.toSet());

  private PictrsKeys() {}

  /** All keys, section by section. */
  public static List<PictrsKey> all() {
    return ALL;
  }

  /** The names of their sections, such as {@code media}. */
  static Set<String> sections() {
    return SECTIONS;
  }

  /** The part of a key before its first dot. */
  static String section(String key) {
    return key.split("\\.", 2)[0];
  }

  /**
   * Whether a variable is named as only those of their sections are, be it that of a key or not.
   */
  static boolean isOfASection(String variable) {
    String[] parts = variable.split("__", 3);
    return parts.length == 3
        && variable.startsWith(PREFIX)
        && SECTIONS.contains(parts[1].toLowerCase(Locale.ROOT));
  }

  /** Whether there is a key of this name. */
  static boolean isKey(String name) {
    return ALL.stream().anyMatch(key -> key.name().equals(name));
  }

  /** The end of a sentence about this name, with the key that is written most like it. */
  static String nearest(String name) {
    return Nearest.inWords(
        name, ALL.stream().map(PictrsKey::name).toList(), UnaryOperator.identity());
  }

  /** Whether a folder, or one in it, is where they keep a database; a new one has none yet. */
  static boolean isDatabase(Path folder) {
    return (Files.exists(folder) && isNamedAsDatabase(folder)) || holdsDatabase(folder);
  }

  private static boolean holdsDatabase(Path folder) {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.anyMatch(PictrsKeys::isNamedAsDatabase);
    } catch (IOException | UncheckedIOException _) {
      // What is not there, or cannot be looked into, is none that they would find.
      return false;
    }
  }

  /** Whether a folder has a name that only a database of theirs has. */
  public static boolean isNamedAsDatabase(Path folder) {
    return DATABASE.matcher(String.valueOf(folder.getFileName())).matches();
  }

  private static String catalog(String repo) {
    return repo + CATALOG;
  }

  private static String mebibytes(String bytes) throws ExpectedException {
    return Long.toString((Parsers.whole(bytes, 1, MIB * MIB) + MIB - 1) / MIB);
  }

  /** Translates a time, which needs its unit in pict-rs. */
  private static String age(String text) throws ExpectedException {
    if (text.matches("[0-9]+")) {
      throw new ExpectedException("a number with m, h, d or y behind it, such as 7d");
    }
    return text;
  }

  /** Translates a quality of pict-rs: 0 becomes 1, and more than 100 becomes 100. */
  private static String quality(String text) throws ExpectedException {
    return Long.toString(Math.clamp(Parsers.whole(text, 0, Long.MAX_VALUE), 1, 100));
  }

  /** Translates a format: JPEG is called jpeg in pict-rs. */
  private static String format(String text) throws ExpectedException {
    String ours = text.equals("jpeg") ? "jpg" : text;
    if (!List.of(Parsers.formats().split(", ", -1)).contains(ours)) {
      throw new ExpectedException("one of jpeg, " + Parsers.formats());
    }
    return ours;
  }

  /** Translates a constant rate factor of pict-rs: more than 63 becomes 63. */
  private static String crf(String text) throws ExpectedException {
    return Long.toString(Math.min(63, Parsers.whole(text, 0, Long.MAX_VALUE)));
  }

  /** Translates a quality of PNG, of which ImageMagick takes a tenth as the compression level. */
  private static String pngLevel(String quality) throws ExpectedException {
    return Long.toString(Math.min(9, Parsers.whole(quality, 0, Long.MAX_VALUE) / 10));
  }

  private static String logFormat(String text) throws ExpectedException {
    return switch (text) {
      case "json" -> "json";
      case "compact", "normal", "pretty", "plain" -> "plain";
      default -> throw new ExpectedException("one of compact, json, normal, pretty");
    };
  }

  private static PictrsKey key(String name, String option, Effect effect) {
    return new PictrsKey(name, Option.of(option), effect);
  }

  private static PictrsKey sets(String name, String option, Setting<?>... settings) {
    return sets(name, option, text -> text, settings);
  }

  private static PictrsKey sets(
      String name, String option, Conversion conversion, Setting<?>... settings) {
    return key(
        name,
        option,
        new Effect.Sets(Arrays.stream(settings).<Setting<?>>map(s -> s).toList(), conversion));
  }

  private static PictrsKey only(String name, String why, String... words) {
    return key(name, "", new Effect.Only(List.of(words), why));
  }

  private static PictrsKey nothing(String name, String option, String why) {
    return key(name, option, new Effect.Nothing(why));
  }

  private static PictrsKey crf(int side) {
    return sets(
        "media.video.quality.crf_" + side,
        "run --media-video-quality-" + side,
        PictrsKeys::crf,
        Objects.requireNonNull(SettingsCatalogue.VIDEO_CRF_BY_SIDE.get(side)));
  }
}
