package dev.pictj.store;

/** What a power cut may do to bytes that are stored. */
public enum Durability {
  /** A power cut changes nothing: the bytes and their name are on the disk. */
  SYNCED,
  /**
   * A power cut may remove the bytes, or leave other bytes of the same length under their name. It
   * is for bytes that can be made again, and their hash is compared when they are opened for the
   * first time after a start. Storing them does not wait for the disk.
   */
  REMADE_IF_LOST
}
