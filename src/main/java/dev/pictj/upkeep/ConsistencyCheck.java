package dev.pictj.upkeep;

import dev.pictj.catalog.Flaw;
import dev.pictj.catalog.Inspection;
import dev.pictj.store.Blob;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.BlobStore.Listed;
import dev.pictj.store.ContentHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares catalog and files of a stopped server both ways: what is named must be there, whole, and
 * what is there must be named.
 */
public final class ConsistencyCheck {
  private static final int BLOBS_PER_STEP = 1000;

  private final Inspection inspection;
  private final BlobStore store;
  private final boolean deep;
  private final boolean repair;
  private final Suspicion suspicion;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Listed> unnamed = new ArrayList<>();
  private long stored;
  private long originals;
  private long variants;
  private long bytes;

  /**
   * One thing that is wrong.
   *
   * @param subject the row's key or the blob's name
   * @param path of the file that is concerned; null where it is a matter of rows
   * @param aliases that lead to the media of that file
   * @param repaired whether a repair has done what it can
   * @param next what to do now, in words; null where nothing is left to do
   */
  public record Finding(
      Flaw flaw,
      String subject,
      @Nullable String path,
      List<String> aliases,
      boolean repaired,
      @Nullable String next) {
    /** Keeps an unmodifiable copy of the list. */
    public Finding {
      aliases = List.copyOf(aliases);
    }
  }

  /** A flaw before it is repaired. */
  private record Found(Flaw flaw, String subject, @Nullable BlobName blob) {}

  /**
   * The result of a check.
   *
   * @param originals how many there are
   * @param variants how many there are
   * @param bytes of both together, as the catalog has them
   * @param trash blobs waiting to be removed
   * @param findings what is or was wrong, in the order it was found
   */
  public record Report(
      long originals, long variants, long bytes, long trash, List<Finding> findings) {
    /** Keeps an unmodifiable copy of the list. */
    public Report {
      findings = List.copyOf(findings);
    }

    /** Whether nothing is left that was not repaired or set aside. */
    public boolean sound() {
      return findings.stream().allMatch(one -> one.repaired() || one.flaw() == Flaw.FILE_SET_ASIDE);
    }
  }

  /**
   * A check.
   *
   * @param deep whether to read every stored byte and compare hashes, not only lengths
   * @param repair whether to do what {@link Flaw#repair} says; the inspection must be open for it
   * @param suspicion when unnamed files are so many that none is repaired
   */
  public ConsistencyCheck(
      Inspection inspection, BlobStore store, boolean deep, boolean repair, Suspicion suspicion) {
    this.suspicion = suspicion;
    this.inspection = inspection;
    this.store = store;
    this.deep = deep;
    this.repair = repair;
  }

  /**
   * Looks at everything.
   *
   * @param progress is told how many rows have been looked at
   * @throws IOException when stored files cannot be read
   */
  public Report run(LongConsumer progress) throws IOException {
    List<Found> found = new ArrayList<>();
    try {
      inspection.walk(new Collector(found), progress);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Found one : found) {
      settle(one);
    }
    store.list(BLOBS_PER_STEP, this::look);
    settleUnnamed();
    return new Report(originals, variants, bytes, inspection.trash(), findings);
  }

  private void settle(Found found) throws IOException {
    boolean mend = repair && found.flaw().repairable();
    // A repair may take away what leads to them.
    List<String> aliases =
        found.blob() == null ? List.of() : inspection.aliases(found.blob().filename());
    if (mend && (found.flaw() == Flaw.FILE_SIZE || found.flaw() == Flaw.FILE_CONTENT)) {
      store.setDamagedAside(Objects.requireNonNull(found.blob()));
    } else if (mend) {
      inspection.repair(found.flaw(), found.subject());
    }
    add(found, aliases, mend);
  }

  private void add(Found found, List<String> aliases, boolean repaired) {
    String path = found.blob() == null ? null : store.place(found.blob());
    findings.add(
        new Finding(
            found.flaw(), found.subject(), path, aliases, repaired, next(found.flaw(), repaired)));
  }

  /** A check that does not compare bytes does not find, nor repair, what one that did has found. */
  private @Nullable String next(Flaw flaw, boolean repaired) {
    return flaw.repairable() && !repaired
        ? "pictj check %s--repair: %s".formatted(deep ? "--deep " : "", flaw.repair())
        : flaw.advice();
  }

  /** Asks about many at a time. */
  private void look(List<Listed> page) throws IOException {
    Map<String, Listed> byName = new HashMap<>();
    page.forEach(one -> byName.put(one.name().toString(), one));
    stored += page.stream().filter(one -> one.name().variant() == null).count();
    for (String name : inspection.unaccounted(new TreeSet<>(byName.keySet()))) {
      Listed one = Objects.requireNonNull(byName.get(name));
      if (one.name().variant() == null) {
        unnamed.add(one);
      } else {
        settle(new Found(Flaw.VARIANT_UNNAMED, name, one.name()));
      }
    }
  }

  /** An original is moved, never deleted, and left where the catalog may be the one at fault. */
  private void settleUnnamed() throws IOException {
    if (unnamed.isEmpty()) {
      return;
    }
    boolean tooMany = suspicion.raisedBy(unnamed.size(), stored);
    Instant newest = inspection.newestName().orElse(Instant.MIN);
    Set<String> kept = inspection.kept(unnamed.stream().map(one -> one.name().toString()).toList());
    for (Listed one : unnamed) {
      boolean spared =
          tooMany || one.written().isAfter(newest) || kept.contains(one.name().toString());
      if (repair && !spared) {
        store.setAside(one.name());
      }
      Flaw flaw = spared ? Flaw.FILE_SPARED : Flaw.FILE_UNNAMED;
      add(new Found(flaw, one.name().toString(), one.name()), List.of(), repair && !spared);
    }
  }

  private final class Collector implements Inspection.Findings {
    private final List<Found> found;

    Collector(List<Found> found) {
      this.found = found;
    }

    @Override
    public void flaw(Flaw flaw, String key) {
      found.add(new Found(flaw, key, null));
    }

    @Override
    public void blob(
        String filename, @Nullable String variant, long size, String hash, String key) {
      bytes += size;
      BlobName name = new BlobName(filename, variant);
      Flaw flaw = look(name, size, hash);
      if (variant == null) {
        originals++;
      } else {
        variants++;
      }
      if (flaw != null) {
        found.add(
            variant == null
                ? new Found(flaw, name.toString(), name)
                : new Found(Flaw.VARIANT_DAMAGED, key, name));
      }
    }

    private String hash(BlobName name) throws IOException {
      try (Blob blob = store.openFile(name)) {
        return ContentHash.of(blob);
      }
    }

    private @Nullable Flaw look(BlobName name, long size, String hash) {
      try {
        OptionalLong found = store.size(name);
        if (found.isEmpty()) {
          return store.isDamagedAside(name) ? Flaw.FILE_SET_ASIDE : Flaw.FILE_MISSING;
        }
        if (found.getAsLong() != size) {
          return Flaw.FILE_SIZE;
        }
        return deep && !hash(name).equals(hash) ? Flaw.FILE_CONTENT : null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
