package dev.pictj.pictures;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Adds segments to a JPEG (ITU-T T.81, annex B). */
public final class JpegSegments {
  /** Text inside XMP, IPTC and comments; no stored file may contain it. */
  public static final String SECRET = "Jane Doe, 1 Secret Street";

  private JpegSegments() {}

  /** EXIF with this orientation, a camera name and a GPS position. */
  public static byte[] withExif(byte[] jpeg, int orientation) {
    return withExif(jpeg, Exif.tiff(orientation));
  }

  /** EXIF with any TIFF block. */
  public static byte[] withExif(byte[] jpeg, byte[] tiff) {
    return withSegment(jpeg, 0xE1, Bytes.join(Bytes.ascii("Exif\0\0"), tiff));
  }

  /** An XMP packet (ISO 16684-1) in APP1. */
  public static byte[] withXmp(byte[] jpeg) {
    return withSegment(
        jpeg, 0xE1, Bytes.join(Bytes.ascii("http://ns.adobe.com/xap/1.0/\0"), xmp()));
  }

  /** IPTC inside a Photoshop block in APP13. */
  public static byte[] withIptc(byte[] jpeg) {
    byte[] text = SECRET.getBytes(StandardCharsets.US_ASCII);
    byte[] record =
        Bytes.join(new byte[] {0x1C, 2, 80}, Bytes.big16(text.length), text, new byte[1]);
    return withSegment(
        jpeg,
        0xED,
        Bytes.join(
            Bytes.ascii("Photoshop 3.0\0" + "8BIM"),
            Bytes.big16(0x0404),
            Bytes.big16(0),
            Bytes.big32(text.length + 5),
            record));
  }

  /** A comment. */
  public static byte[] withComment(byte[] jpeg) {
    return withSegment(jpeg, 0xFE, SECRET.getBytes(StandardCharsets.US_ASCII));
  }

  /** The JDK's sRGB profile, in one APP2. */
  public static byte[] withIcc(byte[] jpeg) {
    return withIcc(jpeg, srgb());
  }

  /** A profile in as many APP2 as it takes. */
  public static byte[] withIcc(byte[] jpeg, byte[] profile) {
    int chunk = 65_519;
    int count = (profile.length + chunk - 1) / chunk;
    byte[] out = jpeg;
    for (int i = count; i >= 1; i--) {
      int from = (i - 1) * chunk;
      byte[] part =
          java.util.Arrays.copyOfRange(profile, from, Math.min(from + chunk, profile.length));
      out =
          withSegment(
              out,
              0xE2,
              Bytes.join(Bytes.ascii("ICC_PROFILE\0"), new byte[] {(byte) i, (byte) count}, part));
    }
    return out;
  }

  /** A multi-picture index (CIPA DC-007) in APP2. */
  public static byte[] withMpf(byte[] jpeg) {
    return withSegment(jpeg, 0xE2, Bytes.join(Bytes.ascii("MPF\0"), Exif.tiff(1)));
  }

  /** A JFIF APP0 with a thumbnail of 4 by 4, in place of the one that is there. */
  public static byte[] withJfifThumbnail(byte[] jpeg) {
    byte[] bare = Bytes.join(Bytes.part(jpeg, 0, 2), Bytes.from(jpeg, afterJfif(jpeg)));
    byte[] head = {'J', 'F', 'I', 'F', 0, 1, 2, 0, 0, 1, 0, 1, 4, 4};
    return withSegment(bare, 0xE0, Bytes.join(head, new byte[48]));
  }

  /** Everything above but the thumbnail. */
  public static byte[] withEverything(byte[] jpeg, int orientation) {
    return withExif(withXmp(withIptc(withComment(withIcc(withMpf(jpeg))))), orientation);
  }

  /** Bytes after the end of the picture. */
  public static byte[] withTrailing(byte[] jpeg, byte[] trailing) {
    return Bytes.join(jpeg, trailing);
  }

  /** Any segment, after JFIF where there is one. */
  public static byte[] withSegment(byte[] jpeg, int marker, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = marker == 0xE0 ? 2 : afterJfif(jpeg);
    out.write(jpeg, 0, at);
    out.write(0xFF);
    out.write(marker);
    out.writeBytes(Bytes.big16(payload.length + 2));
    out.writeBytes(payload);
    out.write(jpeg, at, jpeg.length - at);
    return out.toByteArray();
  }

  /** The JDK's sRGB profile. */
  public static byte[] srgb() {
    return ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
  }

  static byte[] xmp() {
    return Bytes.ascii(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><creator>" + SECRET + "</creator></x:xmpmeta>");
  }

  private static int afterJfif(byte[] jpeg) {
    if ((jpeg[3] & 0xFF) != 0xE0) {
      return 2;
    }
    return 4 + ((jpeg[4] & 0xFF) << 8 | (jpeg[5] & 0xFF));
  }
}
