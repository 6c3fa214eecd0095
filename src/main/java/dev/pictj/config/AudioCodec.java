package dev.pictj.config;

import java.util.Locale;

/** How the sound of videos is stored, where it is. */
public enum AudioCodec {
  /** The codec that the sound comes with, where the container can hold it. */
  KEEP,
  AAC,
  OPUS,
  VORBIS;

  /** The word that stands for it in settings. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
