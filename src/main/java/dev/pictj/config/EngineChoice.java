package dev.pictj.config;

/** The choice of the engines that render. */
public enum EngineChoice {
  /** libvips where it is installed, ImageMagick for the rest. */
  AUTO,
  /** Nothing but ImageMagick. */
  IMAGEMAGICK,
  /** libvips, or no start; ImageMagick for the rest. */
  LIBVIPS
}
