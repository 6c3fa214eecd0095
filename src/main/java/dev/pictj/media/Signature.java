package dev.pictj.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** Tells movies by their brands and boxes. */
final class Signature {
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
          "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "mif2", "msf1",
          "avif", "avis", "avio", "crx ", "jp2 ", "jxl ", "M4A ", "M4B ", "M4P ");

  /** A file of an unknown brand that is compatible with one of these plays as MP4. */
  private static final Set<String> COMMON_BRANDS = Set.of("isom", "mp41", "mp42", "avc1");

  /** What may stand before the box that tells (QuickTime File Format, "Overview"). */
  private static final Set<String> BOXES_BEFORE =
      Set.of("mdat", "free", "skip", "wide", "pnot", "PICT", "pict", "junk", "uuid");

  private static final int MAX_BOXES_BEFORE = 64;

  private Signature() {}

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
        return ofBrands(in.bytes(box, (int) Math.min(MediaType.SNIFF_LENGTH, in.size() - box)));
      }
      if (!BOXES_BEFORE.contains(boxes.code()) || !boxes.isWhole()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** By the major brand; where that is unknown, by the compatible ones that follow it. */
  static Optional<MediaType> ofBrands(byte[] head) {
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
    if (OTHER_BRANDS.contains(major)) {
      return Optional.empty();
    }
    long box = ByteBuffer.wrap(head).getInt(0) & 0xFFFF_FFFFL;
    boolean common = false;
    for (int i = 16; i + 4 <= Math.min(box, head.length); i += 4) {
      String brand = new String(head, i, 4, StandardCharsets.ISO_8859_1);
      if (OTHER_BRANDS.contains(brand)) {
        return Optional.empty();
      }
      common |= COMMON_BRANDS.contains(brand);
    }
    return common ? Optional.of(MediaType.MP4) : Optional.empty();
  }
}
