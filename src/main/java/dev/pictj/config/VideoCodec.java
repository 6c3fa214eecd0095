package dev.pictj.config;

import dev.pictj.media.MediaType;
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

  /** What a video of this codec is stored in. */
  public MediaType container() {
    return switch (this) {
      case KEEP, H264, H265 -> MediaType.MP4;
      case VP8, VP9, AV1 -> MediaType.WEBM;
    };
  }

  /** As it is written. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
