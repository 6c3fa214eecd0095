package dev.pictj.ingest;

import dev.pictj.catalog.BackgroundUploads.Outcome;
import dev.pictj.catalog.BackgroundUploads.Upload;
import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.CatalogUnavailableException;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MediaVanishedException;
import dev.pictj.catalog.Unlinked;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.engine.Caller;
import dev.pictj.engine.CallerGoneException;
import dev.pictj.engine.OverloadedException;
import dev.pictj.engine.Party;
import dev.pictj.ingest.TurnQueue.Turn;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.ContentHash;
import dev.pictj.store.MissingBlobException;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on uploads after their reply. The bytes are stored, and the upload is noted in the catalog,
 * before it is answered. Its id tells in the end what came of it: after a stop or a crash the next
 * start goes on, and an upload during which servers crashed several times is given up.
 *
 * <p>An upload waits until it is its client's turn, see {@link TurnQueue}, and then for the engines
 * behind everybody who waits for a reply, see {@link Party#BACKGROUND}. An upload that failed only
 * for want of room or time is tried again.
 */
public final class Background implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Background.class);

  private static final Duration RETRY_PAUSE = Duration.ofSeconds(2);
  private static final int UPLOADS_PER_PAGE = 100;

  private final Rules rules;
  private final Ingest ingest;
  private final Catalog catalog;
  private final BlobStore store;
  private final TempFolder temporary;
  private final CpuPool cpu;
  private final Names names;
  private final Clock clock;
  private final Runnable whenTrashed;
  private final Words words;
  private final TurnQueue queue = new TurnQueue();
  private final Set<String> begun = ConcurrentHashMap.newKeySet();

  /** What is completed when an upload ends, for each upload that waits here. */
  private final Map<String, CompletableFuture<Boolean>> ends = new ConcurrentHashMap<>();

  private final CompletableFuture<Boolean> released = new CompletableFuture<>();
  private final ExecutorService workers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("background-", 0).factory());
  private final BackgroundPlaces places;

  /** Actions that give back the places of each upload that waits. */
  private final Map<String, Runnable> releases = new ConcurrentHashMap<>();

  /**
   * What an administrator decides.
   *
   * @param uploads that may wait
   * @param bytes that they may have
   * @param jobs that are worked on at a time
   * @param attempts servers that may end while they work on one upload, before it counts as the
   *     reason
   * @param claimTimeout how long a claim waits
   * @param retention of what nobody claims
   */
  public record Rules(
      int uploads, long bytes, int jobs, int attempts, Duration claimTimeout, Duration retention) {
    /** The rules that an administrator has set. */
    public static Rules of(Settings settings) {
      return new Rules(
          settings.get(SettingsCatalogue.BACKGROUND_UPLOADS),
          settings.get(SettingsCatalogue.BACKGROUND_SIZE),
          settings.get(SettingsCatalogue.BACKGROUND_JOBS),
          settings.get(SettingsCatalogue.BACKGROUND_ATTEMPTS),
          settings.get(SettingsCatalogue.CLAIM_TIMEOUT),
          settings.get(SettingsCatalogue.BACKGROUND_RETENTION));
    }
  }

  /** The words of clients and replies about uploads in the background. */
  public interface Words {
    /** The terms of a query, as it was written. */
    Terms terms(String query) throws Exception;

    /** The outcome for a failure. Ends the process where that is out of memory. */
    Outcome.Refused refused(Throwable failure);

    /** The outcome for an upload during which servers have crashed. */
    Outcome.Refused lost(String message);

    /** Whether a failure says nothing about the next try, such as a full disk. */
    boolean isPassing(Throwable failure);
  }

  /** The answer to a claim. */
  public sealed interface Claim {
    /** The upload has not ended yet. */
    record Waiting() implements Claim {}

    /** There is no such upload, or it was claimed before. */
    record Unknown() implements Claim {}

    /** The upload is stored as this media. */
    record Done(Stored stored, Media media) implements Claim {}

    /** The upload failed. */
    record Failed(Outcome.Refused refused) implements Claim {}
  }

  /**
   * Works on uploads of this catalog and store.
   *
   * @param whenTrashed is run when bytes have entered the trash journal
   */
  public Background(
      Rules rules,
      Ingest ingest,
      Catalog catalog,
      BlobStore store,
      TempFolder temporary,
      CpuPool cpu,
      Names names,
      Clock clock,
      Runnable whenTrashed,
      Words words) {
    this.rules = rules;
    this.ingest = ingest;
    this.catalog = catalog;
    this.store = store;
    this.temporary = temporary;
    this.cpu = cpu;
    this.names = names;
    this.clock = clock;
    this.whenTrashed = whenTrashed;
    this.words = words;
    this.places = new BackgroundPlaces(rules.uploads(), rules.bytes());
  }

  /** Takes up what earlier servers have left, and begins to work. */
  public void start() {
    List<Upload> left = new ArrayList<>();
    for (List<Upload> page = catalog.background().waiting("", UPLOADS_PER_PAGE);
        !page.isEmpty();
        page = catalog.background().waiting(page.getLast().id(), UPLOADS_PER_PAGE)) {
      left.addAll(page);
    }
    left.removeIf(one -> releases.containsKey(one.id()));
    left.sort(Comparator.comparing(Upload::accepted));
    for (Upload one : left) {
      places.take(1, one.size());
      enter(one, Optional.empty());
    }
    if (!left.isEmpty()) {
      log.info("{} uploads in the background are gone on with", left.size());
    }
    for (int i = 0; i < rules.jobs(); i++) {
      workers.execute(this::work);
    }
  }

  private void enter(Upload upload, Optional<Party> party) {
    releases.put(upload.id(), () -> places.release(party, 1, upload.size()));
    ends.put(upload.id(), new CompletableFuture<>());
    queue.add(new Turn(upload.id(), party));
  }

  /** Uploads that wait or are worked on. */
  public int waiting() {
    return places.uploads();
  }

  /** Bytes of the uploads that wait or are worked on. */
  public long waitingBytes() {
    return places.bytes();
  }

  /**
   * Takes files in, all or none.
   *
   * @param files left to the caller to remove
   * @param query of the request, as it was written; its terms have been read once
   * @param party whose they are, where that is known
   * @return an id for each
   * @throws NoPlaceException when they are too many, or too many wait
   */
  public List<String> accept(List<Path> files, String query, Optional<Party> party)
      throws Exception {
    long size = 0;
    for (Path file : files) {
      size += Files.size(file);
    }
    places.reserve(party, files.size(), size);
    List<Upload> accepted = List.of();
    try {
      accepted = put(files, query);
      accepted.forEach(one -> enter(one, party));
      return accepted.stream().map(Upload::id).toList();
    } finally {
      if (accepted.isEmpty()) {
        places.release(party, files.size(), size);
      }
    }
  }

  private List<Upload> put(List<Path> files, String query) throws Exception {
    List<Upload> accepted = new ArrayList<>();
    List<TempFile> copies = new ArrayList<>();
    Set<String> announced = ConcurrentHashMap.newKeySet();
    boolean doubtful = false;
    try {
      Map<BlobName, Path> sources = new HashMap<>();
      for (Path file : files) {
        String filename = names.filename() + ".bin";
        String hash = cpu.call(() -> ContentHash.of(file));
        accepted.add(
            new Upload(names.uuid(), filename, hash, Files.size(file), query, clock.instant()));
        TempFile copy = temporary.next("background");
        copies.add(copy);
        copy.become(file);
        sources.put(BlobName.original(filename), copy.path());
        announced.add(filename);
      }
      catalog.announce(announced);
      store.put(sources);
      catalog.background().accept(accepted);
      announced.clear();
      return accepted;
    } catch (CatalogException e) {
      // It may have been written all the same; the sweep takes what was not.
      doubtful = true;
      throw e;
    } catch (MediaVanishedException e) {
      throw new IOException("storing took so long that the bytes were given up", e);
    } finally {
      copies.forEach(TempFile::close);
      if (!announced.isEmpty() && !doubtful) {
        catalog.abandon(announced);
        whenTrashed.run();
      }
    }
  }

  /**
   * Waits for what comes of an upload, and hands it out once.
   *
   * @param caller asked now and then whether he still waits
   * @throws CallerGoneException when he does not; nothing is handed out then
   */
  public Claim claim(String id, Caller caller) throws InterruptedException {
    long deadline = System.nanoTime() + rules.claimTimeout().toNanos();
    while (true) {
      CompletableFuture<Boolean> end = ends.get(id);
      long left = deadline - System.nanoTime();
      if (end == null || end.isDone() || left <= 0) {
        Optional<Upload> claimed = catalog.background().claim(id);
        if (claimed.isEmpty()) {
          return new Claim.Unknown();
        }
        if (claimed.get().outcome().isPresent()) {
          return outcome(claimed.get().outcome().get());
        }
      }
      if (left <= 0 || released.isDone()) {
        return new Claim.Waiting();
      }
      await(end, Math.min(left, TimeUnit.MILLISECONDS.toNanos(Caller.POLL_MILLIS)));
      if (caller.gone()) {
        throw new CallerGoneException();
      }
    }
  }

  /** Waits until the upload has ended, the server stops, or the time is over. */
  private void await(@Nullable CompletableFuture<Boolean> end, long nanos)
      throws InterruptedException {
    CompletableFuture<?> either =
        end == null || end.isDone() ? released : CompletableFuture.anyOf(end, released);
    try {
      either.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      // The client asks again.
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody fails it", e);
    }
  }

  private Claim outcome(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Refused refused -> new Claim.Failed(refused);
      case Outcome.Stored(String alias, String token) -> {
        Optional<Media> media = catalog.find(alias);
        // The media was deleted meanwhile.
        yield media.isEmpty()
            ? new Claim.Unknown()
            : new Claim.Done(
                new Stored(alias, token, media.get().details(), media.get().preview()),
                media.get());
      }
    };
  }

  private void work() {
    boolean died = true;
    try {
      while (!released.isDone()) {
        work(queue.take());
      }
      died = false;
    } catch (InterruptedException _) {
      died = false;
      log.debug("what waits in the background is for the next start");
    } finally {
      if (died && !released.isDone()) {
        // An Error ends one worker, and no upload waits for ever because of that.
        workers.execute(this::work);
      }
    }
  }

  private void work(Turn one) throws InterruptedException {
    String id = one.id();
    boolean again = true;
    try {
      again = !isSettled(id);
    } catch (RuntimeException e) {
      log.warn("the upload {} in the background could not be settled now", id, e);
    } finally {
      if (again) {
        CompletableFuture.delayedExecutor(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS)
            .execute(() -> queue.add(one));
      } else {
        end(id);
      }
    }
  }

  private void end(String id) {
    Runnable release = releases.remove(id);
    if (release != null) {
      release.run();
    }
    begun.remove(id);
    CompletableFuture<Boolean> end = ends.remove(id);
    if (end != null) {
      end.complete(true);
    }
    whenTrashed.run();
  }

  /** Works on an upload. Returns false where it is to be tried again. */
  private boolean isSettled(String id) throws InterruptedException {
    // Counts as one attempt, even if writing the outcome has to be repeated.
    Optional<Upload> upload =
        begun.add(id) ? catalog.background().begin(id) : catalog.background().find(id);
    if (upload.filter(one -> one.outcome().isEmpty()).isEmpty()) {
      return true;
    }
    if (upload.get().attempts() > rules.attempts()) {
      log.error(
          "an upload in the background is given up: {} servers ended with it", rules.attempts());
      catalog
          .background()
          .refuse(
              id,
              words.lost(
                  "The upload is lost: the server ended %d times while it worked on it"
                      .formatted(rules.attempts())));
      return true;
    }
    try {
      ScopedValue.where(Party.CURRENT, Party.BACKGROUND).call(() -> store(upload.get()));
    } catch (InterruptedException e) {
      throw e;
    } catch (OverloadedException | CatalogUnavailableException | SpoolFullException e) {
      log.debug("the upload {} in the background is tried again", id, e);
      takeBack(id);
      return false;
    } catch (Exception e) {
      // A stop interrupts what waits for the disk or an engine, which fails in words of its own.
      if (isStopping() || words.isPassing(e)) {
        log.debug("the upload {} in the background is tried again", id, e);
        takeBack(id);
        return false;
      }
      catalog.background().refuse(id, words.refused(e));
    } catch (Error e) {
      // Like an error of a request it ends this upload only: others need the worker.
      catalog.background().refuse(id, words.refused(e));
    }
    return true;
  }

  /** Takes the attempt back, because no server crashed during it. */
  private void takeBack(String id) {
    catalog.background().takeBack(id);
    begun.remove(id);
  }

  private boolean isStopping() {
    return released.isDone() || Thread.currentThread().isInterrupted();
  }

  private List<Stored> store(Upload upload) throws Exception {
    Terms terms = words.terms(upload.query());
    try (TempFile copy = temporary.next("background")) {
      store.withFile(BlobName.original(upload.filename()), copy::become);
      return ingest.store(
          List.of(new Received(copy.path(), new Link.Purpose.Upload(upload.id()))),
          terms,
          Caller.BACKGROUND);
    } catch (MissingBlobException e) {
      log.error("the bytes of an upload in the background are lost", e);
      throw e;
    }
  }

  /** Gives up uploads that were not claimed for too long; media with other aliases stay. */
  public void expire() {
    List<Upload> due;
    int failed;
    do {
      due =
          catalog
              .background()
              .unclaimed(clock.instant().minus(rules.retention()), UPLOADS_PER_PAGE);
      failed = 0;
      for (Upload one : due) {
        if (!expires(one)) {
          failed++;
        }
      }
      if (!due.isEmpty()) {
        whenTrashed.run();
      }
    } while (due.size() == UPLOADS_PER_PAGE && failed < UPLOADS_PER_PAGE);
  }

  /** Gives an upload up. Returns false where that fails; the others are given up all the same. */
  private boolean expires(Upload one) {
    try {
      if (catalog.expire(one.id()) != Unlinked.UNKNOWN_ALIAS
          && one.outcome().orElseThrow() instanceof Outcome.Stored stored) {
        log.info(
            "{} was uploaded in the background, and is deleted as nobody claims it",
            stored.alias());
      }
      return true;
    } catch (CatalogException e) {
      log.warn("the upload {} in the background, which nobody claims, stays for now", one.id(), e);
      return false;
    }
  }

  /** Ends all waits, and lets no new one begin. */
  public void release() {
    released.complete(true);
  }

  @Override
  public void close() {
    release();
    workers.shutdownNow();
    try {
      if (!workers.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("work in the background did not end");
      }
      for (String id : begun) {
        takeBack(id);
      }
    } catch (CatalogException e) {
      log.warn("the attempts that this stop ends are counted", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
