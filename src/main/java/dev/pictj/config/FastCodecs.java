package dev.pictj.config;

/** Whether codecs of our own do what they are faster at. */
public enum FastCodecs {
  /** Codecs of our own are used where the libraries that they need are installed. */
  AUTO,
  /** libvips does all of it. */
  OFF
}
