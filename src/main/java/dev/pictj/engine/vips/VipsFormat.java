package dev.pictj.engine.vips;

import dev.pictj.engine.metadata.JpegTraits;
import dev.pictj.media.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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
          switch (encoding.jpegChroma()) {
            case USUAL -> 0;
            case QUARTER -> 1;
            case WHOLE -> 2;
          };
      return List.of(
          "Q", encoding.jpegQuality(), "subsample_mode", subsample, "optimize_coding", 1);
    }

    @Override
    boolean quartersColour(Encoding encoding) {
      return new JpegTraits(encoding.jpegQuality(), encoding.jpegChroma()).quarterOfColour();
    }
  },

  PNG(MediaType.PNG, "png") {
    private static final int ALL_FILTERS = 0xF8;

    @Override
    List<Object> saving(Encoding encoding) {
      return List.of("compression", encoding.pngLevel(), "filter", ALL_FILTERS);
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
    private static final int QUALITY = 80;

    @Override
    List<Object> loading(double shrink) {
      return shrink > 1 ? List.of("scale", 1 / shrink) : List.of();
    }

    @Override
    List<Object> saving(Encoding encoding) {
      return List.of(
          "Q", QUALITY, "effort", encoding.webpEffort(), "lossless", encoding.lossless() ? 1 : 0);
    }

    @Override
    boolean quartersColour(Encoding encoding) {
      return !encoding.lossless();
    }
  };

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

  /** Whether one number of colour for four pixels is kept. */
  boolean quartersColour(Encoding encoding) {
    return false;
  }
}
