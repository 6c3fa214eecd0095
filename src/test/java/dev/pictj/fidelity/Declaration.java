package dev.pictj.fidelity;

import static dev.pictj.fidelity.Way.CONVERTED;
import static dev.pictj.fidelity.Way.PROCESSED;
import static dev.pictj.fidelity.Way.PROCESS_WEBP;
import static dev.pictj.fidelity.Way.STEPS_WEBP;
import static dev.pictj.fidelity.Way.TO_JPEG;
import static dev.pictj.fidelity.Way.TO_PNG;
import static dev.pictj.fidelity.Way.TO_WEBP;

import dev.pictj.fidelity.Seen.Frame;
import dev.pictj.pictures.Animation;
import dev.pictj.pictures.Animation.Disposal;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.Profiles;
import dev.pictj.pictures.RawPng;
import dev.pictj.pictures.Videos;
import dev.pictj.pictures.Videos.Look;
import dev.pictj.pictures.Videos.Matrix;
import dev.pictj.pictures.Videos.Transfer;
import dev.pictj.pictures.WebpChunks;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** What becomes of each property of each input on each way. */
final class Declaration {
  /** Where frames of the animations here depend on one another. */
  private static final Set<Property> FRAMES_DEPEND =
      EnumSet.of(Property.CANVAS, Property.BLEND, Property.DISPOSAL);

  private static final String FIRST = "the first frame";
  private static final String NOT_TO_FILM = "films have none";
  private static final String ON_WHITE = "on white";

  /** ImageMagick neither blends nor clears frames of WebP as the format says, nor reads APNG. */
  private static final Outcome BY_LIBVIPS_ONLY =
      new Outcome.Refused(422, "This animation can only be rendered by libvips");

  private static final int RED = 0xFFFF0000;
  private static final int GREEN = 0xFF00FF00;
  private static final int BLUE = 0xFF0000FF;
  private static final int YELLOW = 0xFFFFFF00;
  private static final int CLEAR = 0;
  private static final int WHITE = 0xFFFFFFFF;
  private static final int[] MILLIS = {100, 250, 40, 600};
  private static final int[] SIGNALS = {RED, GREEN, BLUE, YELLOW};

  /** Inside of what sRGB can show even where a profile makes them more intense. */
  private static final int[] COLOURS = {
    0xFFC85050, 0xFF50B45A, 0xFF4650C8, 0xFFC8BE50, 0xFF5AAAAA, 0xFF808080, 0xFFC07050, 0xFF3C8C3C
  };

  private static final int[] PURE = {
    RED, GREEN, BLUE, YELLOW, 0xFF00C8C8, 0xFF808080, 0xFFC07050, 0xFF3C8C3C
  };

  private static final int[] GREYS = {
    0xFF101010, 0xFF303030, 0xFF505050, 0xFF808080, 0xFFA0A0A0, 0xFFC0C0C0, 0xFFE0E0E0, 0xFFFFFFFF
  };

  private final List<Row> rows = new ArrayList<>();

  private Declaration() {}

  static List<Row> rows() {
    Declaration declaration = new Declaration();
    declaration.motion();
    declaration.geometry();
    declaration.profiles();
    declaration.films();
    declaration.channels();
    declaration.encodings();
    return declaration.rows;
  }

  private Row row(Property property, String input, Supplier<byte[]> file) {
    Row row = new Row(property, input, file);
    rows.add(row);
    return row;
  }

  // ---------------------------------------------------------------------------------- motion

  private record Moving(String name, boolean film, Function<Animation, byte[]> writer) {}

  private static final List<Moving> ANIMATIONS =
      List.of(
          new Moving("APNG", false, Animation::png),
          new Moving("animated GIF", true, Animation::gif),
          new Moving("animated WebP", false, Animation::webp));

  private void motion() {
    Animation timed = Animation.ofColours(64, 48, MILLIS, SIGNALS);
    double[] times = Arrays.stream(MILLIS).asDoubleStream().toArray();
    List<Row> films = new ArrayList<>();
    for (String container : List.of("mp4", "mov")) {
      String name = container.equals("mp4") ? "MP4" : "MOV";
      Supplier<byte[]> film = () -> Videos.ofColours(container, 64, 48, MILLIS, SIGNALS);
      films.add(row(Property.FRAME_TIME, name, film).measures(Declaration::durations, 5, times));
      films.add(row(Property.TOTAL_TIME, name, film).measures(Declaration::total, 5, 990));
      int[] many = new int[30];
      Arrays.fill(many, 33);
      films.add(
          row(Property.FRAME_COUNT, name, () -> Videos.ofColours(container, 64, 48, many, SIGNALS))
              .measures(Declaration::count, 0, 30));
    }
    for (Moving kind : ANIMATIONS) {
      List<Row> moving = new ArrayList<>();
      moving.add(
          row(Property.FRAME_TIME, kind.name, () -> kind.writer.apply(timed))
              .measures(Declaration::durations, 5, times)
              .sample());
      moving.add(
          row(Property.TOTAL_TIME, kind.name, () -> kind.writer.apply(timed))
              .measures(Declaration::total, 5, 990));
      moving.add(
          row(Property.LOOP_COUNT, kind.name, () -> kind.writer.apply(timed.looping(3)))
              .measures(seen -> new double[] {seen.loops()}, 0, 3));
      int[] many = new int[30];
      Arrays.fill(many, 40);
      moving.add(
          row(
                  Property.FRAME_COUNT,
                  kind.name,
                  () -> kind.writer.apply(Animation.ofColours(64, 48, many, SIGNALS)))
              .measures(Declaration::count, 0, 30));
      moving.add(placed(kind));
      moving.add(disposed(kind));
      if (!kind.film) {
        moving.add(blended(kind));
      }
      films.addAll(moving);
    }
    for (Row row : films) {
      boolean webp = row.input.equals("animated WebP");
      row.steps("thumbnail=32", "resize=32", "crop=1x1", "blur=1");
      double[] still = still(row);
      List<Way> stills = new ArrayList<>(List.of(PROCESSED));
      if (webp) {
        stills.removeAll(List.of(PROCESS_WEBP, STEPS_WEBP));
      } else if (row.input.equals("APNG")) {
        // As PNG it is what is stored, for what is asked for changes nothing; as WebP it moves.
        stills.removeAll(List.of(Way.PROCESS_PNG, PROCESS_WEBP, STEPS_WEBP));
        row.byImageMagick(BY_LIBVIPS_ONLY, PROCESS_WEBP, STEPS_WEBP);
      }
      row.changed(FIRST, still, stills.toArray(Way[]::new));
      if (row.property == Property.LOOP_COUNT && row.input.equals("animated GIF")) {
        row.changed(NOT_TO_FILM, new double[] {-1}, Way.STORED, Way.JPG, Way.PNG, Way.WEBP);
      }
      if (webp && FRAMES_DEPEND.contains(row.property)) {
        row.byImageMagick(BY_LIBVIPS_ONLY, STEPS_WEBP);
      }
    }
  }

  /** What a row of motion measures where there is one frame. */
  private static double[] still(Row row) {
    return switch (row.property) {
      case FRAME_TIME -> new double[0];
      case TOTAL_TIME -> new double[] {0};
      case LOOP_COUNT -> new double[] {-1};
      case FRAME_COUNT -> new double[] {1};
      default -> Arrays.copyOf(row.kept, 8);
    };
  }

  private Row placed(Moving kind) {
    Animation animation =
        new Animation(
            64,
            48,
            0,
            List.of(
                Animation.Frame.whole(64, 48, GREEN, 100),
                new Animation.Frame(16, 12, 32, 24, RED, 100, false, Disposal.KEEP),
                new Animation.Frame(0, 0, 16, 12, BLUE, 100, false, Disposal.KEEP)));
    return row(Property.CANVAS, kind.name, () -> kind.writer.apply(animation))
        .measures(Declaration::middleAndCorner, 24, rgba(GREEN, GREEN, RED, GREEN, RED, BLUE));
  }

  private Row disposed(Moving kind) {
    boolean restores = !kind.name.equals("animated WebP");
    Animation animation =
        new Animation(
            64,
            48,
            0,
            List.of(
                Animation.Frame.whole(64, 48, GREEN, 100),
                new Animation.Frame(
                    16, 12, 32, 24, RED, 100, false, restores ? Disposal.RESTORE : Disposal.KEEP),
                new Animation.Frame(0, 0, 16, 12, BLUE, 100, false, Disposal.CLEAR),
                new Animation.Frame(62, 46, 2, 2, GREEN, 100, false, Disposal.KEEP)));
    int middle = restores ? GREEN : RED;
    Row row =
        row(Property.DISPOSAL, kind.name, () -> kind.writer.apply(animation))
            .measures(
                Declaration::middleAndCorner,
                24,
                rgba(GREEN, GREEN, RED, GREEN, middle, BLUE, middle, CLEAR));
    if (kind.film) {
      double[] white = rgba(GREEN, GREEN, RED, GREEN, middle, BLUE, middle, WHITE);
      String kept = "kept; what it leaves free is white";
      row.changed(kept, white, Way.STORED).changed(kept, white, CONVERTED);
    }
    return row;
  }

  private Row blended(Moving kind) {
    Animation animation =
        new Animation(
            64,
            48,
            0,
            List.of(
                Animation.Frame.whole(64, 48, BLUE, 100),
                new Animation.Frame(16, 12, 32, 24, 0x80FF0000, 100, true, Disposal.KEEP),
                new Animation.Frame(0, 0, 16, 12, 0x80FF0000, 100, false, Disposal.KEEP)));
    double[] expected = rgba(BLUE, BLUE, 0xFF80007F, BLUE, 0xFF80007F, 0x80FF0000);
    return row(Property.BLEND, kind.name, () -> kind.writer.apply(animation))
        .measures(Declaration::middleAndCorner, 24, expected);
  }

  /** How long each colour is seen. */
  private static double[] durations(Seen seen) {
    List<Double> times = new ArrayList<>();
    Frame before = null;
    for (Frame frame : seen.frames().size() == 1 ? List.<Frame>of() : seen.frames()) {
      if (before != null && alike(before.at(0.5, 0.5), frame.at(0.5, 0.5))) {
        times.set(times.size() - 1, times.getLast() + frame.millis());
      } else {
        times.add(frame.millis());
      }
      before = frame;
    }
    return times.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static boolean alike(double[] one, double[] other) {
    return IntStream.range(0, one.length).allMatch(i -> Math.abs(one[i] - other[i]) < 30);
  }

  private static double[] total(Seen seen) {
    return new double[] {seen.frames().stream().mapToDouble(Frame::millis).sum()};
  }

  private static double[] count(Seen seen) {
    return new double[] {Math.max(1, durations(seen).length)};
  }

  /** Of each frame that is not like the one before. */
  private static double[] middleAndCorner(Seen seen) {
    List<double[]> found = new ArrayList<>();
    for (Frame frame : seen.frames()) {
      double[] both =
          DoubleStream.concat(
                  Arrays.stream(weighted(frame.at(0.5, 0.5))),
                  Arrays.stream(weighted(frame.at(0.1, 0.1))))
              .toArray();
      if (found.isEmpty() || !alike(found.getLast(), both)) {
        found.add(both);
      }
    }
    return found.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  /** What is transparent has no colour. */
  private static double[] weighted(double[] rgba) {
    double[] out = rgba.clone();
    for (int i = 0; i < 3; i++) {
      out[i] *= rgba[3] / 255;
    }
    return out;
  }

  private static double[] rgba(int... argb) {
    return Arrays.stream(argb)
        .boxed()
        .flatMapToDouble(
            colour ->
                Arrays.stream(
                    weighted(
                        new double[] {
                          colour >> 16 & 255, colour >> 8 & 255, colour & 255, colour >>> 24
                        })))
        .toArray();
  }

  // -------------------------------------------------------------------------------- geometry

  private void geometry() {
    double[] turned = rgb(BLUE, RED, YELLOW, GREEN);
    double[] mirrored = rgb(GREEN, RED, YELLOW, BLUE);
    String[] steps = {"thumbnail=32", "resize=32", "crop=1x1", "blur=1"};
    byte[] jpeg = Pictures.cornerJpeg();
    byte[] png = Pictures.cornerPng();
    byte[] webp = Pictures.webpOf(png, "webp:lossless=true");
    row(Property.ORIENTATION, "JPEG, turned by EXIF", () -> JpegSegments.withExif(jpeg, 6))
        .measures(Declaration::quarters, 24, turned)
        .repairedFrom(() -> cut(JpegSegments.withExif(jpeg, 6)))
        .steps(steps)
        .sample();
    row(Property.ORIENTATION, "JPEG, mirrored by EXIF", () -> JpegSegments.withExif(jpeg, 2))
        .measures(Declaration::quarters, 24, mirrored)
        .repairedFrom(() -> cut(JpegSegments.withExif(jpeg, 2)))
        .steps(steps);
    row(Property.ORIENTATION, "PNG, turned by eXIf", () -> PngChunks.withExif(png, 6))
        .measures(Declaration::quarters, 24, turned)
        .repairedFrom(() -> spoiled(PngChunks.withExif(png, 6)))
        .steps(steps);
    row(Property.ORIENTATION, "WebP, turned by EXIF", () -> WebpChunks.withExif(webp, 64, 48, 6))
        .measures(Declaration::quarters, 24, turned)
        .steps(steps);
    for (String container : List.of("mp4", "mov")) {
      row(
              Property.ORIENTATION,
              (container.equals("mp4") ? "MP4" : "MOV") + ", turned by its display matrix",
              () -> Videos.turned(Videos.ofPicture(container, Pictures.corners(64, 48)), 1))
          .measures(Declaration::quarters, 24, turned)
          .steps(steps);
    }
    row(
            Property.PIXEL_ASPECT,
            "MP4 with pixels of 64:45",
            () ->
                Videos.ofPicture(
                    "mp4",
                    Pictures.corners(180, 144),
                    "-bsf:v",
                    "h264_metadata=sample_aspect_ratio=64/45"))
        .measures(seen -> new double[] {seen.shape()}, 0.02, 16.0 / 9)
        .steps("thumbnail=128", "resize=128", "blur=1");
    row(
            Property.PIXEL_ASPECT,
            "MOV with pixels of 1:2",
            () ->
                Videos.ofPicture(
                    "mov",
                    Pictures.corners(160, 64),
                    "-bsf:v",
                    "h264_metadata=sample_aspect_ratio=1/2"))
        .measures(seen -> new double[] {seen.shape()}, 0.02, 1.25)
        .steps("thumbnail=64", "resize=64", "blur=1");
    BufferedImage odd = Pictures.stripes(101, 61, RED);
    byte[] oddPng = Pictures.written(odd, "png");
    record Odd(String name, Supplier<byte[]> file) {}
    for (Odd one :
        List.of(
            new Odd("JPEG", () -> Pictures.jpegOf(odd)),
            new Odd("PNG", () -> oddPng),
            new Odd("WebP", () -> Pictures.webpOf(oddPng)),
            new Odd(
                "animated GIF",
                () -> Animation.ofColours(101, 61, new int[] {100, 100}, RED, 0xFFF00000).gif()),
            new Odd(
                "animated WebP",
                () -> Animation.ofColours(101, 61, new int[] {100, 100}, RED, 0xFFF00000).webp()),
            new Odd(
                "MP4 without chroma subsampling",
                () -> Videos.ofPicture("mp4", odd, "-pix_fmt", "yuv444p")))) {
      row(Property.ODD_SIDES, one.name, one.file)
          .measures(Declaration::edges, 24, rgb(RED, RED))
          .steps("thumbnail=51", "resize=51", "crop=1x1", "blur=1");
    }
  }

  private static double[] quarters(Seen seen) {
    return at(seen.first(), 0.25, 0.25, 0.75, 0.25, 0.25, 0.75, 0.75, 0.75);
  }

  private static double[] edges(Seen seen) {
    return at(seen.first(), 0.9999, 0.5, 0.5, 0.9999);
  }

  private static double[] at(Frame frame, double... places) {
    double[] out = new double[places.length / 2 * 3];
    for (int i = 0; i < places.length / 2; i++) {
      System.arraycopy(frame.at(places[2 * i], places[2 * i + 1]), 0, out, 3 * i, 3);
    }
    return out;
  }

  private static double[] rgb(int... colours) {
    return Arrays.stream(colours)
        .boxed()
        .flatMapToDouble(c -> DoubleStream.of(c >> 16 & 255, c >> 8 & 255, c & 255))
        .toArray();
  }

  /** A JPEG without its last marker. */
  private static byte[] cut(byte[] jpeg) {
    return Bytes.part(jpeg, 0, jpeg.length - 2);
  }

  /** A PNG with a text whose checksum is wrong. */
  private static byte[] spoiled(byte[] png) {
    return PngChunks.withWrongCrc(PngChunks.withText(png), "tEXt");
  }

  // --------------------------------------------------------------------- profiles and gamma

  private void profiles() {
    BufferedImage stripes = Pictures.stripes(160, 120, COLOURS);
    byte[] png = Pictures.written(stripes, "png");
    byte[] jpeg = Pictures.jpegOf(stripes);
    byte[] icc = Profiles.swapped();
    double[] shown = through(Colours.of(Optional.of(icc), 3), COLOURS);
    row(Property.PROFILE, "JPEG", () -> JpegSegments.withIcc(jpeg, icc))
        .measures(Declaration::stripes, 12, shown)
        .repairedFrom(() -> cut(JpegSegments.withIcc(jpeg, icc)));
    row(
            Property.PROFILE,
            "JPEG, CMYK with a profile for RGB",
            () -> JpegSegments.withIcc(Pictures.jpegOf(png, "-colorspace", "CMYK"), icc))
        .measures(Declaration::stripes, 24, rgb(COLOURS));
    byte[] greyJpeg =
        Pictures.jpegOf(
            Pictures.written(Pictures.stripes(160, 120, GREYS), "png"), "-colorspace", "Gray");
    byte[] grey = Profiles.grey(1);
    double[] bright = through(Colours.of(Optional.of(grey), 1), GREYS);
    row(
            Property.PROFILE,
            "JPEG, grey with a profile for grey",
            () -> JpegSegments.withIcc(greyJpeg, grey))
        .measures(Declaration::stripes, 12, bright)
        .repairedFrom(() -> cut(JpegSegments.withIcc(greyJpeg, grey)));
    row(
            Property.PROFILE,
            "JPEG, RGB with a profile for grey",
            () -> JpegSegments.withIcc(jpeg, grey))
        .measures(Declaration::stripes, 12, rgb(COLOURS));
    row(Property.PROFILE, "PNG", () -> PngChunks.withIcc(png, icc))
        .measures(Declaration::stripes, 12, shown)
        .repairedFrom(() -> spoiled(PngChunks.withIcc(png, icc)))
        .sample();
    row(Property.PROFILE, "PNG, 16 bits", () -> PngChunks.withIcc(deep(RawPng.RGB), icc))
        .measures(Declaration::stripes, 12, shown)
        .repairedFrom(() -> spoiled(PngChunks.withIcc(deep(RawPng.RGB), icc)));
    row(Property.PROFILE, "PNG, palette", () -> PngChunks.withIcc(palette(), icc))
        .measures(Declaration::stripes, 12, shown)
        .repairedFrom(() -> spoiled(PngChunks.withIcc(palette(), icc)));
    row(
            Property.PROFILE,
            "PNG, grey with a profile for grey",
            () -> PngChunks.withIcc(raw(RawPng.GREY, 8, GREYS).file(), grey))
        .measures(Declaration::stripes, 12, bright)
        .repairedFrom(() -> spoiled(PngChunks.withIcc(raw(RawPng.GREY, 8, GREYS).file(), grey)));
    row(
            Property.PROFILE,
            "PNG, transparent",
            () -> PngChunks.withIcc(raw(RawPng.RGBA, 8, COLOURS).file(), icc))
        .measures(Declaration::stripes, 12, shown);
    byte[] webp = Pictures.webpOf(png);
    row(Property.PROFILE, "WebP", () -> WebpChunks.withIcc(webp, 160, 120, icc))
        .measures(Declaration::stripes, 12, shown);
    row(Property.PROFILE, "APNG", () -> PngChunks.withIcc(PngChunks.animated(png, 2), icc))
        .measures(Declaration::stripes, 12, shown)
        .byImageMagick(BY_LIBVIPS_ONLY, PROCESS_WEBP, STEPS_WEBP);
    byte[] moving = Animation.ofColours(160, 120, new int[] {100, 100}, COLOURS).webp();
    int first = COLOURS[0];
    row(Property.PROFILE, "animated WebP", () -> WebpChunks.withIcc(moving, 160, 120, icc))
        .measures(
            seen -> at(seen.first(), 0.5, 0.5), 12, through(Colours.of(Optional.of(icc), 3), first))
        .byImageMagick(BY_LIBVIPS_ONLY, STEPS_WEBP);
    gamma(png);
  }

  private void gamma(byte[] png) {
    byte[] srgbPrimaries = points(31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000);
    double[] srgb = {0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06};
    double[] wide = {0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06};
    byte[] widePrimaries = points(31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000);
    record Chunks(String name, double[] shown, Function<byte[], byte[]> add) {}
    for (Chunks one :
        List.of(
            new Chunks(
                "gamma 1.8",
                through(Colours.of(1.8, srgb), COLOURS),
                bytes ->
                    PngChunks.withChunk(
                        PngChunks.withChunk(bytes, "gAMA", Bytes.big32(55_556)),
                        "cHRM",
                        srgbPrimaries)),
            new Chunks(
                "gamma 1.8 without primaries",
                through(Colours.of(1.8, new double[0]), COLOURS),
                bytes -> PngChunks.withChunk(bytes, "gAMA", Bytes.big32(55_556))),
            new Chunks(
                "the primaries of P3",
                through(Colours.of(0, wide), COLOURS),
                bytes ->
                    PngChunks.withChunk(
                        PngChunks.withChunk(bytes, "gAMA", Bytes.big32(45_455)),
                        "cHRM",
                        widePrimaries)),
            new Chunks(
                "cICP of P3",
                through(Colours.of(0, wide), COLOURS),
                bytes -> PngChunks.withChunk(bytes, "cICP", new byte[] {12, 13, 0, 1})),
            new Chunks(
                "sRGB beside a wrong gamma",
                rgb(COLOURS),
                bytes ->
                    PngChunks.withChunk(
                        PngChunks.withChunk(bytes, "gAMA", Bytes.big32(100_000)),
                        "sRGB",
                        new byte[1])))) {
      row(Property.GAMMA, "PNG with " + one.name, () -> one.add.apply(png))
          .measures(Declaration::stripes, 12, one.shown)
          .repairedFrom(() -> spoiled(one.add.apply(png)));
    }
    row(
            Property.GAMMA,
            "PNG, palette with gamma 1.8",
            () -> PngChunks.withChunk(palette(), "gAMA", Bytes.big32(55_556)))
        .measures(Declaration::stripes, 12, through(Colours.of(1.8, new double[0]), COLOURS));
    row(
            Property.GAMMA,
            "PNG, 16 bits with gamma 1",
            () -> PngChunks.withChunk(deep(RawPng.RGB), "gAMA", Bytes.big32(100_000)))
        .measures(Declaration::stripes, 12, through(Colours.of(1, new double[0]), COLOURS));
    row(
            Property.GAMMA,
            "PNG, grey with gamma 1",
            () ->
                PngChunks.withChunk(
                    raw(RawPng.GREY, 8, GREYS).file(), "gAMA", Bytes.big32(100_000)))
        .measures(Declaration::stripes, 12, through(Colours.of(1, new double[0]), GREYS));
  }

  private static byte[] points(int... values) {
    return Bytes.join(Arrays.stream(values).mapToObj(Bytes::big32).toArray(byte[][]::new));
  }

  private static double[] through(Colours colours, int... argb) {
    return Arrays.stream(argb)
        .boxed()
        .flatMapToDouble(
            c -> {
              double[] rgb = {(c >> 16 & 255) / 255.0, (c >> 8 & 255) / 255.0, (c & 255) / 255.0};
              double[] out;
              try {
                out = colours.shown(rgb);
              } catch (IllegalArgumentException e) {
                // One for grey.
                out = colours.shown(new double[] {rgb[0]});
              }
              return Arrays.stream(out).map(value -> 255 * value);
            })
        .toArray();
  }

  private static double[] stripes(Seen seen) {
    double[] places = new double[16];
    for (int i = 0; i < 8; i++) {
      places[2 * i] = (i + 0.5) / 8;
      places[2 * i + 1] = 0.5;
    }
    return at(seen.first(), places);
  }

  /** Eight stripes in a PNG of this type; of grey, the red of each is what counts. */
  private static RawPng raw(int type, int depth, int... argb) {
    int channels = type == RawPng.GREY || type == RawPng.PALETTE ? 1 : type == RawPng.RGB ? 3 : 4;
    int bytes = depth / 8;
    int row = 1 + 160 * channels * bytes;
    byte[] scanlines = new byte[row * 120];
    for (int y = 0; y < 120; y++) {
      for (int x = 0; x < 160; x++) {
        int stripe = x / 20;
        for (int c = 0; c < channels; c++) {
          int value =
              type == RawPng.PALETTE ? stripe : argb[stripe] >> new int[] {16, 8, 0, 24}[c] & 255;
          int at = y * row + 1 + (x * channels + c) * bytes;
          scanlines[at] = (byte) value;
          if (bytes == 2) {
            // What eight bits cannot hold, but for what is transparent or opaque.
            scanlines[at + 1] = (byte) (value % 255 == 0 ? value : value ^ 0x5A);
          }
        }
      }
    }
    return new RawPng(160, 120, depth, type, scanlines, List.of(), List.of());
  }

  private static byte[] deep(int type) {
    return raw(type, 16, COLOURS).file();
  }

  private static byte[] palette() {
    byte[] colours = new byte[24];
    for (int i = 0; i < 24; i++) {
      colours[i] = (byte) (COLOURS[i / 3] >> 16 - i % 3 * 8);
    }
    return raw(RawPng.PALETTE, 8, COLOURS).withBefore("PLTE", colours).file();
  }

  // ----------------------------------------------------------------------- colours of films

  private void films() {
    record Film(Property property, String name, int width, int height, Look look) {}
    for (Film film :
        List.of(
            new Film(
                Property.MATRIX,
                "MP4 of BT.709",
                320,
                180,
                new Look(Matrix.BT709, false, Transfer.SDR, true, "mp4")),
            new Film(
                Property.MATRIX,
                "MP4 of BT.601",
                320,
                180,
                new Look(Matrix.BT601, false, Transfer.SDR, true, "mp4")),
            new Film(
                Property.MATRIX,
                "MOV of BT.709",
                320,
                180,
                new Look(Matrix.BT709, false, Transfer.SDR, true, "mov")),
            new Film(
                Property.MATRIX,
                "MP4 that does not say, under 720 rows (BT.601)",
                320,
                180,
                new Look(Matrix.BT601, false, Transfer.SDR, false, "mp4")),
            new Film(
                Property.MATRIX,
                "MP4 that does not say, from 720 rows (BT.709)",
                640,
                720,
                new Look(Matrix.BT709, false, Transfer.SDR, false, "mp4")),
            new Film(
                Property.RANGE,
                "MP4 of all values",
                320,
                180,
                new Look(Matrix.BT709, true, Transfer.SDR, true, "mp4")))) {
      Row row =
          row(
                  film.property,
                  film.name,
                  () -> Videos.stripes(film.width, film.height, PURE, film.look))
              .measures(Declaration::stripes, 10, rgb(PURE));
      if (film.name.equals("MP4 of BT.709")) {
        row.sample();
      }
    }
    for (Transfer transfer : List.of(Transfer.HLG, Transfer.PQ)) {
      row(
              Property.TRANSFER,
              "MOV of " + transfer,
              () ->
                  Videos.stripes(
                      320, 180, PURE, new Look(Matrix.BT2020, false, transfer, true, "mov")))
          .measures(Declaration::stripes, 60, rgb(PURE))
          .changed("SDR", rgb(PURE), Way.values())
          .notApplicable(Way.REPAIRED);
    }
    Animation colours = Animation.ofColours(64, 48, new int[] {100, 100, 100, 100}, SIGNALS);
    row(Property.MATRIX, "animated GIF", colours::gif)
        .measures(
            seen ->
                seen.frames().stream()
                    .flatMapToDouble(frame -> Arrays.stream(at(frame, 0.5, 0.5)))
                    .limit(12)
                    .toArray(),
            8,
            rgb(SIGNALS))
        .changed(FIRST, rgb(RED), PROCESSED);
  }

  // ------------------------------------------------------------------------ alpha and depth

  private void channels() {
    int[] fading = new int[8];
    for (int i = 0; i < 8; i++) {
      fading[i] = 255 * (7 - i) / 7 << 24 | 0xC83C28;
    }
    double[] kept = new double[] {255, 255 * 4 / 7, 0, 255, 255, 255};
    double[] white = new double[] {255, 255, 255, 255, 255, 255};
    byte[] png = raw(RawPng.RGBA, 8, fading).file();
    byte[] trns = new byte[8];
    for (int i = 0; i < 8; i++) {
      trns[i] = (byte) (fading[i] >>> 24);
    }
    byte[] plte =
        Bytes.join(
            IntStream.range(0, 8).mapToObj(_ -> new byte[] {-56, 60, 40}).toArray(byte[][]::new));
    byte[] palette =
        raw(RawPng.PALETTE, 8, fading).withBefore("PLTE", plte).withBefore("tRNS", trns).file();
    record Clear(String name, Supplier<byte[]> file) {}
    for (Clear one :
        List.of(
            new Clear("PNG", () -> png),
            new Clear("PNG, palette", () -> palette),
            new Clear("PNG, 16 bits", () -> raw(RawPng.RGBA, 16, fading).file()),
            new Clear("WebP", () -> Pictures.webpOf(png)),
            new Clear("WebP without loss", () -> Pictures.webpOf(png, "webp:lossless=true")))) {
      Row row =
          row(Property.ALPHA, one.name, one.file)
              .measures(Declaration::transparency, 8, kept)
              .changed(ON_WHITE, white, TO_JPEG);
      if (one.name.startsWith("PNG")) {
        row.repairedFrom(() -> spoiled(one.file.get()));
      }
    }
    Animation still = new Animation(160, 120, 0, List.of(Animation.Frame.whole(160, 120, 0, 100)));
    double[] clear = {255, 255, 255, 0};
    double[] opaque = {255, 255, 255, 255};
    row(Property.ALPHA, "GIF", still::gif)
        .measures(Declaration::corner, 8, clear)
        .changed(ON_WHITE, opaque, TO_JPEG);
    Animation moving =
        new Animation(
            160,
            120,
            0,
            List.of(
                Animation.Frame.whole(160, 120, 0, 100),
                new Animation.Frame(40, 30, 80, 60, RED, 100, true, Disposal.CLEAR)));
    for (Moving kind : ANIMATIONS) {
      Row row =
          row(Property.ALPHA, kind.name, () -> kind.writer.apply(moving))
              .measures(Declaration::corner, 8, clear)
              .changed(ON_WHITE, opaque, Way.PROCESS_JPG, Way.STEPS_JPG);
      if (kind.name.equals("animated WebP")) {
        row.byImageMagick(BY_LIBVIPS_ONLY, STEPS_WEBP);
      } else if (kind.name.equals("APNG")) {
        row.byImageMagick(BY_LIBVIPS_ONLY, PROCESS_WEBP, STEPS_WEBP);
      }
      if (kind.film) {
        row.changed(ON_WHITE, opaque, Way.STORED)
            .changed(ON_WHITE, opaque, CONVERTED)
            .changed(ON_WHITE, opaque, PROCESSED);
      }
    }
    Function<Seen, double[]> depth = seen -> new double[] {seen.depth()};
    double[] eight = {8};
    row(Property.DEPTH, "PNG, 16 bits", () -> deep(RawPng.RGB))
        .measures(depth, 0, 16)
        .repairedFrom(() -> spoiled(deep(RawPng.RGB)))
        .changed("8 bits", eight, TO_JPEG)
        .changed("8 bits", eight, TO_WEBP);
    row(Property.DEPTH, "PNG, grey of 16 bits", () -> deep(RawPng.GREY))
        .measures(depth, 0, 16)
        .repairedFrom(() -> spoiled(deep(RawPng.GREY)))
        .changed("8 bits", eight, TO_JPEG)
        .changed("8 bits", eight, TO_WEBP);
    row(
            Property.DEPTH,
            "MP4, 10 bits",
            () ->
                Videos.ofPicture(
                    "mp4", Pictures.stripes(160, 120, COLOURS), "-pix_fmt", "yuv420p10le"))
        .measures(depth, 0, 10)
        .changed("8 bits", eight, Way.values())
        .notApplicable(Way.REPAIRED);
  }

  /** On white, and its alpha. */
  private static double[] corner(Seen seen) {
    double[] found = seen.first().at(0.05, 0.05);
    double[] out = weighted(found);
    for (int i = 0; i < 3; i++) {
      out[i] += 255 - found[3];
    }
    return out;
  }

  /** Three alphas, and what is seen on white where all is transparent. */
  private static double[] transparency(Seen seen) {
    double[] last = seen.first().at(0.97, 0.5);
    double[] out = {
      seen.first().at(1 / 16.0, 0.5)[3], seen.first().at(7 / 16.0, 0.5)[3], last[3], 0, 0, 0
    };
    for (int i = 0; i < 3; i++) {
      out[3 + i] = last[i] * last[3] / 255 + 255 - last[3];
    }
    return out;
  }

  // -------------------------------------------------------------------------------- encoding

  private void encodings() {
    double[] colours = rgb(COLOURS);
    String near = "nearly";
    row(Property.PALETTE, "PNG", Declaration::palette)
        .measures(Declaration::stripes, 0, colours)
        .repairedFrom(() -> spoiled(palette()))
        .nearly(near, 8, TO_JPEG)
        .nearly(near, 8, TO_WEBP)
        .nearly(near, 2, Way.STEPS_PNG);
    byte[] still =
        new Animation(160, 120, 0, List.of(Animation.Frame.whole(160, 120, COLOURS[0], 0))).gif();
    double[] one = rgb(COLOURS[0]);
    row(Property.PALETTE, "GIF of one frame, stored as PNG", () -> still)
        .measures(seen -> at(seen.first(), 0.5, 0.5), 0, one)
        .nearly(near, 8, TO_JPEG)
        .nearly(near, 8, TO_WEBP);
    byte[] png = Pictures.written(Pictures.stripes(160, 120, COLOURS), "png");
    Function<Seen, double[]> chroma =
        seen -> new double[] {Integer.parseInt(seen.chroma().replace(":", ""))};
    for (String[] kind : new String[][] {{"4:4:4", "1x1"}, {"4:2:2", "2x1"}, {"4:2:0", "2x2"}}) {
      Row row =
          row(
                  Property.CHROMA,
                  "JPEG of " + kind[0],
                  () -> Pictures.jpegOf(png, "-sampling-factor", kind[1]))
              .measures(chroma, 0, Integer.parseInt(kind[0].replace(":", "")))
              .repairedFrom(() -> cut(Pictures.jpegOf(png, "-sampling-factor", kind[1])))
              .changed("4:4:4", new double[] {444}, TO_PNG);
      row.changed("4:2:0", new double[] {420}, TO_WEBP);
      if (kind[0].equals("4:2:2")) {
        row.changed("4:4:4", new double[] {444}, Way.REPAIRED, Way.STEPS_JPG);
      }
    }
    row(
            Property.CHROMA,
            "MP4 of 4:4:4",
            () -> Videos.ofPicture("mp4", Pictures.corners(64, 48), "-pix_fmt", "yuv444p"))
        .measures(chroma, 0, 444)
        .changed("4:2:0", new double[] {420}, Way.STORED)
        .changed("4:2:0", new double[] {420}, CONVERTED)
        .notApplicable(PROCESSED);
    Function<Seen, double[]> lossless = seen -> new double[] {seen.lossless() ? 1 : 0};
    double[] lossy = {0};
    row(Property.LOSSLESSNESS, "PNG", () -> png)
        .measures(lossless, 0, 1)
        .repairedFrom(() -> spoiled(png))
        .changed("quality 92", lossy, TO_JPEG)
        .changed("quality 80", lossy, TO_WEBP);
    row(
            Property.LOSSLESSNESS,
            "WebP without loss",
            () -> Pictures.webpOf(png, "webp:lossless=true"))
        .measures(lossless, 0, 1)
        .changed("quality 92", lossy, TO_JPEG)
        .changed("quality 80", lossy, STEPS_WEBP);
    Animation moving = Animation.ofColours(64, 48, MILLIS, SIGNALS);
    row(Property.LOSSLESSNESS, "animated WebP without loss", moving::webp)
        .measures(lossless, 0, 1)
        .steps("thumbnail=32", "resize=32", "crop=1x1", "blur=1")
        .changed("quality 80", lossy, STEPS_WEBP)
        .notApplicable(Way.PROCESS_JPG, Way.PROCESS_PNG, Way.STEPS_JPG, Way.STEPS_PNG);
    for (String name : List.of("JPEG", "WebP")) {
      Supplier<byte[]> file =
          () -> name.equals("JPEG") ? Pictures.jpeg(160, 120) : Pictures.webp(160, 120);
      row(Property.LOSSLESSNESS, name + ", its pixels as they are", file)
          .measures(seen -> new double[] {difference(seen, file.get())}, 0, 0)
          .notApplicable(CONVERTED)
          .notApplicable(PROCESSED)
          .becomes(new Outcome.Kept(), name.equals("JPEG") ? Way.PROCESS_JPG : PROCESS_WEBP);
    }
  }

  /** The largest of any channel. */
  private static double difference(Seen seen, byte[] file) {
    Frame one = seen.first();
    Frame other = Decoders.seen(file).first();
    double most = 0;
    for (int y = 0; y < one.height(); y++) {
      for (int x = 0; x < one.width(); x++) {
        for (int c = 0; c < 3; c++) {
          most = Math.max(most, Math.abs(one.samples()[y][x][c] - other.samples()[y][x][c]));
        }
      }
    }
    return most;
  }
}
