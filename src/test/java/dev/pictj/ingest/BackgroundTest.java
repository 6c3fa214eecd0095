package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pictj.catalog.BackgroundUploads;
import dev.pictj.catalog.BackgroundUploads.Outcome;
import dev.pictj.catalog.BackgroundUploads.Upload;
import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MemoryCatalog;
import dev.pictj.engine.Caller;
import dev.pictj.engine.CallerGoneException;
import dev.pictj.engine.Party;
import dev.pictj.ingest.Background.Claim;
import dev.pictj.ingest.NoPlaceException.Reason;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.KindLimits;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.Durability;
import dev.pictj.store.ForwardingBlobStore;
import dev.pictj.store.MemoryBlobStore;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Uploads in the background over the ends of servers; nothing here is decoded. */
class BackgroundTest {
  private static final byte[] WORDS = "no picture".getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path folder;

  private final MemoryCatalog catalog = new MemoryCatalog();
  private final MemoryBlobStore blobs = new MemoryBlobStore();
  private final CpuPool cpu = new CpuPool(1, 10);
  private TempFolder temporary;
  private SharedResults shared;
  private Background background;

  /** Failures in short. */
  private static class ShortWords implements Background.Words {
    @Override
    public Terms terms(String query) throws Exception {
      return Terms.NONE;
    }

    @Override
    public Outcome.Refused refused(Throwable failure) {
      return failure instanceof MediaException refused
          ? new Outcome.Refused(refused.reason().name(), refused.getMessage())
          : new Outcome.Refused("fault", failure.getClass().getSimpleName());
    }

    @Override
    public Outcome.Refused lost(String message) {
      return new Outcome.Refused("fault", message);
    }

    @Override
    public boolean isPassing(Throwable failure) {
      return failure instanceof FileSystemException;
    }
  }

  @BeforeEach
  void start() throws IOException {
    temporary = TempFolder.open(folder.resolve("tmp"));
    shared = Pipelines.shared(temporary);
    background = background(Duration.ofSeconds(20), Duration.ofDays(1));
  }

  private Background background(Duration claimTimeout, Duration retention) {
    Ingest ingest = Pipelines.storing(catalog, blobs, temporary, cpu, shared, () -> {});
    return background(claimTimeout, retention, ingest, blobs, new ShortWords());
  }

  /** One to which any bytes are a picture. */
  private Background takingAll(BlobStore store, Background.Words words) {
    IngestRules rules =
        new IngestRules(
            KindLimits.all(new Limits(100, 100, 10_000, 10)),
            Optional.empty(),
            Optional.empty(),
            false,
            true,
            "",
            1,
            true,
            true);
    Ingest ingest = Pipelines.storing(rules, catalog, store, temporary, cpu, shared, () -> {});
    return background(Duration.ofSeconds(20), Duration.ofDays(1), ingest, store, words);
  }

  private Background background(
      Duration claimTimeout,
      Duration retention,
      Ingest ingest,
      BlobStore store,
      Background.Words words) {
    return new Background(
        new Background.Rules(3, 100, 1, 3, claimTimeout, retention),
        ingest,
        catalog,
        store,
        temporary,
        cpu,
        new Names(new SecureRandom()),
        Clock.systemUTC(),
        () -> {},
        words);
  }

  @AfterEach
  void stop() {
    background.close();
    shared.close();
    cpu.close();
    assertThat(temporary.path()).isEmptyDirectory();
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(Files.createTempFile(folder, "received", ""), bytes);
  }

  private String accepted() throws Exception {
    return accepted(Optional.empty());
  }

  private String accepted(Optional<Party> party) throws Exception {
    return background.accept(List.of(file(WORDS)), "", party).getFirst();
  }

  @Test
  void whatOneServerAcceptedTheNextWorksOn() throws Exception {
    String id = accepted();
    background.close();
    background = background(Duration.ofSeconds(20), Duration.ofDays(1));
    assertThat(background.waiting()).isZero();
    background.start();
    assertThat(background.claim(id, Caller.PATIENT))
        .isInstanceOfSatisfying(
            Claim.Failed.class,
            failed -> assertThat(failed.refused().code()).isEqualTo("UNSUPPORTED"));
    assertThat(background.claim(id, Caller.PATIENT)).isEqualTo(new Claim.Unknown());
    assertThat(background.waiting()).isZero();
    assertThat(background.waitingBytes()).isZero();
  }

  /** What a disk says to a thread that is interrupted while it waits for it. */
  private static final class InterruptedStore extends ForwardingBlobStore {
    private final CountDownLatch reached = new CountDownLatch(1);
    private volatile boolean waits;

    InterruptedStore(BlobStore store) {
      super(store);
    }

    @Override
    public void put(Map<BlobName, Path> sources, Durability durability) throws IOException {
      if (waits) {
        reached.countDown();
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
          throw new ClosedByInterruptException();
        }
      }
      super.put(sources, durability);
    }
  }

  @Test
  void whatAStopInterruptsTheNextServerGoesOnWith() throws Exception {
    InterruptedStore store = new InterruptedStore(blobs);
    background.close();
    background = takingAll(store, new ShortWords());
    String id = accepted();
    store.waits = true;
    background.start();
    store.reached.await();
    background.close();
    assertThat(catalog.background().find(id).flatMap(Upload::outcome)).isEmpty();
    assertThat(catalog.background().find(id)).map(Upload::attempts).contains(0);
    store.waits = false;
    background = takingAll(store, new ShortWords());
    background.start();
    assertThat(background.claim(id, Caller.PATIENT)).isInstanceOf(Claim.Done.class);
  }

  /** Fails by whatever is wrong in this server, the first time. */
  private static class FaultyWords extends ShortWords {
    private final Throwable fault;
    private final AtomicBoolean failed = new AtomicBoolean();

    FaultyWords(Throwable fault) {
      this.fault = fault;
    }

    @Override
    public Terms terms(String query) throws Exception {
      if (failed.compareAndSet(false, true)) {
        switch (fault) {
          case Error e -> throw e;
          case RuntimeException e -> throw e;
          default -> throw new IllegalStateException(fault);
        }
      }
      return super.terms(query);
    }
  }

  static Stream<Throwable> faults() {
    return Stream.of(
        new StackOverflowError(), new AssertionError("wrong"), new IllegalStateException("wrong"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultRefusesOneUploadAndTheNextIsWorkedOn(Throwable fault) throws Exception {
    background.close();
    background = takingAll(blobs, new FaultyWords(fault));
    String first = accepted();
    String second = accepted();
    background.start();
    assertThat(background.claim(second, Caller.PATIENT)).isInstanceOf(Claim.Done.class);
    assertThat(background.claim(first, Caller.PATIENT))
        .isInstanceOfSatisfying(
            Claim.Failed.class,
            failed ->
                assertThat(failed.refused().message()).isEqualTo(fault.getClass().getSimpleName()));
  }

  static Stream<Throwable> faultsAround() {
    return Stream.of(new IllegalStateException("no words"), new AssertionError("no words"));
  }

  /** Also what goes wrong around the work on it. */
  @ParameterizedTest
  @MethodSource("faultsAround")
  void aWorkerOutlivesWhatGoesWrongAroundTheWork(Throwable fault) throws Exception {
    AtomicBoolean failed = new AtomicBoolean();
    background.close();
    background =
        takingAll(
            blobs,
            new FaultyWords(new AssertionError()) {
              @Override
              public Outcome.Refused refused(Throwable failure) {
                if (failed.compareAndSet(false, true)) {
                  switch (fault) {
                    case Error e -> throw e;
                    default -> throw new IllegalStateException(fault);
                  }
                }
                return super.refused(failure);
              }
            });
    accepted();
    String second = accepted();
    background.start();
    assertThat(background.claim(second, Caller.PATIENT)).isInstanceOf(Claim.Done.class);
  }

  @Test
  void anUploadWithWhichServersEndIsGivenUp() throws Exception {
    String id = accepted();
    for (int i = 0; i < 3; i++) {
      assertThat(catalog.background().begin(id)).isPresent();
    }
    background.start();
    assertThat(background.claim(id, Caller.PATIENT))
        .isInstanceOfSatisfying(
            Claim.Failed.class,
            failed -> assertThat(failed.refused().message()).contains("lost", "3 times"));
  }

  /** Nobody crashes by a disk that is full. */
  @Test
  void waitingForRoomIsNoAttempt() throws Exception {
    CountDownLatch tried = new CountDownLatch(1);
    BlobStore full =
        new ForwardingBlobStore(blobs) {
          @Override
          public <E extends Exception> void withFile(BlobName name, FileWork<E> work)
              throws IOException {
            tried.countDown();
            throw new FileSystemException("no room");
          }
        };
    background.close();
    background = takingAll(full, new ShortWords());
    String id = accepted();
    background.start();
    tried.await();
    await().until(() -> catalog.background().find(id).orElseThrow().attempts() == 0);
    background.close();
    assertThat(catalog.background().find(id)).map(Upload::attempts).contains(0);
  }

  @Test
  void bytesThatAreLostAreToldOf() throws Exception {
    String id = accepted();
    Upload upload = catalog.background().find(id).orElseThrow();
    blobs.delete(BlobName.original(upload.filename()));
    background.start();
    assertThat(background.claim(id, Caller.PATIENT))
        .isInstanceOfSatisfying(
            Claim.Failed.class,
            failed -> assertThat(failed.refused().message()).contains("MissingBlob"));
  }

  @Test
  void whoWaitsTooLongIsSentAwayAndMayComeAgain() throws Exception {
    background.close();
    background = background(Duration.ZERO, Duration.ofDays(1));
    String id = accepted();
    assertThat(background.claim(id, Caller.PATIENT)).isEqualTo(new Claim.Waiting());
    assertThat(background.claim(id, Caller.PATIENT)).isEqualTo(new Claim.Waiting());
  }

  @Test
  void whoLeavesClaimsNothingAndAStopLetsNobodyWait() throws Exception {
    String id = accepted();
    assertThatThrownBy(() -> background.claim(id, () -> true))
        .isInstanceOf(CallerGoneException.class);
    background.release();
    assertThat(background.claim(id, Caller.PATIENT)).isEqualTo(new Claim.Waiting());
    assertThat(catalog.background().find(id)).isPresent();
  }

  @Test
  void neitherMoreUploadsNorMoreBytesWaitThanMay() throws Exception {
    for (int i = 0; i < 3; i++) {
      accepted();
    }
    assertThatThrownBy(this::accepted)
        .isInstanceOfSatisfying(
            NoPlaceException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TAKEN))
        .hasMessageContaining("limit of 3");
    background.close();
    background = background(Duration.ZERO, Duration.ofDays(1));
    background.accept(List.of(file(new byte[60])), "", Optional.empty());
    List<Path> large = List.of(file(new byte[41]));
    assertThatThrownBy(() -> background.accept(large, "", Optional.empty()))
        .isInstanceOfSatisfying(
            NoPlaceException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TAKEN))
        .hasMessageContaining("limit of 100 bytes");
    assertThat(background.waitingBytes()).isEqualTo(60);
  }

  /** Who is told to come back later comes back for ever. */
  @Test
  void whatNeverFitsIsNotToComeBack() throws Exception {
    List<Path> large = List.of(file(new byte[101]));
    assertThatThrownBy(() -> background.accept(large, "", Optional.empty()))
        .isInstanceOfSatisfying(
            NoPlaceException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE))
        .hasMessageContainingAll("101 bytes", "limit of 100 bytes");
    List<Path> many = Collections.nCopies(4, file(WORDS));
    assertThatThrownBy(() -> background.accept(many, "", Optional.empty()))
        .isInstanceOfSatisfying(
            NoPlaceException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY))
        .hasMessageContainingAll("4 uploads", "limit of 3");
    assertThat(background.waitingBytes()).isZero();
    assertThat(background.waiting()).isZero();
  }

  /** And what is worked off gives its place back. */
  @Test
  void aClientWhoHasPlacesLeavesOneToEachOther() throws Exception {
    Optional<Party> one = Optional.of(Party.ofClient("1"));
    accepted(one);
    assertThatThrownBy(() -> accepted(one))
        .isInstanceOfSatisfying(
            NoPlaceException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TAKEN))
        .hasMessageContaining("2 uploads of one client");
    accepted(Optional.of(Party.ofClient("2")));
    accepted(Optional.of(Party.ofClient("3")));
    background.start();
    await().until(() -> background.waiting() == 0);
    accepted(one);
  }

  private void stored(String alias, Optional<Link.Purpose> purpose) throws Exception {
    String filename = "picture000.png";
    catalog.announce(List.of(filename));
    Media media =
        new Media(
            "ab".repeat(32),
            filename,
            1,
            new Details(new Dimensions(1, 1), MediaType.PNG, 1, Instant.now()));
    catalog.link(List.of(new Link(alias, "t", media, true, Optional.empty(), purpose)));
    catalog.abandon(List.of(filename));
  }

  @Test
  void whatNobodyClaimsGoesUnlessItHasAnotherName() throws Exception {
    background.close();
    background = background(Duration.ZERO, Duration.ZERO);
    String id = accepted();
    stored("a.png", Optional.of(new Link.Purpose.Upload(id)));
    stored("b.png", Optional.empty());
    background.expire();
    assertThat(catalog.find("a.png")).isEmpty();
    assertThat(catalog.find("b.png")).isPresent();
    assertThat(catalog.background().find(id)).isEmpty();
    assertThat(background.claim(id, Caller.PATIENT)).isEqualTo(new Claim.Unknown());

    String other = accepted();
    stored("c.png", Optional.of(new Link.Purpose.Upload(other)));
    assertThat(catalog.unlink("b.png", "t")).isNotNull();
    background.expire();
    assertThat(catalog.findByHash("ab".repeat(32))).isEmpty();
  }

  /** A client comes for it after all, between the look for what is to go and its going. */
  @Test
  void whatIsClaimedInTheLastMomentStays() throws Exception {
    String id = accepted();
    stored("a.png", Optional.of(new Link.Purpose.Upload(id)));
    BackgroundUploads seen =
        (BackgroundUploads)
            Proxy.newProxyInstance(
                BackgroundUploads.class.getClassLoader(),
                new Class<?>[] {BackgroundUploads.class},
                (_, method, arguments) -> {
                  Object result = method.invoke(catalog.background(), arguments);
                  if (method.getName().equals("unclaimed")) {
                    assertThat(catalog.background().claim(id)).isPresent();
                  }
                  return result;
                });
    Catalog overtaken =
        (Catalog)
            Proxy.newProxyInstance(
                Catalog.class.getClassLoader(),
                new Class<?>[] {Catalog.class},
                (_, method, arguments) ->
                    method.getName().equals("background")
                        ? seen
                        : method.invoke(catalog, arguments));
    expireAtOnce(overtaken);
    assertThat(catalog.find("a.png")).isPresent();
  }

  @Test
  void whatCannotBeGivenUpKeepsNobodyFromTheOthers() throws Exception {
    String first = accepted();
    stored("a.png", Optional.of(new Link.Purpose.Upload(first)));
    String second = accepted();
    stored("b.png", Optional.of(new Link.Purpose.Upload(second)));
    Catalog failing =
        (Catalog)
            Proxy.newProxyInstance(
                Catalog.class.getClassLoader(),
                new Class<?>[] {Catalog.class},
                (_, method, arguments) -> {
                  if (method.getName().equals("expire") && arguments[0].equals(first)) {
                    throw new CatalogException("its row is damaged");
                  }
                  return method.invoke(catalog, arguments);
                });
    expireAtOnce(failing);
    assertThat(catalog.find("a.png")).isPresent();
    assertThat(catalog.find("b.png")).isEmpty();
  }

  /** Gives up what nobody has claimed, however young, as this catalog has it. */
  private void expireAtOnce(Catalog seen) {
    try (Background late =
        new Background(
            new Background.Rules(3, 100, 1, 3, Duration.ZERO, Duration.ZERO),
            null,
            seen,
            blobs,
            temporary,
            cpu,
            new Names(new SecureRandom()),
            Clock.systemUTC(),
            () -> {},
            new ShortWords())) {
      late.expire();
    }
  }
}
