package dev.pictj.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Tells the type of a file by its first bytes; movies by their brands and boxes. */
public final class Signature {
  /** How many leading bytes {@link #sniff} wants to see. */
  public static final int SNIFF_LENGTH = 64;

  /**
   * Brands of ISO base media files that are MP4 video. Files with other brands are stills (HEIC,
   * AVIF) or sound.
   */
  private static final Set<String> MP4_BRANDS =
      Set.of(
          "isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "mp41", "mp42",
          "mp71", "avc1", "M4V ", "M4VH", "M4VP", "dash", "msdh", "MSNV", "3gp4", "3gp5", "3gp6",
          "mmp4", "f4v ", "XAVC");

  /** Brands that are no video whatever else they claim to be compatible with. */
  private static final Set<String> OTHER_BRANDS =
      Set.of(
          "mif1", "mif2", "mif3", "msf1", "miaf", "avio", "crx ", "jp2 ", "jxl ", "M4A ", "M4B ",
          "M4P ");

  /** A file of an unknown brand that is compatible with one of these plays as MP4. */
  private static final Set<String> COMMON_BRANDS = Set.of("isom", "mp41", "mp42", "avc1");

  /**
   * Boxes that may stand before the one that tells the type (QuickTime File Format, "Overview").
   */
  private static final Set<String> BOXES_BEFORE =
      Set.of("mdat", "free", "skip", "wide", "pnot", "PICT", "pict", "junk", "uuid");

  private static final int MAX_BOXES_BEFORE = 64;

  private Signature() {}

  /**
   * The type that a file beginning with these bytes claims to be. Movies may begin with other boxes
   * than the one that tells; {@link HeaderProbe} looks further.
   *
   * @param head the first {@link #SNIFF_LENGTH} bytes of the file, or all of a shorter one
   * @return empty when it is none of the accepted ones
   */
  public static Optional<MediaType> sniff(byte[] head) {
    return Arrays.stream(MediaType.values())
        .filter(type -> type.beginsLike(head))
        .findFirst()
        .or(() -> ofBrands(head));
  }

  /**
   * QuickTime files of the time before the {@code ftyp} box begin with others, and tools put some
   * before it. Words of a text may look like one, so that whole boxes must follow one another up to
   * the one that tells.
   */
  static Optional<MediaType> ofBoxes(ByteSource in) throws IOException, MediaException {
    Chunks boxes = Chunks.ofMovie(in);
    for (int i = 0; i < MAX_BOXES_BEFORE && boxes.next(); i++) {
      if (boxes.code().equals("moov")) {
        return Optional.of(MediaType.QUICKTIME);
      }
      if (boxes.code().equals("ftyp") && in.has(boxes.at(), 4)) {
        long box = boxes.at() - 8;
        return ofBrands(in.bytes(box, (int) Math.min(SNIFF_LENGTH, in.size() - box)));
      }
      if (!BOXES_BEFORE.contains(boxes.code()) || !boxes.isWhole()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** The type by the major brand; where that is unknown, by the compatible ones that follow it. */
  private static Optional<MediaType> ofBrands(byte[] head) {
    if (head.length < 12 || !new String(head, 4, 4, StandardCharsets.ISO_8859_1).equals("ftyp")) {
      return Optional.empty();
    }
    String major = new String(head, 8, 4, StandardCharsets.ISO_8859_1);
    if (major.equals("qt  ")) {
      return Optional.of(MediaType.QUICKTIME);
    }
    if (MP4_BRANDS.contains(major)) {
      return Optional.of(MediaType.MP4);
    }
    long box = ByteBuffer.wrap(head).getInt(0) & 0xFFFF_FFFFL;
    boolean other = OTHER_BRANDS.contains(major);
    boolean common = false;
    for (int i = 16; i + 4 <= Math.min(box, head.length); i += 4) {
      String brand = new String(head, i, 4, StandardCharsets.ISO_8859_1);
      Optional<MediaType> still = ofStillBrand(brand);
      if (still.isPresent()) {
        return still;
      }
      other |= OTHER_BRANDS.contains(brand);
      common |= COMMON_BRANDS.contains(brand);
    }
    return common && !other ? Optional.of(MediaType.MP4) : Optional.empty();
  }

  /** The type of still that this brand stands for as the major one. */
  private static Optional<MediaType> ofStillBrand(String brand) {
    byte[] head = ("\0\0\0\0ftyp" + brand).getBytes(StandardCharsets.ISO_8859_1);
    return Arrays.stream(MediaType.values()).filter(type -> type.beginsLike(head)).findFirst();
  }
}
