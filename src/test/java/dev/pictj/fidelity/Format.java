package dev.pictj.fidelity;

import dev.pictj.pictures.Animation;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Encoders;
import dev.pictj.pictures.Exif;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.Profiles;
import dev.pictj.pictures.RawPng;
import dev.pictj.pictures.Stills;
import dev.pictj.pictures.Videos;
import dev.pictj.pictures.WebpChunks;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A format, and files in it that have what is to be looked at. */
enum Format {
  JPEG("JPEG", "jpg"),
  PNG("PNG", "png"),
  APNG("APNG", "apng"),
  GIF("GIF", "gif"),
  WEBP("WebP", "webp"),
  AVIF("AVIF", "avif"),
  HEIC("HEIC", ""),
  JXL("JPEG XL", "jxl"),
  MP4("MP4", ""),
  MOV("MOV", ""),
  WEBM("WebM", "");

  static final int WIDTH = 160;
  static final int HEIGHT = 120;

  static final int[] COLOURS = {
    0xFFC85050, 0xFF50B45A, 0xFF4650C8, 0xFFC8BE50, 0xFF5AAAAA, 0xFF808080, 0xFFC07050, 0xFF3C8C3C
  };
  static final int[] CORNERS = {0xFFFF0000, 0xFF00FF00, 0xFF0000FF, 0xFFFFFF00};
  static final int[] MILLIS = {100, 250, 40, 600};

  /** Grey of 16 bits at the left and what is added at each column. */
  static final int DARKEST = 0x4000;

  static final int STEP = 26;

  final String title;

  /** Of {@code process}; empty where nothing is made in it. */
  final String extension;

  Format(String title, String extension) {
    this.title = title;
    this.extension = extension;
  }

  /** A column of the table. */
  enum Property {
    ANIMATED,
    ALPHA,
    PROFILE,
    DEPTH,
    ORIENTATION,
    METADATA
  }

  /** Stripes of {@link #COLOURS}. */
  byte[] plain() {
    byte[] png = stripes();
    return switch (this) {
      case JPEG -> Pictures.jpegOf(png);
      case PNG -> png;
      case APNG -> PngChunks.animated(png, 2);
      case GIF -> Pictures.written(Pictures.stripes(WIDTH, HEIGHT, COLOURS), "gif");
      case WEBP -> Pictures.webpOf(png);
      case AVIF -> Encoders.avif(png, Map.of());
      case HEIC -> Encoders.heic(png, "yuv420p", new byte[0], new byte[0]);
      case JXL -> Encoders.jxl(png);
      case MP4, MOV -> Videos.ofPicture(container(), Pictures.stripes(WIDTH, HEIGHT, COLOURS));
      case WEBM -> Encoders.webm(png, "yuv420p");
    };
  }

  static byte[] stripes() {
    return Pictures.written(Pictures.stripes(WIDTH, HEIGHT, COLOURS), "png");
  }

  private String container() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** A file that has this, or nothing where the format has no such thing. */
  Optional<byte[]> having(Property property) {
    return switch (property) {
      case ANIMATED -> animated();
      case ALPHA -> alpha();
      case PROFILE -> profile();
      case DEPTH -> deep();
      case ORIENTATION -> turned();
      case METADATA -> Optional.of(marked());
    };
  }

  private Optional<byte[]> animated() {
    Animation animation = Animation.ofColours(64, 48, MILLIS, CORNERS);
    List<byte[]> pngs =
        animation.canvases().stream().map(canvas -> Pictures.written(canvas, "png")).toList();
    return switch (this) {
      case JPEG, PNG, HEIC -> Optional.empty();
      case APNG -> Optional.of(animation.png());
      case GIF -> Optional.of(animation.gif());
      case WEBP -> Optional.of(animation.webp());
      case AVIF -> Optional.of(Encoders.avifAnimation(pngs, MILLIS));
      case JXL -> Optional.of(Encoders.jxl(animation.png()));
      case MP4, MOV -> Optional.of(film());
      case WEBM -> Optional.of(Encoders.webmOf(MP4.film()));
    };
  }

  private byte[] film() {
    return Videos.ofColours(container(), 64, 48, MILLIS, CORNERS);
  }

  /** Nothing at the left, half of red in the middle, blue at the right. */
  static BufferedImage fading() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.setRGB(x, y, x < 54 ? 0 : x < 107 ? 0x80FF0000 : 0xFF0000FF);
      }
    }
    return image;
  }

  private static byte[] opacity() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.getRaster().setSample(x, y, 0, x < 54 ? 0 : x < 107 ? 128 : 255);
      }
    }
    return Pictures.written(image, "png");
  }

  /** Without what is half transparent, which GIF does not have. */
  private static Animation cutOut() {
    return new Animation(
        WIDTH,
        HEIGHT,
        0,
        List.of(
            new Animation.Frame(
                107, 0, 53, HEIGHT, 0xFF0000FF, 100, false, Animation.Disposal.KEEP)));
  }

  private Optional<byte[]> alpha() {
    byte[] png = Pictures.written(fading(), "png");
    return switch (this) {
      case JPEG, MP4, MOV -> Optional.empty();
      case PNG -> Optional.of(png);
      case APNG -> Optional.of(PngChunks.animated(png, 2));
      case GIF -> Optional.of(cutOut().gif());
      case WEBP -> Optional.of(Pictures.webpOf(png));
      case AVIF -> Optional.of(Encoders.avif(png, Map.of()));
      case HEIC -> {
        BufferedImage solid = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = solid.createGraphics();
        pen.setColor(Color.RED);
        pen.fillRect(0, 0, 107, HEIGHT);
        pen.setColor(Color.BLUE);
        pen.fillRect(107, 0, 53, HEIGHT);
        pen.dispose();
        yield Optional.of(
            Encoders.heic(Pictures.written(solid, "png"), "yuv420p", opacity(), new byte[0]));
      }
      case JXL -> Optional.of(Encoders.jxl(png));
      case WEBM -> Optional.of(Encoders.webm(png, "yuva420p"));
    };
  }

  private Optional<byte[]> profile() {
    byte[] icc = Profiles.p3();
    byte[] png = PngChunks.withIcc(stripes(), icc);
    return switch (this) {
      case JPEG -> Optional.of(JpegSegments.withIcc(plain(), icc));
      case PNG -> Optional.of(png);
      case APNG -> Optional.of(PngChunks.animated(png, 2));
      case WEBP -> Optional.of(WebpChunks.withIcc(plain(), WIDTH, HEIGHT, icc));
      case AVIF -> Optional.of(Encoders.avif(stripes(), Map.of("p3.icc", icc), "--icc", "p3.icc"));
      case HEIC ->
          Optional.of(
              Encoders.heic(
                  stripes(),
                  "yuv420p",
                  new byte[0],
                  new byte[0],
                  Stills.box("colr", Bytes.ascii("prof"), icc)));
      case JXL -> Optional.of(Encoders.jxl(png));
      case GIF, MP4, MOV, WEBM -> Optional.empty();
    };
  }

  /** A ramp of grey that takes more than 8 bits. */
  static byte[] ramp() {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (int y = 0; y < HEIGHT; y++) {
      lines.write(0);
      for (int x = 0; x < WIDTH; x++) {
        for (int c = 0; c < 3; c++) {
          lines.writeBytes(Bytes.big16(DARKEST + STEP * x));
        }
      }
    }
    return new RawPng(WIDTH, HEIGHT, 16, RawPng.RGB, lines.toByteArray(), List.of(), List.of())
        .file();
  }

  private Optional<byte[]> deep() {
    return switch (this) {
      case PNG -> Optional.of(ramp());
      case APNG -> Optional.of(PngChunks.animated(ramp(), 2));
      case AVIF -> Optional.of(Encoders.avif(ramp(), Map.of(), "-d", "10"));
      case HEIC -> Optional.of(Encoders.heic(ramp(), "yuv420p10le", new byte[0], new byte[0]));
      case JXL -> Optional.of(Encoders.jxl(ramp()));
      case WEBM -> Optional.of(Encoders.webm(ramp(), "yuv420p10le"));
      case JPEG, GIF, WEBP, MP4, MOV -> Optional.empty();
    };
  }

  /** Four corners in {@link #CORNERS}, line by line. */
  static BufferedImage corners() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.setRGB(x, y, CORNERS[2 * y / HEIGHT * 2 + 2 * x / WIDTH]);
      }
    }
    return image;
  }

  /** {@link #corners} with a tag that says to turn them by a quarter clockwise. */
  private Optional<byte[]> turned() {
    byte[] png = Pictures.written(corners(), "png");
    byte[] jpeg = JpegSegments.withExif(Pictures.jpegOf(png), 6);
    return switch (this) {
      case JPEG -> Optional.of(jpeg);
      case PNG -> Optional.of(PngChunks.withExif(png, 6));
      case APNG -> Optional.of(PngChunks.animated(PngChunks.withExif(png, 6), 2));
      case WEBP -> Optional.of(WebpChunks.withExif(Pictures.webpOf(png), WIDTH, HEIGHT, 6));
      case AVIF -> Optional.of(Encoders.avif(png, Map.of(), "--irot", "3"));
      case HEIC ->
          Optional.of(Encoders.heic(png, "yuv420p", new byte[0], new byte[0], Stills.turned(3)));
      case JXL -> Optional.of(Encoders.jxl(jpeg));
      case MP4, MOV -> Optional.of(Videos.turned(Videos.ofPicture(container(), corners()), 1));
      case GIF, WEBM -> Optional.empty();
    };
  }

  /** One that says where it was taken, with what, by whom. */
  private byte[] marked() {
    String secret = JpegSegments.SECRET;
    byte[] png = PngChunks.withText(PngChunks.withExif(stripes(), 1));
    byte[] exif = Exif.tiff(1);
    return switch (this) {
      case JPEG -> JpegSegments.withEverything(plain(), 1);
      case PNG -> png;
      case APNG -> PngChunks.animated(png, 2);
      case GIF -> Encoders.withComment(plain(), secret);
      case WEBP -> WebpChunks.withExif(plain(), WIDTH, HEIGHT, 1);
      case AVIF -> Encoders.avif(stripes(), Map.of("e", exif), "--exif", "e");
      case HEIC -> Encoders.heic(stripes(), "yuv420p", new byte[0], exif);
      case JXL -> Encoders.jxl(JpegSegments.withEverything(JPEG.plain(), 1));
      case MP4, MOV ->
          Videos.ofPicture(
              container(),
              Pictures.stripes(WIDTH, HEIGHT, COLOURS),
              "-metadata",
              "comment=" + secret,
              "-metadata",
              "title=" + Exif.CAMERA);
      case WEBM ->
          Encoders.webm(
              stripes(),
              "yuv420p",
              "-metadata",
              "comment=" + secret,
              "-metadata",
              "title=" + Exif.CAMERA);
    };
  }
}
