package dev.pictj.catalog;

class MemoryCatalogTest extends CatalogContract {
  private final Catalog only = new MemoryCatalog();

  @Override
  protected Catalog open() {
    return only;
  }
}
