package dev.pictj.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;

/** A store for tests. What is in it lives as long as it does. */
public final class MemoryBlobStore implements BlobStore {
  private static final Comparator<BlobName> ORDER =
      Comparator.comparing((BlobName name) -> name.variant() != null)
          .thenComparing(BlobName::toString);

  private final NavigableMap<BlobName, Stored> blobs = new ConcurrentSkipListMap<>(ORDER);
  private final NavigableMap<String, Stored> aside = new ConcurrentSkipListMap<>();

  private final Set<BlobName> damaged = new ConcurrentSkipListSet<>(ORDER);

  private record Stored(byte[] bytes, Instant written) {}

  @Override
  public void put(Map<BlobName, Path> sources, Durability durability) throws IOException {
    for (Map.Entry<BlobName, Path> one : sources.entrySet()) {
      blobs.put(one.getKey(), new Stored(Files.readAllBytes(one.getValue()), Instant.now()));
      Files.delete(one.getValue());
    }
  }

  @Override
  public void requireWritable() {
    // There is always room.
  }

  private Stored stored(BlobName name) throws MissingBlobException {
    Stored stored = blobs.get(name);
    if (stored == null) {
      throw new MissingBlobException(name);
    }
    return stored;
  }

  @Override
  public Blob open(BlobName name) throws IOException {
    return Blob.of(stored(name).bytes());
  }

  @Override
  public <E extends Exception> void withFile(BlobName name, FileWork<E> work)
      throws IOException, E {
    byte[] bytes = stored(name).bytes();
    Path file = Files.createTempFile("blob-", "");
    try {
      work.with(Files.write(file, bytes));
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public OptionalLong size(BlobName name) {
    Stored stored = blobs.get(name);
    return stored == null ? OptionalLong.empty() : OptionalLong.of(stored.bytes().length);
  }

  @Override
  public void delete(BlobName name) {
    blobs.remove(name);
  }

  private static <T> void inPages(List<T> all, int atOnce, Pages<T> pages) throws IOException {
    for (int i = 0; i < all.size(); i += atOnce) {
      pages.page(all.subList(i, Math.min(all.size(), i + atOnce)));
    }
  }

  @Override
  public void list(int atOnce, Pages<Listed> pages) throws IOException {
    List<Listed> all = new ArrayList<>();
    blobs.forEach((name, stored) -> all.add(new Listed(name, stored.written())));
    inPages(all, atOnce, pages);
  }

  @Override
  public void setAside(BlobName name) {
    Stored stored = blobs.remove(name);
    if (stored != null) {
      aside.put(name + "-" + aside.size(), stored);
    }
  }

  @Override
  public void setDamagedAside(BlobName name) {
    if (blobs.remove(name) != null) {
      damaged.add(name);
    }
  }

  @Override
  public boolean isDamagedAside(BlobName name) {
    return damaged.contains(name);
  }

  @Override
  public String place(BlobName name) {
    return name.toString();
  }

  @Override
  public void listSetAside(int atOnce, Pages<String> pages) throws IOException {
    inPages(List.copyOf(aside.keySet()), atOnce, pages);
  }

  @Override
  public void deleteSetAside(String entry) throws IOException {
    if (entry.startsWith("..")) {
      throw new IOException("nothing is called " + entry);
    }
    aside.remove(entry);
  }

  @Override
  public void check() {
    // Memory can always be read.
  }
}
