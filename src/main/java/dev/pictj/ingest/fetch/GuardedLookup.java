package dev.pictj.ingest.fetch;

import dev.pictj.config.OutboundProxy;
import dev.pictj.engine.PoolTask;
import dev.pictj.ingest.fetch.FetchException.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import okhttp3.Dns;
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
  private static final int MAX_WAITING = 64;

  private static final Logger LOG = LoggerFactory.getLogger(GuardedLookup.class);

  private final Dns resolver;
  private final Predicate<InetAddress> allowed;
  private final Optional<OutboundProxy> proxy;
  private final Duration timeout;
  private final ThreadPoolExecutor pool;

  GuardedLookup(
      Dns resolver,
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
            new LinkedBlockingQueue<>(MAX_WAITING),
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
  PinnedAddresses pin(String host, Deadline deadline) throws FetchException, InterruptedException {
    List<InetAddress> found = resolve(host, deadline);
    if (!found.stream().allMatch(allowed)) {
      throw new FetchException(
          Reason.FORBIDDEN, "Unable to download image, address is not allowed");
    }
    return new PinnedAddresses(
        found, proxy.isEmpty() ? Optional.empty() : Optional.of(through(proxy.get(), deadline)));
  }

  /** The proxy may stand anywhere: the administrator named it. */
  private ProxyTunnel through(OutboundProxy named, Deadline deadline)
      throws FetchException, InterruptedException {
    try {
      InetAddress address = resolve(named.host(), deadline).getFirst();
      return new ProxyTunnel(
          new InetSocketAddress(address, named.port()), named.authorization(), timeout);
    } catch (FetchException e) {
      LOG.warn("Downloads fail: the address of {} is not to be had", named);
      throw e;
    }
  }

  private List<InetAddress> resolve(String host, Deadline deadline)
      throws FetchException, InterruptedException {
    PoolTask<List<InetAddress>> lookup = new PoolTask<>(() -> resolver.lookup(host));
    try {
      pool.execute(lookup);
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
