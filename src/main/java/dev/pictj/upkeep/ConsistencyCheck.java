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
  private static final int PAGE = 1000;

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
   * @param repaired whether it is not wrong any more
   */
  public record Finding(Flaw flaw, String subject, boolean repaired) {}

  /**
   * What a check came to.
   *
   * @param originals how many there are
   * @param variants how many there are
   * @param bytes of both together, as the catalog has them
   * @param trash blobs waiting to be removed
   * @param findings what is or was wrong, in the order it was found
   */
  public record Report(
      long originals, long variants, long bytes, long trash, List<Finding> findings) {
    /** Copies the list. */
    public Report {
      findings = List.copyOf(findings);
    }

    /** Whether nothing is wrong, or not any more. */
    public boolean sound() {
      return findings.stream().allMatch(Finding::repaired);
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
    List<Finding> found = new ArrayList<>();
    try {
      inspection.walk(new Collector(found), progress);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    found.forEach(this::settle);
    store.list(PAGE, this::look);
    settleUnnamed();
    return new Report(originals, variants, bytes, inspection.trash(), findings);
  }

  private void settle(Finding found) {
    boolean mend = repair && found.flaw().repairable();
    if (mend) {
      inspection.repair(found.flaw(), found.subject());
    }
    findings.add(new Finding(found.flaw(), found.subject(), mend));
  }

  /** Asks about many at a time. */
  private void look(List<Listed> page) {
    Map<String, Listed> byName = new HashMap<>();
    page.forEach(one -> byName.put(one.name().toString(), one));
    stored += page.stream().filter(one -> one.name().variant() == null).count();
    for (String name : inspection.unaccounted(new TreeSet<>(byName.keySet()))) {
      Listed one = Objects.requireNonNull(byName.get(name));
      if (one.name().variant() == null) {
        unnamed.add(one);
      } else {
        settle(new Finding(Flaw.VARIANT_UNNAMED, name, false));
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
      findings.add(
          new Finding(
              spared ? Flaw.FILE_SPARED : Flaw.FILE_UNNAMED,
              one.name().toString(),
              repair && !spared));
    }
  }

  private final class Collector implements Inspection.Findings {
    private final List<Finding> found;

    Collector(List<Finding> found) {
      this.found = found;
    }

    @Override
    public void flaw(Flaw flaw, String key) {
      found.add(new Finding(flaw, key, false));
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
                ? new Finding(flaw, name.toString(), false)
                : new Finding(Flaw.VARIANT_DAMAGED, key, false));
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
          return Flaw.FILE_MISSING;
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
