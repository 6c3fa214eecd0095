package dev.pictj.engine.vips;

import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.media.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The formats that libvips reads and writes here, and with which options. */
enum VipsFormat {
  JPEG(MediaType.JPEG, "jpeg") {
    @Override
    List<Object> loading(double shrink) {
      return List.of("shrink", (int) shrink);
    }

    @Override
    List<Object> saving(Encoding encoding) {
      int subsample =
          switch (encoding.chroma()) {
            case USUAL -> 0;
            case QUARTER -> 1;
            case WHOLE -> 2;
          };
      return List.of("Q", encoding.quality(), "subsample_mode", subsample, "optimize_coding", 1);
    }

    @Override
    boolean quartersChroma(Encoding encoding) {
      return new JpegTraits(encoding.quality(), encoding.chroma()).quarterOfChroma();
    }
  },

  PNG(MediaType.PNG, "png") {
    private static final int ALL_FILTERS = 0xF8;

    @Override
    List<Object> saving(Encoding encoding) {
      return List.of("compression", encoding.effort(), "filter", ALL_FILTERS);
    }
  },

  /** Frames of one; see {@link AnimatedRendering}. */
  APNG(MediaType.APNG, "png") {
    @Override
    List<Object> saving(Encoding encoding) {
      return PNG.saving(encoding);
    }
  },

  /** Read by {@link GifSource}. */
  GIF(MediaType.GIF, "gif") {
    @Override
    boolean isLoaded() {
      return false;
    }

    @Override
    List<Object> saving(Encoding encoding) {
      return List.of();
    }
  },

  WEBP(MediaType.WEBP, "webp") {
    @Override
    List<Object> loading(double shrink) {
      return shrink > 1 ? List.of("scale", 1 / shrink) : List.of();
    }

    @Override
    List<Object> saving(Encoding encoding) {
      return List.of(
          "Q",
          encoding.quality(),
          "effort",
          encoding.effort(),
          "lossless",
          encoding.lossless() ? 1 : 0);
    }

    @Override
    boolean shrinksExactly() {
      return true;
    }

    @Override
    boolean quartersChroma(Encoding encoding) {
      return !encoding.lossless();
    }
  },

  AVIF(MediaType.AVIF, "heif") {
    // VIPS_FOREIGN_HEIF_COMPRESSION_AV1.
    private static final int AV1 = 4;

    @Override
    Optional<String> lackOfReading(VipsBuild vips) {
      return super.lackOfReading(vips)
          .or(
              () ->
                  lackOf(
                      heif -> heif.decodes(LibHeif.AV1), "decoder of AV1", "libheif-plugin-dav1d"));
    }

    @Override
    Optional<String> lackOfWriting(VipsBuild vips) {
      return super.lackOfWriting(vips)
          .or(
              () ->
                  lackOf(
                      heif -> heif.encodes(LibHeif.AV1),
                      "encoder of AV1",
                      "libheif-plugin-aomenc"));
    }

    @Override
    List<Object> saving(Encoding encoding) {
      return List.of(
          "compression",
          AV1,
          "Q",
          encoding.quality(),
          "effort",
          encoding.effort(),
          "bitdepth",
          LibHeif.writtenDepth(encoding.depth()),
          "lossless",
          encoding.lossless() ? 1 : 0);
    }

    @Override
    boolean quartersChroma(Encoding encoding) {
      return !encoding.lossless() && encoding.quality() < MIN_WHOLE_CHROMA_QUALITY;
    }
  },

  HEIC(MediaType.HEIC, "heif") {
    @Override
    Optional<String> lackOfReading(VipsBuild vips) {
      return super.lackOfReading(vips)
          .or(
              () ->
                  lackOf(
                      heif -> heif.decodes(LibHeif.HEVC),
                      "decoder of HEVC",
                      "libheif-plugin-libde265"));
    }

    @Override
    List<Object> saving(Encoding encoding) {
      throw new IllegalStateException("HEIC is never written");
    }
  },

  JXL(MediaType.JXL, "jxl") {
    @Override
    List<Object> saving(Encoding encoding) {
      return List.of(
          "Q",
          encoding.quality(),
          "effort",
          encoding.effort(),
          "lossless",
          encoding.lossless() ? 1 : 0);
    }
  };

  /** From this quality on libvips writes AVIF without chroma subsampling. */
  private static final int MIN_WHOLE_CHROMA_QUALITY = 90;

  private static final Pattern IGNORED_WARNING = Pattern.compile("[^;]*: bad seek to \\d+(; |$)");

  private final MediaType type;
  private final String name;

  /**
   * Describes a format.
   *
   * @param name in libvips' names of functions
   */
  VipsFormat(MediaType type, String name) {
    this.type = type;
    this.name = name;
  }

  MediaType type() {
    return type;
  }

  /** Which part is missing to read it. */
  Optional<String> lackOfReading(VipsBuild vips) {
    return isLoaded() ? lackOf(vips, name + "load_buffer") : Optional.empty();
  }

  /** Which part is missing to write it. */
  Optional<String> lackOfWriting(VipsBuild vips) {
    return type.has(MediaType.Trait.PRODUCED) && isLoaded()
        ? lackOf(vips, name + "save_buffer")
        : Optional.empty();
  }

  private static Optional<String> lackOf(VipsBuild vips, String operation) {
    return vips.known().test(operation)
        ? Optional.empty()
        : Optional.of(
            "libvips %s was built without %s"
                .formatted(vips.version(), operation.replace("_buffer", "")));
  }

  /** Where libheif cannot be asked, it is part of libvips, and its codecs part of it. */
  private static Optional<String> lackOf(Predicate<LibHeif> able, String codec, String packages) {
    return LibHeif.installed()
        .filter(able.negate())
        .map(
            heif -> "libheif %s has no %s (package %s)".formatted(heif.version(), codec, packages));
  }

  /** Whether libvips reads and writes it here. */
  static boolean has(MediaType type) {
    return find(type).isPresent();
  }

  static VipsFormat of(MediaType type) {
    return find(type).orElseThrow(() -> new IllegalArgumentException(type + " is not done here"));
  }

  private static Optional<VipsFormat> find(MediaType type) {
    return Arrays.stream(values()).filter(format -> format.type == type).findFirst();
  }

  /** Whether libvips reads it, rather than frames of it. */
  boolean isLoaded() {
    return true;
  }

  /** The class of its loaders, which are blocked unless they are named. */
  String loaderClass() {
    return "VipsForeignLoad" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  /** The class of its savers, some of which are blocked unless they are named. */
  String saverClass() {
    return "VipsForeignSave" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  /** Takes bytes, their length, and where the picture goes. */
  VipsFunction loader() {
    return new VipsFunction("vips_" + name + "load_buffer", 3);
  }

  /** Takes a picture, and where its bytes and their length go. */
  VipsFunction saver() {
    return new VipsFunction("vips_" + name + "save_buffer", 3);
  }

  /**
   * Names and values of options of the loader.
   *
   * @param shrink by how much the decoder shall shrink it, where it can
   */
  List<Object> loading(double shrink) {
    return List.of();
  }

  /** Names and values of options of the saver. */
  abstract List<Object> saving(Encoding encoding);

  /** The messages of a loader, without those that it writes for sound pictures too. */
  final String withoutHarmless(String said) {
    // The loader of HEIF seeks beyond the end, to find out whether more of the file is to come.
    return name.equals("heif") ? IGNORED_WARNING.matcher(said).replaceAll("") : said;
  }

  /** Whether the decoder can shrink to any size, each pixel the mean of those it stands for. */
  boolean shrinksExactly() {
    return false;
  }

  /** Whether the format is written with chroma subsampled 4:2:0. */
  boolean quartersChroma(Encoding encoding) {
    return false;
  }
}
