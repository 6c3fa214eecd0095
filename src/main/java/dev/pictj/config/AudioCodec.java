package dev.pictj.config;

import java.util.Locale;

/** How the sound of videos is stored, where it is. */
public enum AudioCodec {
  /** As it comes, where the container can have it. */
  KEEP,
  AAC,
  OPUS,
  VORBIS;

  /** As it is written. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
