package dev.pictj.app;

import dev.pictj.catalog.CachedCatalog;
import dev.pictj.catalog.Catalog;
import dev.pictj.config.EngineChoice;
import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.config.Version;
import dev.pictj.engine.AbandonedWork;
import dev.pictj.engine.Abilities;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.SingleFlight;
import dev.pictj.engine.StartTask;
import dev.pictj.engine.VideoEngine;
import dev.pictj.engine.VideoRules;
import dev.pictj.engine.admission.AdmissionLimits;
import dev.pictj.engine.admission.AdmittedImageEngine;
import dev.pictj.engine.admission.AdmittedVideoEngine;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.engine.admission.FittingEngine;
import dev.pictj.engine.admission.ImageAdmission;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.ffmpeg.FfmpegLimits;
import dev.pictj.engine.ffmpeg.FfmpegTool;
import dev.pictj.engine.ffmpeg.FfmpegTranscoder;
import dev.pictj.engine.magick.MagickEngine;
import dev.pictj.engine.magick.MagickLimits;
import dev.pictj.engine.magick.MagickTools;
import dev.pictj.engine.preview.PreviewMaker;
import dev.pictj.engine.vips.VipsEngine;
import dev.pictj.engine.vips.worker.Isolated;
import dev.pictj.engine.vips.worker.WorkerLimits;
import dev.pictj.http.HttpServer;
import dev.pictj.http.MetricsServer;
import dev.pictj.http.Presets;
import dev.pictj.http.Signing;
import dev.pictj.http.UploadQuery;
import dev.pictj.http.UploadWords;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.jetty.Tls;
import dev.pictj.ingest.Adoption;
import dev.pictj.ingest.Background;
import dev.pictj.ingest.CpuPool;
import dev.pictj.ingest.Downloads;
import dev.pictj.ingest.ExternalValidation;
import dev.pictj.ingest.Fallback;
import dev.pictj.ingest.Ingest;
import dev.pictj.ingest.IngestRules;
import dev.pictj.ingest.Names;
import dev.pictj.ingest.Preprocessing;
import dev.pictj.ingest.ProxiedMedia;
import dev.pictj.ingest.SharedResults;
import dev.pictj.ingest.SpoolBudget;
import dev.pictj.ingest.fetch.FetchLimits;
import dev.pictj.ingest.fetch.RemoteFetcher;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaType.Trait;
import dev.pictj.media.VerifiedBy;
import dev.pictj.nativecode.UnavailableException;
import dev.pictj.observe.Metrics;
import dev.pictj.process.BackgroundVariants;
import dev.pictj.process.ChainParser;
import dev.pictj.process.Engines;
import dev.pictj.process.Mezzanine;
import dev.pictj.process.MissingPhashes;
import dev.pictj.process.Previews;
import dev.pictj.process.Variants;
import dev.pictj.store.BlobStore;
import dev.pictj.store.CachedBlobStore;
import dev.pictj.store.TempFolder;
import dev.pictj.upkeep.AdminJobs;
import dev.pictj.upkeep.Backup;
import dev.pictj.upkeep.Sweep;
import dev.pictj.upkeep.Trash;
import dev.pictj.upkeep.VariantRetention;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running pictj: every component, built in order and closed in reverse. */
public final class Application implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Application.class);

  private final Deque<AutoCloseable> components = new ArrayDeque<>();
  private final List<Path> programs;
  private final Clock clock;
  private final StartTask<MagickTools> magickSearch;
  private @Nullable InetSocketAddress address;
  private volatile boolean stopping;
  private boolean stopped;
  private @Nullable Tools tools;

  /**
   * An application that is to be started. What no setting decides begins at once, on other threads,
   * so that the command line can be read meanwhile.
   *
   * @param path where to look for programs: absolute folders with colons between them
   */
  public Application(String path) {
    this(path, Clock.systemUTC());
  }

  private Application(String path, Clock clock) {
    this.clock = clock;
    this.programs =
        Arrays.stream(path.split(File.pathSeparator, -1))
            .filter(folder -> folder.startsWith("/"))
            .map(Path::of)
            .toList();
    this.magickSearch = new StartTask<>(() -> MagickTools.find(programs)).begin();
    // The first one makes ImageIO look for its readers.
    new StartTask<>(HeaderProbe::new).begin();
    new StartTask<>(HttpServer::prepare).begin();
  }

  /**
   * Builds and starts everything. When this returns, requests are answered; those that need a tool
   * wait until it has been tried.
   *
   * @throws dev.pictj.catalog.CatalogException when the catalog cannot be opened
   * @throws StartException when a tool that is needed is missing
   */
  public void start(Settings settings)
      throws IOException, InvalidSettingsException, StartException {
    start(settings, catalog -> catalog, store -> store);
  }

  /**
   * A server that has started, with all its tools tried.
   *
   * @param path where to look for programs: absolute folders with colons between them
   */
  public static Application started(Settings settings, String path)
      throws IOException, InvalidSettingsException, StartException {
    return started(settings, path, Clock.systemUTC());
  }

  /** A server that has started, with a clock that never goes back. */
  public static Application started(Settings settings, String path, Clock clock)
      throws IOException, InvalidSettingsException, StartException {
    Application application = new Application(path, clock);
    application.start(settings);
    application.awaitTools();
    return application;
  }

  /**
   * Looks for what is wrong with settings whose values are right one by one: names of operations,
   * and files that a start reads.
   *
   * @return a line for each fault
   */
  public static List<String> problems(Settings settings) {
    Set<String> problems = new LinkedHashSet<>();
    Dialect dialect = Dialect.of(settings.get(SettingsCatalogue.DIALECT));
    ChainParser parser =
        ChainParser.ofAll(settings, dialect.rounding(), dialect.readsOperationsLeniently());
    for (Checked part :
        List.<Checked>of(
            () -> parser(settings, dialect),
            () -> UploadQuery.of(settings, parser, dialect.readsUploadQueries()),
            () -> Presets.of(settings, parser),
            () -> Signing.of(settings, Clock.systemUTC()),
            () -> Tls.of(settings, Clock.systemUTC()))) {
      try {
        var _ = part.made();
      } catch (InvalidSettingsException e) {
        problems.addAll(e.problems());
      }
    }
    return List.copyOf(problems);
  }

  /** What a start reads from settings. */
  @FunctionalInterface
  private interface Checked {
    Object made() throws InvalidSettingsException;
  }

  private static ChainParser parser(Settings settings, Dialect dialect)
      throws InvalidSettingsException {
    return ChainParser.of(settings, dialect.rounding(), dialect.readsOperationsLeniently());
  }

  /** Starts with something around catalog and store, such as faults. */
  void start(
      Settings settings, UnaryOperator<Catalog> aroundCatalog, UnaryOperator<BlobStore> aroundStore)
      throws IOException, InvalidSettingsException, StartException {
    try {
      build(settings, aroundCatalog, aroundStore);
    } catch (EngineException | InterruptedException e) {
      throw failed(e);
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  /**
   * Waits until it is known how each tool works, and logs it; stops everything when it must not be
   * used like that.
   *
   * @throws StartException when that is so
   */
  public void awaitTools() throws StartException {
    try {
      Objects.requireNonNull(tools).report();
    } catch (EngineException | InterruptedException e) {
      throw failed(e);
    }
  }

  private StartException failed(Exception e) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    close();
    return e instanceof InterruptedException
        ? new StartException("interrupted while starting", e)
        : new StartException(String.valueOf(e.getMessage()), e);
  }

  private void build(
      Settings settings, UnaryOperator<Catalog> aroundCatalog, UnaryOperator<BlobStore> aroundStore)
      throws IOException, InvalidSettingsException, EngineException, InterruptedException {
    Optional<Tls> tls = Tls.of(settings, clock);
    tls.ifPresent(Tls::announce);
    Dialect dialect = Dialect.of(settings.get(SettingsCatalogue.DIALECT));
    final ChainParser parser = parser(settings, dialect);
    final Presets presets = Presets.of(settings, parser);
    final Signing signing = Signing.of(settings, clock);
    final UploadQuery query = UploadQuery.of(settings, parser, dialect.readsUploadQueries());
    boolean readOnly = settings.get(SettingsCatalogue.READ_ONLY);
    Metrics metrics = own(new Metrics());
    Measured measured = new Measured(metrics);
    measured.version(Version.text());
    boolean previewsAtUpload = dialect.tellsPreviews() || settings.get(SettingsCatalogue.FACTS);
    PictureRules pictures = PictureRules.of(settings, previewsAtUpload);
    Path data = settings.get(SettingsCatalogue.PATH);
    Backends backends = own(Backends.open(settings, clock));
    CachedCatalog catalog =
        new CachedCatalog(
            aroundCatalog.apply(backends.catalog()),
            settings.get(SettingsCatalogue.CATALOG_ENTRIES),
            readOnly,
            clock);
    own(catalog::writeAsked);
    TempFolder temporary = backends.temporary();
    CachedBlobStore store =
        new CachedBlobStore(
            aroundStore.apply(backends.store()),
            settings.get(SettingsCatalogue.BLOB_CACHE),
            settings.get(SettingsCatalogue.BLOB_CACHE_LARGEST));
    Path engineFolder = Files.createDirectories(temporary.path().resolve("engine"));
    MagickLimits magickLimits = MagickLimits.of(settings);
    FfmpegLimits ffmpegLimits = FfmpegLimits.of(settings);
    boolean dummy = settings.get(SettingsCatalogue.DANGER_DUMMY_MODE);
    tools =
        dummy
            ? Tools.none()
            : Tools.trying(
                settings, programs, magickSearch.await(), magickLimits, ffmpegLimits, engineFolder);
    ImageAdmission admission = new ImageAdmission(AdmissionLimits.of(settings));
    ChildRunner runner = new ChildRunner(engineFolder, tools.sandbox());
    MagickEngine magick = MagickEngine.start(tools.magick(), magickLimits, pictures, runner);
    WorkerLimits workerLimits = WorkerLimits.of(settings, magickLimits.addressBytes());
    Isolated verifiers = own(Isolated.verifiers(pictures, workerLimits, runner));
    Optional<VipsEngine> vips =
        dummy
            ? Optional.empty()
            : vips(settings, magick, pictures, workerLimits, runner, verifiers);
    vips.ifPresent(this::own);
    long maxWork = AdmissionLimits.maxImageWork(settings);
    AdmittedImageEngine reference =
        new AdmittedImageEngine(
            vips.map(VipsEngine::ofUnverified).orElse(magick), admission, maxWork);
    ImageEngine images =
        vips.<ImageEngine>map(engine -> new AdmittedImageEngine(engine, admission, maxWork))
            .orElse(reference);
    Optional<FittingEngine> fitting =
        settings.get(SettingsCatalogue.FIT_LARGE_IMAGES)
            ? Optional.of(fitting(settings, vips, magickLimits, runner, admission))
            : Optional.empty();
    Tools found = tools;
    StartTask<Abilities> abilities =
        dummy ? StartTask.done(Abilities.ALL) : new StartTask<>(() -> abilities(vips, found));
    FfmpegTranscoder ffmpeg =
        FfmpegTranscoder.start(
                tools.ffmpeg(),
                ffmpegLimits,
                pictures.limits(),
                VideoRules.of(settings),
                new ChildRunner(engineFolder, tools.ffmpegSandbox()))
            .ofAvifQuality(settings.get(SettingsCatalogue.ANIMATION_AVIF_QUALITY));
    VideoEngine videos =
        new AdmittedVideoEngine(ffmpeg, admission, AdmissionLimits.maxVideoWork(settings));
    CpuPool cpu =
        own(
            new CpuPool(
                Runtime.getRuntime().availableProcessors(),
                settings.get(SettingsCatalogue.CPU_QUEUE)));
    ExecutorService renderings =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("render-", 0).factory());
    own(renderings::shutdownNow);
    AbandonedWork abandonedWork =
        AbandonedWork.lasting(settings.get(SettingsCatalogue.ABANDONED_WORK_TIME));
    Trash trash = own(new Trash(catalog, store));
    SecureRandom random = new SecureRandom();
    FailureMemory failures =
        new FailureMemory(
            settings.get(SettingsCatalogue.FAILURE_ENTRIES),
            settings.get(SettingsCatalogue.FAILURE_RETENTION));
    SpoolBudget spool =
        new SpoolBudget(
            settings.get(SettingsCatalogue.SPOOL_LIMIT),
            settings.get(SettingsCatalogue.UPLOAD_GRACE));
    SharedResults shared =
        own(
            new SharedResults(
                renderings,
                settings.get(SettingsCatalogue.ABANDONED_WORK_TIME),
                settings.get(SettingsCatalogue.SPOOL_LIMIT) / 4,
                temporary,
                spool));
    Set<VerifiedBy> trusted =
        vips.map(VipsEngine::trusts).orElse(EnumSet.of(VerifiedBy.WORKER, VerifiedBy.REFERENCE));
    Engines engines = new Engines(images, trusted, reference, videos);
    PreviewMaker previewMaker =
        new PreviewMaker(images, engines.trusted(), reference, videos, engineFolder);
    Optional<ExternalValidation> validation = ExternalValidation.of(settings);
    validation.ifPresent(this::own);
    Names names = new Names(random, dialect.namesAreUuids());
    Ingest ingest =
        new Ingest(
            IngestRules.of(settings, dialect.repairsCutPictures()),
            images,
            reference.admitted(verifiers),
            videos,
            fitting,
            previewMaker,
            previewsAtUpload,
            failures,
            catalog,
            store,
            temporary,
            cpu,
            shared,
            new Preprocessing(images, trusted, reference, videos, failures, temporary, cpu),
            validation,
            names,
            clock,
            trash::emptySoon);
    Adoption adoption = new Adoption(ingest, catalog, store, cpu, names);
    Background background =
        own(
            new Background(
                Background.Rules.of(settings),
                ingest,
                catalog,
                store,
                temporary,
                cpu,
                names,
                clock,
                trash::emptySoon,
                new UploadWords(query, dialect)));
    Variants variants =
        new Variants(
            engines,
            failures,
            catalog,
            store,
            temporary,
            new SingleFlight<>(renderings, abandonedWork),
            random,
            clock,
            new Mezzanine(
                settings.get(SettingsCatalogue.MEZZANINE_SIZE),
                settings.get(SettingsCatalogue.MEZZANINE_QUALITY)),
            settings.get(SettingsCatalogue.MAX_VARIANTS_PER_MEDIA),
            trash::emptySoon);
    BackgroundVariants backgroundVariants =
        own(
            new BackgroundVariants(
                variants,
                catalog,
                presets::chain,
                settings.get(SettingsCatalogue.MAX_BACKGROUND_VARIANTS),
                settings.get(SettingsCatalogue.BACKGROUND_ATTEMPTS)));
    RemoteFetcher fetcher =
        own(
            new RemoteFetcher(
                FetchLimits.of(settings),
                Version.text(),
                settings.get(SettingsCatalogue.DOWNLOAD_PROXY)));
    ProxiedMedia proxied =
        new ProxiedMedia(
            ProxiedMedia.Rules.of(settings),
            query.usualTerms(),
            catalog,
            fetcher,
            temporary,
            spool,
            ingest,
            new SingleFlight<>(renderings, abandonedWork),
            clock,
            trash::emptySoon);
    Optional<Fallback> fallback =
        Fallback.Rules.of(settings)
            .map(
                rules ->
                    own(
                        new Fallback(
                            rules,
                            adoption,
                            catalog,
                            own(
                                new RemoteFetcher(
                                    Fallback.limits(settings), Version.text(), Optional.empty())),
                            temporary,
                            spool,
                            new SingleFlight<>(renderings, abandonedWork),
                            System::nanoTime)));
    Backup backup = new Backup(backends.folders(), backends, trash);
    VariantRetention retention =
        new VariantRetention(catalog, trash, VariantRetention.Rules.of(settings), clock);
    Sweep.Rules sweepRules = Sweep.Rules.of(settings);
    AdminJobs jobs =
        own(new AdminJobs(catalog, store, trash, retention, sweepRules.suspicion(), clock));
    if (!readOnly) {
      // Closed after the last request has ended.
      own(catalog::writeAsked);
      own(proxied::writeAsked);
    }
    Previews previews =
        new Previews(
            previewMaker,
            failures,
            catalog,
            store,
            new SingleFlight<>(renderings, abandonedWork),
            !readOnly,
            settings.get(SettingsCatalogue.FACTS));
    MissingPhashes missingPhashes = own(new MissingPhashes(catalog, previews));
    HttpServer server =
        own(
            new HttpServer(
                settings,
                new HttpServer.Parts(
                    ingest,
                    adoption,
                    fallback,
                    new Downloads(fetcher, temporary, spool, ingest),
                    proxied,
                    background,
                    query,
                    presets,
                    signing,
                    variants,
                    backgroundVariants,
                    previews,
                    missingPhashes,
                    catalog,
                    store,
                    temporary,
                    trash,
                    spool,
                    backup,
                    jobs,
                    metrics,
                    abilities,
                    tls)));
    measured.admission(admission);
    vips.ifPresent(measured::workers);
    measured.variants(variants);
    measured.stored(catalog);
    measured.cache(store);
    measured.backup(backup);
    measured.disk(data.toFile(), spool);
    measured.background(background);
    metrics.addProcess();
    if (settings.get(SettingsCatalogue.ENGINE_CHOICE) == EngineChoice.LIBVIPS && vips.isPresent()) {
      try {
        vips.get().awaitReady();
      } catch (UnavailableException e) {
        requireNotAsked(e, settings);
      }
    }
    tools.awaitRequired(settings);
    if (!readOnly) {
      background.start();
      backgroundVariants.start();
      jobs.start();
      missingPhashes.start();
    }
    proxied.start();
    server.start();
    // Before the server waits for requests: a claim may wait for long.
    own(background::release);
    Optional<InetSocketAddress> metricsAddress = settings.get(SettingsCatalogue.METRICS_ADDR);
    if (metricsAddress.isPresent()) {
      own(
          new MetricsServer(
              metricsAddress.get(),
              settings.get(SettingsCatalogue.METRICS_CONNECTIONS),
              settings.get(SettingsCatalogue.METRICS_IDLE_TIMEOUT),
              metrics));
    }
    address = server.address();
    tools.beginFfmpeg();
    Duration look = settings.get(SettingsCatalogue.TLS_RELOAD_INTERVAL);
    tls.ifPresent(files -> own(Recurring.begin("tls", look, look, files::look)));
    if (!readOnly) {
      trash.start(settings.get(SettingsCatalogue.TRASH_INTERVAL));
      Sweep sweep = new Sweep(catalog, store, trash, sweepRules);
      own(Recurring.begin("sweep", Duration.ZERO, sweepRules.interval(), sweep::run));
      Duration interval = settings.get(SettingsCatalogue.VARIANT_UPKEEP_INTERVAL);
      own(
          Recurring.begin(
              "variant-upkeep",
              interval,
              interval,
              () -> {
                catalog.writeAsked();
                retention.run();
              }));
      own(Recurring.begin("background-upkeep", interval, interval, background::expire));
      own(Recurring.begin("proxied-upkeep", interval, interval, proxied::run));
    }
    log.info(
        "pictj {} listens on {}, keeps its data in {}, uses {}",
        Version.text(),
        address,
        data,
        tools.magick().versionText());
    log.info("settings: pictj config, called in the same way, shows them");
    abilities.begin();
    // Pictures can be had before it is ready, from ImageMagick.
    vips.ifPresent(engine -> Thread.ofVirtual().name("engine-start").start(() -> announce(engine)));
  }

  private static boolean isReady(VipsEngine engine) throws InterruptedException {
    try {
      engine.awaitReady();
      return true;
    } catch (UnavailableException _) {
      return false;
    }
  }

  private void announce(VipsEngine engine) {
    try {
      engine.awaitReady();
      log.info("engine: {}, and ImageMagick for what it leaves", engine.describe());
    } catch (UnavailableException e) {
      // A stop ends the engine, too.
      if (!stopping) {
        log.info("engine: ImageMagick alone, {}", e.getMessage());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Abilities abilities(Optional<VipsEngine> vips, Tools tools)
      throws EngineException, InterruptedException {
    Optional<FfmpegTool> ffmpeg = tools.ffmpeg().await();
    boolean videos = ffmpeg.isPresent();
    boolean sequences = ffmpeg.filter(FfmpegTool::hasAv1).isPresent();
    Optional<VipsEngine> ready = vips.isPresent() && isReady(vips.get()) ? vips : Optional.empty();
    return Abilities.of(
        type ->
            type.has(Trait.VIDEO)
                ? videos
                : type.has(Trait.MAGICK)
                    || (type.has(Trait.SEQUENCE) && sequences)
                    || ready.filter(it -> it.reads(type)).isPresent(),
        type -> type.has(Trait.MAGICK) || ready.filter(it -> it.makes(type)).isPresent(),
        ready.isPresent(),
        sequences);
  }

  private <T extends AutoCloseable> T own(T component) {
    components.push(component);
    return component;
  }

  /** Where it listens, with the real port. */
  public InetSocketAddress address() {
    return Objects.requireNonNull(address, "not started");
  }

  /** Stops: first no more requests, then what served them. */
  @Override
  public synchronized void close() {
    stopping = true;
    while (!components.isEmpty()) {
      try {
        components.pop().close();
      } catch (Exception e) {
        log.error("a component did not close", e);
      }
    }
    if (address != null && !stopped) {
      stopped = true;
      log.info("pictj has stopped");
    }
    try {
      // Otherwise its temporary folder would stay behind where the process ends at once.
      magickSearch.await();
    } catch (EngineException _) {
      // The tasks that wait for ImageMagick get this exception as well, and tell it.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** ImageMagick, whose policy is one of its own here, and libvips for what that one cannot do. */
  private FittingEngine fitting(
      Settings settings,
      Optional<VipsEngine> vips,
      MagickLimits limits,
      ChildRunner runner,
      ImageAdmission admission)
      throws EngineException {
    PictureRules larger = PictureRules.of(settings, false).forShrinking();
    MagickEngine magick =
        MagickEngine.start(
            Objects.requireNonNull(tools).magick(), limits, larger, runner.in("fit"));
    ImageEngine engine = vips.map(installed -> installed.shrinking(magick, larger)).orElse(magick);
    return new FittingEngine(
        new AdmittedImageEngine(engine, admission, AdmissionLimits.maxImageWork(settings)),
        limits.pixelBytes());
  }

  private static Optional<VipsEngine> vips(
      Settings settings,
      ImageEngine reference,
      PictureRules rules,
      WorkerLimits limits,
      ChildRunner runner,
      Isolated verifiers)
      throws EngineException {
    if (settings.get(SettingsCatalogue.ENGINE_CHOICE) == EngineChoice.IMAGEMAGICK) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          settings.get(SettingsCatalogue.ISOLATE_ENGINE)
              ? Isolated.engine(reference, rules, limits, runner, verifiers)
              : VipsEngine.inProcess(
                  reference,
                  rules,
                  settings.get(SettingsCatalogue.IMAGE_JOBS),
                  settings.get(SettingsCatalogue.TOOL_OUTPUT_SIZE)));
    } catch (UnavailableException e) {
      requireNotAsked(e, settings);
      log.info("engine: ImageMagick alone, {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Refuses to start without libvips where an administrator asks for it by name. */
  static void requireNotAsked(UnavailableException reason, Settings settings)
      throws EngineException {
    if (settings.get(SettingsCatalogue.ENGINE_CHOICE) == EngineChoice.LIBVIPS) {
      throw new EngineException("--engine is libvips, but " + reason.getMessage(), reason);
    }
  }
}
