package dev.pictj.hostile;

import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Movies;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.Stills;
import dev.pictj.pictures.WebpChunks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Small files for whoever mutates them further. */
public final class Corpora {
  private static final long SEED = 3;

  private Corpora() {}

  /** Damaged AVIF, animated or not, HEIC, JPEG XL and WebM. */
  public static List<byte[]> containers() {
    return Stream.of(
            HostileStills.heif(SEED),
            HostileStills.sequences(SEED),
            HostileStills.jxl(SEED),
            HostileWebms.files(SEED))
        .flatMap(List::stream)
        .map(HostileFile::bytes)
        .toList();
  }

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
    all.add(Stills.avif());
    all.add(Stills.avifAlpha());
    all.add(Stills.heic());
    all.add(Stills.jxl());
    all.add(Stills.jxlTurned());
    all.add(Movies.avif(true));
    all.add(Pictures.mp4(16, 16, 2));
    all.add(Pictures.mov(16, 16, 2));
    Corpus.sample(SEED, 1).forEach(file -> all.add(file.bytes()));
    all.removeIf(bytes -> bytes.length > longest);
    return all;
  }
}
