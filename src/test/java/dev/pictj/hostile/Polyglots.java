package dev.pictj.hostile;

import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Movies;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.Stills;
import dev.pictj.pictures.WebpChunks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files that are two things at once, or something else than they say. */
final class Polyglots {
  /** Of what is hidden: no stored file may contain it. */
  static final String MARK = "alert('hidden')";

  private Polyglots() {}

  static List<HostileFile> files(long seed) {
    Batch batch = new Batch("polyglot", seed);
    Map<String, byte[]> pictures = new LinkedHashMap<>();
    pictures.put("jpeg", Pictures.jpeg(32, 24));
    pictures.put("png", Pictures.png(32, 24));
    pictures.put("gif", Pictures.gif(32, 24, 1));
    pictures.put("film", Pictures.gif(32, 24, 3));
    pictures.put("webp", Pictures.webp(32, 24));
    pictures.put("mp4", Pictures.mp4(32, 24, 3));
    pictures.put("avif", Stills.avif());
    pictures.put("animated avif", Movies.avif(true));
    pictures.put("jxl", Stills.jxl());
    pictures.put("jxl in boxes", Stills.jxlTurned());
    pictures.put("heic", Stills.heic());
    pictures.put("webm", Movies.made("webm", "-f lavfi -i testsrc=s=32x24:d=0.2 -c:v libvpx"));
    List<byte[]> others =
        List.of(
            Bytes.ascii("<html><script>" + MARK + "</script></html>"),
            Bytes.ascii("PK\3\4" + MARK + "PK\5\6" + "\0".repeat(18)),
            Bytes.ascii("%PDF-1.4 " + MARK + "\n%%EOF\n"),
            Bytes.ascii("<?php echo \"" + MARK + "\"; __HALT_COMPILER(); ?>"),
            Bytes.ascii("<svg xmlns='http://www.w3.org/2000/svg' onload=\"" + MARK + "\"/>"),
            Bytes.ascii("*/=1;" + MARK + "//"),
            Bytes.ascii("push graphic-context\nimage over 0,0 0,0 'label:@" + MARK + "'\n"),
            Bytes.ascii("#!/bin/sh\necho \"" + MARK + "\"\n"));
    for (byte[] other : others) {
      for (byte[] picture : pictures.values()) {
        batch.one("behind", () -> Bytes.join(picture, other));
        batch.one("before", () -> Bytes.join(other, picture));
      }
      batch.one("inside", () -> JpegSegments.withSegment(pictures.get("jpeg"), 0xFE, other));
      batch.one("inside", () -> JpegSegments.withSegment(pictures.get("jpeg"), 0xE9, other));
      batch.one("inside", () -> PngChunks.withChunk(pictures.get("png"), "tEXt", other));
      batch.one("inside", () -> PngChunks.withChunk(pictures.get("png"), "abCd", other));
      batch.one(
          "inside",
          () -> {
            byte[] base = WebpChunks.extended(pictures.get("webp"), 32, 24, 0);
            byte[] out = Bytes.join(base, WebpChunks.chunk("junk", other));
            return Spoiling.withNumber(out, 4, 4, false, out.length - 8);
          });
      batch.one(
          "inside",
          () ->
              Bytes.join(
                  Bytes.part(Stills.jxlTurned(), 0, 32), Stills.box("jxlc", Stills.jxl(), other)));
      batch.one("inside", () -> Stills.avifWith(Stills.box("udes", other)));
      batch.one(
          "inside",
          () ->
              Bytes.join(
                  pictures.get("mp4"), Bytes.big32(other.length + 8), Bytes.ascii("free"), other));
    }
    pictures.forEach(
        (first, one) ->
            pictures.forEach(
                (second, two) -> {
                  if (!first.equals(second)) {
                    batch.one("two-formats", () -> Bytes.join(one, two));
                  }
                }));
    for (byte[] stranger :
        List.of(
            Bombs.svg(),
            Bombs.pdf(),
            Bombs.html(),
            Bombs.mvg(),
            Bombs.postScript(),
            Bytes.ascii("ephemeral:/etc/passwd"),
            Bytes.ascii("@/etc/passwd"),
            new byte[] {(byte) 0xFF},
            new byte[100_000])) {
      batch.one("stranger", () -> stranger);
    }
    batch.one(
        "gif-that-is-a-script", () -> Bytes.ascii("GIF89a/*" + "\0".repeat(20) + "*/=1;" + MARK));
    return batch.files();
  }
}
