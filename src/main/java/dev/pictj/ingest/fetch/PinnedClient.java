package dev.pictj.ingest.fetch;

import dev.pictj.config.OutboundProxy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.ProxyAuthenticationProtocolHandler;
import org.eclipse.jetty.client.RedirectProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.UpgradeProtocolHandler;
import org.eclipse.jetty.client.WWWAuthenticationProtocolHandler;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP/1.1 client that connects to given addresses only and does nothing by itself: it looks up
 * no name, follows no redirect, keeps no cookie, answers no challenge, decodes no content and
 * reuses no connection. The one proxy it may use is the administrator's.
 */
final class PinnedClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PinnedClient.class);
  private static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final int MAX_THREADS = 8;

  private final HttpClient http;

  PinnedClient(
      FetchLimits limits,
      String userAgent,
      SslContextFactory.Client tls,
      DialGuard dial,
      Optional<OutboundProxy> proxy) {
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 1, 10_000);
    threads.setName("pictj-fetch");
    threads.setDaemon(true);
    threads.setReservedThreads(0);

    ClientConnector connector = new ClientConnector();
    connector.setSelectors(1);
    connector.setSslContextFactory(tls);

    http =
        new HttpClient(
            new PinnedTransport(
                connector,
                dial,
                proxy.flatMap(OutboundProxy::authorization),
                limits.connectTimeout()));
    http.setExecutor(threads);
    http.setScheduler(new ScheduledExecutorScheduler("pictj-fetch-timer", true));
    http.setSocketAddressResolver(PinnedClient::pinned);
    http.setConnectTimeout(limits.connectTimeout().toMillis());
    http.setIdleTimeout(limits.totalTimeout().toMillis());
    http.setFollowRedirects(false);
    http.setHttpCookieStore(new HttpCookieStore.Empty());
    http.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, userAgent));
    http.setMaxResponseHeadersSize(MAX_HEADER_BYTES);
    try {
      http.start();
    } catch (Exception e) {
      LifeCycle.stop(http);
      throw new IllegalStateException("the download client does not start", e);
    }
    // Jetty registers these while it starts, so they can only be taken out afterwards.
    http.getContentDecoderFactories().clear();
    http.getProtocolHandlers().remove(RedirectProtocolHandler.NAME);
    http.getProtocolHandlers().remove(WWWAuthenticationProtocolHandler.NAME);
    http.getProtocolHandlers().remove(ProxyAuthenticationProtocolHandler.NAME);
    http.getProtocolHandlers().remove(new UpgradeProtocolHandler().getName());
  }

  /** A GET that will connect to one of the pinned addresses. To be handed to {@link #drop}. */
  Request get(RemoteUrl url, PinnedAddresses addresses, Deadline deadline) {
    return http.newRequest(named(url))
        .tag(addresses)
        .timeout(deadline.millisLeft(), TimeUnit.MILLISECONDS)
        .headers(
            headers ->
                headers
                    .put(new HostPortHttpField(url.host(), url.isDefaultPort() ? 0 : url.port()))
                    .put(LoopMark.HEADER, LoopMark.PSEUDONYM)
                    .put(HttpHeader.ACCEPT, "image/*,video/*,*/*;q=0.8")
                    .put(HttpHeader.ACCEPT_ENCODING, "identity")
                    .put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE));
  }

  /**
   * Java's URI knows no host with an underscore, and Jetty takes a request's host from there. What
   * it is called does not matter: addresses, {@code Host} and TLS have theirs from elsewhere.
   */
  private static URI named(RemoteUrl url) {
    return url.uri().getHost() != null
        ? url.uri()
        : URI.create(url.uri().toString().replaceFirst(Pattern.quote(url.host()), "unnamed"));
  }

  /** Ends the request if it still runs, and closes its connection. */
  void drop(Request request) {
    var aborted = request.abort(new InterruptedException("no longer wanted"));
    LOG.trace("request dropped while running: {}", aborted);
    Destination destination = http.resolveDestination(request);
    http.removeDestination(destination);
    LifeCycle.stop(destination);
  }

  /** How many destinations are remembered; none between fetches. */
  int destinations() {
    return http.getDestinations().size();
  }

  private static void pinned(
      String host,
      int port,
      Map<String, Object> context,
      Promise<List<InetSocketAddress>> promise) {
    if (context.get(Destination.CONTEXT_KEY) instanceof Destination destination
        && destination.getOrigin().getTag() instanceof PinnedAddresses pins) {
      promise.succeeded(pins.addresses());
    } else {
      promise.failed(new IllegalStateException("a request without pinned addresses"));
    }
  }

  @Override
  public void close() {
    try {
      http.stop();
    } catch (Exception e) {
      LOG.warn("The download client did not stop cleanly", e);
    }
  }
}
