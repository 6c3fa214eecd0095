package dev.pictj.pictures;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** GIFs of one frame and WebPs whose parts say different things about the same picture. */
public final class OddStills {
  private OddStills() {}

  /** A GIF whose frame of 30 by 20 stands at 10, 8 on a screen of that size. */
  public static byte[] gifOnScreen(int width, int height) {
    byte[] gif = Pictures.gif(30, 20, 1);
    ByteBuffer numbers = ByteBuffer.wrap(gif).order(ByteOrder.LITTLE_ENDIAN);
    numbers.putShort(6, (short) width).putShort(8, (short) height);
    int at = 13 + ((gif[10] & 0x80) == 0 ? 0 : 3 * (2 << (gif[10] & 7)));
    while (gif[at] == 0x21) {
      at += 2;
      while (gif[at] != 0) {
        at += 1 + (gif[at] & 0xFF);
      }
      at++;
    }
    numbers.putShort(at + 1, (short) 10).putShort(at + 3, (short) 8);
    return gif;
  }

  /** WebPs of 64 by 48 that all readers show, by what is odd about them. */
  public static Map<String, byte[]> webps() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    byte[] plain = Pictures.webp(64, 48);
    byte[] lossless = Pictures.webpOf(Pictures.pngAlpha(64, 48), "-define", "webp:lossless=true");
    byte[] alpha = Pictures.webpAlpha(64, 48);
    byte[] unannounced = alpha.clone();
    unannounced[20] &= ~0x10;
    all.put("lossless transparency that is not announced", flagged(lossless, 0));
    all.put("lossless transparency that is announced", flagged(lossless, 0x10));
    all.put("transparency that is not announced", unannounced);
    all.put("transparency that is not there", flagged(plain, 0x10));
    all.put("a profile that is not there", flagged(plain, 0x20));
    all.put("metadata that is not there", flagged(plain, 0x0C));
    all.put("a part that nobody knows", WebpChunks.withChunk(plain, 64, 48, "ABCD", new byte[3]));
    all.put(
        "a profile behind the pixels",
        WebpChunks.withChunk(plain, 64, 48, "ICCP", JpegSegments.srgb()));
    all.put("bytes behind the end", WebpChunks.withTrailing(plain, Bytes.ascii("PK hidden")));
    all.put("a header twice", withHeaderTwice(flagged(plain, 0)));
    return all;
  }

  private static byte[] flagged(byte[] webp, int flags) {
    byte[] extended = WebpChunks.extended(webp, 64, 48, 0);
    extended[20] = (byte) flags;
    return extended;
  }

  private static byte[] withHeaderTwice(byte[] extended) {
    byte[] twice =
        Bytes.join(
            Bytes.part(extended, 0, 30), Bytes.part(extended, 12, 30), Bytes.from(extended, 30));
    ByteBuffer.wrap(twice).order(ByteOrder.LITTLE_ENDIAN).putInt(4, twice.length - 8);
    return twice;
  }
}
