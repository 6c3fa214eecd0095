package dev.pictj.media;

/**
 * Who has decoded the whole of a picture, or of what it was made from, and so says that it is what
 * it claims. Each of them worked in a limited process, and may have been deceived.
 */
public enum VerifiedBy {
  /** Only its header was read, or nobody knows. */
  NOBODY,
  /**
   * A worker process of libvips. A file that gets the better of libvips makes it say what the file
   * likes, so these are given to libvips in worker processes only.
   */
  WORKER,
  /** A run of ImageMagick, or of ffmpeg where the picture moves. */
  REFERENCE
}
