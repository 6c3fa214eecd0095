package dev.pictj.engine.vips;

/**
 * The variadic functions of libvips that are called: each takes its fixed arguments, then pairs of
 * option name and value, then a null pointer (libvips.org, "Using vips from C").
 */
enum VipsFunction {
  JPEG_LOAD("vips_jpegload_buffer", 3),
  JPEG_LOAD_SOURCE("vips_jpegload_source", 2),
  PNG_LOAD("vips_pngload_buffer", 3),
  WEBP_LOAD("vips_webpload_buffer", 3),
  RESIZE("vips_resize", 3),
  EXTRACT_AREA("vips_extract_area", 6),
  EXTRACT_BAND("vips_extract_band", 3),
  GAUSSIAN_BLUR("vips_gaussblur", 3),
  COPY("vips_copy", 2),
  FLIP("vips_flip", 3),
  ROTATE("vips_rot", 3),
  FLATTEN("vips_flatten", 2),
  PREMULTIPLY("vips_premultiply", 2),
  UNPREMULTIPLY("vips_unpremultiply", 2),
  ROUND("vips_round", 3),
  CAST("vips_cast", 3),
  COLOURSPACE("vips_colourspace", 3),
  JPEG_SAVE("vips_jpegsave_buffer", 3),
  PNG_SAVE("vips_pngsave_buffer", 3),
  WEBP_SAVE("vips_webpsave_buffer", 3);

  private final String symbol;
  private final int fixed;

  VipsFunction(String symbol, int fixed) {
    this.symbol = symbol;
    this.fixed = fixed;
  }

  /** Its name in the library. */
  String symbol() {
    return symbol;
  }

  /** How many arguments stand before the options. */
  int fixed() {
    return fixed;
  }
}
