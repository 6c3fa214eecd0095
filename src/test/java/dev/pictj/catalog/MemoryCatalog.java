package dev.pictj.catalog;

import dev.pictj.media.Phash;
import dev.pictj.media.Preview;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** A catalog for tests. What is in it lives as long as it does; closing it does nothing. */
public class MemoryCatalog implements Catalog, BlobJournal {
  private String notFound;
  private static final int MAX_ORIGINS = 8;
  private static final int CLEARED_AT_A_TIME = 100;

  private final Clock clock;
  private volatile int sums;
  private final LongSupplier ticker;
  private final long started;
  private final Map<String, Alias> aliases = new LinkedHashMap<>();

  /** By hash. */
  private final Map<String, Entry> media = new HashMap<>();

  /** Filename to hash. */
  private final Map<String, String> filenames = new HashMap<>();

  /** Origin to filename. */
  private final Map<String, String> origins = new HashMap<>();

  /** Variants of media that are gone, by their blobs. */
  private final NavigableMap<String, Variant> removed = new TreeMap<>();

  /** When variants were last asked for, the longest ago first. */
  private final Map<VariantKey, Instant> lastAsked = new LinkedHashMap<>();

  private final Set<String> keptAway = new TreeSet<>();
  private final TreeSet<String> trash = new TreeSet<>();
  private final NavigableMap<String, Duration> announced = new TreeMap<>();
  private final Map<Place, NavigableMap<String, Duration>> notes = new EnumMap<>(Place.class);
  private final MemoryUploads background = new MemoryUploads();
  private final MemoryOwedWork owedWork = new MemoryOwedWork();
  private final MemoryUrls proxied = new MemoryUrls();
  private final MemoryDenyList denied = new MemoryDenyList();
  private Optional<Instant> newestAtStart = Optional.empty();
  private boolean firstLook = true;

  private record Alias(String hash, String token, Instant given) {}

  /** A media with its variants, that first which was not asked for the longest. */
  private static final class Entry {
    private Media media;
    private final Map<String, Variant> variants = new LinkedHashMap<>();
    private final Map<String, Variant> intermediates = new HashMap<>();
    private final Deque<String> origins = new ArrayDeque<>();

    Entry(Media media) {
      this.media = media;
    }

    void putLast(String name) {
      Variant known = variants.remove(name);
      if (known != null) {
        variants.put(name, known);
      }
    }

    Optional<Variant> variant(String name) {
      return Optional.ofNullable(variants.getOrDefault(name, intermediates.get(name)));
    }

    List<Variant> all() {
      List<Variant> all = new ArrayList<>(variants.values());
      all.addAll(intermediates.values());
      return all;
    }

    String blob(Variant variant) {
      return media.filename() + "/" + variant.blob();
    }

    List<String> blobs() {
      return all().stream().map(this::blob).toList();
    }
  }

  /** An empty one. */
  public MemoryCatalog() {
    this(Clock.systemUTC(), System::nanoTime);
  }

  /**
   * An empty one.
   *
   * @param ticker nanoseconds that only grow
   */
  public MemoryCatalog(Clock clock, LongSupplier ticker) {
    this.clock = clock;
    this.ticker = ticker;
    this.started = ticker.getAsLong();
    for (Place place : Place.values()) {
      notes.put(place, new TreeMap<>());
    }
  }

  private Duration now() {
    return Duration.ofNanos(ticker.getAsLong() - started);
  }

  @Override
  public synchronized void announce(Collection<String> names) {
    names.forEach(name -> announced.put(name, now()));
  }

  @Override
  public synchronized void abandon(Collection<String> names) {
    for (String name : names) {
      if (announced.remove(name) != null) {
        trash.add(name);
      }
    }
  }

  @Override
  public synchronized List<Media> link(List<Link> links)
      throws AliasTakenException, MediaVanishedException {
    Set<String> taken = new TreeSet<>(aliases.keySet());
    Set<String> known = new TreeSet<>(media.keySet());
    Set<String> usable = new TreeSet<>(announced.keySet());
    Set<String> restored = new TreeSet<>();
    for (Link link : links) {
      if (link.judged() != Link.NOT_JUDGED && link.judged() != denied.version) {
        throw new MediaVanishedException(link.media().hash());
      }
      if (!taken.add(link.alias())) {
        throw new AliasTakenException(link.alias());
      }
      String hash = link.media().hash();
      boolean restores = restores(link) && restored.add(hash);
      if ((known.add(hash) || restores)
          && !((link.fresh() || restores) && usable.remove(link.media().filename()))) {
        throw new MediaVanishedException(hash);
      }
    }
    List<Media> linked = new ArrayList<>();
    for (Link link : links) {
      String hash = link.media().hash();
      if (restores(link)) {
        remove(media.remove(hash));
      }
      if (!media.containsKey(hash)) {
        announced.remove(link.media().filename());
        media.put(hash, new Entry(link.media()));
        filenames.put(link.media().filename(), hash);
      }
      aliases.put(link.alias(), new Alias(hash, link.deleteToken(), clock.instant()));
      linked.add(media.get(hash).media);
      link.purpose().ifPresent(purpose -> note(link, purpose));
    }
    return linked;
  }

  private boolean restores(Link link) {
    Entry known = media.get(link.media().hash());
    return known != null && link.instead().filter(known.media.filename()::equals).isPresent();
  }

  private void remove(Entry gone) {
    filenames.remove(gone.media.filename());
    gone.origins.forEach(origins::remove);
    trash.add(gone.media.filename());
    gone.all().forEach(one -> removed.put(gone.blob(one), one));
  }

  @Override
  public synchronized Optional<Media> find(String alias) {
    return Optional.ofNullable(aliases.get(alias)).flatMap(found -> findByHash(found.hash()));
  }

  @Override
  public synchronized Optional<Media> findByFilename(String filename) {
    return entry(filename).map(found -> found.media);
  }

  private Optional<Entry> entry(String filename) {
    return Optional.ofNullable(filenames.get(filename)).map(media::get);
  }

  @Override
  public synchronized Optional<Media> findByHash(String hash) {
    return Optional.ofNullable(media.get(hash)).map(found -> found.media);
  }

  @Override
  public synchronized Optional<Media> findByOrigin(String origin) {
    return Optional.ofNullable(origins.get(origin)).flatMap(this::findByFilename);
  }

  @Override
  public synchronized void addPreview(Media of, Preview preview) {
    entry(of.filename())
        .ifPresent(
            found ->
                found.media =
                    new Media(
                        found.media.hash(),
                        found.media.filename(),
                        found.media.size(),
                        found.media.details(),
                        found.media.verifiedBy(),
                        Optional.of(preview)));
  }

  @Override
  public synchronized void addOrigin(Media of, String origin) {
    Optional<Entry> found = entry(of.filename());
    if (found.isPresent()) {
      Deque<String> mine = found.get().origins;
      mine.remove(origin);
      mine.add(origin);
      while (mine.size() > MAX_ORIGINS) {
        origins.remove(mine.removeFirst());
      }
      origins.put(origin, of.filename());
    }
  }

  @Override
  public synchronized List<String> aliases(String hash) {
    return aliases.entrySet().stream()
        .filter(one -> one.getValue().hash().equals(hash))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public synchronized Unlinked unlink(String alias, String deleteToken) {
    Alias found = aliases.get(alias);
    if (found == null) {
      return Unlinked.UNKNOWN_ALIAS;
    }
    if (!found.token().equals(deleteToken)) {
      return Unlinked.WRONG_TOKEN;
    }
    aliases.remove(alias);
    if (!aliases(found.hash()).isEmpty()) {
      return Unlinked.ALIAS_REMOVED;
    }
    remove(media.remove(found.hash()));
    return Unlinked.MEDIA_REMOVED;
  }

  @Override
  public synchronized Unlinked unlink(String alias) {
    Alias found = aliases.get(alias);
    return found == null ? Unlinked.UNKNOWN_ALIAS : unlink(alias, found.token());
  }

  @Override
  public synchronized List<String> purge(String hash, List<Denied> deny) {
    List<String> gone = aliases(hash);
    gone.forEach(aliases::remove);
    Entry entry = media.remove(hash);
    denied.add(deny);
    if (entry != null && !deny.isEmpty()) {
      for (String origin : entry.origins) {
        Denied like = deny.getFirst();
        Denied.bytes(origin.substring(origin.lastIndexOf('/') + 1), like.added(), like.note())
            .ifPresent(one -> denied.add(List.of(one)));
      }
    }
    if (entry != null) {
      remove(entry);
    }
    return gone;
  }

  @Override
  public synchronized boolean clearRemoved() {
    boolean more = !removed.isEmpty();
    for (int i = 0; i < CLEARED_AT_A_TIME && !removed.isEmpty(); i++) {
      trash.add(removed.pollFirstEntry().getKey());
    }
    return more;
  }

  @Override
  public synchronized Optional<Variant> variant(VariantKey key) {
    return entry(key.filename()).flatMap(found -> found.variant(key.name()));
  }

  @Override
  public synchronized Optional<Added> addVariant(VariantKey key, Variant variant, int most) {
    Optional<Entry> found = entry(key.filename());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Optional<Variant> known = known(found.get(), key, variant);
    if (known.isPresent()) {
      return Optional.of(new Added(known.get(), List.of()));
    }
    lastAsked.remove(key);
    lastAsked.put(key, clock.instant());
    List<VariantKey> evicted = new ArrayList<>();
    if (most == NOT_COUNTED) {
      found.get().intermediates.put(key.name(), variant);
      return Optional.of(new Added(variant, evicted));
    }
    Map<String, Variant> variants = found.get().variants;
    variants.put(key.name(), variant);
    while (variants.size() > most) {
      VariantKey oldest =
          variants.keySet().stream()
              .map(name -> new VariantKey(key.filename(), name))
              .min(Comparator.comparing(lastAsked::get))
              .orElseThrow();
      trash.add(key.filename() + "/" + variants.remove(oldest.name()).blob());
      evicted.add(oldest);
    }
    return Optional.of(new Added(variant, evicted));
  }

  private Optional<Variant> known(Entry entry, VariantKey key, Variant offered) {
    Optional<Variant> known = entry.variant(key.name());
    if (known.isPresent() && !known.get().blob().equals(offered.blob())) {
      trash.add(key.filename() + "/" + offered.blob());
    }
    return known;
  }

  @Override
  public synchronized void removeVariant(VariantKey key, Variant variant) {
    Optional<Entry> found = entry(key.filename());
    if (found
        .flatMap(one -> one.variant(key.name()))
        .filter(known -> known.blob().equals(variant.blob()))
        .isPresent()) {
      found.get().variants.remove(key.name());
      found.get().intermediates.remove(key.name());
      trash.add(key.filename() + "/" + variant.blob());
    }
  }

  /** How often the size of all proxied media was summed up. */
  public int sums() {
    return sums;
  }

  @Override
  public synchronized void asked(Map<VariantKey, Instant> variants) {
    variants.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .forEach(
            one -> {
              VariantKey key = one.getKey();
              Instant known = lastAsked.get(key);
              if (known != null && !one.getValue().isBefore(known)) {
                lastAsked.remove(key);
                lastAsked.put(key, one.getValue());
                entry(key.filename()).ifPresent(entry -> entry.putLast(key.name()));
              }
            });
  }

  @Override
  public synchronized Dropped dropVariants(Instant askedBefore, long bytes, int most) {
    List<VariantKey> dropped = new ArrayList<>();
    long freed = 0;
    List<VariantKey> inOrder =
        lastAsked.entrySet().stream()
            .sorted(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .toList();
    for (VariantKey key : inOrder) {
      Optional<Variant> known = variant(key);
      if (freed >= bytes || dropped.size() == most || !lastAsked.get(key).isBefore(askedBefore)) {
        break;
      }
      if (known.isPresent()) {
        removeVariant(key, known.get());
        dropped.add(key);
        freed += known.get().size();
      }
      lastAsked.remove(key);
    }
    return new Dropped(dropped, freed);
  }

  @Override
  public synchronized List<Media> uploads(String after, int most) {
    return media.values().stream()
        .map(one -> one.media)
        .filter(one -> one.place().compareTo(after) > 0)
        .sorted(Comparator.comparing(Media::place))
        .limit(most)
        .toList();
  }

  @Override
  public synchronized List<Media> uploadsBefore(String place, int most) {
    return media.values().stream()
        .map(one -> one.media)
        .filter(one -> one.place().compareTo(place) < 0)
        .sorted(Comparator.comparing((Media one) -> one.place()).reversed())
        .limit(most)
        .toList();
  }

  @Override
  public synchronized Optional<String> deleteToken(String alias) {
    return Optional.ofNullable(aliases.get(alias)).map(Alias::token);
  }

  @Override
  public synchronized boolean setDeleteToken(String alias, String deleteToken) {
    return aliases.computeIfPresent(
            alias, (_, known) -> new Alias(known.hash(), deleteToken, known.given()))
        != null;
  }

  @Override
  public synchronized void keepAway(String alias) {
    keptAway.add(alias);
  }

  @Override
  public synchronized boolean isKeptAway(String alias) {
    return keptAway.contains(alias);
  }

  @Override
  public synchronized Similar similar(Phash phash, int distance, String after, int most) {
    List<Similar.Match> found = new ArrayList<>();
    long lacking = 0;
    for (Entry one : media.values()) {
      Optional<Phash> other = Phash.of(one.media.preview());
      lacking += other.isEmpty() ? 1 : 0;
      if (phash.isComparable()
          && other.filter(Phash::isComparable).isPresent()
          && phash.distance(other.get()) <= distance) {
        found.add(new Similar.Match(one.media, other.get(), phash.distance(other.get())));
      }
    }
    return new Similar(
        found.stream()
            .filter(one -> one.place().compareTo(after) > 0)
            .sorted(Comparator.comparing(Similar.Match::place))
            .limit(most)
            .toList(),
        media.size(),
        lacking);
  }

  @Override
  public synchronized Optional<String> notFound() {
    return Optional.ofNullable(notFound);
  }

  @Override
  public synchronized void setNotFound(String alias) {
    notFound = alias;
  }

  @Override
  public synchronized Totals totals() {
    List<Variant> variants = new ArrayList<>(removed.values());
    media.values().forEach(one -> variants.addAll(one.all()));
    return new Totals(
        aliases.size(),
        media.size(),
        variants.size(),
        media.values().stream().mapToLong(one -> one.media.size()).sum(),
        variants.stream().mapToLong(Variant::size).sum());
  }

  private void note(Link link, Link.Purpose purpose) {
    switch (purpose) {
      case Link.Purpose.Upload(String id) ->
          background.end(
              id, new BackgroundUploads.Outcome.Stored(link.alias(), link.deleteToken()));
      case Link.Purpose.Url(String url, ProxiedUrls.Origin origin) ->
          proxied.put(
              url,
              new ProxiedUrls.Name(link.alias(), link.deleteToken()),
              link.media().size(),
              origin);
    }
  }

  @Override
  public BackgroundUploads background() {
    return background;
  }

  @Override
  public OwedWork owedWork() {
    return owedWork;
  }

  @Override
  public synchronized Unlinked expire(String uploadId) {
    return background.claim(uploadId).flatMap(BackgroundUploads.Upload::outcome).orElse(null)
            instanceof BackgroundUploads.Outcome.Stored(String alias, String token)
        ? unlink(alias, token)
        : Unlinked.UNKNOWN_ALIAS;
  }

  @Override
  public ProxiedUrls proxied() {
    return proxied;
  }

  @Override
  public DenyList denied() {
    return denied;
  }

  /** Under the catalog's lock, like all else. */
  private final class MemoryDenyList implements DenyList {
    private final NavigableMap<String, Denied> entries = new TreeMap<>();
    private long version;

    @Override
    public State now() {
      synchronized (MemoryCatalog.this) {
        return new State(
            version,
            entries.values().stream().anyMatch(one -> one.kind() == Denied.Kind.SHA256),
            entries.values().stream().filter(one -> one.kind() == Denied.Kind.PHASH).toList());
      }
    }

    @Override
    public Optional<Denied> find(String hash) {
      synchronized (MemoryCatalog.this) {
        return Optional.ofNullable(entries.get(Denied.Kind.SHA256.prefix() + hash));
      }
    }

    @Override
    public void add(Collection<Denied> added) {
      synchronized (MemoryCatalog.this) {
        added.forEach(one -> entries.put(one.id(), one));
        version += added.size();
      }
    }

    @Override
    public boolean remove(String id) {
      synchronized (MemoryCatalog.this) {
        version++;
        return entries.remove(id) != null;
      }
    }

    @Override
    public List<Denied> list(String after, int most) {
      synchronized (MemoryCatalog.this) {
        return entries.tailMap(after, false).values().stream().limit(most).toList();
      }
    }
  }

  /** Under the catalog's lock, like all else. */
  private final class MemoryUploads implements BackgroundUploads {
    private final NavigableMap<String, Upload> uploads = new TreeMap<>();
    private final Map<String, Instant> ended = new LinkedHashMap<>();

    boolean names(String filename) {
      return uploads.values().stream()
          .anyMatch(one -> one.outcome().isEmpty() && one.filename().equals(filename));
    }

    @Override
    public void accept(Collection<Upload> accepted) throws MediaVanishedException {
      synchronized (MemoryCatalog.this) {
        for (Upload one : accepted) {
          if (!announced.containsKey(one.filename())) {
            throw new MediaVanishedException(one.hash());
          }
        }
        for (Upload one : accepted) {
          announced.remove(one.filename());
          uploads.put(one.id(), one);
        }
      }
    }

    @Override
    public Optional<Upload> find(String id) {
      synchronized (MemoryCatalog.this) {
        return Optional.ofNullable(uploads.get(id));
      }
    }

    @Override
    public List<Upload> waiting(String after, int most) {
      synchronized (MemoryCatalog.this) {
        return uploads.tailMap(after, false).values().stream()
            .filter(one -> one.outcome().isEmpty())
            .limit(most)
            .toList();
      }
    }

    @Override
    public Optional<Upload> begin(String id) {
      synchronized (MemoryCatalog.this) {
        Optional<Upload> begun =
            find(id)
                .filter(one -> one.outcome().isEmpty())
                .map(one -> with(one, one.attempts() + 1, Optional.empty()));
        begun.ifPresent(one -> uploads.put(id, one));
        return begun;
      }
    }

    @Override
    public void takeBack(String id) {
      synchronized (MemoryCatalog.this) {
        find(id)
            .filter(one -> one.outcome().isEmpty() && one.attempts() > 0)
            .ifPresent(one -> uploads.put(id, with(one, one.attempts() - 1, Optional.empty())));
      }
    }

    private static Upload with(Upload one, int attempts, Optional<Outcome> outcome) {
      return new Upload(
          one.id(),
          one.filename(),
          one.hash(),
          one.size(),
          one.query(),
          attempts,
          one.accepted(),
          outcome);
    }

    @Override
    public void refuse(String id, Outcome.Refused outcome) {
      synchronized (MemoryCatalog.this) {
        if (find(id).filter(one -> one.outcome().isEmpty()).isPresent()) {
          end(id, outcome);
        }
      }
    }

    void end(String id, Outcome outcome) {
      Upload one = find(id).filter(found -> found.outcome().isEmpty()).orElseThrow();
      uploads.put(id, with(one, one.attempts(), Optional.of(outcome)));
      ended.put(id, clock.instant());
      trash.add(one.filename());
    }

    @Override
    public Optional<Upload> claim(String id) {
      synchronized (MemoryCatalog.this) {
        Optional<Upload> found = find(id);
        if (found.flatMap(Upload::outcome).isPresent()) {
          uploads.remove(id);
          ended.remove(id);
        }
        return found;
      }
    }

    @Override
    public List<Upload> unclaimed(Instant before, int most) {
      synchronized (MemoryCatalog.this) {
        return ended.entrySet().stream()
            .filter(one -> !one.getValue().isAfter(before))
            .limit(most)
            .map(one -> uploads.get(one.getKey()))
            .toList();
      }
    }
  }

  private static final class MemoryOwedWork implements OwedWork {
    private final NavigableMap<String, Task> tasks = new TreeMap<>();

    private static String key(Task task) {
      return task.kind() + "/" + task.id();
    }

    @Override
    public synchronized void owe(Task task) {
      tasks.put(key(task), task);
    }

    @Override
    public synchronized List<Task> owed(String kind) {
      return tasks.values().stream().filter(one -> one.kind().equals(kind)).toList();
    }

    @Override
    public synchronized void count(Task task) {
      tasks.computeIfPresent(
          key(task), (_, known) -> known.text().equals(task.text()) ? task : known);
    }

    @Override
    public synchronized void settle(Task task) {
      tasks.computeIfPresent(
          key(task), (_, known) -> known.text().equals(task.text()) ? null : known);
    }
  }

  /** Under the catalog's lock, like all else. */
  private final class MemoryUrls implements ProxiedUrls {
    /** Those that nobody asked for the longest first. */
    private final Map<String, Proxied> urls = new LinkedHashMap<>();

    void put(String url, Name name, long size, Origin origin) {
      Proxied before = urls.remove(url);
      List<Name> replaced = new ArrayList<>();
      if (before != null) {
        replaced.addAll(before.replaced());
        replaced.add(before.name());
      }
      Instant now = clock.instant();
      urls.put(
          url,
          new Proxied(
              url, name, size, origin, now, origin.noStore() ? Instant.EPOCH : now, replaced));
    }

    @Override
    public Optional<Proxied> find(String url) {
      synchronized (MemoryCatalog.this) {
        return Optional.ofNullable(urls.get(url));
      }
    }

    private boolean isThere(Proxied seen) {
      return find(seen.url()).filter(one -> one.name().equals(seen.name())).isPresent();
    }

    @Override
    public void checked(Proxied seen, Origin origin, Instant when) {
      synchronized (MemoryCatalog.this) {
        if (isThere(seen)) {
          Proxied one = urls.get(seen.url());
          urls.put(
              seen.url(),
              new Proxied(
                  one.url(),
                  one.name(),
                  one.size(),
                  origin,
                  when,
                  origin.noStore() ? Instant.EPOCH : one.asked(),
                  one.replaced()));
        }
      }
    }

    @Override
    public void asked(Map<String, Instant> asked) {
      synchronized (MemoryCatalog.this) {
        for (Map.Entry<String, Instant> noted : asked.entrySet()) {
          String url = noted.getKey();
          Proxied one = urls.remove(url);
          if (one != null) {
            Instant now = one.origin().noStore() ? Instant.EPOCH : noted.getValue();
            urls.put(
                url,
                new Proxied(
                    url, one.name(), one.size(), one.origin(), one.checked(), now, one.replaced()));
          }
        }
      }
    }

    @Override
    public List<Proxied> leastAsked(Optional<Proxied> after, int most) {
      Comparator<Proxied> order = Comparator.comparing(Proxied::asked).thenComparing(Proxied::url);
      synchronized (MemoryCatalog.this) {
        return urls.values().stream()
            .sorted(order)
            .filter(one -> after.isEmpty() || order.compare(one, after.get()) > 0)
            .limit(most)
            .toList();
      }
    }

    @Override
    public void forgetReplaced(Proxied seen) {
      synchronized (MemoryCatalog.this) {
        if (isThere(seen)) {
          Proxied one = urls.get(seen.url());
          List<Name> left = new ArrayList<>(one.replaced());
          left.removeAll(seen.replaced());
          urls.put(
              seen.url(),
              new Proxied(
                  one.url(),
                  one.name(),
                  one.size(),
                  one.origin(),
                  one.checked(),
                  one.asked(),
                  left));
        }
      }
    }

    @Override
    public void forget(Proxied seen) {
      synchronized (MemoryCatalog.this) {
        if (isThere(seen)) {
          urls.remove(seen.url());
        }
      }
    }

    @Override
    public long bytes() {
      sums++;
      synchronized (MemoryCatalog.this) {
        return urls.values().stream().mapToLong(Proxied::size).sum();
      }
    }
  }

  @Override
  public BlobJournal journal() {
    return this;
  }

  @Override
  public boolean maySweep() {
    return true;
  }

  @Override
  public void check() {
    // Memory can always be read.
  }

  @Override
  public void close() {
    // There is nothing to give back.
  }

  private boolean isNamed(String blob) {
    int slash = blob.indexOf('/');
    return slash < 0
        ? filenames.containsKey(blob) || background.names(blob)
        : removed.containsKey(blob)
            || entry(blob.substring(0, slash))
                .filter(one -> one.blobs().contains(blob))
                .isPresent();
  }

  @Override
  public void keepRunningTime() {
    // It is kept as long as this lives.
  }

  @Override
  public synchronized List<String> discarded(String after, int most) {
    trash.removeIf(this::isNamed);
    return trash.tailSet(after, false).stream().limit(most).toList();
  }

  @Override
  public synchronized void forgetDiscarded(Collection<String> blobs) {
    trash.removeAll(blobs);
  }

  @Override
  public synchronized List<String> unaccounted(SortedSet<String> stored) {
    return stored.stream()
        .filter(one -> !isNamed(one) && !announced.containsKey(one) && !trash.contains(one))
        .toList();
  }

  @Override
  public synchronized Optional<Instant> newestName() {
    return firstLook ? newestAtStart : newest();
  }

  private Optional<Instant> newest() {
    return aliases.values().stream().map(Alias::given).max(Instant::compareTo);
  }

  @Override
  public synchronized boolean isFirstLook() {
    return firstLook;
  }

  @Override
  public synchronized void endFirstLook() {
    firstLook = false;
  }

  /** As when a server starts on what is there. */
  public synchronized void restart() {
    firstLook = true;
    newestAtStart = newest();
  }

  @Override
  public synchronized void note(Place place, Collection<String> found) {
    found.forEach(one -> notes.get(place).putIfAbsent(one, now()));
  }

  private static List<String> old(
      NavigableMap<String, Duration> since, Duration latest, String after, int most) {
    return since.tailMap(after, false).entrySet().stream()
        .filter(one -> one.getValue().compareTo(latest) <= 0)
        .map(Map.Entry::getKey)
        .limit(most)
        .toList();
  }

  @Override
  public synchronized List<String> noted(Place place, Duration age, String after, int most) {
    return old(notes.get(place), now().minus(age), after, most);
  }

  @Override
  public synchronized Set<String> noted(Place place, Collection<String> asked) {
    Set<String> noted = new TreeSet<>(asked);
    noted.retainAll(notes.get(place).keySet());
    return noted;
  }

  @Override
  public synchronized void forgetNotes(Place place, Collection<String> found) {
    notes.get(place).keySet().removeAll(found);
  }

  @Override
  public synchronized void expireAnnounced(Duration age) {
    old(announced, now().minus(age), "", Integer.MAX_VALUE).forEach(announced::remove);
  }

  @Override
  public synchronized List<String> take(Collection<String> found) {
    List<String> nobodys = unaccounted(new TreeSet<>(found));
    List<String> originals = nobodys.stream().filter(one -> one.indexOf('/') < 0).toList();
    for (String one : found) {
      if (!originals.contains(one)) {
        notes.get(Place.STORED).remove(one);
      }
      if (nobodys.contains(one) && one.indexOf('/') >= 0) {
        trash.add(one);
      }
    }
    return originals;
  }
}
