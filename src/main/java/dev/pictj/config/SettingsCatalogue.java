package dev.pictj.config;

import dev.pictj.network.Network;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every setting there is, in the order help shows them. */
public final class SettingsCatalogue {
  private SettingsCatalogue() {}

  private static final List<Setting> ALL =
      List.of(
          Setting.of(
                  "skip-validate-imports",
                  "",
                  "false",
                  "Store the bytes of /internal/import as they are; only their headers are read")
              .withShort("s"),
          Setting.of(
              "download-allow-private",
              "",
              "false",
              "Let /image/download reach loopback and private addresses"),
          Setting.of("addr", "<addr>", "0.0.0.0:8080", "The address and port to listen on")
              .withShort("a"),
          Setting.of("path", "<path>", "", "The data folder; required").withShort("p"),
          Setting.of(
                  "format",
                  "<format>",
                  "",
                  "Convert every still upload to this format: jpg, png or webp")
              .withShort("f"),
          Setting.of(
                  "whitelist",
                  "<name>",
                  "",
                  "Operations that process permits: identity, thumbnail, resize, crop, blur; others"
                      + " are left out. Without it all are permitted")
              .withShort("w")
              .asList()
              .withEnvironment("PICTRS_FILTER_WHITELIST", "PICTRS_ALLOWED_FILTERS"),
          Setting.of("max-file-size", "<MiB>", "40", "Largest file in one upload, in MiB")
              .withShort("m"),
          Setting.of("api-key", "<key>", "", "The secret for /internal; without it all is refused"),
          Setting.of("max-image-width", "<pixels>", "10000", "Widest picture"),
          Setting.of("max-image-height", "<pixels>", "10000", "Highest picture"),
          Setting.of("max-image-area", "<pixels>", "40000000", "Most pixels of a picture"),
          Setting.of(
              "max-image-frames", "<frames>", "3600", "Most frames of an animation or a video"),
          Setting.of("max-files", "<count>", "10", "Most files in one upload"),
          Setting.of("max-operations", "<count>", "10", "Most operations in one process request"),
          Setting.of("max-blur", "<sigma>", "100", "Largest sigma of blur"),
          Setting.of(
              "temp-dir", "<path>", "", "Folder for unfinished files; <path>/tmp when not set"),
          Setting.of("log-level", "<level>", "info", "trace, debug, info, warn, error or off")
              .withEnvironment("PICTRS_LOG_LEVEL", "RUST_LOG"),
          Setting.of("log-format", "<format>", "plain", "plain, or json: one object a line"),
          Setting.of(
              "engine",
              "<engine>",
              "auto",
              "What renders: auto: libvips where it is installed, ImageMagick for the rest;"
                  + " imagemagick: nothing else; libvips: as auto, but no start without it"),
          Setting.of(
              "isolate-engine",
              "<boolean>",
              "true",
              "Whether libvips runs in processes of its own instead of the server's"),
          Setting.of(
              "engine-idle-timeout",
              "<seconds>",
              "120",
              "Quiet time after which the last process of libvips is ended"),
          Setting.of("webp-effort", "<level>", "2", "How hard to make WebP small: 0 to 6"),
          Setting.of("png-level", "<level>", "4", "How hard to make PNG small: 0 to 9"),
          Setting.of(
              "mezzanine-size",
              "<pixels>",
              "2048",
              "Longest side of the copies that small variants of large pictures are made from; 0"
                  + " for none"),
          Setting.of(
              "mezzanine-quality", "<quality>", "95", "JPEG quality of those copies: 85 to 100"),
          Setting.of("image-timeout", "<seconds>", "30", "Longest run of ImageMagick or libvips"),
          Setting.of("video-timeout", "<seconds>", "300", "Longest run of ffmpeg"),
          Setting.of("image-memory", "<MiB>", "768", "Memory of pixels in one ImageMagick run"),
          Setting.of("image-map", "<MiB>", "512", "Mapped memory of one ImageMagick run"),
          Setting.of("image-disk", "<MiB>", "1024", "Disk of one ImageMagick run"),
          Setting.of("image-threads", "<count>", "1", "Threads of one ImageMagick run"),
          Setting.of(
              "image-address-space",
              "<MiB>",
              "",
              "All memory of one ImageMagick run; what --image-memory, --image-map and"
                  + " --max-image-area add up to when not set"),
          Setting.of("video-memory", "<MiB>", "3072", "All memory of one ffmpeg run"),
          Setting.of(
              "tool-temp-size",
              "<MiB>",
              "",
              "Temp files of one run of a tool; --image-map and --image-disk together when not"
                  + " set"),
          Setting.of("tool-output-size", "<MiB>", "512", "Largest file that a tool writes"),
          Setting.of(
              "sandbox",
              "<mode>",
              "auto",
              "auto: what works of prlimit and bwrap; required: no start without both; off:"
                  + " neither"),
          Setting.of(
              "image-jobs",
              "<count>",
              "",
              "Image jobs at a time, of which one place is kept for small ones; one more than there"
                  + " are cores when not set"),
          Setting.of(
              "image-budget", "<MiB>", "1024", "Predicted pixel memory of all image jobs together"),
          Setting.of(
              "image-small-cost",
              "<megapixels>",
              "16",
              "Image jobs up to this cost never wait for a larger one to end"),
          Setting.of("image-queue", "<count>", "64", "Image jobs that may wait for their turn"),
          Setting.of(
              "image-queue-cost",
              "<megapixels>",
              "4000",
              "Cost of all image jobs together that may wait for their turn"),
          Setting.of("image-queue-timeout", "<seconds>", "30", "Longest wait of an image job"),
          Setting.of("cpu-queue", "<count>", "256", "Pieces of checking and hashing that may wait"),
          Setting.of("download-connect-timeout", "<seconds>", "10", "Longest connecting"),
          Setting.of("download-timeout", "<seconds>", "30", "Longest download in all"),
          Setting.of("download-max-redirects", "<count>", "5", "Most redirects of a download"),
          Setting.of(
              "download-proxy",
              "<url>",
              "",
              "HTTP proxy for downloads, http://[user:password@]host:port; it must allow CONNECT to"
                  + " addresses"),
          Setting.of(
              "min-free-space",
              "<MiB>",
              "512",
              "Free disk space below which nothing new is stored; 0 for no limit"),
          Setting.of("idle-timeout", "<seconds>", "30", "Longest silence on a connection"),
          Setting.of("head-timeout", "<seconds>", "10", "Longest arrival of a request head"),
          Setting.of(
              "keep-alive-timeout",
              "<seconds>",
              "20",
              "Longest pause between two requests of a connection"),
          Setting.of(
              "min-upload-rate",
              "<bytes>",
              "1024",
              "Slowest upload, in bytes a second over each --upload-grace; 0 for any"),
          Setting.of(
              "upload-grace", "<seconds>", "20", "How long an upload may be slower than that"),
          Setting.of(
              "max-connections",
              "<count>",
              "1024",
              "Connections at a time; more wait to be accepted"),
          Setting.of(
              "spool-limit",
              "<MiB>",
              "",
              "Bytes of all unfinished uploads and downloads together; 4096, or twice"
                  + " --max-file-size where that is more, when not set"),
          Setting.of("shutdown-timeout", "<seconds>", "30", "Longest wait for requests on stop"),
          Setting.of("max-header-size", "<KiB>", "32", "Largest request head"),
          Setting.of("trash-interval", "<seconds>", "60", "How often deleted bytes are looked for"),
          Setting.of(
              "catalog-cache",
              "<MiB>",
              "32",
              "Memory for blocks of the catalog, and a quarter of it more for rows that are not"
                  + " written out yet"),
          Setting.of(
              "catalog-writers",
              "<n>",
              "16",
              "Threads that write to the catalog; those that wait for the disk share one sync"),
          Setting.of(
              "catalog-entries",
              "<count>",
              "10000",
              "Most pictures, and most variants, found without the catalog; half a kilobyte each"),
          Setting.of(
              "blob-cache",
              "<MiB>",
              "",
              "Memory for small files in demand, at most half of the Java heap, 0 for none; 32, or"
                  + " an eighth of the heap where that is less, when not set"),
          Setting.of("blob-cache-largest", "<KiB>", "64", "Largest file kept there"),
          Setting.of(
              "heap-slack",
              "<MiB>",
              "32",
              "Garbage of the Java heap that may gather before it is collected; 0 for any"));

  // Typed settings: one declaration each, and one line in TYPED.

  // Data and upkeep.

  /** See the description. */
  public static final TypedSetting<Boolean> NEW_CATALOG =
      TypedSetting.flag(
          "new-catalog",
          "Where the catalog is gone: move all files to lost+found and begin with nothing");

  /** See the description. */
  public static final TypedSetting<Boolean> ACCEPT_LOSS =
      TypedSetting.flag(
          "accept-loss",
          "Start on a catalog that has lost rows with those that are left; nothing is swept"
              + " before");

  /** See the description. */
  public static final TypedSetting<Boolean> GROUP_ACCESS =
      TypedSetting.flag(
          "group-access", "Let the group of the data folder read it; other users never may");

  /** See the description. */
  public static final TypedSetting<Duration> LOST_FOUND_RETENTION =
      TypedSetting.days(
          "lost-found-retention",
          7,
          "How long files that no name points to are kept in lost+found before they are deleted");

  /** See the description. */
  public static final TypedSetting<Duration> SWEEP_INTERVAL =
      TypedSetting.seconds(
          "sweep-interval",
          3600,
          "Time between two looks for files that no name points to; only what two looks find goes");

  /** See the description. */
  public static final TypedSetting<Integer> SWEEP_MAX_FILES =
      TypedSetting.count(
          "sweep-max-files",
          20,
          0,
          1_000_000_000,
          "When more originals have no name, and --sweep-max-percent is exceeded too, none is"
              + " touched");

  /** See the description. */
  public static final TypedSetting<Integer> SWEEP_MAX_PERCENT =
      TypedSetting.count(
          "sweep-max-percent", 1, 0, 100, "The same, in percent of all stored originals");

  // Connections and requests.

  /** See the description. */
  public static final TypedSetting<Duration> REQUEST_TIMEOUT =
      TypedSetting.seconds(
          "request-timeout", 3600, "Longest arrival of a whole request, its body included");

  /** See the description. */
  public static final TypedSetting<Integer> CONNECTION_MEMORY =
      TypedSetting.count(
          "connection-memory",
          25,
          1,
          75,
          "Memory that requests and replies under way may hold together, in percent of the Java"
              + " heap");

  /** See the description. */
  public static final TypedSetting<Integer> MAX_HEADER_FIELDS =
      TypedSetting.count("max-header-fields", 200, 20, 10_000, "Most fields of a request head");

  /** See the description. */
  public static final TypedSetting<Integer> MAX_FORM_FIELDS =
      TypedSetting.count(
          "max-form-fields",
          100,
          0,
          100_000,
          "Most parts of a form that are not files; all are ignored");

  /** See the description. */
  public static final TypedSetting<Long> MAX_FORM_FIELD_BYTES =
      TypedSetting.kibibytes(
          "max-form-field-size", 1024, 1, 1 << 20, "Largest size of those parts together");

  /** See the description. */
  public static final TypedSetting<Long> MAX_PART_HEAD =
      TypedSetting.kibibytes(
          "max-part-head-size",
          16,
          1,
          1024,
          "Largest head of a part of a form, its file name included");

  /** See the description. */
  public static final TypedSetting<Duration> LINGER_TIMEOUT =
      TypedSetting.seconds(
          "linger-timeout",
          30,
          "Longest reading of a body that is answered before its end, so that its sender gets to"
              + " see the answer");

  /** See the description. */
  public static final TypedSetting<Long> LINGER_SIZE =
      TypedSetting.mebibytes(
          "linger-size", 512, 1, 1 << 20, "Most that is read of such a body, and thrown away");

  /** See the description. */
  public static final TypedSetting<Integer> LINGER_CONNECTIONS =
      TypedSetting.count(
          "linger-connections",
          128,
          0,
          100_000,
          "Such connections at a time; others are closed at once");

  /** See the description. */
  public static final TypedSetting<List<Network>> TRUSTED_PROXIES =
      TypedSetting.list(
          "trusted-proxies",
          "<cidr>",
          SettingsCatalogue::network,
          "Proxies whose X-Forwarded-For or Forwarded names the client, as addresses or blocks such"
              + " as 10.0.0.0/8");

  // Replies and clients.

  /** See the description. Each as browsers write it (RFC 6454 section 6.2), or {@code *}. */
  public static final TypedSetting<List<String>> CORS_ORIGINS =
      TypedSetting.list(
          "cors-origins",
          "<origin>",
          SettingsCatalogue::origin,
          "Origins whose pages may read all replies, such as https://example.org; media may be read"
              + " from any. * is all of them, but for /internal");

  /** See the description. */
  public static final TypedSetting<DialectName> DIALECT =
      TypedSetting.oneOf(
          "dialect",
          "<line>",
          DialectName.values(),
          DialectName::word,
          "The line of pict-rs to answer like: 0.3, or 0.5, which Lemmy 0.19.4 and later need");

  // Downloads.

  /** See the description. */
  public static final TypedSetting<Integer> MAX_DOWNLOADS =
      TypedSetting.count("max-downloads", 32, 1, 100_000, "Downloads at a time; more are refused");

  // Image work.

  /** See the description. */
  public static final TypedSetting<Boolean> FIT_LARGE_IMAGES =
      TypedSetting.flag(
          "fit-large-images",
          "Shrink stills over --max-image-width, --max-image-height or --max-image-area at upload"
              + " instead of refusing them");

  /** See the description. */
  public static final TypedSetting<Integer> IMAGE_COST_RATE =
      TypedSetting.count(
          "image-cost-rate",
          100,
          0,
          1_000_000,
          "Cost in megapixels that an image job may have for each second of --image-timeout; what"
              + " is costlier is refused at once; 0 for any");

  /** See the description. */
  public static final TypedSetting<Duration> ABANDONED_WORK_TIME =
      TypedSetting.secondsOrNone(
          "abandoned-work-time",
          120,
          "How long work on a picture goes on when its last client has left, waiting included");

  /** See the description. */
  public static final TypedSetting<Duration> FAILURE_RETENTION =
      TypedSetting.seconds(
          "failure-retention",
          300,
          "How long image work that cannot succeed is answered without being tried again");

  /** See the description. */
  public static final TypedSetting<Integer> FAILURE_ENTRIES =
      TypedSetting.count(
          "failure-entries", 4096, 0, 1_000_000, "Most failures that are remembered for that");

  /** See the description. */
  public static final TypedSetting<Integer> MAX_VARIANTS_PER_MEDIA =
      TypedSetting.count(
          "max-variants-per-media",
          500,
          1,
          1_000_000,
          "Most variants kept of one picture; the oldest made go first");

  private static final List<TypedSetting<?>> TYPED =
      List.of(
          // Data and upkeep.
          NEW_CATALOG,
          ACCEPT_LOSS,
          GROUP_ACCESS,
          LOST_FOUND_RETENTION,
          SWEEP_INTERVAL,
          SWEEP_MAX_FILES,
          SWEEP_MAX_PERCENT,
          // Connections and requests.
          REQUEST_TIMEOUT,
          CONNECTION_MEMORY,
          MAX_HEADER_FIELDS,
          MAX_FORM_FIELDS,
          MAX_FORM_FIELD_BYTES,
          MAX_PART_HEAD,
          LINGER_TIMEOUT,
          LINGER_SIZE,
          LINGER_CONNECTIONS,
          TRUSTED_PROXIES,
          // Replies and clients.
          CORS_ORIGINS,
          DIALECT,
          // Downloads.
          MAX_DOWNLOADS,
          // Image work.
          FIT_LARGE_IMAGES,
          IMAGE_COST_RATE,
          ABANDONED_WORK_TIME,
          FAILURE_RETENTION,
          FAILURE_ENTRIES,
          MAX_VARIANTS_PER_MEDIA);

  private static final List<Setting> EVERY =
      Stream.concat(ALL.stream(), TYPED.stream().map(TypedSetting::text)).toList();

  private static final Pattern ORIGIN =
      Pattern.compile("[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(?<port>:[0-9]{1,5})?");

  private static String origin(List<String> written) throws TypedSetting.ExpectedException {
    String origin = written.getFirst().toLowerCase(Locale.ROOT);
    if (origin.equals("*")) {
      return origin;
    }
    Matcher parts = ORIGIN.matcher(origin);
    if (!parts.matches()) {
      throw new TypedSetting.ExpectedException(
          "origins such as https://example.org, without a path, or *, which %s is not"
              .formatted(written.getFirst()));
    }
    String port = parts.group("port");
    boolean usual =
        (origin.startsWith("http:") && ":80".equals(port))
            || (origin.startsWith("https:") && ":443".equals(port));
    return usual ? origin.substring(0, parts.start("port")) : origin;
  }

  private static Network network(List<String> written) throws TypedSetting.ExpectedException {
    try {
      return Network.of(written.getFirst());
    } catch (IllegalArgumentException _) {
      throw new TypedSetting.ExpectedException(
          "addresses, or blocks such as 10.0.0.0/8 or fd00::/8, which %s is not"
              .formatted(written.getFirst()));
    }
  }

  /** What older versions knew: it may still be given, is not shown, and does nothing. */
  private static final List<Setting> WITHOUT_EFFECT =
      List.of(Setting.of("write-behind", "<MiB>", "", "Has no effect any more"));

  /** What older versions knew. */
  public static List<Setting> withoutEffect() {
    return WITHOUT_EFFECT;
  }

  /** All of them. */
  public static List<Setting> all() {
    return EVERY;
  }

  /** Those that are declared with their type. */
  static List<TypedSetting<?>> typed() {
    return TYPED;
  }
}
