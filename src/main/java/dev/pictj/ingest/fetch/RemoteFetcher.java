package dev.pictj.ingest.fetch;

import dev.pictj.config.OutboundProxy;
import dev.pictj.ingest.fetch.FetchException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.ssl.SslContextFactory;
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
  private static final int BUFFER = 16 * 1024;

  private final FetchLimits limits;
  private final Semaphore lane;
  private final GuardedLookup lookup;

  /** Made for the first fetch: it reads all trusted certificates, and many servers never fetch. */
  private final Supplier<PinnedClient> makeClient;

  private @Nullable PinnedClient client;
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
        InetAddress::getAllByName,
        limits.allowPrivate() ? address -> true : new AddressClassifier()::isPublic,
        new RemoteTls(),
        DialGuard.NONE);
  }

  RemoteFetcher(
      FetchLimits limits,
      String version,
      Optional<OutboundProxy> proxy,
      HostResolver resolver,
      Predicate<InetAddress> allowed,
      SslContextFactory.Client tls,
      DialGuard dial) {
    this.limits = limits;
    this.lane = new Semaphore(limits.maxFetches());
    this.makeClient = () -> new PinnedClient(limits, "pictj/" + version, tls, dial, proxy);
    this.lookup = new GuardedLookup(resolver, allowed, proxy, limits.connectTimeout());
  }

  private synchronized PinnedClient client() {
    if (closed) {
      throw new IllegalStateException("the fetcher is closed");
    }
    if (client == null) {
      client = makeClient.get();
    }
    return client;
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
   * As {@link #fetch(String, Path)}, telling of bytes as they arrive.
   *
   * @param arrived is told how many more there are before they are written; what it throws ends the
   *     fetch
   */
  public long fetch(String url, Path target, LongConsumer arrived)
      throws FetchException, InterruptedException {
    boolean done = false;
    try {
      RemoteUrl first = RemoteUrl.parse(url);
      if (!lane.tryAcquire()) {
        throw new FetchException(
            Reason.BUSY,
            "Unable to download image, %d downloads are under way, which is the limit; try later"
                .formatted(limits.maxFetches()));
      }
      try {
        follow(first, target, arrived);
        long size = Files.size(target);
        done = true;
        return size;
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

  private void follow(RemoteUrl first, Path target, LongConsumer arrived)
      throws FetchException, InterruptedException, IOException {
    Deadline deadline = Deadline.after(limits.totalTimeout(), System::nanoTime);
    Optional<RemoteUrl> hop = Optional.of(first);
    for (int redirects = 0; redirects <= limits.maxRedirects(); redirects++) {
      hop = visit(hop.get(), target, arrived, deadline);
      if (hop.isEmpty()) {
        return;
      }
    }
    throw new FetchException(
        Reason.BAD_RESPONSE,
        "Unable to download image, more than %d redirects".formatted(limits.maxRedirects()));
  }

  /** Asks one hop. Either the body is in the target, or there is another hop to ask. */
  private Optional<RemoteUrl> visit(
      RemoteUrl url, Path target, LongConsumer arrived, Deadline deadline)
      throws FetchException, InterruptedException, IOException {
    PinnedAddresses addresses = lookup.pin(url, deadline);
    PinnedClient client = client();
    Request request = client.get(url, addresses, deadline);
    try (InputStreamResponseListener listener = new InputStreamResponseListener()) {
      request.send(listener);
      Response response = head(listener, deadline);
      int status = response.getStatus();
      String location = response.getHeaders().get(HttpHeader.LOCATION);
      if (isRedirect(status) && location != null && !location.isBlank()) {
        return Optional.of(url.redirect(location.strip()));
      }
      if (!HttpStatus.isSuccess(status)) {
        throw new FetchException(
            Reason.BAD_RESPONSE, "Unable to download image, bad response " + named(status));
      }
      if (response.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > limits.maxBytes()) {
        throw tooLarge();
      }
      save(listener.getInputStream(), target, arrived, deadline);
      return Optional.empty();
    } catch (FetchException e) {
      LOG.debug("Fetch from {} failed", url.host(), e);
      throw e;
    } finally {
      client.drop(request);
    }
  }

  private Response head(InputStreamResponseListener listener, Deadline deadline)
      throws FetchException, InterruptedException {
    try {
      return listener.get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw tooSlow(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      if (isTimeout(e)) {
        throw tooSlow(e);
      }
      if (e.getCause() instanceof ProxyRefusalException refusal && refusal.isOurs()) {
        LOG.warn("Downloads fail: {}", refusal.getMessage());
      }
      String what =
          e.getCause() instanceof SSLException
              ? "secure connection to host failed"
              : "Failed to connect to host or to read its answer";
      throw new FetchException(Reason.BAD_RESPONSE, "Unable to send request, " + what, e);
    }
  }

  private void save(InputStream body, Path target, LongConsumer arrived, Deadline deadline)
      throws FetchException, InterruptedException, IOException {
    try (body;
        OutputStream out = Files.newOutputStream(target)) {
      byte[] buffer = new byte[BUFFER];
      long total = 0;
      for (int n = read(body, buffer, deadline); n >= 0; n = read(body, buffer, deadline)) {
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
  private int read(InputStream body, byte[] buffer, Deadline deadline)
      throws FetchException, InterruptedException {
    if (deadline.passed()) {
      throw tooSlow(null);
    }
    try {
      return body.read(buffer);
    } catch (IOException e) {
      if (isTimeout(e) || deadline.passed()) {
        throw tooSlow(e);
      }
      if (e instanceof InterruptedIOException) {
        throw interrupted(e);
      }
      throw new FetchException(
          Reason.BAD_RESPONSE, "Unable to download image, the body ended early", e);
    }
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

  private static boolean isTimeout(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(t -> t instanceof TimeoutException || t instanceof SocketTimeoutException);
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

  /** How many remote hosts the client still knows; none between fetches. */
  synchronized int openDestinations() {
    return client == null ? 0 : client.destinations();
  }

  /** Ends what still runs and stops all threads. */
  @Override
  public synchronized void close() {
    closed = true;
    lookup.close();
    if (client != null) {
      client.close();
    }
  }
}
