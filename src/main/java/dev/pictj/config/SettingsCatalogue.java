package dev.pictj.config;

import com.sun.management.OperatingSystemMXBean;
import dev.pictj.config.Setting.Earlier;
import dev.pictj.config.Setting.Kind;
import dev.pictj.config.Setting.Parser;
import dev.pictj.config.Setting.Written;
import dev.pictj.media.MediaType;
import dev.pictj.network.Network;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * Every setting there is, in the order in which help shows them. Each belongs to the section above
 * it. A default may depend on settings above it.
 */
public final class SettingsCatalogue {
  private static final long MIB = 1 << 20;
  private static final long HEAP_MIB = Runtime.getRuntime().maxMemory() / MIB;

  /** Memory that the machine, or the container, has for all processes together. */
  private static final long MACHINE_MIB =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() / MIB;

  /** What the server itself takes under load, and what a job takes with its share of workers. */
  private static final long SERVER_MIB = 384;

  private static final long JOB_MIB = 192;
  private static final SequencedMap<Section, List<Setting<?>>> SECTIONS = new LinkedHashMap<>();

  /**
   * Names of older versions, which may still be given: what the setting is called now, or nothing
   * where it has no effect any more.
   */
  static final Map<String, Optional<String>> OLD_NAMES =
      Map.of("write-behind", Optional.empty(), "heap-slack", Optional.empty());

  static final Section GENERAL = section("", "General");

  public static final Setting<Optional<Path>> CONFIG =
      optional("config", "<file>", Parsers::path)
          .says("TOML file to read settings from")
          .withLetter("c");

  static final Section SERVER = section("server", "Server");

  public static final Setting<InetSocketAddress> ADDR =
      text("addr", "<addr>", Parsers::address)
          .withDefault("0.0.0.0:8080")
          .says("Address and port to listen on")
          .withLetter("a");

  public static final Setting<Optional<Path>> TLS_CERTIFICATE =
      optional("tls-certificate", "<file>", Parsers::path)
          .says(
              "PEM file with the certificate, and those that sign it, to speak HTTPS with; HTTP"
                  + " when not set")
          .basic();

  public static final Setting<Optional<Path>> TLS_KEY =
      optional("tls-key", "<file>", Parsers::path)
          .says("PEM file with the private key of --tls-certificate, without a password")
          .basic();

  public static final Setting<Duration> TLS_RELOAD_INTERVAL =
      seconds("tls-reload-interval", 10)
          .says("Time between two looks at --tls-certificate and --tls-key, for new ones");

  public static final Setting<Optional<InetSocketAddress>> METRICS_ADDR =
      optional("metrics-addr", "<addr>", Parsers::address)
          .says(
              "Address and port for GET /metrics, which Prometheus reads; without it there is"
                  + " none");

  public static final Setting<Integer> METRICS_CONNECTIONS =
      count("metrics-connections", 16, 1, 1_000_000)
          .says("Maximum number of connections to --metrics-addr; more wait to be accepted");

  public static final Setting<Duration> METRICS_IDLE_TIMEOUT =
      seconds("metrics-idle-timeout", 30)
          .says(
              "Time a connection to --metrics-addr may be silent, and a request head may take there"
                  + " to arrive");

  public static final Setting<Optional<String>> API_KEY =
      optional("api-key", "<key>", Written::text)
          .says("Secret that clients give for /internal; without it /internal is closed")
          .secret()
          .basic();

  public static final Setting<DialectName> DIALECT =
      oneOf("dialect", "<line>", DialectName.values())
          .says(
              "Version of pict-rs to answer like: 0.3, 0.5, which Lemmy 0.19.4 and later need, or"
                  + " 0.6; 0.3, or 0.5 where settings are given as pict-rs 0.5 has them, when not"
                  + " set")
          .withDefault(
              earlier -> Parsers.word(earlier.isOfPictrs05() ? DialectName.V0_5 : DialectName.V0_3))
          .basic();

  public static final Setting<Boolean> READ_ONLY =
      flag("read-only").says("Show what is stored, and refuse everything that would change it");

  /** Each as browsers write it (RFC 6454 section 6.2), or {@code *}. */
  public static final Setting<List<String>> CORS_ORIGINS =
      list("cors-origins", "<origin>", Parsers::origin)
          .says(
              "Origins whose pages may read all replies, such as https://example.org; media may"
                  + " be read from any. * is all of them, but for /internal");

  public static final Setting<List<Network>> TRUSTED_PROXIES =
      list("trusted-proxies", "<cidr>", Parsers::network)
          .says(
              "Proxies whose X-Forwarded-For or Forwarded names the client, as addresses or"
                  + " blocks such as 10.0.0.0/8")
          .basic();

  public static final Setting<Duration> SHUTDOWN_TIMEOUT =
      seconds("shutdown-timeout", 30)
          .says("Longest time of a stop; requests under way have all of it but the last 5 s");

  static final Section DATA = section("data", "Data folder and catalog");

  /** Where settings are given as pict-rs 0.5 has them, it is where that keeps its files. */
  public static final Setting<Path> PATH =
      text("path", "<path>", Parsers::path)
          .says("Data folder, for pictures and catalog; required")
          .withDefault(earlier -> earlier.isOfPictrs05() ? PictrsKeys.DEFAULT_STORE : "")
          .withLetter("p");

  public static final Setting<Optional<Path>> CATALOG_PATH =
      optional("catalog-path", "<path>", Parsers::path)
          .says("Folder of the catalog; <path>/catalog when not set")
          .withDefault(earlier -> earlier.isAsPictrsHasIt(PATH) ? PictrsKeys.DEFAULT_CATALOG : "");

  public static final Setting<Optional<Path>> TEMP_DIR =
      optional("temp-dir", "<path>", Parsers::path)
          .says("Folder for unfinished files; <path>/tmp when not set");

  public static final Setting<Optional<Path>> EXPORT_PATH =
      optional("export-path", "<path>", Parsers::path)
          .says(
              "Folder that POST /internal/export puts copies of all data in, made when first"
                  + " needed; none when not set")
          .withDefault(earlier -> earlier.isAsPictrsHasIt(PATH) ? PictrsKeys.DEFAULT_EXPORTS : "");

  public static final Setting<Long> MIN_FREE_SPACE =
      mebibytes("min-free-space", 512, 0, 1 << 30)
          .says("Free disk space below which nothing new is stored; 0 for no limit")
          .basic();

  public static final Setting<Boolean> GROUP_ACCESS =
      flag("group-access").says("Let the group of the data folder read it; other users never may");

  public static final Setting<Boolean> NEW_CATALOG =
      flag("new-catalog")
          .says("Where the catalog is gone: move all files to lost+found and begin with nothing");

  public static final Setting<Boolean> ACCEPT_LOSS =
      flag("accept-loss")
          .says(
              "Start on a catalog that has lost rows with those that are left; nothing is swept"
                  + " before");

  public static final Setting<Duration> TRASH_INTERVAL =
      seconds("trash-interval", 60).says("Time between two looks for files of deleted pictures");

  public static final Setting<Duration> SWEEP_INTERVAL =
      seconds("sweep-interval", 3600)
          .says(
              "Time between two looks for files that no name points to; only what two looks find"
                  + " goes");

  public static final Setting<Integer> SWEEP_MAX_FILES =
      count("sweep-max-files", 20, 0, 1_000_000_000)
          .says(
              "Number of originals without a name above which a sweep touches none, where"
                  + " --sweep-max-percent is exceeded too");

  public static final Setting<Integer> SWEEP_MAX_PERCENT =
      count("sweep-max-percent", 1, 0, 100)
          .as("<percent>")
          .says(
              "Part of all stored originals that may be without a name, in percent, before a sweep"
                  + " touches none; see --sweep-max-files");

  public static final Setting<Duration> LOST_FOUND_RETENTION =
      age("lost-found-retention", Parsers::ageOrNone)
          .withDefault(7)
          .says(
              "Time that files without a name are kept in lost+found before they are deleted, in"
                  + " days or such as 12h; 0 for none");

  public static final Setting<Long> CATALOG_CACHE =
      mebibytes("catalog-cache", 32)
          .says(
              "Memory for blocks of the catalog, and a quarter of it more for rows that are not"
                  + " written out yet");

  public static final Setting<Integer> CATALOG_WRITERS =
      count("catalog-writers", 16, 1, 1024)
          .says("Threads that write to the catalog; those that wait for the disk share one sync");

  public static final Setting<Integer> CATALOG_ENTRIES =
      count("catalog-entries", 10_000, 0, 100_000_000)
          .says(
              "Maximum number of pictures, and of variants, that are found without the catalog;"
                  + " half a kilobyte each");

  public static final Setting<Long> BLOB_CACHE =
      mebibytes("blob-cache", 0, HEAP_MIB / 2)
          .says(
              "Memory for small files in demand, at most half of the Java heap, 0 for none; 32,"
                  + " or an eighth of the heap where that is less, when not set")
          .withDefault(_ -> Math.min(32, HEAP_MIB / 8));

  public static final Setting<Integer> BLOB_CACHE_LARGEST =
      kibibytes("blob-cache-largest", 64, 1, 1 << 20)
          .says("Maximum size of a file that is kept in --blob-cache");

  static final Section UPLOADS = section("uploads", "Uploads");

  public static final Setting<Long> MAX_FILE_SIZE =
      mebibytes("max-file-size", 40).says("Maximum size of a file").withLetter("m");

  public static final Setting<Integer> MAX_FILES =
      count("max-files", 1, 1000)
          .says("Maximum number of files in one upload; 10, or 1 in dialect 0.5, when not set")
          .withDefault(earlier -> earlier.get(DIALECT) == DialectName.V0_3 ? 10 : 1);

  public static final Setting<Optional<MediaType>> FORMAT =
      optional("format", "<format>", Parsers::format)
          .says("Format that every still upload is converted to: " + Parsers.formats())
          .withLetter("f");

  public static final Setting<Optional<MediaType>> ANIMATION_FORMAT =
      optional("animation-format", "<format>", Parsers::animationFormat)
          .says("Format that every animated upload is converted to: " + Parsers.animationFormats());

  /** As pict-rs 0.5 does it: GIF is stored as GIF, and an animated PNG is {@code image/apng}. */
  public static final Setting<Boolean> KEEP_ANIMATIONS =
      flag("keep-animations")
          .as("<boolean>")
          .withDefault(settings -> settings.get(DIALECT) != DialectName.V0_3)
          .says(
              "Whether GIF stays GIF and an animated PNG is called image/apng, instead of MP4 and"
                  + " image/png; false in the dialect 0.3, else true");

  public static final Setting<Boolean> ACCEPT_VIDEO =
      flag("accept-video").as("<boolean>").withDefault(true).says("Whether videos are taken");

  public static final Setting<VideoCodec> VIDEO_CODEC =
      oneOf("video-codec", "<codec>", VideoCodec.values())
          .withDefault(
              settings ->
                  settings.get(DIALECT) == DialectName.V0_3 ? VideoCodec.H264 : VideoCodec.KEEP)
          .says(
              "Codec that videos are stored with: h264 or h265 in MP4, vp8, vp9 or av1 in WebM, or"
                  + " keep for the one that they have; h264 in the dialect 0.3, else keep");

  public static final Setting<Boolean> VIDEO_SOUND =
      flag("video-sound")
          .as("<boolean>")
          .withDefault(settings -> settings.get(VIDEO_CODEC) == VideoCodec.KEEP)
          .says("Whether videos keep their sound; true where --video-codec is keep, else false");

  public static final Setting<AudioCodec> VIDEO_AUDIO_CODEC =
      oneOf("video-audio-codec", "<codec>", AudioCodec.values())
          .withDefault(AudioCodec.KEEP)
          .says(
              "Codec of a video's sound, where --video-sound keeps it: aac in MP4, opus in both,"
                  + " vorbis in WebM, or keep for the one that it has, where the video may have"
                  + " it");

  public static final Setting<Integer> VIDEO_CRF =
      count("video-crf", 32, 0, 63)
          .as("<factor>")
          .withDefault(settings -> settings.get(DIALECT) == DialectName.V0_3 ? 23 : 32)
          .says(
              "Constant rate factor that videos are encoded with; lower is better. 23 in the"
                  + " dialect 0.3, else 32");

  /** Settings of quality, by the most pixels that the shorter side of a video may have. */
  public static final SortedMap<Integer, Setting<Optional<Integer>>> VIDEO_CRF_BY_SIDE =
      crfBySide(240, 360, 480, 720, 1080, 1440, 2160);

  private static SortedMap<Integer, Setting<Optional<Integer>>> crfBySide(int... sides) {
    SortedMap<Integer, Setting<Optional<Integer>>> settings = new TreeMap<>();
    for (int side : sides) {
      settings.put(
          side,
          number(
                  "video-crf-" + side,
                  "<factor>",
                  Parsers.optional(written -> (int) Parsers.whole(written.text(), 0, 63)))
              .says(
                  "--video-crf for videos whose shorter side has up to %d pixels; that of the next"
                          .formatted(side)
                      + " larger one when not set"));
    }
    return settings;
  }

  /** Not before it is asked for: what a line of pict-rs answers has no such fields. */
  public static final Setting<Boolean> FACTS =
      flag("facts")
          .says(
              "Add thumbhash, dominant_color and phash to details in the dialects 0.5 and 0.6; in"
                  + " 0.3, which tells none of them, make them at upload");

  public static final Setting<Boolean> FIT_LARGE_IMAGES =
      flag("fit-large-images")
          .says(
              "Shrink stills over --max-image-width, --max-image-height or --max-image-area at"
                  + " upload instead of refusing them");

  public static final Setting<Boolean> SKIP_VALIDATE_IMPORTS =
      flag("skip-validate-imports")
          .says("Store the bytes of /internal/import as they are; only their headers are read")
          .withLetter("s");

  /** A file of the largest size must fit, and the form around it, which is counted too. */
  public static final Setting<Long> SPOOL_LIMIT =
      number(
              "spool-limit",
              "<MiB>",
              written ->
                  Parsers.whole(
                          written.text(), written.earlier().get(MAX_FILE_SIZE) / MIB + 1, 1 << 30)
                      * MIB)
          .says(
              "Maximum size of all unfinished uploads and downloads together; 4096, or twice"
                  + " --max-file-size where that is more, when not set")
          .withDefault(earlier -> Math.max(4096, 2 * earlier.get(MAX_FILE_SIZE) / MIB));

  public static final Setting<Integer> CPU_QUEUE =
      count("cpu-queue", 256, 1, 100_000)
          .says("Maximum number of files, or parts of files, that wait to be checked and hashed");

  /** A query, not yet read; nothing where nothing is done. */
  public static final Setting<Optional<String>> PREPROCESS_STEPS =
      optional("preprocess-steps", "<query>", Written::text)
          .says(
              "Operations done to every still and animation before it is stored, such as"
                  + " resize=1200&blur=1; an upload that names some has those instead");

  public static final Setting<Optional<URI>> EXTERNAL_VALIDATION =
      optional("external-validation", "<url>", Parsers::url)
          .says(
              "Server that is sent each file before it is stored, by POST with its type, and"
                  + " accepts it with a status of 200 to 299");

  public static final Setting<Duration> EXTERNAL_VALIDATION_TIMEOUT =
      seconds("external-validation-timeout", 30)
          .says("Time the server of --external-validation may take to answer");

  public static final Setting<Boolean> EXTERNAL_VALIDATION_FAIL_OPEN =
      flag("external-validation-fail-open")
          .says("Take a file when the server of --external-validation does not answer");

  public static final Setting<Boolean> DANGER_DUMMY_MODE =
      flag("danger-dummy-mode")
          .says(
              "For tests of clients, without any image tool: take any bytes for a PNG of 0x0"
                  + " pixels, and have process send them as they are");

  static final Section BACKGROUND = section("background", "Uploads in the background");

  public static final Setting<Integer> BACKGROUND_UPLOADS =
      count("background-uploads", 1000, 1, 1_000_000)
          .says(
              "Maximum number of uploads in the background that wait to be worked on; more are"
                  + " refused");

  public static final Setting<Long> BACKGROUND_SIZE =
      number(
              "background-size",
              "<MiB>",
              written ->
                  Parsers.whole(written.text(), written.earlier().get(MAX_FILE_SIZE) / MIB, 1 << 30)
                      * MIB)
          .says(
              "Maximum size of all uploads in the background together; 4096, or --max-file-size"
                  + " where that is more, when not set")
          .withDefault(earlier -> Math.max(4096, earlier.get(MAX_FILE_SIZE) / MIB));

  public static final Setting<Integer> BACKGROUND_JOBS =
      count("background-jobs", 1, 1024)
          .says(
              "Maximum number of uploads in the background that are worked on at a time, after all"
                  + " others; one fewer than there are cores when not set")
          .withDefault(_ -> Math.max(1, Runtime.getRuntime().availableProcessors() - 1));

  public static final Setting<Integer> BACKGROUND_ATTEMPTS =
      count("background-attempts", 3, 1, 100)
          .says(
              "Number of crashes of the server during work on the same upload in the background,"
                  + " after which it is given up");

  public static final Setting<Duration> CLAIM_TIMEOUT =
      seconds("claim-timeout", 10, 0)
          .says("Time a claim waits for an upload in the background, before it has to be repeated");

  public static final Setting<Duration> BACKGROUND_RETENTION =
      age("background-retention", Parsers::age)
          .withDefault(1)
          .says(
              "Time that an upload in the background is kept which nobody claims, in days or such"
                  + " as 12h");

  static final Section PICTURES = section("pictures", "Pictures and videos");

  public static final Setting<Integer> MAX_IMAGE_WIDTH =
      count("max-image-width", 10_000, 1, 65_535)
          .as("<pixels>")
          .says("Maximum width of a picture")
          .basic();

  public static final Setting<Integer> MAX_IMAGE_HEIGHT =
      count("max-image-height", 10_000, 1, 65_535)
          .as("<pixels>")
          .says("Maximum height of a picture")
          .basic();

  public static final Setting<Long> MAX_IMAGE_AREA =
      number(
              "max-image-area",
              "<pixels>",
              written -> Parsers.whole(written.text(), 1, 65_535L * 65_535))
          .withDefault(40_000_000)
          .says("Maximum number of pixels of a picture");

  public static final Setting<Integer> MAX_IMAGE_FRAMES =
      count("max-image-frames", 3600, 1, 1_000_000)
          .as("<frames>")
          .says("Maximum number of frames of an animation or a video");

  public static final Setting<Integer> MAX_ANIMATION_WIDTH =
      count("max-animation-width", 1, 65_535)
          .as("<pixels>")
          .withDefault(laterOr(1920, MAX_IMAGE_WIDTH))
          .says("Maximum width of an animation; in the dialect 0.3 that of a picture, else 1920");

  public static final Setting<Integer> MAX_ANIMATION_HEIGHT =
      count("max-animation-height", 1, 65_535)
          .as("<pixels>")
          .withDefault(laterOr(1920, MAX_IMAGE_HEIGHT))
          .says("Maximum height of an animation; in the dialect 0.3 that of a picture, else 1920");

  public static final Setting<Long> MAX_ANIMATION_AREA =
      number("max-animation-area", "<pixels>", 1, 65_535L * 65_535, written -> written)
          .withDefault(laterOr(2073600, MAX_IMAGE_AREA))
          .says(
              "Maximum number of pixels of a frame of an animation; in the dialect 0.3 that of a"
                  + " picture, else 2073600");

  public static final Setting<Integer> MAX_ANIMATION_FRAMES =
      count("max-animation-frames", 1, 1_000_000)
          .as("<frames>")
          .withDefault(laterOr(900, MAX_IMAGE_FRAMES))
          .says(
              "Maximum number of frames of an animation; in the dialect 0.3 --max-image-frames,"
                  + " else 900");

  public static final Setting<Integer> MAX_VIDEO_WIDTH =
      count("max-video-width", 1, 65_535)
          .as("<pixels>")
          .withDefault(laterOr(3840, MAX_IMAGE_WIDTH))
          .says("Maximum width of a video; in the dialect 0.3 that of a picture, else 3840");

  public static final Setting<Integer> MAX_VIDEO_HEIGHT =
      count("max-video-height", 1, 65_535)
          .as("<pixels>")
          .withDefault(laterOr(3840, MAX_IMAGE_HEIGHT))
          .says("Maximum height of a video; in the dialect 0.3 that of a picture, else 3840");

  public static final Setting<Long> MAX_VIDEO_AREA =
      number("max-video-area", "<pixels>", 1, 65_535L * 65_535, written -> written)
          .withDefault(laterOr(8294400, MAX_IMAGE_AREA))
          .says(
              "Maximum number of pixels of a frame of a video; in the dialect 0.3 that of a"
                  + " picture, else 8294400");

  public static final Setting<Integer> MAX_VIDEO_FRAMES =
      count("max-video-frames", 1, 1_000_000)
          .as("<frames>")
          .withDefault(laterOr(900, MAX_IMAGE_FRAMES))
          .says(
              "Maximum number of frames of a video; in the dialect 0.3 --max-image-frames, else"
                  + " 900");

  public static final Setting<Long> MAX_IMAGE_FILE_SIZE =
      mebibytes("max-image-file-size", 1, 1 << 20)
          .withDefault(settings -> settings.get(MAX_FILE_SIZE) / MIB)
          .says("Maximum size of a file of a still; --max-file-size when not set");

  public static final Setting<Long> MAX_ANIMATION_FILE_SIZE =
      mebibytes("max-animation-file-size", 1, 1 << 20)
          .withDefault(settings -> settings.get(MAX_FILE_SIZE) / MIB)
          .says("Maximum size of a file of an animation; --max-file-size when not set");

  public static final Setting<Long> MAX_VIDEO_FILE_SIZE =
      mebibytes("max-video-file-size", 1, 1 << 20)
          .withDefault(settings -> settings.get(MAX_FILE_SIZE) / MIB)
          .says("Maximum size of a file of a video; --max-file-size when not set");

  /** A default of the later lines, or of 0.3 what holds for every picture. */
  private static Function<Earlier, ?> laterOr(long later, Setting<?> picture) {
    return settings ->
        settings.get(DIALECT) == DialectName.V0_3 ? settings.get(picture) : (Object) later;
  }

  static final Section PROCESSING = section("processing", "Processing");

  /** Names in lower case, not yet looked up; nothing where every operation is permitted. */
  public static final Setting<Optional<List<String>>> WHITELIST =
      declare("whitelist", "<name>", Kind.LIST, Parsers::whitelist)
          .says(
              "Operations that process permits, by their names in a query; others are left out."
                  + " Without it all are permitted")
          .withLetter("w")
          .withVariables("PICTRS_FILTER_WHITELIST", "PICTRS_ALLOWED_FILTERS");

  /** Operations not yet read. */
  public static final Setting<List<Preset>> PRESETS =
      list("presets", "<preset>", Parsers::preset)
          .says(
              "Operations that ?preset= asks for by a name, each such as"
                  + " card=thumbnail=320&crop=16x9; they need not be on the whitelist");

  public static final Setting<List<SigningKey>> SIGNING_KEYS =
      declare("signing-keys", "<key>", Kind.LIST, Parsers::signingKeys)
          .says(
              "Keys that URLs of variants may be signed with, each an id, a colon, and a secret of"
                  + " 32 characters or more")
          .secret();

  public static final Setting<Unsigned> UNSIGNED =
      oneOf("unsigned", "<which>", Unsigned.values())
          .says(
              "Variants that URLs may ask for which are not signed: all, presets: those of"
                  + " --presets, or none");

  /** The formats of {@code auto}; clients that accept anything without naming these get none. */
  public static final Setting<List<MediaType>> AUTO_FORMATS =
      list("auto-formats", "<format>", Parsers::autoFormat)
          .withDefault("avif,webp")
          .says(
              "Formats that the extension auto stands for where a client's Accept names them,"
                  + " before JPEG and PNG and the best first: "
                  + Parsers.autoFormats());

  /**
   * WebP first: making animated AVIF takes long, and some clients that show AVIF show of it the
   * first frame alone.
   */
  public static final Setting<List<MediaType>> AUTO_ANIMATION_FORMATS =
      list("auto-animation-formats", "<format>", Parsers::autoAnimationFormat)
          .withDefault("webp,avif")
          .says(
              "Formats that the extension auto stands for in animations where a client's Accept"
                  + " names them, before GIF and the best first: "
                  + Parsers.autoAnimationFormats());

  public static final Setting<Integer> MAX_OPERATIONS =
      count("max-operations", 10, 0, 100)
          .says("Maximum number of operations in one process request");

  public static final Setting<Duration> PREVIEW_WAIT =
      seconds("preview-wait", 5, 0)
          .says(
              "Time that a page of /internal/hashes waits for the previews that media of an older"
                  + " catalog lack; the next request goes on with them");

  public static final Setting<Integer> MAX_BACKGROUND_VARIANTS =
      count("max-background-variants", 100, 1, 100_000)
          .says("Maximum number of variants under way that process_backgrounded has begun");

  public static final Setting<Integer> MAX_BLUR =
      count("max-blur", 100, 1, 1000).as("<sigma>").says("Maximum sigma of blur");

  public static final Setting<Integer> MAX_VARIANTS_PER_MEDIA =
      count("max-variants-per-media", 500, 1, 1_000_000)
          .says(
              "Maximum number of variants kept of one picture; those that nobody asked for the"
                  + " longest go first");

  public static final Setting<Optional<Duration>> VARIANT_RETENTION =
      age("variant-retention", Parsers.optional(Parsers::age))
          .says(
              "Time that variants are kept which nobody asks for, in days or such as 12h; for ever"
                  + " when not set, or 7 days in the dialects 0.5 and 0.6")
          .withDefault(earlier -> earlier.get(DIALECT) == DialectName.V0_3 ? "" : "7");

  public static final Setting<Optional<Long>> VARIANT_BUDGET =
      number(
              "variant-budget",
              "<MiB>",
              Parsers.optional(written -> Parsers.whole(written.text(), 1, 1 << 30) * MIB))
          .says(
              "Maximum size of all variants; when it is exceeded, those that nobody asked for the"
                  + " longest go until 90 % of it are left; no maximum when not set");

  public static final Setting<Duration> VARIANT_UPKEEP_INTERVAL =
      seconds("variant-upkeep-interval", 30)
          .says(
              "Time between two looks for variants that are to go; what was asked for is noted"
                  + " then, and forgotten in a crash before");

  public static final Setting<Integer> WEBP_EFFORT =
      count("webp-effort", 2, 0, 6).as("<level>").says("Effort to make WebP small: 0 to 6");

  public static final Setting<Integer> PNG_LEVEL =
      count("png-level", 4, 0, 9).as("<level>").says("Compression level of PNG: 0 to 9");

  public static final Setting<Integer> AVIF_EFFORT =
      count("avif-effort", 1, 0, 9).as("<level>").says("Effort to make AVIF small: 0 to 9");

  public static final Setting<Integer> JXL_EFFORT =
      count("jxl-effort", 3, 3, 9).as("<level>").says("Effort to make JPEG XL small: 3 to 9");

  public static final Setting<Integer> AVIF_QUALITY =
      count("avif-quality", 60, 1, 100).as("<quality>").says("Quality of AVIF: 1 to 100");

  public static final Setting<Integer> JXL_QUALITY =
      count("jxl-quality", 80, 1, 100).as("<quality>").says("Quality of JPEG XL: 1 to 100");

  public static final Setting<Integer> WEBP_QUALITY =
      count("webp-quality", 80, 1, 100).as("<quality>").says("Quality of WebP: 1 to 100");

  public static final Setting<Integer> ANIMATION_AVIF_QUALITY =
      count("animation-avif-quality", 1, 100)
          .as("<quality>")
          .says("Quality of animated AVIF: 1 to 100; --avif-quality when not set")
          .withDefault(earlier -> earlier.get(AVIF_QUALITY));

  public static final Setting<Integer> ANIMATION_WEBP_QUALITY =
      count("animation-webp-quality", 1, 100)
          .as("<quality>")
          .says("Quality of animated WebP: 1 to 100; --webp-quality when not set")
          .withDefault(earlier -> earlier.get(WEBP_QUALITY));

  public static final Setting<Integer> ANIMATION_PNG_LEVEL =
      count("animation-png-level", 0, 9)
          .as("<level>")
          .says("Compression level of animated PNG: 0 to 9; --png-level when not set")
          .withDefault(earlier -> earlier.get(PNG_LEVEL));

  public static final Setting<Optional<Integer>> JPEG_QUALITY =
      number(
              "jpeg-quality",
              "<quality>",
              Parsers.optional(written -> Math.toIntExact(Parsers.whole(written.text(), 1, 100))))
          .says("Quality of JPEG: 1 to 100; that of the source, or what suits it, when not set");

  public static final Setting<Integer> MEZZANINE_SIZE =
      count("mezzanine-size", 2048, 0, 10_000)
          .as("<pixels>")
          .says(
              "Longest side of the copies that small variants of large pictures are made from; 0"
                  + " for none");

  public static final Setting<Integer> MEZZANINE_QUALITY =
      count("mezzanine-quality", 95, 85, 100)
          .as("<quality>")
          .says("JPEG quality of the copies that --mezzanine-size has made: 85 to 100");

  static final Section DOWNLOADS = section("downloads", "Downloads");

  public static final Setting<Boolean> DOWNLOAD_ALLOW_PRIVATE =
      flag("download-allow-private")
          .says("Let /image/download reach loopback and private addresses");

  public static final Setting<Optional<OutboundProxy>> DOWNLOAD_PROXY =
      optional("download-proxy", "<url>", Parsers::proxy)
          .says(
              "HTTP proxy for downloads, http://[user:password@]host:port; it must allow CONNECT"
                  + " to addresses")
          .secret();

  public static final Setting<Integer> MAX_DOWNLOADS =
      count("max-downloads", 32, 1, 100_000)
          .says("Maximum number of downloads at a time; more are refused");

  public static final Setting<Duration> DOWNLOAD_CONNECT_TIMEOUT =
      seconds("download-connect-timeout", 10).says("Time a download may take to connect");

  public static final Setting<Duration> DOWNLOAD_TIMEOUT =
      seconds("download-timeout", 30).says("Time a download may take in all");

  public static final Setting<Integer> DOWNLOAD_MAX_REDIRECTS =
      count("download-max-redirects", 5, 0, 50)
          .says("Maximum number of redirects that a download follows");

  public static final Setting<Duration> PROXY_RETENTION =
      age("proxy-retention", Parsers::age)
          .withDefault(7)
          .says(
              "Time that what ?proxy= fetched is kept when nobody asks for its URL, in days or such"
                  + " as 12h");

  public static final Setting<Optional<Long>> PROXY_BUDGET =
      number(
              "proxy-budget",
              "<MiB>",
              Parsers.optional(written -> Parsers.whole(written.text(), 1, 1 << 30) * MIB))
          .says(
              "Maximum size of all that ?proxy= fetched; when it is exceeded, what nobody asked for"
                  + " the longest goes until 90 % of it are left; no maximum when not set");

  public static final Setting<Duration> PROXY_CHECK_INTERVAL =
      seconds("proxy-check-interval", 3600)
          .says(
              "Time after which the origin of a URL of ?proxy= is asked whether the media has"
                  + " changed, or is gone");

  public static final Setting<Duration> PROXY_CHECK_WAIT =
      seconds("proxy-check-wait", 3, 0)
          .says(
              "Time that a request for ?proxy= waits for the origin's answer, before it gets what"
                  + " is stored");

  public static final Setting<Duration> PROXY_NO_STORE_TIME =
      seconds("proxy-no-store-time", 30)
          .says(
              "Time that a media of ?proxy= stays, to be sent and asked about, whose origin says"
                  + " no-store");

  static final Section MOVING = section("moving", "Moving from another server");

  public static final Setting<Long> MAX_ADOPTED_SIZE =
      mebibytes("max-adopted-size", 2048)
          .says(
              "Maximum size of a file that pictj adopt or --fallback takes over, to which no other"
                  + " limit of uploads applies");

  public static final Setting<Optional<URI>> FALLBACK =
      optional("fallback", "<url>", Parsers::url)
          .says(
              "Base URL of the pict-rs that this server takes the place of: a picture that is asked"
                  + " for and not stored here is taken over from there");

  public static final Setting<Optional<String>> FALLBACK_API_KEY =
      optional("fallback-api-key", "<key>", Written::text)
          .says(
              "API key of the server at --fallback, to purge there what is purged here; --api-key"
                  + " when not set")
          .secret();

  public static final Setting<Integer> MAX_FALLBACKS =
      count("max-fallbacks", 16, 1, 100_000)
          .says(
              "Maximum number of requests to the server at --fallback at a time; more are refused");

  public static final Setting<Duration> FALLBACK_TIMEOUT =
      seconds("fallback-timeout", 60)
          .says("Time an answer of the server at --fallback may take in all");

  public static final Setting<Duration> FALLBACK_UNKNOWN_TIME =
      seconds("fallback-unknown-time", 300)
          .says(
              "Time that the server at --fallback is not asked again for a name it does not have");

  public static final Setting<Integer> FALLBACK_UNKNOWN_NAMES =
      count("fallback-unknown-names", 100_000, 1, 100_000_000)
          .says("Maximum number of names remembered that the server at --fallback does not have");

  static final Section ENGINE = section("engine", "Image tools");

  public static final Setting<EngineChoice> ENGINE_CHOICE =
      oneOf("engine", "<engine>", EngineChoice.values())
          .says(
              "What renders: auto: libvips where it is installed, ImageMagick for the rest;"
                  + " imagemagick: nothing else; libvips: as auto, but no start without it");

  public static final Setting<FastCodecs> FAST_CODECS =
      oneOf("fast-codecs", "<codecs>", FastCodecs.values())
          .says("Whether libvips is helped with JPEG: auto: where that is faster; off: never");

  public static final Setting<Boolean> ISOLATE_ENGINE =
      flag("isolate-engine")
          .as("<boolean>")
          .withDefault(true)
          .says("Whether libvips runs in processes of its own instead of the server's");

  public static final Setting<Duration> ENGINE_IDLE_TIMEOUT =
      seconds("engine-idle-timeout", 60)
          .says("Idle time after which the last process of libvips is ended");

  public static final Setting<SandboxMode> SANDBOX =
      oneOf("sandbox", "<mode>", SandboxMode.values())
          .says(
              "Sandbox of the tools: auto: what works of prlimit and bwrap; required: no start"
                  + " without both; off: neither");

  public static final Setting<Duration> IMAGE_TIMEOUT =
      seconds("image-timeout", 30).says("Time one run of ImageMagick or libvips may take");

  public static final Setting<Duration> VIDEO_TIMEOUT =
      seconds("video-timeout", 300).says("Time one run of ffmpeg may take");

  public static final Setting<Long> IMAGE_MEMORY =
      mebibytes("image-memory", 1, 1 << 20)
          .says(
              "Maximum memory of one ImageMagick run for pixels; 768, or a quarter of the machine's"
                  + " or container's memory where that is less, when not set")
          .withDefault(_ -> Math.clamp(MACHINE_MIB / 4, 1, 768));

  public static final Setting<Long> IMAGE_MAP =
      mebibytes("image-map", 512).says("Maximum mapped memory of one ImageMagick run");

  public static final Setting<Long> IMAGE_DISK =
      mebibytes("image-disk", 1024).says("Maximum disk space of one ImageMagick run for pixels");

  public static final Setting<Integer> IMAGE_THREADS =
      count("image-threads", 1, 1, 256).says("Threads of one ImageMagick run");

  public static final Setting<Optional<Long>> IMAGE_ADDRESS_SPACE =
      number(
              "image-address-space",
              "<MiB>",
              Parsers.optional(written -> Parsers.whole(written.text(), 1, 1 << 20) * MIB))
          .says(
              "Maximum address space of one ImageMagick run; what --image-memory, --image-map and"
                  + " --max-image-area add up to when not set");

  public static final Setting<Long> VIDEO_MEMORY =
      mebibytes("video-memory", 3072).says("Maximum address space of one ffmpeg run");

  public static final Setting<Long> TOOL_TEMP_SIZE =
      mebibytes("tool-temp-size", 1, 1 << 20)
          .says(
              "Maximum size of the temporary files of one run of a tool; --image-map and"
                  + " --image-disk together when not set")
          .withDefault(earlier -> (earlier.get(IMAGE_MAP) + earlier.get(IMAGE_DISK)) / MIB);

  public static final Setting<Long> TOOL_OUTPUT_SIZE =
      mebibytes("tool-output-size", 512).says("Maximum size of a file that a tool writes");

  static final Section QUEUE = section("queue", "Image jobs and their queue");

  /** The last place is kept for small jobs; large ones have every core nevertheless. */
  public static final Setting<Integer> IMAGE_JOBS =
      count("image-jobs", 1, 1024)
          .says(
              "Maximum number of image jobs at a time, one of them kept for small ones; one more"
                  + " than there are cores, fewer where memory is short, when not set")
          .withDefault(
              _ ->
                  Math.clamp(
                      (MACHINE_MIB - SERVER_MIB) / JOB_MIB,
                      1,
                      Runtime.getRuntime().availableProcessors() + 1));

  public static final Setting<Long> IMAGE_BUDGET =
      mebibytes("image-budget", 1, 1 << 20)
          .says(
              "Maximum predicted memory of all running image jobs for pixels; 1024, or a quarter of"
                  + " the machine's or container's memory where that is less, when not set")
          .withDefault(_ -> Math.clamp(MACHINE_MIB / 4, 1, 1024));

  public static final Setting<Long> IMAGE_SMALL_COST =
      megapixels("image-small-cost", 16)
          .says("Cost up to which an image job is small, and never waits for a larger one to end");

  public static final Setting<Integer> IMAGE_COST_RATE =
      count("image-cost-rate", 100, 0, 1_000_000)
          .as("<megapixels>")
          .says(
              "Cost that an image job may have for each second of --image-timeout; what is"
                  + " costlier is refused at once; 0 for any");

  public static final Setting<Integer> IMAGE_QUEUE =
      count("image-queue", 64, 0, 100_000).says("Maximum number of image jobs that wait");

  public static final Setting<Long> IMAGE_QUEUE_COST =
      megapixels("image-queue-cost", 4000).says("Maximum cost of all image jobs that wait");

  public static final Setting<Duration> IMAGE_QUEUE_TIMEOUT =
      seconds("image-queue-timeout", 30).says("Time an image job may wait");

  public static final Setting<Duration> ABANDONED_WORK_TIME =
      seconds("abandoned-work-time", 120, 0)
          .says(
              "Time that work on a picture goes on when its last client has left, waiting"
                  + " included");

  public static final Setting<Duration> FAILURE_RETENTION =
      seconds("failure-retention", 300)
          .says("Time that a failure of image work is remembered, and answered without a new try");

  public static final Setting<Integer> FAILURE_ENTRIES =
      count("failure-entries", 4096, 0, 1_000_000)
          .says("Maximum number of failures of image work that are remembered");

  static final Section CONNECTIONS = section("connections", "Connections and requests");

  public static final Setting<Integer> MAX_CONNECTIONS =
      count("max-connections", 1024, 1, 1_000_000)
          .says("Maximum number of connections; more wait to be accepted");

  public static final Setting<Integer> CONNECTION_MEMORY =
      count("connection-memory", 25, 1, 75)
          .as("<percent>")
          .says(
              "Memory that requests and replies under way may hold together, in percent of the"
                  + " Java heap");

  public static final Setting<Duration> IDLE_TIMEOUT =
      seconds("idle-timeout", 30).says("Time a connection may be silent during a request");

  public static final Setting<Duration> HEAD_TIMEOUT =
      seconds("head-timeout", 10).says("Time a request head may take to arrive");

  public static final Setting<Duration> KEEP_ALIVE_TIMEOUT =
      seconds("keep-alive-timeout", 20).says("Time between two requests of a connection");

  public static final Setting<Duration> STOP_GRACE =
      seconds("stop-grace", 1, 0)
          .says("Time that a connection without a request stays open when the server stops");

  public static final Setting<Duration> REQUEST_TIMEOUT =
      seconds("request-timeout", 3600)
          .says("Time a whole request may take to arrive, its body included");

  public static final Setting<Integer> MIN_UPLOAD_RATE =
      count("min-upload-rate", 1024, 0, 1 << 30)
          .as("<bytes>")
          .says(
              "Minimum speed of an upload, in bytes a second over each --upload-grace; 0 for any");

  public static final Setting<Duration> UPLOAD_GRACE =
      seconds("upload-grace", 20).says("Time an upload may be slower than --min-upload-rate");

  public static final Setting<Integer> MAX_HEADER_SIZE =
      kibibytes("max-header-size", 32, 4, 1024).says("Maximum size of a request head");

  public static final Setting<Integer> MAX_HEADER_FIELDS =
      count("max-header-fields", 200, 20, 10_000)
          .says("Maximum number of fields of a request head");

  public static final Setting<Integer> MAX_FORM_FIELDS =
      count("max-form-fields", 100, 0, 100_000)
          .says("Maximum number of parts of a form that are not files; all are ignored");

  public static final Setting<Integer> MAX_FORM_FIELD_BYTES =
      kibibytes("max-form-field-size", 1024, 1, 1 << 20)
          .says("Maximum size of all parts of a form together that are not files");

  public static final Setting<Integer> MAX_PART_HEAD =
      kibibytes("max-part-head-size", 16, 1, 1024)
          .says("Maximum size of the head of a part of a form, its file name included");

  public static final Setting<Integer> MAX_JSON_BODY =
      kibibytes("max-json-size", 64, 1, 1024).says("Maximum size of a request body in JSON");

  public static final Setting<Duration> LINGER_TIMEOUT =
      seconds("linger-timeout", 30)
          .says(
              "Time that a request body is still read when it is answered before its end, so that"
                  + " the client gets to see the answer");

  public static final Setting<Long> LINGER_SIZE =
      mebibytes("linger-size", 512)
          .says(
              "Maximum size that is read, and thrown away, of a request body that is answered"
                  + " before its end");

  public static final Setting<Integer> LINGER_CONNECTIONS =
      count("linger-connections", 128, 0, 100_000)
          .says(
              "Maximum number of connections whose request body is still read after the answer;"
                  + " others are closed at once");

  public static final Setting<Integer> MAX_MEDIA_PER_PAGE =
      count("max-media-per-page", 1000, 1, 100_000)
          .says("Maximum number of uploads that one reply of /internal/media lists");

  static final Section LOG = section("log", "Log");

  /** The level for our own messages, as Logback calls it. */
  public static final Setting<String> LOG_LEVEL =
      text("log-level", "<level>", Parsers::logLevel)
          .withDefault("info")
          .says("What is logged: trace, debug, info, warn, error or off")
          .withVariables("PICTRS_LOG_LEVEL", "RUST_LOG")
          .basic();

  public static final Setting<LogFormat> LOG_FORMAT =
      oneOf("log-format", "<format>", LogFormat.values())
          .says("Format of the log: plain, or json: one object a line");

  public static final Setting<Boolean> QUIET_PROBES =
      flag("quiet-probes").says("Leave requests for /healthz that are answered 200 out of the log");

  private SettingsCatalogue() {}

  /** The settings of each section, in the order of help. */
  public static Map<Section, List<Setting<?>>> sections() {
    return Collections.unmodifiableMap(SECTIONS);
  }

  /** All settings, section by section. */
  public static List<Setting<?>> all() {
    return SECTIONS.values().stream().<Setting<?>>flatMap(Collection::stream).toList();
  }

  /**
   * What older versions called settings; such a name may still be given, with or without a value.
   */
  public static Set<String> oldNames() {
    return OLD_NAMES.keySet();
  }

  private static Section section(String table, String title) {
    Section section = new Section(table, title);
    SECTIONS.put(section, new ArrayList<>());
    return section;
  }

  private static <T> Setting<T> declare(
      String name, String placeholder, Kind kind, Parser<T> parser) {
    Map.Entry<Section, List<Setting<?>>> last = SECTIONS.lastEntry();
    Setting<T> setting = new Setting<>(last.getKey(), name, placeholder, kind, parser);
    last.getValue().add(setting);
    return setting;
  }

  /** On or off; off unless it is given. */
  private static Setting<Boolean> flag(String name) {
    return declare(name, "", Kind.FLAG, Parsers::truth).withDefault(false);
  }

  private static <T> Setting<T> text(String name, String placeholder, Parser<T> parser) {
    return declare(name, placeholder, Kind.TEXT, parser);
  }

  private static <T> Setting<Optional<T>> optional(
      String name, String placeholder, Parser<T> parser) {
    return text(name, placeholder, Parsers.optional(parser));
  }

  /** One of an enum's constants; the first is the default. */
  private static <E extends Enum<E>> Setting<E> oneOf(String name, String placeholder, E[] values) {
    return text(name, placeholder, Parsers.oneOf(values)).withDefault(Parsers.word(values[0]));
  }

  private static <E> Setting<List<E>> list(String name, String placeholder, Parser<E> element) {
    return declare(name, placeholder, Kind.LIST, Parsers.list(element));
  }

  private static <T> Setting<T> number(String name, String placeholder, Parser<T> parser) {
    return declare(name, placeholder, Kind.NUMBER, parser);
  }

  /** A whole number between two bounds, both included. */
  private static <T> Setting<T> number(
      String name, String placeholder, long min, long max, LongFunction<T> value) {
    return number(
        name, placeholder, written -> value.apply(Parsers.whole(written.text(), min, max)));
  }

  private static Setting<Integer> count(String name, int min, int max) {
    return number(name, "<count>", min, max, Math::toIntExact);
  }

  private static Setting<Integer> count(String name, int fallback, int min, int max) {
    return count(name, min, max).withDefault(fallback);
  }

  /** A long time in whole days, or in a unit that is written. */
  private static <T> Setting<T> age(String name, Parser<T> parser) {
    return declare(name, "<days>", Kind.AGE, parser);
  }

  /** A time in whole seconds, at most a day. */
  private static Setting<Duration> seconds(String name, int fallback, int min) {
    return number(name, "<seconds>", min, 86_400, Duration::ofSeconds).withDefault(fallback);
  }

  private static Setting<Duration> seconds(String name, int fallback) {
    return seconds(name, fallback, 1);
  }

  /** A size written in MiB; the value is in bytes. */
  private static Setting<Long> mebibytes(String name, long min, long max) {
    return number(name, "<MiB>", min, max, written -> written * MIB);
  }

  private static Setting<Long> mebibytes(String name, long fallback, long min, long max) {
    return mebibytes(name, min, max).withDefault(fallback);
  }

  private static Setting<Long> mebibytes(String name, long fallback) {
    return mebibytes(name, fallback, 1, 1 << 20);
  }

  /** A size written in KiB; the value is in bytes. */
  private static Setting<Integer> kibibytes(String name, int fallback, int min, int max) {
    return number(name, "<KiB>", min, max, written -> Math.toIntExact(written << 10))
        .withDefault(fallback);
  }

  /** A number of pixels written in megapixels. */
  private static Setting<Long> megapixels(String name, long fallback) {
    return number(name, "<megapixels>", 0, 1 << 20, written -> written * 1_000_000)
        .withDefault(fallback);
  }
}
