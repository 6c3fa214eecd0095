package dev.pictj.engine.metadata;

import dev.pictj.engine.metadata.Recolouring.Change;
import dev.pictj.media.ByteSource;
import dev.pictj.media.Chunks;
import dev.pictj.media.IccProfile;
import dev.pictj.media.JpegSegments;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.media.Samples;
import dev.pictj.media.VideoTrack;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The colours that the samples of a still mean, by its header, and what has to be done that they
 * mean the same in another file.
 *
 * <p>Samples are sRGB where nothing else is said. A profile counts where it is of the colour space
 * that the pixels have; readers pass over others, and so does this. In a PNG, {@code cICP} goes
 * before {@code iCCP}, that before {@code sRGB}, and that before {@code gAMA} and {@code cHRM} (W3C
 * PNG third edition, 4.3).
 */
public final class Colours {
  /** The channels of pixels, beside alpha. */
  public enum Channels {
    GREY,
    RGB,
    CMYK
  }

  /** Where the profile comes from. */
  private enum Origin {
    /** There is no profile, which means sRGB. */
    NONE,
    FILE,
    /** There is a profile, but of another colour space than the pixels have. */
    MISFIT,
    /** The decoder has it, and gives it with the pixels. */
    DECODER,
    /** Made of chunks that name no more colours than sRGB has. */
    CHUNKS,
    /** Made of chunks that name others, which would be lost in sRGB. */
    CHUNKS_BEYOND_SRGB
  }

  private record Meaning(Origin origin, Optional<byte[]> profile) {
    static final Meaning SRGB = new Meaning(Origin.NONE, Optional.empty());

    static Meaning of(Optional<byte[]> found, boolean any) {
      return new Meaning(
          found.isPresent() ? Origin.FILE : any ? Origin.MISFIT : Origin.NONE, found);
    }
  }

  /** Bounds of {@code gAMA} (11.3.2.2), in units of 1/100000; other values are ignored. */
  private static final int MIN_GAMMA = 10_000;

  private static final int MAX_GAMMA = 1_000_000;
  private static final double GAMMA_UNIT = 100_000;

  private final Channels channels;
  private final boolean alpha;
  private final Optional<PngColours> png;
  private final Meaning meaning;

  /** Whether nothing but the header counts, whatever profile a decoder makes of it. */
  private final boolean named;

  private Colours(Channels channels, boolean alpha, Optional<PngColours> png, Meaning meaning) {
    this(channels, alpha, png, meaning, false);
  }

  private Colours(
      Channels channels, boolean alpha, Optional<PngColours> png, Meaning meaning, boolean named) {
    this.channels = channels;
    this.alpha = alpha;
    this.png = png;
    this.meaning = meaning;
    this.named = named;
  }

  /**
   * Reads a header.
   *
   * @param source a file that is what it was probed as; where it is damaged, nothing is said
   */
  public static Colours of(Path source, Probed probed) throws IOException {
    if (probed.samples().isPresent()) {
      return ofSamples(source, probed.samples().get());
    }
    return switch (probed.type()) {
      case JPEG -> ofJpeg(source, probed.cmyk());
      case PNG, APNG -> ofPng(PngColours.of(source));
      case WEBP -> ofWebp(source);
      default -> new Colours(Channels.RGB, true, Optional.empty(), Meaning.SRGB);
    };
  }

  /** The channels of the pixels. */
  public Channels channels() {
    return channels;
  }

  /** What has to be done for a file of this format. */
  public Change in(MediaType target) {
    if (!target.has(MediaType.Trait.PROFILE)) {
      return inSrgb();
    }
    boolean cmyk = channels == Channels.CMYK;
    return switch (meaning.origin()) {
      case NONE -> cmyk || named ? Change.WITHOUT_PROFILE : Change.NONE;
      case MISFIT -> Change.WITHOUT_PROFILE;
      case FILE -> {
        if (isGreyInRgb()) {
          yield Change.WITH_PROFILE;
        }
        boolean none = channels == Channels.RGB || (!cmyk && target.has(MediaType.Trait.GREY));
        yield none ? Change.NONE : Change.TO_SRGB;
      }
      case DECODER ->
          channels == Channels.RGB || target.has(MediaType.Trait.GREY)
              ? Change.NONE
              : Change.TO_SRGB;
      case CHUNKS -> isPng(target) && png.isPresent() ? Change.WITH_CHUNKS : Change.TO_SRGB;
      case CHUNKS_BEYOND_SRGB ->
          isPng(target) && png.isPresent() ? Change.WITH_CHUNKS : Change.WITH_PROFILE;
    };
  }

  /** What is to be said in a file of this format, with the profile that it takes. */
  public Recolouring to(MediaType target) {
    return with(in(target));
  }

  /** {@link #inSrgb}, with the profile that it takes. */
  public Recolouring toSrgb() {
    return with(inSrgb());
  }

  private Recolouring with(Change change) {
    return switch (change) {
      case NONE, WITHOUT_PROFILE, WITH_CHUNKS -> new Recolouring(change, new byte[0]);
      case WITH_PROFILE, TO_SRGB ->
          new Recolouring(change, meaning.profile().orElseGet(() -> new byte[0]));
    };
  }

  /** What has to be done for pixels that are to be sRGB's, with nothing said of them. */
  public Change inSrgb() {
    return switch (meaning.origin()) {
      case NONE -> channels == Channels.CMYK ? Change.WITHOUT_PROFILE : Change.NONE;
      case MISFIT -> Change.WITHOUT_PROFILE;
      case FILE, DECODER, CHUNKS, CHUNKS_BEYOND_SRGB -> Change.TO_SRGB;
    };
  }

  /** Whether files of this type say it in chunks. */
  public static boolean isPng(MediaType target) {
    return target == MediaType.PNG || target == MediaType.APNG;
  }

  /** Whether grey pixels have the profile of red, green and blue, which readers of JPEG allow. */
  public boolean isGreyInRgb() {
    return channels == Channels.GREY
        && meaning.profile().filter(known -> isOf(known, Channels.RGB)).isPresent();
  }

  /** Whether pixels may be transparent. */
  public boolean hasAlpha() {
    return alpha;
  }

  /** Whether anything says what the numbers of a file mean that is made of this one. */
  public boolean areTold(MediaType target) {
    boolean kept =
        switch (in(target)) {
          case NONE, WITH_PROFILE, WITH_CHUNKS -> true;
          case WITHOUT_PROFILE, TO_SRGB -> false;
        };
    return kept && (meaning.profile().isPresent() || png.filter(PngColours::areTold).isPresent());
  }

  /** What the chunks of a PNG say of its colours; empty for other formats. */
  public Optional<PngColours> png() {
    return png;
  }

  /**
   * Copies a PNG so that a profile is all that it says of its colours.
   *
   * @param needed whether the file that is made of it needs that
   */
  public void writeReadable(Path source, Path copy, boolean needed) throws IOException {
    Optional<byte[]> profile = meaning.profile().filter(_ -> needed);
    replace(
        source,
        copy,
        profile.isEmpty() ? Map.of() : Map.of("iCCP", IccProfile.toPng(profile.get())));
  }

  /**
   * Copies a PNG that was made of this one, and adds what is said of its colours: libpng does not
   * write each profile that it reads.
   */
  public void writeToPng(Path made, Path copy) throws IOException {
    replace(
        made,
        copy,
        png.isPresent()
            ? png.get().chunks()
            : Map.of("iCCP", IccProfile.toPng(meaning.profile().orElseThrow())));
  }

  private static void replace(Path from, Path to, Map<String, byte[]> chunks) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(to))) {
      PngColours.replace(from, out, chunks);
    }
  }

  private static Colours ofJpeg(Path source, boolean cmyk) throws IOException {
    IccProfile.JpegParts parts = new IccProfile.JpegParts();
    int components = 3;
    try (ByteSource in = ByteSource.ofHeader(source)) {
      JpegSegments segments = new JpegSegments(in);
      while (segments.nextBeforeScan()) {
        if (segments.marker() == JpegSegments.APP2) {
          parts.add(segments.payload());
        } else if (segments.isFrame()) {
          components = in.u8(segments.at() + 5);
        }
      }
    } catch (MediaException _) {
      // The file ends early: what was read so far is used.
    }
    Channels channels = cmyk ? Channels.CMYK : components == 1 ? Channels.GREY : Channels.RGB;
    Optional<byte[]> profile =
        parts
            .profile()
            .filter(
                found ->
                    isOf(found, channels)
                        // Browsers take grey as red, green and blue where a JPEG has such a one.
                        || (channels == Channels.GREY && isOf(found, Channels.RGB)));
    return new Colours(channels, false, Optional.empty(), Meaning.of(profile, parts.any()));
  }

  /**
   * A profile goes before code points (ISO/IEC 23008-12, 6.5.5). Curves of cameras are taken for
   * sRGB's, as browsers have it for stills.
   */
  private static Colours ofSamples(Path source, Samples samples) throws IOException {
    Channels channels = samples.grey() ? Channels.GREY : Channels.RGB;
    Meaning meaning =
        switch (samples.profile()) {
          case Samples.ProfilePlace.At(long at, int length) -> {
            try (ByteSource in = ByteSource.ofHeader(source)) {
              yield Meaning.of(fitting(Optional.of(in.bytes(at, length)), channels), true);
            } catch (MediaException _) {
              yield Meaning.SRGB;
            }
          }
          case Samples.ProfilePlace.Coded() -> new Meaning(Origin.DECODER, Optional.empty());
          case Samples.ProfilePlace.None() ->
              samples.meaning().map(named -> named(named, channels)).orElse(Meaning.SRGB);
        };
    return new Colours(channels, samples.alpha(), Optional.empty(), meaning, true);
  }

  private static Meaning named(VideoTrack.Colours points, Channels channels) {
    Optional<Primaries> primaries = Primaries.numbered(points.primaries());
    boolean camera = Set.of(1, 6, 14, 15).contains(points.transfer());
    Transfer transfer =
        camera ? Transfer.SRGB : Transfer.numbered(points.transfer(), true).orElse(Transfer.SRGB);
    return primaries.isEmpty() || areUsual(primaries.get(), transfer, channels)
        ? Meaning.SRGB
        : made(primaries.get(), transfer, Transfer.isHdr(points.transfer()), channels);
  }

  /** RFC 9649, 2.7: flags of the extended header, then the profile. Pixels are always RGB. */
  private static Colours ofWebp(Path source) throws IOException {
    try (ByteSource in = ByteSource.ofHeader(source)) {
      Chunks chunks = Chunks.ofWebp(in);
      boolean extended = chunks.next() && chunks.code().equals("VP8X");
      boolean alpha = !extended || (in.u8(chunks.at()) & 0x10) != 0;
      Meaning meaning = Meaning.SRGB;
      if (extended && chunks.next() && chunks.code().equals("ICCP")) {
        int length = (int) Math.min(chunks.length(), IccProfile.MAX_LENGTH);
        byte[] profile = in.bytes(chunks.at(), length);
        meaning = Meaning.of(fitting(Optional.of(profile), Channels.RGB), true);
      }
      return new Colours(Channels.RGB, alpha, Optional.empty(), meaning);
    } catch (MediaException _) {
      return new Colours(Channels.RGB, true, Optional.empty(), Meaning.SRGB);
    }
  }

  /**
   * Whether a profile says what the numbers of such pixels mean: it is of a device (ICC.1:2022,
   * 7.2.5) that has such numbers (7.2.6), and has what it takes to make colours of them where they
   * have to be (8.3 and 8.4).
   */
  private static boolean isOf(byte[] profile, Channels channels) {
    boolean device = Set.of("scnr", "mntr", "prtr", "spac").contains(IccProfile.code(profile, 12));
    boolean known = Set.of("XYZ ", "Lab ").contains(IccProfile.code(profile, 20));
    String space = IccProfile.code(profile, 16);
    boolean table = IccProfile.hasTag(profile, "A2B0");
    return device
        && known
        && switch (channels) {
          case GREY -> space.equals("GRAY") && (table || IccProfile.hasTag(profile, "kTRC"));
          case RGB -> space.equals("RGB ");
          case CMYK -> space.equals("CMYK") && table;
        };
  }

  private static Optional<byte[]> fitting(Optional<byte[]> profile, Channels channels) {
    return profile.flatMap(IccProfile::of).filter(found -> isOf(found, channels));
  }

  private static Colours ofPng(PngColours png) {
    Channels channels = png.isGrey() ? Channels.GREY : Channels.RGB;
    return new Colours(
        channels,
        png.type() >= 4 || png.transparent(),
        Optional.of(png),
        codePoints(png, channels).orElseGet(() -> otherwise(png, channels)));
  }

  private static Meaning otherwise(PngColours png, Channels channels) {
    Meaning file = Meaning.of(fitting(png.profile(), channels), png.chunks().containsKey("iCCP"));
    return file.origin() == Origin.FILE || png.chunks().containsKey("sRGB")
        ? file
        : gammaAndPrimaries(png.chunks(), channels).orElse(file);
  }

  /** 11.3.2.6, with the numbers of ITU-T H.273; empty where it does not count. */
  private static Optional<Meaning> codePoints(PngColours png, Channels channels) {
    byte[] chunk = png.chunks().get("cICP");
    if (chunk == null || chunk.length != 4 || chunk[2] != 0 || chunk[3] < 0 || chunk[3] > 1) {
      return Optional.empty();
    }
    Optional<Primaries> primaries = Primaries.numbered(chunk[0]);
    Optional<Transfer> transfer = Transfer.numbered(chunk[1], chunk[3] == 1);
    if (primaries.isEmpty() || transfer.isEmpty()) {
      return Optional.empty();
    }
    // Said beside something else, sRGB is no usual thing either: it goes before that.
    return png.chunks().size() == 1 && areUsual(primaries.get(), transfer.get(), channels)
        ? Optional.of(Meaning.SRGB)
        : Optional.of(made(primaries.get(), transfer.get(), Transfer.isHdr(chunk[1]), channels));
  }

  /**
   * 11.3.2.1 and 11.3.2.2: each counts alone too, as browsers have it; empty where both say sRGB.
   */
  private static Optional<Meaning> gammaAndPrimaries(
      Map<String, byte[]> chunks, Channels channels) {
    Transfer transfer = Transfer.SRGB;
    byte[] gamma = chunks.getOrDefault("gAMA", new byte[0]);
    if (gamma.length == 4) {
      int value = ByteBuffer.wrap(gamma).getInt();
      if (value >= MIN_GAMMA && value <= MAX_GAMMA) {
        transfer = Transfer.power(GAMMA_UNIT / value);
      }
    }
    Primaries primaries = Primaries.SRGB;
    byte[] chroma = chunks.getOrDefault("cHRM", new byte[0]);
    if (chroma.length == 32) {
      double[] points = new double[8];
      ByteBuffer numbers = ByteBuffer.wrap(chroma);
      for (int i = 0; i < points.length; i++) {
        points[i] = numbers.getInt() / GAMMA_UNIT;
      }
      primaries = Primaries.of(points);
    }
    return areUsual(primaries, transfer, channels)
        ? Optional.empty()
        : Optional.of(made(primaries, transfer, false, channels));
  }

  private static boolean areUsual(Primaries primaries, Transfer transfer, Channels channels) {
    return transfer.usual() && (primaries.areSrgb() || channels == Channels.GREY);
  }

  /**
   * What chunks say, as a profile.
   *
   * @param hdr whether light has to be brought below white anyway
   */
  private static Meaning made(
      Primaries primaries, Transfer transfer, boolean hdr, Channels channels) {
    return channels == Channels.GREY
        ? new Meaning(Origin.CHUNKS, Optional.of(MadeProfile.grey(transfer)))
        : new Meaning(
            hdr || primaries.areWithinSrgb() ? Origin.CHUNKS : Origin.CHUNKS_BEYOND_SRGB,
            Optional.of(MadeProfile.rgb(primaries, transfer)));
  }
}
