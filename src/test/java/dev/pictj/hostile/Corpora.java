package dev.pictj.hostile;

import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.WebpChunks;
import java.util.ArrayList;
import java.util.List;

/** Small files for whoever mutates them further. */
public final class Corpora {
  private static final long SEED = 3;

  private Corpora() {}

  /** Sound files of every type, then a hostile one of each kind, none longer than that. */
  public static List<byte[]> small(int longest) {
    List<byte[]> all = new ArrayList<>();
    all.add(JpegSegments.withEverything(Pictures.jpeg(8, 8), 6));
    all.add(JpegSegments.withExif(Pictures.jpeg(8, 8), 6));
    all.add(Pictures.jpegProgressive(8, 8));
    all.add(PngChunks.withExif(PngChunks.withText(PngChunks.withIcc(Pictures.png(8, 8))), 6));
    all.add(PngChunks.animated(Pictures.png(8, 8), 3));
    all.add(Pictures.pngInterlaced(8, 8));
    all.add(Pictures.gif(8, 8, 3));
    all.add(WebpChunks.withExif(Pictures.webp(8, 8), 8, 8, 6));
    all.add(WebpChunks.withIcc(Pictures.webpLossless(8, 8), 8, 8));
    all.add(Pictures.animatedWebp(8, 8, 3));
    all.add(Pictures.mp4(16, 16, 2));
    all.add(Pictures.mov(16, 16, 2));
    Corpus.sample(SEED, 1).forEach(file -> all.add(file.bytes()));
    all.removeIf(bytes -> bytes.length > longest);
    return all;
  }
}
