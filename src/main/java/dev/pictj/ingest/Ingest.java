package dev.pictj.ingest;

import dev.pictj.catalog.AliasTakenException;
import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MediaVanishedException;
import dev.pictj.engine.Caller;
import dev.pictj.engine.CodedLengths;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.OverloadedException;
import dev.pictj.engine.Party;
import dev.pictj.engine.VideoEngine;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.engine.admission.FittingEngine;
import dev.pictj.engine.preview.PreviewMaker;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.Facts;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.media.Preview;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The upload pipeline: normalise, hash, store, link. The files of one request are stored together
 * or not at all.
 *
 * <p>Bytes before names: a blob is safe on disk before the catalog's one atomic step names it. A
 * crash in between leaves bytes that nobody names, which the next start sweeps away.
 */
public final class Ingest {
  private static final Logger log = LoggerFactory.getLogger(Ingest.class);

  /** The preview of a file that is not read: black, in one component. */
  private static final Preview BLACK =
      new Preview(
          "000000",
          Optional.of(
              new Facts("AAgCBwAAAAAAAAAAAAAAAAAAAAAAAAAA", "#000000", "0000000000000000")));

  private final Normaliser normaliser;
  private final PreviewMaker previews;
  private final boolean makesPreviews;
  private final Catalog catalog;
  private final BlobStore store;
  private final TempFolder temporary;
  private final CpuPool cpu;
  private final Preprocessing preprocessing;
  private final Optional<ExternalValidation> validation;
  private final Names names;
  private final Clock clock;
  private final Runnable whenAbandoned;
  private final int parallel;
  private final boolean dummy;

  /**
   * Makes a pipeline of these components.
   *
   * @param lengths of the coded pixels of a WebP
   * @param fitting shrinks what is over the limits, where that is wanted
   * @param previews makes them
   * @param makesPreviews whether each upload gets one, and not only where the deny list needs it
   * @param shared does what takes long, also when nobody waits for it any more
   * @param validation is asked last, before anything is stored
   * @param whenAbandoned is run after bytes that got no name have entered the trash journal
   */
  public Ingest(
      IngestRules rules,
      ImageEngine images,
      CodedLengths lengths,
      VideoEngine videos,
      Optional<FittingEngine> fitting,
      PreviewMaker previews,
      boolean makesPreviews,
      FailureMemory failures,
      Catalog catalog,
      BlobStore store,
      TempFolder temporary,
      CpuPool cpu,
      SharedResults shared,
      Preprocessing preprocessing,
      Optional<ExternalValidation> validation,
      Names names,
      Clock clock,
      Runnable whenAbandoned) {
    this.normaliser =
        new Normaliser(
            rules,
            images,
            lengths,
            videos,
            fitting,
            failures,
            temporary,
            cpu,
            shared,
            new StoredBytes());
    this.previews = previews;
    this.makesPreviews = makesPreviews;
    this.catalog = catalog;
    this.store = store;
    this.temporary = temporary;
    this.cpu = cpu;
    this.preprocessing = preprocessing;
    this.validation = validation;
    this.names = names;
    this.clock = clock;
    this.whenAbandoned = whenAbandoned;
    this.parallel = rules.parallel();
    this.dummy = rules.dummy();
  }

  /**
   * A file ready to be stored.
   *
   * @param preview empty where none is wanted yet, and where none could be made
   * @param receivedHash of what was received, where that was needed
   */
  private record Ready(
      Normal normal, Received received, Optional<Preview> preview, Optional<String> receivedHash) {
    Optional<String> alias() {
      return received.alias();
    }

    TempFile file() {
      return normal.file();
    }

    String hash() {
      return normal.hash();
    }
  }

  /**
   * Tells whether anything can be stored now, before a body is read for nothing.
   *
   * @throws dev.pictj.store.StoreReadOnlyException when the disk is nearly full
   */
  public void requireWritable() throws IOException {
    store.requireWritable();
  }

  /**
   * Checks, rewrites and stores files.
   *
   * @param received in request order
   * @param terms of the client, which hold for each of them
   * @param caller asked from time to time whether he still wants it, until the storing begins; long
   *     work goes on without him for a while
   * @return in the same order
   * @throws dev.pictj.engine.CallerGoneException when he does not; then none is kept
   * @throws MediaException when one of them is refused; then none is kept
   * @throws ValidationException when the administrator's own server refuses one; then none is kept
   * @throws AliasTakenException when a wanted name exists already; then none is kept
   */
  public List<Stored> store(List<Received> received, Terms terms, Caller caller) throws Exception {
    return store(received, dummy ? this::dummy : one -> checked(one, terms, caller), caller);
  }

  /**
   * Does {@link #store(List, Terms, Caller)}, but the bytes are trusted and stored as they are;
   * only headers are read.
   */
  public List<Stored> storeUnchecked(List<Received> received) throws Exception {
    return store(received, dummy ? this::dummy : this::unchecked, Caller.PATIENT);
  }

  /**
   * Stores a file of another server under the name that it has there. Its bytes stay as they are,
   * whatever uploads may be.
   *
   * @param isUsual whether an upload of it might be taken: then it is decoded once, as uploads are
   * @throws AliasTakenException when the name exists already
   * @throws MediaException when its header cannot be read and its past tells nothing of it
   */
  public Stored adopt(Received one, boolean isUsual) throws Exception {
    return store(List.of(one), dummy ? this::dummy : it -> adopted(it, isUsual), Caller.PATIENT)
        .getFirst();
  }

  /** What an upload of this file would be refused for, by its header. */
  Optional<String> objection(Path file) throws Exception {
    return dummy ? Optional.empty() : normaliser.objection(file);
  }

  private Ready adopted(Received one, boolean isUsual) throws Exception {
    Probed header = normaliser.adopted(one.file(), one.past().header());
    VerifiedBy by =
        isUsual
            ? ScopedValue.where(Party.CURRENT, Party.ofPicture(one.file().toString()))
                .call(() -> normaliser.soundness(one.file(), header))
            : VerifiedBy.NOBODY;
    return asItIs(one, header, by, Optional.empty());
  }

  private List<Stored> store(
      List<Received> received, SideBySide.Work<Received, Ready> preparation, Caller caller)
      throws Exception {
    for (Received one : received) {
      // A cheap check, which is better made before a minute of decoding.
      if (one.alias().isPresent() && catalog.find(one.alias().get()).isPresent()) {
        throw new AliasTakenException(one.alias().get());
      }
    }
    List<Ready> ready =
        new SideBySide<>(received, one -> ready(one, preparation), one -> one.file().close())
            .run(parallel, caller);
    try {
      // From here on the work is not called off any more.
      return commit(ready);
    } finally {
      ready.forEach(one -> one.file().close());
    }
  }

  private static Ready ready(Received one, SideBySide.Work<Received, Ready> preparation)
      throws Exception {
    try {
      return preparation.on(one);
    } catch (MediaException e) {
      throw one.label().isPresent() ? e.about(one.label().get()) : e;
    }
  }

  private Ready checked(Received one, Terms terms, Caller caller) throws Exception {
    Party party = caller.party().orElseGet(() -> Party.ofPicture(one.file().toString()));
    return ScopedValue.where(Party.CURRENT, party).call(() -> ready(one, terms));
  }

  private Ready ready(Received one, Terms terms) throws Exception {
    DenyCheck deny = new DenyCheck(catalog.denied(), cpu);
    Optional<String> receivedHash = deny.requireReceived(one.file(), Optional.empty());
    if (!terms.allowAll()) {
      normaliser.judge(one.file(), terms);
    }
    Normal normal = preprocessing.apply(normaliser.normalise(one.file()), terms.operations());
    try {
      Optional<Preview> preview = preview(normal, makesPreviews, deny.needsLooks());
      deny.requireStored(normal.hash(), preview);
      if (validation.isPresent()) {
        validation.get().requireAccepted(normal);
      }
      return new Ready(normal, one, preview, receivedHash);
    } catch (Throwable e) {
      normal.file().close();
      throw e;
    }
  }

  /**
   * The preview of a file.
   *
   * @param wanted whether one is made
   * @param needed whether nothing is stored without; else what has none gets it when it is asked
   *     for
   */
  private Optional<Preview> preview(Normal normal, boolean wanted, boolean needed)
      throws IOException, InterruptedException, MediaException, EngineException {
    if (normal.preview().isPresent() || !(wanted || needed)) {
      return normal.preview();
    }
    Optional<Preview> known =
        catalog
            .findByHash(normal.hash())
            .flatMap(Media::preview)
            .filter(one -> one.facts().isPresent());
    if (known.isPresent()) {
      return known;
    }
    try {
      return Optional.of(previews.make(normal.file().path(), normal.probed(), normal.verifiedBy()));
    } catch (MediaException | EngineException | OverloadedException e) {
      // An unchecked import may be unreadable: then it has no preview.
      boolean unreadable = e instanceof MediaException && normal.verifiedBy() == VerifiedBy.NOBODY;
      if (needed && !unreadable) {
        throw e;
      }
      log.info("{} is stored without a preview: {}", normal.probed(), e.getMessage());
      return Optional.empty();
    }
  }

  /** Lost bytes are restored by an upload, which is verified like any new one. */
  private final class StoredBytes implements Normaliser.Known {
    @Override
    public VerifiedBy verifiedBy(String hash, long size) throws IOException {
      Optional<Media> known = catalog.findByHash(hash).filter(Media::verified);
      return known.isPresent()
              && store.size(BlobName.original(known.get().filename())).orElse(-1) == size
          ? known.get().verifiedBy()
          : VerifiedBy.NOBODY;
    }

    @Override
    public Optional<String> bring(String origin, TempFile target) throws Exception {
      Optional<Media> known = catalog.findByOrigin(origin).filter(Media::verified);
      if (known.isEmpty()) {
        return Optional.empty();
      }
      try {
        store.withFile(BlobName.original(known.get().filename()), target::become);
      } catch (MissingBlobException _) {
        return Optional.empty();
      }
      String hash = cpu.call(() -> ContentHash.of(target.path()));
      if (hash.equals(known.get().hash())) {
        return Optional.of(hash);
      }
      Files.delete(target.path());
      return Optional.empty();
    }
  }

  private Ready unchecked(Received one) throws Exception {
    Probed header = normaliser.unchecked(one.file());
    Ready ready = asItIs(one, header, VerifiedBy.NOBODY, Optional.empty());
    try {
      Optional<Preview> preview = preview(ready.normal(), makesPreviews, false);
      return new Ready(ready.normal(), one, preview, ready.receivedHash());
    } catch (Throwable e) {
      ready.file().close();
      throw e;
    }
  }

  /** Takes any bytes for a PNG, as {@code --danger-dummy-mode} has it. */
  private Ready dummy(Received one) throws Exception {
    MediaType type = MediaType.ofContentType("image/png").orElseThrow();
    Probed nothing = new Probed(type, Dimensions.NONE, 1, Orientation.UPRIGHT, false);
    return asItIs(one, nothing, VerifiedBy.NOBODY, Optional.of(BLACK));
  }

  private Ready asItIs(
      Received one, Probed probed, VerifiedBy verifiedBy, Optional<Preview> preview)
      throws Exception {
    TempFile copy = temporary.next("import");
    try {
      copy.become(one.file());
      String hash = cpu.call(() -> ContentHash.of(copy.path()));
      return new Ready(
          new Normal(copy, probed, hash, verifiedBy, Optional.empty()),
          one,
          preview,
          Optional.empty());
    } catch (Throwable e) {
      copy.close();
      throw e;
    }
  }

  /**
   * A media to link to.
   *
   * @param put whether this upload puts its bytes on the disk, under a filename of their own
   * @param instead the filename of a known media whose bytes are lost and come back with this
   */
  private record Offer(Media media, boolean put, Optional<String> instead, TempFile file) {}

  /**
   * Judges all by the deny list as it is now: it may be another one than when they were made ready,
   * and what is stored as it is was not judged yet.
   *
   * @return the same, with the previews that were needed for it
   */
  private List<Ready> judged(List<Ready> ready, DenyCheck deny) throws Exception {
    List<Ready> judged = new ArrayList<>();
    for (Ready one : ready) {
      judged.add(ready(one.received(), _ -> judged(one, deny)));
    }
    return judged;
  }

  private Ready judged(Ready one, DenyCheck deny) throws Exception {
    Optional<String> hash = deny.requireReceived(one.received().file(), one.receivedHash());
    Optional<Preview> preview =
        one.preview().isPresent() ? one.preview() : preview(one.normal(), false, deny.needsLooks());
    deny.requireStored(one.hash(), preview);
    return new Ready(one.normal(), one.received(), preview, hash);
  }

  private List<Stored> commit(List<Ready> unjudged) throws Exception {
    for (int attempt = 0; ; attempt++) {
      DenyCheck deny = new DenyCheck(catalog.denied(), cpu);
      List<Ready> ready = judged(unjudged, deny);
      // Same content twice in one request is one blob.
      Map<String, Offer> offers = new TreeMap<>();
      Set<String> announced = new TreeSet<>();
      boolean doubtful = false;
      try {
        for (Ready one : ready) {
          if (!offers.containsKey(one.hash())) {
            offers.put(one.hash(), offer(one));
          }
        }
        List<Offer> puts = offers.values().stream().filter(Offer::put).toList();
        puts.forEach(offer -> announced.add(offer.media().filename()));
        if (!puts.isEmpty()) {
          catalog.announce(announced);
          putCopies(puts);
        }
        List<Link> links = links(ready, offers, attempt, deny.version());
        List<Media> linked = catalog.link(links);
        linked.forEach(media -> announced.remove(media.filename()));
        rememberOrigins(ready, linked);
        return stored(links, ready, linked);
      } catch (MediaVanishedException e) {
        log.debug("storing again", e);
      } catch (AliasTakenException e) {
        if (ready.stream().anyMatch(one -> one.alias().filter(e.alias()::equals).isPresent())) {
          throw e;
        }
      } catch (RuntimeException e) {
        // The step may stand in the database's log and come to life at the next start. Where it
        // does not, the filenames stay announced until the sweep takes that back.
        doubtful = true;
        throw e;
      } finally {
        if (!doubtful && !announced.isEmpty()) {
          abandon(announced);
        }
      }
    }
  }

  private void rememberOrigins(List<Ready> ready, List<Media> linked) {
    for (int i = 0; i < ready.size(); i++) {
      Optional<String> origin = ready.get(i).normal().origin();
      if (origin.isPresent()
          && catalog.findByOrigin(origin.get()).filter(linked.get(i)::equals).isEmpty()) {
        try {
          catalog.addOrigin(linked.get(i), origin.get());
        } catch (CatalogException e) {
          log.warn("could not remember what {} was made of", linked.get(i).filename(), e);
        }
      }
    }
  }

  /** The preview of a media; noted where it is an older one that had none, or not all. */
  private Optional<Preview> preview(Ready one, Media linked) {
    if (linked.preview().flatMap(Preview::facts).isPresent() || one.preview().isEmpty()) {
      return linked.preview();
    }
    try {
      catalog.addPreview(linked, one.preview().get());
    } catch (CatalogException e) {
      log.warn("could not note the preview of {}", linked.filename(), e);
    }
    return one.preview();
  }

  /** Finds the media to link to, and whether its bytes are stored already by an earlier upload. */
  private Offer offer(Ready one) throws IOException {
    Optional<Media> known = catalog.findByHash(one.hash());
    long size = Files.size(one.file().path());
    if (known.isPresent()) {
      BlobName name = BlobName.original(known.get().filename());
      if (isWhole(name, one.file().path())) {
        return new Offer(known.get(), false, Optional.empty(), one.file());
      }
      log.warn("{} is lost or damaged, and comes back with a new upload of it", store.place(name));
      return new Offer(
          fresh(one, size, known.get().details(), known.get().preview()),
          true,
          Optional.of(name.filename()),
          one.file());
    }
    Probed probed = one.normal().probed();
    Details details =
        new Details(
            probed.orientation().upright(probed.dimensions()),
            probed.type(),
            probed.frames(),
            one.received().past().createdAt().orElseGet(clock::instant));
    return new Offer(
        fresh(one, size, details, Optional.empty()), true, Optional.empty(), one.file());
  }

  /** Whether these very bytes are stored; a damaged disk changes them without their length. */
  private boolean isWhole(BlobName name, Path bytes) throws IOException {
    AtomicBoolean same = new AtomicBoolean();
    try {
      store.withFile(name, file -> same.set(Files.mismatch(file, bytes) < 0));
    } catch (MissingBlobException _) {
      return false;
    }
    return same.get();
  }

  /** Gives a media a fresh filename, which is used once, even where the bytes were here before. */
  private Media fresh(Ready one, long size, Details details, Optional<Preview> known) {
    String filename = names.filename() + "." + details.type().extension();
    return new Media(
        one.hash(),
        filename,
        size,
        details,
        one.normal().verifiedBy(),
        one.preview().or(() -> known));
  }

  /**
   * Puts bytes on the disk, those of all at once. The files themselves stay, because a race with a
   * delete may need them once more; a link costs nothing.
   */
  private void putCopies(List<Offer> offers) throws IOException {
    List<TempFile> copies = new ArrayList<>();
    try {
      Map<BlobName, Path> sources = new LinkedHashMap<>();
      for (Offer offer : offers) {
        TempFile copy = temporary.next("put");
        copies.add(copy);
        copy.become(offer.file().path());
        sources.put(BlobName.original(offer.media().filename()), copy.path());
      }
      store.put(sources);
    } finally {
      copies.forEach(TempFile::close);
    }
  }

  private List<Link> links(
      List<Ready> ready, Map<String, Offer> offers, int longer, long denyVersion) {
    List<Link> links = new ArrayList<>();
    for (Ready one : ready) {
      Offer offer = Objects.requireNonNull(offers.get(one.hash()));
      MediaType type = offer.media().details().type();
      String alias = one.alias().orElseGet(() -> names.alias(type, longer));
      links.add(
          new Link(
              alias,
              one.received().past().deleteToken().orElseGet(names::token),
              offer.media(),
              offer.put(),
              offer.instead(),
              one.received().purpose(),
              denyVersion));
    }
    return links;
  }

  private List<Stored> stored(List<Link> links, List<Ready> ready, List<Media> linked) {
    List<Stored> stored = new ArrayList<>();
    for (int i = 0; i < links.size(); i++) {
      stored.add(
          new Stored(
              links.get(i).alias(),
              links.get(i).deleteToken(),
              linked.get(i).details(),
              preview(ready.get(i), linked.get(i))));
    }
    return stored;
  }

  /**
   * Gives up blobs that were put here and got no name: after a failure, and after a race in which
   * another upload of the same content came first. The upload itself does not depend on it.
   */
  private void abandon(Set<String> filenames) {
    try {
      catalog.abandon(filenames);
      whenAbandoned.run();
    } catch (CatalogException e) {
      log.warn("could not give up {}; the sweep will find them", filenames, e);
    }
  }
}
