package dev.pictj.media;

/**
 * The engine that has decoded the whole of a picture, or of the file it was made from, and found it
 * sound. It worked in a limited process, and may have been deceived.
 */
public enum VerifiedBy {
  /** No engine: only the header was read, or an older version has not noted it. */
  NOBODY,
  /**
   * A worker process of libvips. A file that gets the better of libvips makes it say what the file
   * likes, so these are given to libvips in worker processes only.
   */
  WORKER,
  /** A run of ImageMagick, or of ffmpeg where the picture moves. */
  REFERENCE
}
