package dev.pictj.store;

class MemoryBlobStoreTest extends BlobStoreContract {
  private final BlobStore only = new MemoryBlobStore();

  @Override
  protected BlobStore open() {
    return only;
  }
}
