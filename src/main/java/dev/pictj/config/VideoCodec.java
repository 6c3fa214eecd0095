package dev.pictj.config;

import java.util.Locale;

/** How the pictures of videos are stored. */
public enum VideoCodec {
  /** The codec that a video comes with, where browsers may know it. */
  KEEP,
  H264,
  H265,
  VP8,
  VP9,
  AV1;

  /** The word that stands for it in settings. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
