package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.WebpChunks;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes in a file that no decoder reads are not stored, wherever they hide. */
@Timeout(120)
class HiddenBytesIT {
  private static final byte[] SECRET = Bytes.ascii("GPS 52.5200 13.4050, of somebody at home");

  private static Map<String, byte[]> hiding() {
    byte[] jpeg = Pictures.jpeg(64, 48);
    byte[] png = Pictures.png(64, 48);
    byte[] webp = Pictures.webp(64, 48);
    byte[] lossless = Pictures.webpLossless(64, 48);
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("jpeg, behind its end", Bytes.join(jpeg, SECRET));
    all.put("jpeg, behind its pixels", beforeLast(jpeg, 2));
    all.put("progressive jpeg, behind its pixels", beforeLast(Pictures.jpegProgressive(64, 48), 2));
    all.put("jpeg, in a segment", JpegSegments.withSegment(jpeg, 0xEF, SECRET));
    all.put("png, behind its end", Bytes.join(png, SECRET));
    all.put("png, in its pixels' chunk", inPixels(png));
    all.put("png, in a chunk of pixels of its own", beforeEnd(png, "IDAT"));
    all.put("png, in another chunk", beforeEnd(png, "juNk"));
    all.put("webp, behind its end", Bytes.join(webp, SECRET));
    all.put("webp, behind its pixels", longer(webp));
    all.put("webp without loss, behind its pixels", longer(lossless));
    all.put("webp, in another chunk", WebpChunks.withChunk(webp, 64, 48, "junk", SECRET));
    all.put("gif, behind its end", Bytes.join(Pictures.gif(64, 48, 1), SECRET));
    all.put("animated gif, behind its end", Bytes.join(Pictures.gif(64, 48, 3), SECRET));
    all.put(
        "mp4, in a box",
        Bytes.join(
            Pictures.mp4(64, 48, 3), Bytes.big32(8 + SECRET.length), Bytes.ascii("free"), SECRET));
    return all;
  }

  private static byte[] beforeLast(byte[] file, int bytes) {
    return Bytes.join(
        Bytes.part(file, 0, file.length - bytes), SECRET, Bytes.from(file, file.length - bytes));
  }

  private static byte[] beforeEnd(byte[] png, String chunk) {
    int end = png.length - 12;
    return Bytes.join(
        Bytes.part(png, 0, end), PngChunks.chunk(chunk, SECRET), Bytes.from(png, end));
  }

  /** Behind the end of the compressed stream, in the one chunk that there is. */
  private static byte[] inPixels(byte[] png) {
    int at = Bytes.find(png, "IDAT");
    int length = ByteBuffer.wrap(png).getInt(at - 4);
    byte[] pixels = Bytes.part(png, at + 4, at + 4 + length);
    return Bytes.join(
        Bytes.part(png, 0, at - 4),
        PngChunks.chunk("IDAT", Bytes.join(pixels, SECRET)),
        Bytes.from(png, at + 8 + length));
  }

  private static byte[] longer(byte[] webp) {
    byte[] chunk =
        WebpChunks.chunk(
            new String(webp, 12, 4, StandardCharsets.US_ASCII),
            Bytes.join(Bytes.from(webp, 20), SECRET));
    return Bytes.join(
        Bytes.ascii("RIFF"), Bytes.little32(4 + chunk.length), Bytes.ascii("WEBP"), chunk);
  }

  @Test
  void nothingIsStoredThatNobodySees() throws Exception {
    List<Path> folders = Arrays.stream(System.getenv("PATH").split(":")).map(Path::of).toList();
    for (boolean libvips : List.of(true, false)) {
      try (RunningServer server =
          libvips ? RunningServer.start() : RunningServer.startWithTools(folders)) {
        for (Map.Entry<String, byte[]> file : hiding().entrySet()) {
          assertThat(Bytes.find(file.getValue(), "somebody")).isPositive();
          String alias = server.accepted(file.getValue());
          byte[] stored = server.request().get("/image/original/" + alias).asByteArray();
          assertThat(stored.length).as(file.getKey()).isPositive();
          assertThat(Bytes.find(stored, "somebody")).as(file.getKey()).isNegative();
        }
      }
    }
  }
}
