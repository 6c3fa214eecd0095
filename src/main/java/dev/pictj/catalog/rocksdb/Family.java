package dev.pictj.catalog.rocksdb;

/** The column families, in the order they are opened. */
enum Family {
  /** Always there; unused. */
  DEFAULT("default"),
  /** Alias to {@link Rows.AliasRow}. */
  ALIAS("alias"),
  /** Hash to {@link Rows.MediaRow}. */
  MEDIA("media"),
  /** Hash, a slash, alias to a number that grows with time. */
  MEDIA_ALIAS("media_alias"),
  /** Filename to hash. */
  FILENAME("filename"),
  /** Filename of the media, a slash, variant key to {@link Rows.VariantRow}. */
  VARIANT("variant"),
  /** Filename of the media, a slash, {@link Rows.VariantRow#order} to variant key. */
  VARIANT_ORDER("variant_order", 2),
  /** Hash, a slash, filename of a media that is gone to {@link Rows.RemovedRow}. */
  REMOVED("removed", 2),
  /** {@link dev.pictj.catalog.Media#place} to hash. */
  UPLOAD("upload", 3),
  /** {@link VariantRows#askedKey} of a variant to nothing. */
  VARIANT_ASKED("variant_asked", 3),
  /** What is counted to how many there are; see {@link Tally}. */
  TOTAL("total", 3),
  /** Work in the background, see {@link RocksBackgroundUploads} and {@link RocksOwedWork}. */
  BACKGROUND("background", 4),
  /** URLs that stand for an alias, see {@link RocksProxiedUrls}. */
  PROXIED("proxied", 4),
  /** {@link RocksPhashes#key} of a media that has a perceptual hash to nothing. */
  PHASH("phash", 5),
  /** Id of a {@link dev.pictj.catalog.Denied} to {@link Rows.DeniedRow}. */
  DENIED("denied", 5),
  /** Blob name to the moment it was discarded. */
  TRASH("trash"),
  /** Facts about the catalog itself, such as {@code schema}. */
  META("meta");

  private final String label;
  private final int since;

  Family(String label) {
    this(label, 1);
  }

  /**
   * A family that catalogs of older schemas do not have yet.
   *
   * @param since the schema that brought it: a catalog of that schema without it is damaged
   */
  Family(String label, int since) {
    this.label = label;
    this.since = since;
  }

  String label() {
    return label;
  }

  int since() {
    return since;
  }
}
