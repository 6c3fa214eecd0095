package dev.pictj.config;

import java.util.Locale;

/** How the pictures of videos are stored. */
public enum VideoCodec {
  /** As they come, where browsers may know them. */
  KEEP,
  H264,
  H265,
  VP8,
  VP9,
  AV1;

  /** As it is written. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
