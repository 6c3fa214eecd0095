package dev.pictj.media;

import java.util.Arrays;
import java.util.Optional;

/** The formats that are accepted, told apart by the bytes of a file and by nothing else. */
public enum MediaType {
  /** JPEG interchange format, ITU-T T.81 annex B. */
  JPEG("JPEG", "image/jpeg", "jpg", false),
  /** Portable Network Graphics, W3C PNG third edition; animated ones included. */
  PNG("PNG", "image/png", "png", false),
  /** GIF87a and GIF89a. Accepted, never stored: becomes PNG or MP4. */
  GIF("GIF", "image/gif", "gif", true),
  /** WebP, RFC 9649; animated ones included. */
  WEBP("WebP", "image/webp", "webp", false),
  /** ISO base media file, ISO/IEC 14496-12, with one of the brands of MP4. */
  MP4("MP4", "video/mp4", "mp4", true),
  /** QuickTime movie. Accepted, never stored: becomes MP4. */
  QUICKTIME("MOV", "video/quicktime", "mov", true);

  /** RFC 6386, 9.1: sides of a VP8 frame have 14 bits; libwebp writes no larger lossless ones. */
  private static final int MAX_WEBP_SIDE = 16_383;

  /** Of libjpeg (JPEG_MAX_DIMENSION); the format has numbers up to 65535. */
  private static final int MAX_JPEG_SIDE = 65_500;

  /** How many leading bytes {@link #sniff} wants to see. */
  public static final int SNIFF_LENGTH = 64;

  private final String label;
  private final String contentType;
  private final String extension;
  private final boolean motion;

  MediaType(String label, String contentType, String extension, boolean motion) {
    this.label = label;
    this.contentType = contentType;
    this.extension = extension;
    this.motion = motion;
  }

  /** What people call it, such as {@code WebP}. */
  public String label() {
    return label;
  }

  /** The MIME type, such as {@code image/jpeg}. */
  public String contentType() {
    return contentType;
  }

  /** The file extension without a dot, such as {@code jpg}. */
  public String extension() {
    return extension;
  }

  /** Whether uploads of this type go through the video encoder. */
  public boolean isMotion() {
    return motion;
  }

  /**
   * Checks that a picture of this size can be written in this type at all.
   *
   * @throws MediaException when a side is longer than its encoder can write
   */
  public void requireHolds(Dimensions size) throws MediaException {
    int most =
        switch (this) {
          case WEBP -> MAX_WEBP_SIDE;
          case JPEG -> MAX_JPEG_SIDE;
          case PNG, GIF, MP4, QUICKTIME -> Integer.MAX_VALUE;
        };
    if (size.width() > most || size.height() > most) {
      throw new MediaException(
          size.width() > most ? MediaException.Reason.WIDTH : MediaException.Reason.HEIGHT,
          "A side of a %s is %d pixels at the most; this picture would be %s"
              .formatted(label, most, size));
    }
  }

  /** The type with this MIME type, compared without parameters and in lower case. */
  public static Optional<MediaType> ofContentType(String contentType) {
    String bare = contentType.split(";", 2)[0].strip().toLowerCase(java.util.Locale.ROOT);
    return Arrays.stream(values()).filter(type -> type.contentType.equals(bare)).findFirst();
  }

  /**
   * The type that a file beginning with these bytes claims to be. Movies may begin with other boxes
   * than the one that tells; {@link HeaderProbe} looks further.
   *
   * @param head the first {@link #SNIFF_LENGTH} bytes of the file, or all of a shorter one
   * @return empty when it is none of the accepted ones
   */
  public static Optional<MediaType> sniff(byte[] head) {
    return Signature.of(head);
  }
}
