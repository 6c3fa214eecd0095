package dev.pictj.pictures;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Small files that lie about their size, end early, or are something else. */
public final class Bombs {
  private Bombs() {}

  /** A PNG whose header claims 60000 by 60000. */
  public static byte[] pngHugeHeader() {
    return PngChunks.of(60_000, 60_000, PngChunks.deflated(new byte[1000]));
  }

  /** A PNG that claims 8 by 8 and inflates to 20 MB. */
  public static byte[] pngHidden() {
    return PngChunks.of(8, 8, PngChunks.deflated(new byte[20_000_000]));
  }

  /** A PNG of about 1.3 KB that claims 8 by 8 and inflates to more than 1 MB. */
  public static byte[] pngSmallHidden() {
    return PngChunks.of(8, 8, PngChunks.deflated(new byte[1_250_000]));
  }

  /** A PNG whose pixels stop half-way though the file is whole. */
  public static byte[] pngShortData() {
    return PngChunks.of(64, 64, PngChunks.deflated(new byte[64 * (1 + 64 * 3) / 2]));
  }

  /** A PNG cut off in the middle of its pixels. */
  public static byte[] pngTruncated() {
    return half(Pictures.png(64, 64));
  }

  /** A PNG of one line and a compressed text of 100 MB. */
  public static byte[] pngTextBomb() {
    return PngChunks.withChunk(
        Pictures.png(16, 16),
        "zTXt",
        Bytes.join(Bytes.ascii("k\0\0"), PngChunks.deflated(new byte[100_000_000])));
  }

  /** A small JPEG whose frame header claims 65500 by 65500. */
  public static byte[] jpegHugeHeader() {
    byte[] jpeg = Pictures.jpeg(16, 16);
    int at = 2;
    ByteBuffer bytes = ByteBuffer.wrap(jpeg);
    while (jpeg[at + 1] != (byte) 0xC0) {
      at += 2 + (bytes.getShort(at + 2) & 0xFFFF);
    }
    bytes.putShort(at + 5, (short) 65_500).putShort(at + 7, (short) 65_500);
    return jpeg;
  }

  /** A JPEG cut off in the middle of its pixels. */
  public static byte[] jpegTruncated() {
    return half(Pictures.jpeg(128, 96));
  }

  /** A GIF whose logical screen is 65535 by 65535 around a frame of 8 by 8. */
  public static byte[] gifHugeScreen() {
    byte[] gif = Pictures.gif(8, 8, 1);
    Arrays.fill(gif, 6, 10, (byte) 0xFF);
    return gif;
  }

  /** A GIF of 8 by 8 whose only frame claims 60000 by 50000. */
  public static byte[] gifHugeFrame() {
    byte[] screen = {'G', 'I', 'F', '8', '9', 'a', 8, 0, 8, 0, (byte) 0x80, 0, 0};
    byte[] palette = {0, 0, 0, -1, -1, -1};
    byte[] frame = {0x2C, 0, 0, 0, 0, (byte) 0x60, (byte) 0xEA, (byte) 0x50, (byte) 0xC3, 0};
    byte[] pixels = {2, 2, 0x4C, 0x01, 0, 0x3B};
    return Bytes.join(screen, palette, frame, pixels);
  }

  /** An MP4 of 700 KB whose boxes stand in one another tens of thousands deep. */
  public static byte[] mp4DeepBoxes() {
    int deep = 90_000;
    ByteBuffer film = ByteBuffer.allocate(24 + 16 + 8 * deep);
    film.putInt(24).put(Bytes.ascii("ftypisom")).putInt(512).put(Bytes.ascii("isomavc1"));
    film.putInt(film.remaining()).put(Bytes.ascii("moov"));
    film.putInt(film.remaining()).put(Bytes.ascii("trak"));
    while (film.hasRemaining()) {
      film.putInt(film.remaining()).put(Bytes.ascii("mdia"));
    }
    return film.array();
  }

  /** A WebP of 16 by 16 whose canvas claims 16000 by 16000. */
  public static byte[] webpHugeCanvas() {
    return WebpChunks.extended(Pictures.webp(16, 16), 16_000, 16_000, 0);
  }

  /** A WebP of 64 by 64 whose canvas claims 8 by 8. */
  public static byte[] webpSmallCanvas() {
    return WebpChunks.extended(Pictures.webp(64, 64), 8, 8, 0);
  }

  /** An animated WebP whose frames are larger than its canvas. */
  public static byte[] webpFramesBeyondCanvas() {
    return WebpChunks.extended(Pictures.animatedWebp(64, 48, 3), 8, 8, 0);
  }

  /** A WebP cut off in the middle of its pixels. */
  public static byte[] webpTruncated() {
    return half(Pictures.webp(64, 64));
  }

  /** An MP4 cut off in the middle. */
  public static byte[] mp4Truncated() {
    return half(Pictures.mp4(64, 48, 5));
  }

  /** HTML behind a PNG signature. */
  public static byte[] pngSignatureOnHtml() {
    return Bytes.join(PngChunks.SIGNATURE, html());
  }

  /** HTML behind a JPEG signature. */
  public static byte[] jpegSignatureOnHtml() {
    return Bytes.join(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xE0}, html());
  }

  /** A sound PNG with a zip archive behind it. */
  public static byte[] pngThenZip() {
    return Bytes.join(Pictures.png(32, 24), zip());
  }

  /** A sound JPEG with a zip archive behind it and HTML in its comment. */
  public static byte[] jpegThenZip() {
    return Bytes.join(JpegSegments.withSegment(Pictures.jpeg(32, 24), 0xFE, html()), zip());
  }

  /** A page with a script. */
  public static byte[] html() {
    return Bytes.ascii("<!DOCTYPE html><html><script>alert(1)</script></html>");
  }

  /** A drawing that reaches for a file and runs a script. */
  public static byte[] svg() {
    return Bytes.ascii(
        "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\""
            + " height=\"10\"><image href=\"file:///etc/passwd\"/><script>alert(1)</script></svg>");
  }

  /** The beginning of a PDF. */
  public static byte[] pdf() {
    return Bytes.ascii("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
  }

  /** PostScript that would run a command. */
  public static byte[] postScript() {
    return Bytes.ascii("%!PS-Adobe-3.0\n(%pipe%id) (r) file\nshowpage\n");
  }

  /** ImageMagick's own vector language, reaching for a file. */
  public static byte[] mvg() {
    return Bytes.ascii("push graphic-context\nimage over 0,0 0,0 'label:@/etc/passwd'\n");
  }

  /** The first half of a file. */
  public static byte[] half(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  private static byte[] zip() {
    byte[] end = new byte[22];
    end[0] = 'P';
    end[1] = 'K';
    end[2] = 5;
    end[3] = 6;
    return end;
  }
}
