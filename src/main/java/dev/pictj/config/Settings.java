package dev.pictj.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that is set, checked and in its proper type. Sizes are in bytes. */
public record Settings(
    Path path,
    Path tempDir,
    Http http,
    Uploads uploads,
    Processing processing,
    Image image,
    Engine engine,
    Tools tools,
    Download download,
    Clients clients,
    Logging logging,
    Duration trashInterval,
    long catalogCache,
    int catalogWriters,
    int catalogEntries,
    BlobCache blobCache,
    List<String> withoutEffect,
    long heapSlack,
    long minFreeSpace,
    Map<TypedSetting<?>, Object> typed) {
  /** Copies the map. */
  public Settings {
    typed = Map.copyOf(typed);
    withoutEffect = List.copyOf(withoutEffect);
  }

  /** The value of a setting that is declared with its type. */
  @SuppressWarnings("unchecked") // The loader puts in what the setting's own parser made.
  public <T> T get(TypedSetting<T> setting) {
    return (T) typed.get(setting);
  }

  /** What is kept of small files: bytes in all, and of the largest one. */
  public record BlobCache(long capacity, int largest) {}

  /** The server. */
  public record Http(
      InetSocketAddress address,
      Optional<String> apiKey,
      Duration idleTimeout,
      Duration shutdownTimeout,
      int maxHeaderSize) {
    /** Without the key, which is a secret. */
    @Override
    public String toString() {
      return "Http[address=%s, apiKey=%s, idleTimeout=%s, shutdownTimeout=%s, maxHeaderSize=%d]"
          .formatted(
              address,
              apiKey.isPresent() ? "set" : "none",
              idleTimeout,
              shutdownTimeout,
              maxHeaderSize);
    }
  }

  /** What is accepted; format is an extension. */
  public record Uploads(
      long maxFileSize,
      int maxFiles,
      Optional<String> format,
      boolean skipValidateImports,
      int cpuQueue) {}

  /** What process permits; the whitelist holds lower-case names, unchecked. */
  public record Processing(Optional<List<String>> whitelist, int maxOperations, int maxBlur) {}

  /** How large a picture may be, and what its decoding may cost; costs are in pixels. */
  public record Image(
      int maxWidth,
      int maxHeight,
      long maxArea,
      int maxFrames,
      Duration timeout,
      Duration videoTimeout,
      long memory,
      long map,
      long disk,
      int threads,
      int jobs,
      long budget,
      long smallCost,
      int queue,
      long queueCost,
      Duration queueTimeout) {}

  /** What renders, and how hard its encoders try. */
  public record Engine(
      EngineChoice choice,
      boolean isolated,
      Duration idleTimeout,
      int webpEffort,
      int pngLevel,
      int mezzanineSize,
      int mezzanineQuality) {}

  /** What renders. */
  public enum EngineChoice {
    /** libvips where it is installed, ImageMagick for the rest. */
    AUTO,
    /** Nothing but ImageMagick. */
    IMAGEMAGICK,
    /** libvips, or no start; ImageMagick for the rest. */
    LIBVIPS
  }

  /** What surrounds runs of ImageMagick and ffmpeg. */
  public record Tools(
      SandboxMode sandbox,
      Optional<Long> imageAddressSpace,
      long videoMemory,
      long tempSize,
      long outputSize) {}

  /** How much of a sandbox is wanted. */
  public enum SandboxMode {
    /** Whatever works. */
    AUTO,
    /** All of it, or no start. */
    REQUIRED,
    /** None. */
    OFF
  }

  /** The remote fetcher. */
  public record Download(
      boolean allowPrivate,
      Duration connectTimeout,
      Duration timeout,
      int maxRedirects,
      Optional<Proxy> proxy) {}

  /**
   * An HTTP proxy.
   *
   * @param host name or address literal, IPv6 without brackets
   * @param credentials {@code user:password}, decoded
   */
  public record Proxy(String host, int port, Optional<String> credentials) {
    /** Without the credentials. */
    @Override
    public String toString() {
      return "Proxy[host=%s, port=%d, credentials=%s]"
          .formatted(host, port, credentials.isPresent() ? "set" : "none");
    }
  }

  /**
   * What clients may take of the server's time, connections and disk.
   *
   * @param minUploadRate bytes a second, averaged over each grace; 0 lets any pass
   * @param spoolLimit bytes of all uploads and downloads under way
   */
  public record Clients(
      Duration headTimeout,
      Duration keepAliveTimeout,
      int minUploadRate,
      Duration uploadGrace,
      int maxConnections,
      long spoolLimit) {}

  /** Logs: the level is a name of Logback's, or directives in the manner of RUST_LOG. */
  public record Logging(String level, boolean json) {}
}
