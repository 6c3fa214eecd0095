package dev.pictj.upkeep;

import dev.pictj.catalog.BlobJournal;
import dev.pictj.catalog.BlobJournal.Place;
import dev.pictj.catalog.Catalog;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.BlobStore.Listed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for stored blobs that no row names: those that a crash left between storing and naming, and
 * those that a catalog from a backup does not know.
 *
 * <p>It deletes no original. An original that two sweeps, far enough apart, find without a name
 * goes to lost+found, where it stays for a time; variants, which can be made again, go to the
 * trash. The sweep stops where so many have no name that the catalog may be at fault. It spares
 * blobs that are newer than the newest name, and for good where that was so at a start: then the
 * catalog may be older than the files. Ages are measured in running time, so that a clock that is
 * set wrong at most spares files.
 */
public final class Sweep {
  private static final Logger log = LoggerFactory.getLogger(Sweep.class);
  private static final int NAMES_PER_PAGE = 1000;

  private final Catalog catalog;
  private final BlobJournal journal;
  private final BlobStore store;
  private final Trash trash;
  private final Rules rules;
  private final int page;

  /**
   * What an administrator decides.
   *
   * @param interval running time between two looks, both of which must find something
   * @param retention running time for which something is kept in lost+found
   */
  public record Rules(Duration interval, Duration retention, Suspicion suspicion) {
    /** The rules that an administrator has set. */
    public static Rules of(Settings settings) {
      return new Rules(
          settings.get(SettingsCatalogue.SWEEP_INTERVAL),
          settings.get(SettingsCatalogue.LOST_FOUND_RETENTION),
          new Suspicion(
              settings.get(SettingsCatalogue.SWEEP_MAX_FILES),
              settings.get(SettingsCatalogue.SWEEP_MAX_PERCENT)));
    }
  }

  /** A sweep over the store that this trash is of. */
  public Sweep(Catalog catalog, BlobStore store, Trash trash, Rules rules) {
    this(catalog, store, trash, rules, NAMES_PER_PAGE);
  }

  /** Makes a sweep that holds no more names in memory than a page has. */
  Sweep(Catalog catalog, BlobStore store, Trash trash, Rules rules, int page) {
    this.catalog = catalog;
    this.journal = catalog.journal();
    this.store = store;
    this.trash = trash;
    this.rules = rules;
    this.page = page;
  }

  /**
   * What a sweep came to.
   *
   * @param setAside originals that went to lost+found
   * @param discarded variants that went to the trash
   * @param spared originals that have no name and are left, because they are newer than the newest
   * @param stopped whether nothing went anywhere, because the catalog may be at fault
   */
  public record Report(int setAside, int discarded, int spared, boolean stopped) {}

  /** Looks at everything once. */
  public Report run() throws IOException {
    journal.expireAnnounced(rules.interval());
    Look look = new Look();
    store.list(page, look::page);
    if (journal.isFirstLook()) {
      journal.endFirstLook();
    }
    Report report;
    if (rules.suspicion().raisedBy(look.unnamed, look.stored)) {
      log.error(
          "{} of {} stored files have no name in the catalog, such as {}; that is so many that none"
              + " is touched. Is this the right catalog? See pictj check, --sweep-max-files and"
              + " --sweep-max-percent",
          look.unnamed,
          look.stored,
          look.example);
      report = new Report(0, 0, look.spared, true);
    } else if (look.found && !catalog.maySweep()) {
      log.warn("files without a name are left, as long as the catalog may have lost names");
      report = new Report(0, 0, look.spared, true);
    } else {
      report = settle(look);
    }
    expire();
    return report;
  }

  /** One look at what is stored. */
  private final class Look {
    private long stored;
    private boolean found;
    private long unnamed;
    private int spared;
    private @Nullable BlobName example;

    /** Null until it is needed, for all names are looked at for it. */
    private @Nullable Instant newestName;

    private void page(List<Listed> page) {
      Map<String, Listed> byName = new HashMap<>();
      page.forEach(one -> byName.put(one.name().toString(), one));
      Set<String> nobodys = new HashSet<>();
      Set<String> newer = new HashSet<>();
      List<String> unaccounted = journal.unaccounted(new TreeSet<>(byName.keySet()));
      Set<String> kept = unaccounted.isEmpty() ? Set.of() : journal.noted(Place.KEPT, unaccounted);
      for (String name : unaccounted) {
        Listed one = Objects.requireNonNull(byName.get(name));
        if (one.name().variant() == null) {
          example = one.name();
        }
        boolean left = one.name().variant() == null && (kept.contains(name) || isNewer(one));
        (left ? newer : nobodys).add(name);
      }
      stored += page.stream().filter(one -> one.name().variant() == null).count();
      unnamed += nobodys.stream().filter(name -> name.indexOf('/') < 0).count();
      spared += newer.size();
      if (!nobodys.isEmpty()) {
        found = true;
        journal.note(Place.STORED, nobodys);
      }
      if (!newer.isEmpty()) {
        journal.forgetNotes(Place.STORED, newer);
        if (journal.isFirstLook()) {
          journal.note(Place.KEPT, newer);
        }
      }
    }

    private boolean isNewer(Listed one) {
      if (newestName == null) {
        newestName = journal.newestName().orElse(Instant.MIN);
      }
      return one.written().isAfter(newestName);
    }
  }

  private Report settle(Look look) throws IOException {
    int setAside = 0;
    int discarded = 0;
    for (List<String> found = noted(Place.STORED, rules.interval(), "");
        !found.isEmpty();
        found = noted(Place.STORED, rules.interval(), found.getLast())) {
      List<String> some = found;
      setAside += trash.paused(() -> settle(some)).size();
      discarded += (int) found.stream().filter(name -> name.indexOf('/') >= 0).count();
    }
    if (setAside > 0) {
      log.warn(
          "{} stored files that no name points to, such as {}, went to lost+found, to be deleted"
              + " when they have been there for {} days",
          setAside,
          look.example,
          rules.retention().toDays());
    }
    if (look.spared > 0) {
      log.warn(
          "{} stored files, such as {}, have no name, and were newer than the newest name when they"
              + " were found, as where the catalog is from an older backup: they are left. Put the"
              + " newer catalog back, or move them away by hand",
          look.spared,
          look.example);
    }
    if (discarded > 0) {
      trash.emptySoon();
    }
    log.debug("looked for files without a name: {} to lost+found, {} gone", setAside, discarded);
    return new Report(setAside, discarded, look.spared, false);
  }

  private List<String> noted(Place place, Duration age, String after) {
    return journal.noted(place, age, after, page);
  }

  private List<String> settle(List<String> found) throws IOException {
    List<String> originals = journal.take(found);
    for (String original : originals) {
      Optional<BlobName> name = BlobName.parse(original);
      if (name.isPresent()) {
        store.setAside(name.get());
      }
    }
    journal.forgetNotes(Place.STORED, originals);
    return originals;
  }

  /** Deletes what has been in lost+found for long enough. */
  private void expire() throws IOException {
    store.listSetAside(page, found -> journal.note(Place.LOST_FOUND, found));
    for (List<String> due = noted(Place.LOST_FOUND, rules.retention(), "");
        !due.isEmpty();
        due = noted(Place.LOST_FOUND, rules.retention(), due.getLast())) {
      for (String entry : due) {
        store.deleteSetAside(entry);
      }
      journal.forgetNotes(Place.LOST_FOUND, due);
      log.info("{} files in lost+found have been deleted, as it is time", due.size());
    }
  }
}
