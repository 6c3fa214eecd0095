package dev.pictj.config;

import static dev.pictj.config.Section.MIB;
import static dev.pictj.config.Section.optional;
import static dev.pictj.config.Section.whole;

import dev.pictj.config.Setting.ExpectedException;
import dev.pictj.config.Setting.Kind;
import dev.pictj.config.Setting.Written;
import dev.pictj.media.MediaType;
import dev.pictj.network.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Every setting there is, in the order in which help shows them. A default may depend on settings
 * above it.
 */
public final class SettingsCatalogue {
  private static final Section GENERAL = new Section("", "General");
  private static final Section SERVER = new Section("server", "Server");
  private static final Section DATA = new Section("data", "Data folder and catalog");
  private static final Section UPLOADS = new Section("uploads", "Uploads");
  private static final Section PICTURES = new Section("pictures", "Pictures and videos");
  private static final Section PROCESSING = new Section("processing", "Processing");
  private static final Section DOWNLOADS = new Section("downloads", "Downloads");
  private static final Section ENGINE = new Section("engine", "Image tools");
  private static final Section QUEUE = new Section("queue", "Image jobs and their queue");
  private static final Section CONNECTIONS = new Section("connections", "Connections and requests");
  private static final Section LOG = new Section("log", "Log");

  private static final List<Section> SECTIONS =
      List.of(
          GENERAL,
          SERVER,
          DATA,
          UPLOADS,
          PICTURES,
          PROCESSING,
          DOWNLOADS,
          ENGINE,
          QUEUE,
          CONNECTIONS,
          LOG);

  /**
   * Names of older versions, which may still be given: what the setting is called now, or nothing
   * where it has no effect any more.
   */
  static final Map<String, Optional<String>> OLD_NAMES =
      Map.of("write-behind", Optional.empty(), "heap-slack", Optional.empty());

  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[0-9.]+):([0-9]{1,5})");
  private static final Pattern ORIGIN =
      Pattern.compile("[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(?<port>:[0-9]{1,5})?");
  private static final Set<String> LEVELS =
      Set.of("trace", "debug", "info", "warn", "error", "off");

  // General.

  public static final Setting<Optional<Path>> CONFIG =
      GENERAL
          .optional("config", "<file>", SettingsCatalogue::path, "TOML file to read settings from")
          .withLetter("c")
          .basic();

  // Server.

  public static final Setting<InetSocketAddress> ADDR =
      SERVER
          .declare(
              "addr",
              "<addr>",
              Kind.TEXT,
              SettingsCatalogue::address,
              "Address and port to listen on")
          .withDefault("0.0.0.0:8080")
          .withLetter("a")
          .basic();

  public static final Setting<Optional<String>> API_KEY =
      SERVER
          .optional(
              "api-key",
              "<key>",
              Written::text,
              "Secret that clients give for /internal; without it /internal is closed")
          .secret()
          .basic();

  public static final Setting<DialectName> DIALECT =
      SERVER
          .oneOf(
              "dialect",
              "<line>",
              DialectName.values(),
              "Version of pict-rs to answer like: 0.3, or 0.5, which Lemmy 0.19.4 and later need")
          .basic();

  /** Each as browsers write it (RFC 6454 section 6.2), or {@code *}. */
  public static final Setting<List<String>> CORS_ORIGINS =
      SERVER.list(
          "cors-origins",
          "<origin>",
          SettingsCatalogue::origin,
          "Origins whose pages may read all replies, such as https://example.org; media may be read"
              + " from any. * is all of them, but for /internal");

  public static final Setting<List<Network>> TRUSTED_PROXIES =
      SERVER
          .list(
              "trusted-proxies",
              "<cidr>",
              SettingsCatalogue::network,
              "Proxies whose X-Forwarded-For or Forwarded names the client, as addresses or blocks"
                  + " such as 10.0.0.0/8")
          .basic();

  public static final Setting<Duration> SHUTDOWN_TIMEOUT =
      SERVER
          .seconds("shutdown-timeout", "Time that requests under way have to end when it stops")
          .withDefault(30);

  // Data folder and catalog.

  public static final Setting<Path> PATH =
      DATA.declare(
              "path",
              "<path>",
              Kind.TEXT,
              SettingsCatalogue::path,
              "Data folder, for pictures and catalog; required")
          .withLetter("p")
          .basic();

  public static final Setting<Optional<Path>> TEMP_DIR =
      DATA.optional(
          "temp-dir",
          "<path>",
          SettingsCatalogue::path,
          "Folder for unfinished files; <path>/tmp when not set");

  public static final Setting<Long> MIN_FREE_SPACE =
      DATA.mebibytes(
              "min-free-space",
              0,
              1 << 30,
              "Free disk space below which nothing new is stored; 0 for no limit")
          .withDefault(512)
          .basic();

  public static final Setting<Boolean> GROUP_ACCESS =
      DATA.flag("group-access", "Let the group of the data folder read it; other users never may");

  public static final Setting<Boolean> NEW_CATALOG =
      DATA.flag(
          "new-catalog",
          "Where the catalog is gone: move all files to lost+found and begin with nothing");

  public static final Setting<Boolean> ACCEPT_LOSS =
      DATA.flag(
          "accept-loss",
          "Start on a catalog that has lost rows with those that are left; nothing is swept"
              + " before");

  public static final Setting<Duration> TRASH_INTERVAL =
      DATA.seconds("trash-interval", "Time between two looks for files of deleted pictures")
          .withDefault(60);

  public static final Setting<Duration> SWEEP_INTERVAL =
      DATA.seconds(
              "sweep-interval",
              "Time between two looks for files that no name points to; only what two looks find"
                  + " goes")
          .withDefault(3600);

  public static final Setting<Integer> SWEEP_MAX_FILES =
      DATA.count(
              "sweep-max-files",
              "<count>",
              0,
              1_000_000_000,
              "When more originals have no name, and --sweep-max-percent is exceeded too, none is"
                  + " touched")
          .withDefault(20);

  public static final Setting<Integer> SWEEP_MAX_PERCENT =
      DATA.count(
              "sweep-max-percent",
              "<percent>",
              0,
              100,
              "The same, in percent of all stored originals")
          .withDefault(1);

  public static final Setting<Duration> LOST_FOUND_RETENTION =
      DATA.days(
              "lost-found-retention",
              "Time that files without a name are kept in lost+found before they are deleted")
          .withDefault(7);

  public static final Setting<Long> CATALOG_CACHE =
      DATA.mebibytes(
              "catalog-cache",
              "Memory for blocks of the catalog, and a quarter of it more for rows that are not"
                  + " written out yet")
          .withDefault(32);

  public static final Setting<Integer> CATALOG_WRITERS =
      DATA.count(
              "catalog-writers",
              "<count>",
              1,
              1024,
              "Threads that write to the catalog; those that wait for the disk share one sync")
          .withDefault(16);

  public static final Setting<Integer> CATALOG_ENTRIES =
      DATA.count(
              "catalog-entries",
              "<count>",
              0,
              100_000_000,
              "Maximum number of pictures, and of variants, that are found without the catalog;"
                  + " half a kilobyte each")
          .withDefault(10_000);

  public static final Setting<Long> BLOB_CACHE =
      DATA.mebibytes(
              "blob-cache",
              0,
              Runtime.getRuntime().maxMemory() / 2 / MIB,
              "Memory for small files in demand, at most half of the Java heap, 0 for none; 32, or"
                  + " an eighth of the heap where that is less, when not set")
          .withDefault(_ -> Math.min(32, Runtime.getRuntime().maxMemory() / 8 / MIB));

  public static final Setting<Integer> BLOB_CACHE_LARGEST =
      DATA.kibibytes("blob-cache-largest", 1, 1 << 20, "Maximum size of a file in that memory")
          .withDefault(64);

  // Uploads.

  public static final Setting<Long> MAX_FILE_SIZE =
      UPLOADS
          .mebibytes("max-file-size", "Maximum size of a file")
          .withDefault(40)
          .withLetter("m")
          .basic();

  public static final Setting<Integer> MAX_FILES =
      UPLOADS
          .count("max-files", "<count>", 1, 1000, "Maximum number of files in one upload")
          .withDefault(10);

  public static final Setting<Optional<MediaType>> FORMAT =
      UPLOADS
          .optional(
              "format",
              "<format>",
              SettingsCatalogue::format,
              "Format that every still upload is converted to: " + formats())
          .withLetter("f")
          .basic();

  public static final Setting<Boolean> FIT_LARGE_IMAGES =
      UPLOADS.flag(
          "fit-large-images",
          "Shrink stills over --max-image-width, --max-image-height or --max-image-area at upload"
              + " instead of refusing them");

  public static final Setting<Boolean> SKIP_VALIDATE_IMPORTS =
      UPLOADS
          .flag(
              "skip-validate-imports",
              "Store the bytes of /internal/import as they are; only their headers are read")
          .withLetter("s");

  /** A file of the largest size must fit, and the form around it, which is counted too. */
  public static final Setting<Long> SPOOL_LIMIT =
      UPLOADS
          .declare(
              "spool-limit",
              "<MiB>",
              Kind.NUMBER,
              written ->
                  whole(written.text(), written.earlier().get(MAX_FILE_SIZE) / MIB + 1, 1 << 30)
                      * MIB,
              "Maximum size of all unfinished uploads and downloads together; 4096, or twice"
                  + " --max-file-size where that is more, when not set")
          .withDefault(earlier -> Math.max(4096, 2 * earlier.get(MAX_FILE_SIZE) / MIB));

  public static final Setting<Integer> CPU_QUEUE =
      UPLOADS
          .count(
              "cpu-queue",
              "<count>",
              1,
              100_000,
              "Maximum number of files, or parts of files, that wait to be checked and hashed")
          .withDefault(256);

  // Pictures and videos.

  public static final Setting<Integer> MAX_IMAGE_WIDTH =
      PICTURES
          .count("max-image-width", "<pixels>", 1, 65_535, "Maximum width of a picture")
          .withDefault(10_000)
          .basic();

  public static final Setting<Integer> MAX_IMAGE_HEIGHT =
      PICTURES
          .count("max-image-height", "<pixels>", 1, 65_535, "Maximum height of a picture")
          .withDefault(10_000)
          .basic();

  public static final Setting<Long> MAX_IMAGE_AREA =
      PICTURES
          .number(
              "max-image-area",
              "<pixels>",
              1,
              65_535L * 65_535,
              pixels -> pixels,
              "Maximum number of pixels of a picture")
          .withDefault(40_000_000);

  public static final Setting<Integer> MAX_IMAGE_FRAMES =
      PICTURES
          .count(
              "max-image-frames",
              "<frames>",
              1,
              1_000_000,
              "Maximum number of frames of an animation or a video")
          .withDefault(3600);

  // Processing.

  /** Names in lower case, not yet looked up; nothing where every operation is permitted. */
  public static final Setting<Optional<List<String>>> WHITELIST =
      PROCESSING
          .declare(
              "whitelist",
              "<name>",
              Kind.LIST,
              SettingsCatalogue::whitelist,
              "Operations that process permits, by their names in a query; others are left out."
                  + " Without it all are permitted")
          .withLetter("w")
          .withVariables("PICTRS_FILTER_WHITELIST", "PICTRS_ALLOWED_FILTERS")
          .basic();

  public static final Setting<Integer> MAX_OPERATIONS =
      PROCESSING
          .count(
              "max-operations",
              "<count>",
              0,
              100,
              "Maximum number of operations in one process request")
          .withDefault(10);

  public static final Setting<Integer> MAX_BLUR =
      PROCESSING.count("max-blur", "<sigma>", 1, 1000, "Maximum sigma of blur").withDefault(100);

  public static final Setting<Integer> MAX_VARIANTS_PER_MEDIA =
      PROCESSING
          .count(
              "max-variants-per-media",
              "<count>",
              1,
              1_000_000,
              "Maximum number of variants kept of one picture; the oldest made go first")
          .withDefault(500);

  public static final Setting<Integer> WEBP_EFFORT =
      PROCESSING
          .count("webp-effort", "<level>", 0, 6, "Effort to make WebP small: 0 to 6")
          .withDefault(2);

  public static final Setting<Integer> PNG_LEVEL =
      PROCESSING
          .count("png-level", "<level>", 0, 9, "Compression level of PNG: 0 to 9")
          .withDefault(4);

  public static final Setting<Integer> MEZZANINE_SIZE =
      PROCESSING
          .count(
              "mezzanine-size",
              "<pixels>",
              0,
              10_000,
              "Longest side of the copies that small variants of large pictures are made from; 0"
                  + " for none")
          .withDefault(2048);

  public static final Setting<Integer> MEZZANINE_QUALITY =
      PROCESSING
          .count(
              "mezzanine-quality", "<quality>", 85, 100, "JPEG quality of those copies: 85 to 100")
          .withDefault(95);

  // Downloads.

  public static final Setting<Boolean> DOWNLOAD_ALLOW_PRIVATE =
      DOWNLOADS.flag(
          "download-allow-private", "Let /image/download reach loopback and private addresses");

  public static final Setting<Optional<OutboundProxy>> DOWNLOAD_PROXY =
      DOWNLOADS
          .optional(
              "download-proxy",
              "<url>",
              SettingsCatalogue::proxy,
              "HTTP proxy for downloads, http://[user:password@]host:port; it must allow CONNECT to"
                  + " addresses")
          .secret();

  public static final Setting<Integer> MAX_DOWNLOADS =
      DOWNLOADS
          .count(
              "max-downloads",
              "<count>",
              1,
              100_000,
              "Maximum number of downloads at a time; more are refused")
          .withDefault(32);

  public static final Setting<Duration> DOWNLOAD_CONNECT_TIMEOUT =
      DOWNLOADS
          .seconds("download-connect-timeout", "Time a download may take to connect")
          .withDefault(10);

  public static final Setting<Duration> DOWNLOAD_TIMEOUT =
      DOWNLOADS.seconds("download-timeout", "Time a download may take in all").withDefault(30);

  public static final Setting<Integer> DOWNLOAD_MAX_REDIRECTS =
      DOWNLOADS
          .count(
              "download-max-redirects",
              "<count>",
              0,
              50,
              "Maximum number of redirects that a download follows")
          .withDefault(5);

  // Image tools.

  public static final Setting<EngineChoice> ENGINE_CHOICE =
      ENGINE.oneOf(
          "engine",
          "<engine>",
          EngineChoice.values(),
          "What renders: auto: libvips where it is installed, ImageMagick for the rest;"
              + " imagemagick: nothing else; libvips: as auto, but no start without it");

  public static final Setting<FastCodecs> FAST_CODECS =
      ENGINE.oneOf(
          "fast-codecs",
          "<codecs>",
          FastCodecs.values(),
          "Whether libvips is helped with JPEG and PNG: auto: where that is faster; off: never");

  public static final Setting<Boolean> ISOLATE_ENGINE =
      ENGINE
          .truth(
              "isolate-engine",
              "Whether libvips runs in processes of its own instead of the server's")
          .withDefault(true);

  public static final Setting<Duration> ENGINE_IDLE_TIMEOUT =
      ENGINE
          .seconds(
              "engine-idle-timeout", "Idle time after which the last process of libvips is ended")
          .withDefault(120);

  public static final Setting<SandboxMode> SANDBOX =
      ENGINE.oneOf(
          "sandbox",
          "<mode>",
          SandboxMode.values(),
          "Sandbox of the tools: auto: what works of prlimit and bwrap; required: no start without"
              + " both; off: neither");

  public static final Setting<Duration> IMAGE_TIMEOUT =
      ENGINE
          .seconds("image-timeout", "Time one run of ImageMagick or libvips may take")
          .withDefault(30);

  public static final Setting<Duration> VIDEO_TIMEOUT =
      ENGINE.seconds("video-timeout", "Time one run of ffmpeg may take").withDefault(300);

  public static final Setting<Long> IMAGE_MEMORY =
      ENGINE
          .mebibytes("image-memory", "Maximum memory of one ImageMagick run for pixels")
          .withDefault(768);

  public static final Setting<Long> IMAGE_MAP =
      ENGINE
          .mebibytes("image-map", "Maximum mapped memory of one ImageMagick run")
          .withDefault(512);

  public static final Setting<Long> IMAGE_DISK =
      ENGINE
          .mebibytes("image-disk", "Maximum disk space of one ImageMagick run for pixels")
          .withDefault(1024);

  public static final Setting<Integer> IMAGE_THREADS =
      ENGINE
          .count("image-threads", "<count>", 1, 256, "Threads of one ImageMagick run")
          .withDefault(1);

  public static final Setting<Optional<Long>> IMAGE_ADDRESS_SPACE =
      ENGINE.declare(
          "image-address-space",
          "<MiB>",
          Kind.NUMBER,
          optional(written -> whole(written.text(), 1, 1 << 20) * MIB),
          "Maximum address space of one ImageMagick run; what --image-memory, --image-map and"
              + " --max-image-area add up to when not set");

  public static final Setting<Long> VIDEO_MEMORY =
      ENGINE.mebibytes("video-memory", "Maximum address space of one ffmpeg run").withDefault(3072);

  public static final Setting<Long> TOOL_TEMP_SIZE =
      ENGINE
          .mebibytes(
              "tool-temp-size",
              "Maximum size of the temporary files of one run of a tool; --image-map and"
                  + " --image-disk together when not set")
          .withDefault(earlier -> (earlier.get(IMAGE_MAP) + earlier.get(IMAGE_DISK)) / MIB);

  public static final Setting<Long> TOOL_OUTPUT_SIZE =
      ENGINE
          .mebibytes("tool-output-size", "Maximum size of a file that a tool writes")
          .withDefault(512);

  // Image jobs and their queue.

  /** The last place is kept for small jobs; large ones have every core nevertheless. */
  public static final Setting<Integer> IMAGE_JOBS =
      QUEUE
          .count(
              "image-jobs",
              "<count>",
              1,
              1024,
              "Maximum number of image jobs at a time, one of them kept for small ones; one more"
                  + " than there are cores when not set")
          .withDefault(_ -> Runtime.getRuntime().availableProcessors() + 1);

  public static final Setting<Long> IMAGE_BUDGET =
      QUEUE
          .mebibytes(
              "image-budget", "Maximum predicted memory of all running image jobs for pixels")
          .withDefault(1024);

  public static final Setting<Long> IMAGE_SMALL_COST =
      QUEUE
          .megapixels(
              "image-small-cost",
              "Cost up to which an image job is small, and never waits for a larger one to end")
          .withDefault(16);

  public static final Setting<Integer> IMAGE_COST_RATE =
      QUEUE
          .count(
              "image-cost-rate",
              "<megapixels>",
              0,
              1_000_000,
              "Cost that an image job may have for each second of --image-timeout; what is"
                  + " costlier is refused at once; 0 for any")
          .withDefault(100);

  public static final Setting<Integer> IMAGE_QUEUE =
      QUEUE
          .count("image-queue", "<count>", 0, 100_000, "Maximum number of image jobs that wait")
          .withDefault(64);

  public static final Setting<Long> IMAGE_QUEUE_COST =
      QUEUE
          .megapixels("image-queue-cost", "Maximum cost of all image jobs that wait")
          .withDefault(4000);

  public static final Setting<Duration> IMAGE_QUEUE_TIMEOUT =
      QUEUE.seconds("image-queue-timeout", "Time an image job may wait").withDefault(30);

  public static final Setting<Duration> ABANDONED_WORK_TIME =
      QUEUE
          .seconds(
              "abandoned-work-time",
              0,
              "Time that work on a picture goes on when its last client has left, waiting included")
          .withDefault(120);

  public static final Setting<Duration> FAILURE_RETENTION =
      QUEUE
          .seconds(
              "failure-retention",
              "Time that image work that cannot succeed is answered without being tried again")
          .withDefault(300);

  public static final Setting<Integer> FAILURE_ENTRIES =
      QUEUE
          .count(
              "failure-entries",
              "<count>",
              0,
              1_000_000,
              "Maximum number of failures that are remembered for that")
          .withDefault(4096);

  // Connections and requests.

  public static final Setting<Integer> MAX_CONNECTIONS =
      CONNECTIONS
          .count(
              "max-connections",
              "<count>",
              1,
              1_000_000,
              "Maximum number of connections; more wait to be accepted")
          .withDefault(1024);

  public static final Setting<Integer> CONNECTION_MEMORY =
      CONNECTIONS
          .count(
              "connection-memory",
              "<percent>",
              1,
              75,
              "Memory that requests and replies under way may hold together, in percent of the Java"
                  + " heap")
          .withDefault(25);

  public static final Setting<Duration> IDLE_TIMEOUT =
      CONNECTIONS
          .seconds("idle-timeout", "Time a connection may be silent during a request")
          .withDefault(30);

  public static final Setting<Duration> HEAD_TIMEOUT =
      CONNECTIONS.seconds("head-timeout", "Time a request head may take to arrive").withDefault(10);

  public static final Setting<Duration> KEEP_ALIVE_TIMEOUT =
      CONNECTIONS
          .seconds("keep-alive-timeout", "Time between two requests of a connection")
          .withDefault(20);

  public static final Setting<Duration> REQUEST_TIMEOUT =
      CONNECTIONS
          .seconds("request-timeout", "Time a whole request may take to arrive, its body included")
          .withDefault(3600);

  public static final Setting<Integer> MIN_UPLOAD_RATE =
      CONNECTIONS
          .count(
              "min-upload-rate",
              "<bytes>",
              0,
              1 << 30,
              "Minimum speed of an upload, in bytes a second over each --upload-grace; 0 for any")
          .withDefault(1024);

  public static final Setting<Duration> UPLOAD_GRACE =
      CONNECTIONS.seconds("upload-grace", "Time an upload may be slower than that").withDefault(20);

  public static final Setting<Integer> MAX_HEADER_SIZE =
      CONNECTIONS
          .kibibytes("max-header-size", 4, 1024, "Maximum size of a request head")
          .withDefault(32);

  public static final Setting<Integer> MAX_HEADER_FIELDS =
      CONNECTIONS
          .count(
              "max-header-fields",
              "<count>",
              20,
              10_000,
              "Maximum number of fields of a request head")
          .withDefault(200);

  public static final Setting<Integer> MAX_FORM_FIELDS =
      CONNECTIONS
          .count(
              "max-form-fields",
              "<count>",
              0,
              100_000,
              "Maximum number of parts of a form that are not files; all are ignored")
          .withDefault(100);

  public static final Setting<Integer> MAX_FORM_FIELD_BYTES =
      CONNECTIONS
          .kibibytes("max-form-field-size", 1, 1 << 20, "Maximum size of those parts together")
          .withDefault(1024);

  public static final Setting<Integer> MAX_PART_HEAD =
      CONNECTIONS
          .kibibytes(
              "max-part-head-size",
              1,
              1024,
              "Maximum size of the head of a part of a form, its file name included")
          .withDefault(16);

  public static final Setting<Duration> LINGER_TIMEOUT =
      CONNECTIONS
          .seconds(
              "linger-timeout",
              "Time that a body is still read when it is answered before its end, so that its"
                  + " sender gets to see the answer")
          .withDefault(30);

  public static final Setting<Long> LINGER_SIZE =
      CONNECTIONS
          .mebibytes("linger-size", "Maximum size that is read of such a body, and thrown away")
          .withDefault(512);

  public static final Setting<Integer> LINGER_CONNECTIONS =
      CONNECTIONS
          .count(
              "linger-connections",
              "<count>",
              0,
              100_000,
              "Maximum number of such connections; others are closed at once")
          .withDefault(128);

  // Log.

  /** The level for our own messages, as Logback calls it. */
  public static final Setting<String> LOG_LEVEL =
      LOG.declare(
              "log-level",
              "<level>",
              Kind.TEXT,
              SettingsCatalogue::level,
              "What is logged: trace, debug, info, warn, error or off")
          .withDefault("info")
          .withVariables("PICTRS_LOG_LEVEL", "RUST_LOG")
          .basic();

  public static final Setting<LogFormat> LOG_FORMAT =
      LOG.oneOf(
          "log-format",
          "<format>",
          LogFormat.values(),
          "How it is logged: plain, or json: one object a line");

  private SettingsCatalogue() {}

  /** In the order of help. */
  public static List<Section> sections() {
    return SECTIONS;
  }

  /** All settings, section by section. */
  public static List<Setting<?>> all() {
    return SECTIONS.stream().<Setting<?>>flatMap(section -> section.settings().stream()).toList();
  }

  /**
   * What older versions called settings; such a name may still be given, with a value or without.
   */
  public static Set<String> oldNames() {
    return OLD_NAMES.keySet();
  }

  private static InetSocketAddress address(Written written) throws ExpectedException {
    Matcher matcher = ADDRESS.matcher(written.text());
    if (matcher.matches()) {
      int port = Integer.parseInt(matcher.group(2));
      try {
        // The pattern lets only literals through, so this asks no name server.
        InetAddress host = InetAddress.getByName(matcher.group(1));
        if (port <= 65_535) {
          return new InetSocketAddress(host, port);
        }
      } catch (UnknownHostException _) {
        // Told below.
      }
    }
    throw new ExpectedException(
        "an address and a port such as 0.0.0.0:8080 or [::]:8080, not a host name");
  }

  private static Path path(Written written) throws ExpectedException {
    try {
      if (!written.text().isEmpty()) {
        return Path.of(written.text()).toAbsolutePath().normalize();
      }
    } catch (InvalidPathException _) {
      // Told below.
    }
    throw new ExpectedException("a path");
  }

  private static String formats() {
    return MediaType.all(MediaType.Trait.PRODUCED)
        .map(MediaType::extension)
        .collect(Collectors.joining(", "));
  }

  private static MediaType format(Written written) throws ExpectedException {
    return MediaType.all(MediaType.Trait.PRODUCED)
        .filter(type -> type.extension().equals(written.text()))
        .findFirst()
        .orElseThrow(
            () ->
                // The words of pict-rs, which scripts may look for.
                new ExpectedException(
                    "one of %s (Invalid format supplied, %s)"
                        .formatted(formats(), written.text())));
  }

  /** Given without a value, nothing is permitted. */
  private static Optional<List<String>> whitelist(Written written) {
    List<String> names =
        written.texts().stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().toList();
    return written.source().isEmpty() ? Optional.empty() : Optional.of(names);
  }

  private static String origin(Written written) throws ExpectedException {
    String origin = written.text().toLowerCase(Locale.ROOT);
    if (origin.equals("*")) {
      return origin;
    }
    Matcher parts = ORIGIN.matcher(origin);
    if (!parts.matches()) {
      throw new ExpectedException(
          "origins such as https://example.org, without a path, or *, which %s is not"
              .formatted(written.text()));
    }
    String port = parts.group("port");
    boolean usual =
        (origin.startsWith("http:") && ":80".equals(port))
            || (origin.startsWith("https:") && ":443".equals(port));
    return usual ? origin.substring(0, parts.start("port")) : origin;
  }

  private static Network network(Written written) throws ExpectedException {
    try {
      return Network.of(written.text());
    } catch (IllegalArgumentException _) {
      throw new ExpectedException(
          "addresses, or blocks such as 10.0.0.0/8 or fd00::/8, which %s is not"
              .formatted(written.text()));
    }
  }

  private static OutboundProxy proxy(Written written) throws ExpectedException {
    return OutboundProxy.parse(written.text())
        .orElseThrow(
            () ->
                new ExpectedException("like http://proxy:3128 or http://user:password@proxy:3128"));
  }

  /**
   * The level for all, taken from directives such as {@code info,pict_rs=debug} as RUST_LOG has
   * them.
   */
  private static String level(Written written) throws ExpectedException {
    String general = "info";
    String own = null;
    for (String directive : written.text().toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = directive.strip().split("=", 2);
      String level = parts[parts.length - 1];
      if (!LEVELS.contains(level)) {
        // RUST_LOG may speak of things pictj does not have; only our own names are held to our
        // words.
        if (!written.where().equals("RUST_LOG")) {
          throw new ExpectedException("one of trace, debug, info, warn, error, off");
        }
      } else if (parts.length == 1) {
        general = level;
      } else if (parts[0].equals("pict_rs") || parts[0].equals("pictj")) {
        own = level;
      }
    }
    return own == null ? general : own;
  }
}
