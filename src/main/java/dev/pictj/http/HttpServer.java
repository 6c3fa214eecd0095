package dev.pictj.http;

import dev.pictj.catalog.Catalog;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.config.Version;
import dev.pictj.engine.Abilities;
import dev.pictj.engine.StartTask;
import dev.pictj.http.dialect.DetailsShape;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.jetty.BodyMeter;
import dev.pictj.http.jetty.ConnectionMemory;
import dev.pictj.http.jetty.CountedHeads;
import dev.pictj.http.jetty.LingeringClose;
import dev.pictj.http.jetty.TimedConnector;
import dev.pictj.http.jetty.TimedEndPoint;
import dev.pictj.http.jetty.Tls;
import dev.pictj.http.jetty.TlsConnections;
import dev.pictj.ingest.Adoption;
import dev.pictj.ingest.Background;
import dev.pictj.ingest.Downloads;
import dev.pictj.ingest.Fallback;
import dev.pictj.ingest.Ingest;
import dev.pictj.ingest.ProxiedMedia;
import dev.pictj.ingest.SpoolBudget;
import dev.pictj.observe.Metrics;
import dev.pictj.process.BackgroundVariants;
import dev.pictj.process.MissingPhashes;
import dev.pictj.process.Previews;
import dev.pictj.process.Variants;
import dev.pictj.store.BlobStore;
import dev.pictj.store.TempFolder;
import dev.pictj.upkeep.AdminJobs;
import dev.pictj.upkeep.Backup;
import dev.pictj.upkeep.Trash;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinLogger;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server: Javalin on Jetty, a virtual thread for each request. */
public final class HttpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

  /** The longest end of a stop that is kept for closing, and in which no request is waited for. */
  private static final Duration MAX_CLOSING = Duration.ofSeconds(5);

  private static final long MAX_IDLE_MILLIS_AT_LIMIT = 5_000;

  /**
   * Requests are bounded by the connections; a bound here would let slow uploads hold up the rest.
   */
  private static final int UNBOUNDED = 0;

  private final Javalin javalin;
  private final Settings settings;
  private final BodyMeter.PaceLimits pace;
  private final ConnectionMemory memory;
  private final LingeringClose lingering;
  private final SpoolBudget spool;
  private final Optional<Tls> tls;
  private final MediaHandler media;
  private final Dialect dialect;
  private final ReplyHeaders replyHeaders;
  private final ProtocolErrors protocolErrors;
  private final RequestLog requestLog;

  /** The components that handlers call. */
  public record Parts(
      Ingest ingest,
      Adoption adoption,
      Optional<Fallback> fallback,
      Downloads downloads,
      ProxiedMedia proxied,
      Background background,
      UploadQuery query,
      Presets presets,
      Signing signing,
      Variants variants,
      BackgroundVariants backgroundVariants,
      Previews previews,
      MissingPhashes missingPhashes,
      Catalog catalog,
      BlobStore store,
      TempFolder temporary,
      Trash trash,
      SpoolBudget spool,
      Backup backup,
      AdminJobs jobs,
      Metrics metrics,
      StartTask<Abilities> abilities,
      Optional<Tls> tls) {}

  /** A server with all routes, which does not listen before {@link #start}. */
  public HttpServer(Settings settings, Parts parts) {
    this.settings = settings;
    this.pace =
        new BodyMeter.PaceLimits(
            settings.get(SettingsCatalogue.MIN_UPLOAD_RATE),
            settings.get(SettingsCatalogue.UPLOAD_GRACE),
            settings.get(SettingsCatalogue.REQUEST_TIMEOUT));
    this.lingering =
        new LingeringClose(
            settings.get(SettingsCatalogue.LINGER_TIMEOUT),
            settings.get(SettingsCatalogue.LINGER_SIZE),
            settings.get(SettingsCatalogue.LINGER_CONNECTIONS));
    this.spool = parts.spool();
    this.tls = parts.tls();
    this.dialect = Dialect.of(settings.get(SettingsCatalogue.DIALECT));
    this.replyHeaders = new ReplyHeaders(settings.get(SettingsCatalogue.CORS_ORIGINS));
    this.protocolErrors = new ProtocolErrors(replyHeaders, dialect);
    this.memory = ConnectionMemory.ofHeap(settings.get(SettingsCatalogue.CONNECTION_MEMORY));
    boolean readOnly = settings.get(SettingsCatalogue.READ_ONLY);
    Sources sources = new Sources(parts.catalog(), parts.proxied(), readOnly, parts.fallback());
    Internal internal =
        new Internal(
            parts.catalog(),
            parts.store(),
            sources,
            parts.trash(),
            parts.backup(),
            parts.metrics(),
            settings.get(SettingsCatalogue.API_KEY),
            settings.get(SettingsCatalogue.MAX_MEDIA_PER_PAGE),
            dialect);
    DetailsShape shape = new DetailsShape(dialect, settings.get(SettingsCatalogue.FACTS));
    RoutingTable table =
        new RoutingTable(
            new Uploads(
                new MultipartReader(parts.temporary(), memory, formLimits(settings)),
                parts.ingest(),
                parts.downloads(),
                parts.background(),
                parts.query(),
                parts.previews(),
                settings.get(SettingsCatalogue.SKIP_VALIDATE_IMPORTS),
                shape),
            new Adoptions(
                new MultipartReader(parts.temporary(), memory, adoptedFormLimits(settings)),
                parts.ingest(),
                parts.adoption()),
            new Originals(sources, parts.previews(), parts.trash(), shape),
            new Processing(
                sources,
                parts.presets(),
                parts.variants(),
                parts.backgroundVariants(),
                parts.previews(),
                new Negotiation(
                    settings.get(SettingsCatalogue.AUTO_FORMATS),
                    settings.get(SettingsCatalogue.AUTO_ANIMATION_FORMATS),
                    parts.abilities(),
                    parts.store()),
                parts.signing(),
                dialect,
                shape),
            ServerLimits.of(settings, parts.presets().parser().rules(), parts.abilities()),
            internal,
            new Moderation(
                internal,
                parts.catalog(),
                parts.previews(),
                parts.missingPhashes(),
                parts.trash(),
                InstantSource.system()),
            new Hashes(
                parts.catalog(),
                settings.get(SettingsCatalogue.MAX_MEDIA_PER_PAGE),
                shape,
                parts.previews(),
                settings.get(SettingsCatalogue.PREVIEW_WAIT)),
            new AdminWork(
                parts.catalog(),
                parts.jobs(),
                parts.backup(),
                settings.get(SettingsCatalogue.EXPORT_PATH),
                settings.get(SettingsCatalogue.MAX_JSON_BODY),
                InstantSource.system(),
                dialect),
            new Health(parts.catalog(), parts.store()),
            BuildInfo.of(Version.text(), dialect),
            dialect,
            readOnly);
    this.media =
        new MediaHandler(
            table.media(),
            new MediaReply.Source(parts.store(), parts.catalog(), memory, dialect),
            dialect);
    this.requestLog =
        new RequestLog.Collection(AccessLog.of(settings), new RequestMeter(parts.metrics(), table));
    parts
        .metrics()
        .gauge(
            "pictj.connections.memory.bytes",
            "Memory that connections hold",
            memory,
            ConnectionMemory::held);
    this.javalin = Javalin.create(config -> configure(config, table, internal));
  }

  private static FormParts.FormLimits formLimits(Settings settings) {
    return new FormParts.FormLimits(
        settings.get(SettingsCatalogue.MAX_FILE_SIZE),
        settings.get(SettingsCatalogue.MAX_FILES),
        settings.get(SettingsCatalogue.MAX_FORM_FIELDS),
        settings.get(SettingsCatalogue.MAX_FORM_FIELD_BYTES),
        settings.get(SettingsCatalogue.MAX_PART_HEAD));
  }

  private static FormParts.FormLimits adoptedFormLimits(Settings settings) {
    return new FormParts.FormLimits(
        settings.get(SettingsCatalogue.MAX_ADOPTED_SIZE),
        1,
        0,
        0,
        settings.get(SettingsCatalogue.MAX_PART_HEAD));
  }

  /**
   * Does what the first server of a process does once, so that it can be done beside something
   * else: Jetty's table of types asks for every locale of the JDK.
   *
   * @return what was made
   */
  public static Object prepare() {
    return MimeTypes.DEFAULTS;
  }

  private void configure(JavalinConfig config, RoutingTable table, Internal internal) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.concurrency.useVirtualThreads = true;
    config.jetty.threadPool = new VirtualThreadPool(UNBOUNDED);
    config.router.ignoreTrailingSlashes = false;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.jetty.modifyServer(this::configure);
    config.jetty.modifyServletContextHandler(context -> context.setErrorHandler(protocolErrors));
    config.jetty.modifyHttpConfiguration(this::configure);
    config.jetty.addConnector(this::connector);
    config.routes.before(
        ctx -> {
          // Javalin presets text/plain, which replies without a body would keep.
          ctx.res().setContentType(null);
        });
    config.routes.before("/internal/*", internal::authorise);
    table.register(config.routes);
    Errors.register(config.routes, dialect);
    Errors.register(config.router);
  }

  private void configure(Server server) {
    server.insertHandler(media);
    server.insertHandler(new DeadlineHandler(dialect, InstantSource.system()));
    server.insertHandler(new LogContext());
    // Lets requests under way finish on stop, and refuses new ones.
    server.insertHandler(new GracefulHandler());
    server.setStopTimeout(timeForRequests().toMillis());
    server.setErrorHandler(protocolErrors);
    server.setRequestLog(requestLog);
    // Stops accepting at the limit, and sends away who says nothing while others wait.
    int most = settings.get(SettingsCatalogue.MAX_CONNECTIONS);
    NetworkConnectionLimit limit =
        new NetworkConnectionLimit(
            tls.isPresent() ? Math.min(most, memory.maxTlsConnections()) : most, server);
    limit.setEndPointIdleTimeout(
        Math.min(
            settings.get(SettingsCatalogue.IDLE_TIMEOUT).toMillis(), MAX_IDLE_MILLIS_AT_LIMIT));
    server.addBean(limit);
  }

  private void configure(HttpConfiguration configuration) {
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(true);
    configuration.setRequestHeaderSize(settings.get(SettingsCatalogue.MAX_HEADER_SIZE));
    configuration.setOutputBufferSize(ConnectionMemory.OUTPUT_BUFFER);
    // An absolute target wins over Host (RFC 9112, section 3.2.2).
    configuration.setHttpCompliance(
        HttpCompliance.RFC9110.with("pictj", HttpCompliance.Violation.MISMATCHED_AUTHORITY));
    configuration.addCustomizer(new RequestId());
    configuration.addCustomizer(replyHeaders);
    configuration.addCustomizer(
        ClientAddress.customizer(settings.get(SettingsCatalogue.TRUSTED_PROXIES)));
    configuration.addCustomizer(new RequestIntake(pace, spool));
  }

  private ServerConnector connector(Server server, HttpConfiguration configuration) {
    CountedHeads http =
        new CountedHeads(configuration, settings.get(SettingsCatalogue.MAX_HEADER_FIELDS), memory);
    ServerConnector connector =
        new TimedConnector(
            server,
            new TimedEndPoint.Rules(
                settings.get(SettingsCatalogue.HEAD_TIMEOUT),
                settings.get(SettingsCatalogue.KEEP_ALIVE_TIMEOUT),
                settings.get(SettingsCatalogue.STOP_GRACE),
                lingering,
                protocolErrors::lateHead),
            tls.<ConnectionFactory[]>map(
                    it -> new ConnectionFactory[] {new TlsConnections(it, memory), http})
                .orElseGet(() -> new ConnectionFactory[] {http}));
    connector.setHost(settings.get(SettingsCatalogue.ADDR).getAddress().getHostAddress());
    connector.setPort(settings.get(SettingsCatalogue.ADDR).getPort());
    connector.setIdleTimeout(settings.get(SettingsCatalogue.IDLE_TIMEOUT).toMillis());
    connector.setAcceptQueueSize(1024);
    return connector;
  }

  /**
   * Begins to listen.
   *
   * @throws BindException when the address cannot be had: somebody else has it, or it is not ours
   */
  public void start() throws BindException {
    // Javalin logs failures which it throws as well, so its own line is suppressed.
    JavalinLogger.enabled = false;
    try {
      javalin.start();
    } catch (JavalinBindException e) {
      throw cannotListen(settings.get(SettingsCatalogue.ADDR), e);
    } finally {
      JavalinLogger.enabled = true;
    }
  }

  /** The message for an address that cannot be listened on. */
  static BindException cannotListen(InetSocketAddress address, Exception e) {
    Throwable reason = e;
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    BindException bind =
        new BindException(
            "cannot listen on %s:%d: %s"
                .formatted(
                    address.getAddress().getHostAddress(), address.getPort(), reason.getMessage()));
    bind.initCause(e);
    return bind;
  }

  /** Where it listens; the port is the real one where 0 was asked for. */
  public InetSocketAddress address() {
    return new InetSocketAddress(settings.get(SettingsCatalogue.ADDR).getAddress(), javalin.port());
  }

  private Duration timeForRequests() {
    Duration stop = settings.get(SettingsCatalogue.SHUTDOWN_TIMEOUT);
    Duration closing = stop.dividedBy(3);
    return stop.minus(closing.compareTo(MAX_CLOSING) < 0 ? closing : MAX_CLOSING);
  }

  /**
   * Stops listening, and waits for requests under way and for clients that still have to read their
   * answer, but not so long that no time is left to close what served them.
   */
  @Override
  public void close() {
    long deadline = System.nanoTime() + timeForRequests().toNanos();
    stopJetty();
    try {
      lingering.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Not through Javalin, which logs a fault with its stack trace where a client was slower than the
   * stop, and Jetty has closed all the same.
   */
  private void stopJetty() {
    try {
      javalin.jettyServer().server().stop();
    } catch (TimeoutException _) {
      log.info(
          "requests that were still under way after {} s were cut", timeForRequests().toSeconds());
    } catch (Exception e) {
      throw new IllegalStateException("the server did not close", e);
    }
  }
}
