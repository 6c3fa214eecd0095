package dev.pictj.store;

/** What a power cut may do to bytes that are stored. */
public enum Durability {
  /** Nothing, once they are stored: they and their name are on the disk. */
  SYNCED,
  /**
   * It may take them away, or leave other bytes of the same length under their name: they can be
   * made again, and whoever opens them for the first time after a start compares their hash. They
   * cost no wait for the disk.
   */
  REMADE_IF_LOST
}
