package dev.pictj.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;

/** A store that leaves everything to another; what is built around one changes single calls. */
public abstract class ForwardingBlobStore implements BlobStore {
  private final BlobStore store;

  /** Forwards every call to this store. */
  protected ForwardingBlobStore(BlobStore store) {
    this.store = store;
  }

  @Override
  public void put(Map<BlobName, Path> sources, Durability durability) throws IOException {
    store.put(sources, durability);
  }

  @Override
  public void requireWritable() throws IOException {
    store.requireWritable();
  }

  @Override
  public Blob open(BlobName name) throws IOException {
    return store.open(name);
  }

  @Override
  public Blob openFile(BlobName name) throws IOException {
    return store.openFile(name);
  }

  @Override
  public <E extends Exception> void withFile(BlobName name, FileWork<E> work)
      throws IOException, E {
    store.withFile(name, work);
  }

  @Override
  public OptionalLong size(BlobName name) throws IOException {
    return store.size(name);
  }

  @Override
  public void delete(BlobName name) throws IOException {
    store.delete(name);
  }

  @Override
  public void list(int atOnce, Pages<Listed> pages) throws IOException {
    store.list(atOnce, pages);
  }

  @Override
  public void setAside(BlobName name) throws IOException {
    store.setAside(name);
  }

  @Override
  public void setDamagedAside(BlobName name) throws IOException {
    store.setDamagedAside(name);
  }

  @Override
  public boolean isDamagedAside(BlobName name) throws IOException {
    return store.isDamagedAside(name);
  }

  @Override
  public String place(BlobName name) {
    return store.place(name);
  }

  @Override
  public void listSetAside(int atOnce, Pages<String> pages) throws IOException {
    store.listSetAside(atOnce, pages);
  }

  @Override
  public void deleteSetAside(String entry) throws IOException {
    store.deleteSetAside(entry);
  }

  @Override
  public void check() throws IOException {
    store.check();
  }
}
