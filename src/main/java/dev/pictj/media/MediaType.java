package dev.pictj.media;

import static dev.pictj.media.MediaType.Trait.ALPHA;
import static dev.pictj.media.MediaType.Trait.ANIMATION;
import static dev.pictj.media.MediaType.Trait.COSTLY_ALPHA;
import static dev.pictj.media.MediaType.Trait.DEEP;
import static dev.pictj.media.MediaType.Trait.EVERYWHERE;
import static dev.pictj.media.MediaType.Trait.GREY;
import static dev.pictj.media.MediaType.Trait.MAGICK;
import static dev.pictj.media.MediaType.Trait.MOVING;
import static dev.pictj.media.MediaType.Trait.PRODUCED;
import static dev.pictj.media.MediaType.Trait.PROFILE;
import static dev.pictj.media.MediaType.Trait.QUALITY;
import static dev.pictj.media.MediaType.Trait.SEQUENCE;
import static dev.pictj.media.MediaType.Trait.STORED;
import static dev.pictj.media.MediaType.Trait.VIDEO;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The formats that are accepted, told apart by the bytes of a file and by nothing else. A format is
 * described here, and nobody else but the engines and codecs asks which one it is: they ask what it
 * can hold.
 */
// Its lists are made by List.of.
@SuppressWarnings("ImmutableEnumChecker")
public enum MediaType {
  /** JPEG interchange format, ITU-T T.81 annex B. Its sides are bounded by libjpeg. */
  JPEG(
      "JPEG",
      "image/jpeg",
      List.of("jpg", "jpeg"),
      List.of("\u00FF\u00D8\u00FF"),
      /* maxSide= */ 65_500,
      /* decodingWork= */ 1,
      /* encodingWork= */ 2,
      /* stillKey= */ 5,
      /* movingKey= */ Keys.NONE,
      Set.of(STORED, PRODUCED, QUALITY, GREY, MAGICK, PROFILE, EVERYWHERE)),

  /** Portable Network Graphics, W3C PNG third edition. */
  PNG(
      "PNG",
      "image/png",
      List.of("png"),
      List.of("\u0089PNG\r\n\u001a\n"),
      /* maxSide= */ Integer.MAX_VALUE,
      /* decodingWork= */ 3,
      /* encodingWork= */ 20,
      /* stillKey= */ 7,
      /* movingKey= */ 0,
      Set.of(STORED, PRODUCED, GREY, ALPHA, DEEP, MAGICK, PROFILE, EVERYWHERE)),

  /** Animated PNG, W3C PNG third edition, 4.9; readers that do not know it see a PNG. */
  APNG(
      "APNG",
      "image/apng",
      List.of("apng"),
      List.of(),
      /* maxSide= */ Integer.MAX_VALUE,
      /* decodingWork= */ 3,
      /* encodingWork= */ 20,
      /* stillKey= */ Keys.NONE,
      /* movingKey= */ 0,
      Set.of(STORED, PRODUCED, ALPHA, ANIMATION, MOVING, MAGICK, PROFILE)),

  /** GIF87a and GIF89a. Becomes PNG, or MP4 where it is animated, unless animations are kept. */
  GIF(
      "GIF",
      "image/gif",
      List.of("gif"),
      List.of("GIF87a", "GIF89a"),
      /* maxSide= */ Integer.MAX_VALUE,
      /* decodingWork= */ 2,
      /* encodingWork= */ 25,
      /* stillKey= */ 2,
      /* movingKey= */ 2,
      Set.of(STORED, PRODUCED, ALPHA, ANIMATION, MOVING, MAGICK, EVERYWHERE)),

  /** WebP, RFC 9649; animated ones included. Sides of a VP8 frame have 14 bits (RFC 6386, 9.1). */
  WEBP(
      "WebP",
      "image/webp",
      List.of("webp"),
      List.of("RIFF????WEBP"),
      /* maxSide= */ 16_383,
      /* decodingWork= */ 3,
      /* encodingWork= */ 8,
      /* stillKey= */ 8,
      /* movingKey= */ 3,
      Set.of(STORED, PRODUCED, QUALITY, ALPHA, ANIMATION, MAGICK, PROFILE)),

  /** AV1 Image File Format. Sides of a frame have 16 bits (AV1, 5.5.1). */
  AVIF(
      "AVIF",
      "image/avif",
      List.of("avif"),
      List.of("????ftypavif", "????ftypavis"),
      /* maxSide= */ 65_535,
      /* decodingWork= */ 6,
      /* encodingWork= */ 25,
      /* stillKey= */ 4,
      /* movingKey= */ 1,
      Set.of(STORED, PRODUCED, QUALITY, ALPHA, COSTLY_ALPHA, DEEP, ANIMATION, SEQUENCE, PROFILE)),

  /** HEIF with HEVC, ISO/IEC 23008-12. Few browsers show it: becomes JPEG, WebP or AVIF. */
  HEIC(
      "HEIC",
      "image/heic",
      List.of("heic"),
      List.of(
          "????ftypheic",
          "????ftypheix",
          "????ftypheim",
          "????ftypheis",
          "????ftyphevc",
          "????ftyphevx",
          "????ftyphevm",
          "????ftyphevs"),
      /* maxSide= */ 65_535,
      /* decodingWork= */ 8,
      /* encodingWork= */ 0,
      /* stillKey= */ Keys.NONE,
      /* movingKey= */ Keys.NONE,
      Set.of(ALPHA, DEEP, PROFILE)),

  /** JPEG XL, ISO/IEC 18181: a codestream alone, or in a container of boxes. */
  JXL(
      "JPEG XL",
      "image/jxl",
      List.of("jxl"),
      List.of("\u00FF\n", "\0\0\0\fJXL \r\n\u0087\n"),
      /* maxSide= */ 1 << 30,
      /* decodingWork= */ 5,
      /* encodingWork= */ 10,
      /* stillKey= */ 6,
      /* movingKey= */ Keys.NONE,
      Set.of(STORED, PRODUCED, QUALITY, GREY, ALPHA, COSTLY_ALPHA, DEEP, PROFILE)),

  /** ISO base media file, ISO/IEC 14496-12; its brands are told apart by {@link Signature}. */
  MP4(
      "MP4",
      "video/mp4",
      List.of("mp4"),
      List.of(),
      /* maxSide= */ Integer.MAX_VALUE,
      /* decodingWork= */ 4,
      /* encodingWork= */ 0,
      /* stillKey= */ 9,
      /* movingKey= */ 9,
      Set.of(STORED, VIDEO)),

  /** WebM (RFC 9559): VP8, VP9 or AV1, with Opus or Vorbis. */
  WEBM(
      "WebM",
      "video/webm",
      List.of("webm"),
      List.of("\u001aE\u00DF\u00A3"),
      /* maxSide= */ Integer.MAX_VALUE,
      /* decodingWork= */ 4,
      /* encodingWork= */ 0,
      /* stillKey= */ 10,
      /* movingKey= */ 10,
      Set.of(STORED, VIDEO)),

  /** QuickTime movie. Becomes MP4. */
  QUICKTIME(
      "MOV",
      "video/quicktime",
      List.of("mov"),
      List.of(),
      /* maxSide= */ Integer.MAX_VALUE,
      /* decodingWork= */ 4,
      /* encodingWork= */ 0,
      /* stillKey= */ Keys.NONE,
      /* movingKey= */ Keys.NONE,
      Set.of(VIDEO));

  /** Numbers of formats in a {@link ContentKey}. */
  private static final class Keys {
    /** pict-rs 0.5 does not have it. */
    private static final int NONE = 255;
  }

  /** What a format can hold, and what is done with it. */
  public enum Trait {
    /** Files of this format are stored; others are converted when they are uploaded. */
    STORED,
    /** Pictures can be asked for in this format. */
    PRODUCED,
    /** The format is lossy, in a quality that can be chosen. */
    QUALITY,
    /** Pixels may be transparent. */
    ALPHA,
    /** Alpha costs bytes even where everything is opaque, and small pictures lose some of it. */
    COSTLY_ALPHA,
    /** Samples may have more than eight bits. */
    DEEP,
    /** Pixels may be grey alone, with a grey profile; else they are always red, green and blue. */
    GREY,
    /** A profile may name the colour space; other formats are sRGB. */
    PROFILE,
    /** Animations are decoded and made frame by frame; else the first frame is all that counts. */
    ANIMATION,
    /** The format is for animations: a file with a single frame counts as one, too. */
    MOVING,
    /** Animations are coded like videos, and done by the engine of videos. */
    SEQUENCE,
    /** The format is one of videos, not of pictures. */
    VIDEO,
    /** ImageMagick reads and writes the format; others are done by libvips alone. */
    MAGICK,
    /** Every client shows the format, so it may be sent to clients that do not name it. */
    EVERYWHERE
  }

  private static final SortedMap<String, MediaType> BY_EXTENSION =
      all(PRODUCED)
          .flatMap(type -> type.extensions.stream().map(extension -> Map.entry(extension, type)))
          .collect(
              Collectors.collectingAndThen(
                  Collectors.toMap(
                      Map.Entry::getKey, Map.Entry::getValue, (one, _) -> one, TreeMap::new),
                  Collections::unmodifiableSortedMap));

  private final String label;
  private final String contentType;
  private final List<String> extensions;
  private final List<byte[]> signatures;
  private final int maxSide;
  private final int decodingWork;
  private final int encodingWork;
  private final int stillKey;
  private final int movingKey;
  private final Set<Trait> traits;

  /**
   * Describes a format.
   *
   * @param extensions it can be asked for by each; files get the first one
   * @param signatures what its files begin with, in Latin-1, where a question mark is any byte
   * @param maxSide the longest side that encoders can write, in pixels
   * @param decodingWork of a pixel, in units of decoding one of a baseline JPEG. ImageMagick and
   *     libvips took 2.3 and 3.2 for PNG, 2.7 and 4.7 for WebP, 1.9 for GIF
   * @param encodingWork the same: 1.4 for JPEG, 23 and 17 for PNG, 13 and, at our least effort, 5
   *     for WebP
   * @param stillKey what pict-rs 0.5 calls a still one of it in a {@link ContentKey}; these numbers
   *     must never change
   * @param movingKey the same, of one with several frames
   */
  MediaType(
      String label,
      String contentType,
      List<String> extensions,
      List<String> signatures,
      int maxSide,
      int decodingWork,
      int encodingWork,
      int stillKey,
      int movingKey,
      Set<Trait> traits) {
    this.label = label;
    this.contentType = contentType;
    this.extensions = extensions;
    this.signatures =
        signatures.stream().map(text -> text.getBytes(StandardCharsets.ISO_8859_1)).toList();
    this.maxSide = maxSide;
    this.decodingWork = decodingWork;
    this.encodingWork = encodingWork;
    this.stillKey = stillKey;
    this.movingKey = movingKey;
    this.traits = traits;
  }

  /** The name for messages, such as {@code WebP}. */
  public String label() {
    return label;
  }

  /** The MIME type, such as {@code image/jpeg}. */
  public String contentType() {
    return contentType;
  }

  /** The file extension without a dot, such as {@code jpg}. */
  public String extension() {
    return extensions.getFirst();
  }

  /** The extension that is not shortened, such as {@code jpeg}. */
  public String fullExtension() {
    return extensions.getLast();
  }

  /** Whether the format has this trait. */
  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /**
   * What a still picture of this type is stored as, where no other type is asked for.
   *
   * @param animationsStay whether GIF may be stored
   */
  public MediaType storedAs(boolean animationsStay) {
    return isStored(animationsStay) ? plain(animationsStay) : PNG;
  }

  /**
   * The formats that every client shows, the one first that suits a picture best. JPEG comes before
   * PNG but for transparency, for it is a fraction of the size.
   */
  public static List<MediaType> everywhere(boolean moves, boolean transparent) {
    List<MediaType> stills = transparent ? List.of(PNG, JPEG) : List.of(JPEG, PNG);
    return moves ? List.of(GIF, stills.getFirst(), stills.getLast()) : stills;
  }

  /** The format in which frames of a {@link Trait#SEQUENCE} go from one engine to another. */
  public static MediaType ofFrames() {
    return APNG;
  }

  /** Whether files of this format are stored as they come. */
  public boolean isStored(boolean animationsStay) {
    return has(STORED) && (animationsStay || this != GIF);
  }

  /** What it is called: an animated PNG is a PNG for those who do not know it. */
  public MediaType plain(boolean animationsStay) {
    return animationsStay || this != APNG ? this : PNG;
  }

  /** Whether a picture of this type that is made into another one keeps all of its frames. */
  public boolean keepsFramesIn(MediaType target) {
    return has(ANIMATION) && target.has(ANIMATION);
  }

  /** What decoding a pixel takes, in units of decoding one of a baseline JPEG. */
  public int decodingWork() {
    return decodingWork;
  }

  /** What encoding a pixel takes, in the same units. */
  public int encodingWork() {
    return encodingWork;
  }

  /** What pict-rs 0.5 calls it in a {@link ContentKey}. */
  int contentKey(boolean moving) {
    return moving ? movingKey : stillKey;
  }

  /**
   * Checks that a picture of this size can be written in this type at all.
   *
   * @throws MediaException when a side is longer than its encoder can write
   */
  public void requireHolds(Dimensions size) throws MediaException {
    if (!holds(size)) {
      throw new MediaException(
          size.width() > maxSide ? MediaException.Reason.WIDTH : MediaException.Reason.HEIGHT,
          "A side of a %s is %d pixels at the most; this picture would be %s"
              .formatted(label, maxSide, size));
    }
  }

  /** Whether a picture of this size can be written in this type. */
  public boolean holds(Dimensions size) {
    return size.width() <= maxSide && size.height() <= maxSide;
  }

  /** All formats that have this trait. */
  public static Stream<MediaType> all(Trait trait) {
    return Arrays.stream(values()).filter(type -> type.has(trait));
  }

  /** The formats that can be made, by the extensions that ask for them. */
  public static SortedMap<String, MediaType> byExtension() {
    return BY_EXTENSION;
  }

  /** The type with this MIME type, compared without parameters and in lower case. */
  public static Optional<MediaType> ofContentType(String contentType) {
    String bare = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(type -> type.contentType.equals(bare)).findFirst();
  }

  /** Whether a file that begins with these bytes has one of the signatures of this type. */
  boolean beginsLike(byte[] head) {
    return signatures.stream().anyMatch(signature -> beginsWith(head, signature));
  }

  private static boolean beginsWith(byte[] head, byte[] signature) {
    for (int i = 0; i < signature.length; i++) {
      if (i == head.length || (signature[i] != '?' && signature[i] != head[i])) {
        return false;
      }
    }
    return true;
  }
}
