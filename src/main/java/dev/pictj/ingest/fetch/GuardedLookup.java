package dev.pictj.ingest.fetch;

import dev.pictj.config.OutboundProxy;
import dev.pictj.ingest.fetch.FetchException.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resolves a host once and lets only allowed addresses through. What it returns is what gets
 * connected to, so a name server that answers differently the next time (DNS rebinding) gains
 * nothing.
 *
 * <p>Lookups run on a few platform threads: they are native calls that no interrupt ends and that
 * would hold up the carriers of the virtual threads.
 */
final class GuardedLookup implements AutoCloseable {
  private static final int THREADS = 4;
  private static final int WAITING = 64;

  private static final Logger LOG = LoggerFactory.getLogger(GuardedLookup.class);

  private final HostResolver resolver;
  private final Predicate<InetAddress> allowed;
  private final Optional<OutboundProxy> proxy;
  private final Duration timeout;
  private final ThreadPoolExecutor pool;

  GuardedLookup(
      HostResolver resolver,
      Predicate<InetAddress> allowed,
      Optional<OutboundProxy> proxy,
      Duration timeout) {
    this.resolver = resolver;
    this.allowed = allowed;
    this.proxy = proxy;
    this.timeout = timeout;
    this.pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            Thread.ofPlatform().daemon().name("pictj-fetch-dns-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
  }

  /**
   * The addresses to connect to. One refused address refuses the whole host: an honest public name
   * has no private address.
   *
   * @throws FetchException with {@code FORBIDDEN}, {@code TIMEOUT}, or {@code BAD_RESPONSE} for an
   *     unknown host
   */
  PinnedAddresses pin(RemoteUrl url, Deadline deadline)
      throws FetchException, InterruptedException {
    InetAddress[] found = resolve(url.host(), deadline);
    List<InetSocketAddress> pinned = new ArrayList<>(found.length);
    for (InetAddress address : found) {
      if (!allowed.test(address)) {
        throw new FetchException(
            Reason.FORBIDDEN, "Unable to download image, address is not allowed");
      }
      pinned.add(new InetSocketAddress(named(url.host(), address), url.port()));
    }
    return new PinnedAddresses(pinned, proxyAddress(deadline));
  }

  /** The proxy may stand anywhere: the administrator named it. */
  private Optional<InetSocketAddress> proxyAddress(Deadline deadline)
      throws FetchException, InterruptedException {
    if (proxy.isEmpty()) {
      return Optional.empty();
    }
    InetAddress[] found;
    try {
      found = resolve(proxy.get().host(), deadline);
    } catch (FetchException e) {
      LOG.warn("Downloads fail: the address of {} is not to be had", proxy.get());
      throw e;
    }
    return Optional.of(new InetSocketAddress(found[0], proxy.get().port()));
  }

  private InetAddress[] resolve(String host, Deadline deadline)
      throws FetchException, InterruptedException {
    Future<InetAddress[]> lookup;
    try {
      lookup = pool.submit(() -> resolver.resolve(host));
    } catch (RejectedExecutionException e) {
      throw tooSlow(e);
    }
    try {
      long wait = Math.min(timeout.toMillis(), deadline.millisLeft());
      return lookup.get(wait, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw tooSlow(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new FetchException(
          Reason.BAD_RESPONSE, "Unable to send request, host not found", e.getCause());
    } finally {
      lookup.cancel(true);
    }
  }

  /**
   * The address under the name of the URL: TLS takes the name to send and to verify from here, and
   * must never ask for a reverse lookup. The dot that a name may end in is not part of it there.
   */
  private static InetAddress named(String host, InetAddress address) {
    try {
      return InetAddress.getByAddress(host.replaceFirst("\\.$", ""), address.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  private FetchException tooSlow(Exception cause) {
    return new FetchException(
        Reason.TIMEOUT,
        "Unable to send request, Timeout while looking up the host: %d s"
            .formatted(timeout.toSeconds()),
        cause);
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
