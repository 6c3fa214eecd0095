package dev.pictj.ingest.fetch;

import dev.pictj.catalog.ProxiedUrls.Origin;
import dev.pictj.config.OutboundProxy;
import dev.pictj.ingest.fetch.FetchException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads a file from a URL a stranger chose. Each hop's URL is checked, its host is resolved
 * once, and only checked addresses are connected to; see {@link FetchLimits} for what bounds a
 * fetch. Safe for use by many threads; each call blocks its own, which should be a virtual one.
 */
public final class RemoteFetcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteFetcher.class);
  private static final int BUFFER_BYTES = 16 * 1024;

  /** The most characters of an entity tag or a date that are kept. */
  private static final int MAX_VALIDATOR = 512;

  private final FetchLimits limits;
  private final String userAgent;
  private final Semaphore lane;
  private final GuardedLookup lookup;

  /** Made for the first fetch: it reads all trusted certificates, and many servers never fetch. */
  private final Supplier<OkHttpClient> makeClient;

  private final Set<Call> running = ConcurrentHashMap.newKeySet();
  private @Nullable OkHttpClient client;
  private boolean closed;

  /**
   * A fetcher that is ready for use, until it is closed.
   *
   * @param version our own version, for the {@code User-Agent} header
   * @param proxy what every download goes through; empty for none
   */
  public RemoteFetcher(FetchLimits limits, String version, Optional<OutboundProxy> proxy) {
    this(
        limits,
        version,
        proxy,
        Dns.SYSTEM,
        limits.allowPrivate() ? address -> true : new AddressClassifier()::isPublic,
        OkHttpClient::new);
  }

  /** A fetcher that trusts the certificates, and tells the listener, of the given client. */
  RemoteFetcher(
      FetchLimits limits,
      String version,
      Optional<OutboundProxy> proxy,
      Dns resolver,
      Predicate<InetAddress> allowed,
      Supplier<OkHttpClient> client) {
    this.limits = limits;
    this.userAgent = "pictj/" + version;
    this.lane = new Semaphore(limits.maxFetches());
    this.makeClient = client;
    this.lookup = new GuardedLookup(resolver, allowed, proxy, limits.connectTimeout());
  }

  /**
   * Requires that this could be fetched, as far as can be told without asking anybody.
   *
   * @throws FetchException when it is no URL, or one that is refused by its spelling
   */
  public static void requireUrl(String url) throws FetchException {
    var _ = RemoteUrl.parse(url);
  }

  private synchronized Call begin(
      HttpUrl url, Origin known, PinnedAddresses addresses, Deadline deadline) {
    if (closed) {
      throw new IllegalStateException("the fetcher is closed");
    }
    if (client == null) {
      client = guarded(makeClient.get());
    }
    Call call =
        client
            .newBuilder()
            .dns(addresses)
            .socketFactory(addresses)
            .callTimeout(Duration.ofMillis(deadline.millisLeft()))
            .build()
            .newCall(request(url, known));
    running.add(call);
    return call;
  }

  /**
   * An HTTP/1.1 client that does nothing by itself: it follows no redirect and keeps no cookie.
   * {@code Connection: close} keeps it from reusing a connection. Where it connects to is {@link
   * PinnedAddresses}' to say.
   */
  private OkHttpClient guarded(OkHttpClient plain) {
    return plain
        .newBuilder()
        .sslSocketFactory(new RemoteTls(plain.sslSocketFactory()), plain.x509TrustManager())
        .proxy(Proxy.NO_PROXY)
        .protocols(List.of(Protocol.HTTP_1_1))
        .followRedirects(false)
        .retryOnConnectionFailure(false)
        .fastFallback(false)
        .connectTimeout(limits.connectTimeout())
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO)
        .addNetworkInterceptor(RemoteFetcher::plain)
        .build();
  }

  /**
   * OkHttp takes one of several lengths, fails in a way of its own for a negative one, and asks
   * once more where it may do so at once.
   */
  private static Response plain(Interceptor.Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    List<String> lengths = response.headers("Content-Length").stream().distinct().toList();
    if (lengths.size() > 1 || !lengths.stream().allMatch(text -> text.matches("[0-9]{1,18}"))) {
      throw new ProtocolException("bad Content-Length");
    }
    return response.newBuilder().removeHeader("Retry-After").build();
  }

  /**
   * Downloads into a file, following redirects.
   *
   * @param target a file of the caller's own; what is there is replaced, and after a failure of any
   *     kind there is no file
   * @return its size in bytes, perhaps 0; the bytes are exactly those that the remote host sent
   * @throws FetchException if the URL is refused, the remote host fails, or as many fetches as are
   *     allowed run already
   * @throws InterruptedException if the thread was interrupted
   * @throws UncheckedIOException if the target cannot be written: our fault, not the remote's
   */
  public long fetch(String url, Path target) throws FetchException, InterruptedException {
    return fetch(url, target, _ -> {});
  }

  /**
   * Does {@link #fetch(String, Path)}, telling of bytes as they arrive.
   *
   * @param arrived is told how many more there are before they are written; what it throws ends the
   *     fetch
   */
  public long fetch(String url, Path target, LongConsumer arrived)
      throws FetchException, InterruptedException {
    return fetch(url, Origin.UNKNOWN, target, arrived).size().orElseThrow();
  }

  /**
   * Does {@link #fetch(String, Path, LongConsumer)}, unless the bytes have not changed: then
   * nothing is downloaded.
   *
   * @param known what the host said of them the last time; unknown to have them in any case
   */
  public Fetched fetch(String url, Origin known, Path target, LongConsumer arrived)
      throws FetchException, InterruptedException {
    boolean done = false;
    try {
      HttpUrl first = RemoteUrl.parse(url);
      if (!lane.tryAcquire()) {
        throw new FetchException(
            Reason.BUSY,
            "Unable to download image, %d downloads are under way, which is the limit; try later"
                .formatted(limits.maxFetches()));
      }
      try {
        Fetched fetched = follow(first, known, target, arrived);
        done = fetched.size().isPresent();
        return fetched;
      } finally {
        lane.release();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!done) {
        remove(target);
      }
    }
  }

  private Fetched follow(HttpUrl first, Origin known, Path target, LongConsumer arrived)
      throws FetchException, InterruptedException, IOException {
    Deadline deadline = Deadline.after(limits.totalTimeout(), System::nanoTime);
    HttpUrl hop = first;
    for (int redirects = 0; redirects <= limits.maxRedirects(); redirects++) {
      switch (visit(hop, known, target, arrived, deadline)) {
        case Visit.Ended(Fetched fetched) -> {
          return fetched;
        }
        case Visit.SentOn(HttpUrl next) -> hop = next;
      }
    }
    throw new FetchException(
        Reason.BAD_RESPONSE,
        "Unable to download image, more than %d redirects".formatted(limits.maxRedirects()));
  }

  /** The result of asking one hop. */
  private sealed interface Visit {
    /** The body is in the target, or has not changed. */
    record Ended(Fetched fetched) implements Visit {}

    /** There is another hop to ask. */
    record SentOn(HttpUrl to) implements Visit {}
  }

  private Visit visit(
      HttpUrl url, Origin known, Path target, LongConsumer arrived, Deadline deadline)
      throws FetchException, InterruptedException, IOException {
    PinnedAddresses addresses = lookup.pin(url.host(), deadline);
    Call call = begin(url, known, addresses, deadline);
    try (Response response = head(call)) {
      String location = response.header("Location");
      if (isRedirect(response.code()) && location != null && !location.isBlank()) {
        return new Visit.SentOn(RemoteUrl.redirect(url, location));
      }
      if (response.code() == HttpStatus.NOT_MODIFIED_304 && known.isConditional()) {
        return new Visit.Ended(new Fetched(Optional.empty(), origin(response).orElse(known)));
      }
      if (!response.isSuccessful()) {
        throw new FetchException(
            isGone(response.code()) ? Reason.GONE : Reason.BAD_STATUS,
            "Unable to download image, bad response " + named(response.code()));
      }
      if (response.body().contentLength() > limits.maxBytes()) {
        throw tooLarge();
      }
      save(
          response.body().byteStream(),
          target,
          count -> {
            addresses.bodyArrived();
            arrived.accept(count);
          });
      return new Visit.Ended(new Fetched(Optional.of(Files.size(target)), origin(response)));
    } catch (FetchException e) {
      LOG.debug("Fetch from {} failed", url.host(), e);
      throw e;
    } finally {
      running.remove(call);
    }
  }

  private static Origin origin(Response response) {
    return new Origin(
        text(response, "ETag"), text(response, "Last-Modified"), response.cacheControl().noStore());
  }

  /** A header that is sent back later; empty where it is too long. */
  private static Optional<String> text(Response response, String name) {
    return Optional.ofNullable(response.header(name))
        .filter(value -> !value.isBlank() && value.length() <= MAX_VALIDATOR);
  }

  private Request request(HttpUrl url, Origin known) {
    Request.Builder request = new Request.Builder();
    known.etag().ifPresent(etag -> request.header("If-None-Match", etag));
    known.lastModified().ifPresent(date -> request.header("If-Modified-Since", date));
    return request
        .url(url)
        .header("User-Agent", userAgent)
        .header(LoopMark.HEADER, LoopMark.PSEUDONYM)
        .header("Accept", "image/*,video/*,*/*;q=0.8")
        .header("Accept-Encoding", "identity")
        .header("Connection", "close")
        .build();
  }

  private Response head(Call call) throws FetchException, InterruptedException {
    try {
      return call.execute();
    } catch (IOException e) {
      String what =
          e instanceof SSLException
              ? "secure connection to host failed"
              : "Failed to connect to host or to read its answer";
      throw failed(e, "Unable to send request, " + what);
    }
  }

  private void save(InputStream body, Path target, LongConsumer arrived)
      throws FetchException, InterruptedException, IOException {
    try (OutputStream out = Files.newOutputStream(target)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      long total = 0;
      for (int n = read(body, buffer); n >= 0; n = read(body, buffer)) {
        total += n;
        if (total > limits.maxBytes()) {
          throw tooLarge();
        }
        arrived.accept(n);
        out.write(buffer, 0, n);
      }
    } catch (ClosedByInterruptException e) {
      Thread.interrupted();
      throw interrupted(e);
    }
  }

  /** Reads on, telling the remote's failures from those of our own disk. */
  private int read(InputStream body, byte[] buffer) throws FetchException, InterruptedException {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw failed(e, "Unable to download image, the body ended early");
    }
  }

  /**
   * What a failure of the exchange means: ours to end, out of time, or else as the message says.
   */
  private FetchException failed(IOException e, String message) throws InterruptedException {
    if (Thread.interrupted()) {
      throw interrupted(e);
    }
    return e instanceof InterruptedIOException
        ? tooSlow(e)
        : new FetchException(Reason.BAD_RESPONSE, message, e);
  }

  /** Whether a status says that the content is gone, or must not be shown. */
  private static boolean isGone(int status) {
    return switch (status) {
      case 404, 410, 451 -> true;
      default -> false;
    };
  }

  private static boolean isRedirect(int status) {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  /** The status in words of ours: the phrase the remote sent could say anything. */
  private static String named(int status) {
    HttpStatus.Code code = HttpStatus.getCode(status);
    return code == null ? Integer.toString(status) : status + " " + code.getMessage();
  }

  private FetchException tooLarge() {
    return new FetchException(
        Reason.TOO_LARGE,
        "Unable to download image, Payload reached size limit of " + limits.maxBytes() + " bytes");
  }

  private FetchException tooSlow(@Nullable Throwable cause) {
    return new FetchException(
        Reason.TIMEOUT,
        "Unable to send request, Timeout while waiting for response: %d s to connect, %d s in all"
            .formatted(limits.connectTimeout().toSeconds(), limits.totalTimeout().toSeconds()),
        cause);
  }

  private static InterruptedException interrupted(Exception cause) {
    InterruptedException e = new InterruptedException("interrupted while downloading");
    e.initCause(cause);
    return e;
  }

  private static void remove(Path target) {
    try {
      Files.deleteIfExists(target);
    } catch (IOException e) {
      LOG.warn("A broken download could not be removed: {}", target, e);
    }
  }

  /** How many connections are open; none between fetches. */
  synchronized int openConnections() {
    return client == null ? 0 : client.connectionPool().connectionCount();
  }

  /** Ends all fetches that still run. */
  @Override
  public synchronized void close() {
    closed = true;
    lookup.close();
    running.forEach(Call::cancel);
  }
}
