package dev.pictj.engine.vips;

/**
 * A variadic function of libvips: it takes its fixed arguments, then pairs of option name and
 * value, then a null pointer (libvips.org, "Using vips from C").
 *
 * @param symbol its name in the library
 * @param fixed how many arguments stand before the options
 */
record VipsFunction(String symbol, int fixed) {
  static final VipsFunction JPEG_LOAD_SOURCE = new VipsFunction("vips_jpegload_source", 2);
  static final VipsFunction RESIZE = new VipsFunction("vips_resize", 3);
  static final VipsFunction EXTRACT_AREA = new VipsFunction("vips_extract_area", 6);
  static final VipsFunction EXTRACT_BAND = new VipsFunction("vips_extract_band", 3);
  static final VipsFunction GAUSSIAN_BLUR = new VipsFunction("vips_gaussblur", 3);
  static final VipsFunction COPY = new VipsFunction("vips_copy", 2);
  static final VipsFunction FLIP = new VipsFunction("vips_flip", 3);
  static final VipsFunction ROTATE = new VipsFunction("vips_rot", 3);
  static final VipsFunction FLATTEN = new VipsFunction("vips_flatten", 2);
  static final VipsFunction PREMULTIPLY = new VipsFunction("vips_premultiply", 2);
  static final VipsFunction UNPREMULTIPLY = new VipsFunction("vips_unpremultiply", 2);
  static final VipsFunction ROUND = new VipsFunction("vips_round", 3);
  static final VipsFunction CAST = new VipsFunction("vips_cast", 3);
  static final VipsFunction ICC_TRANSFORM = new VipsFunction("vips_icc_transform", 3);
  static final VipsFunction ADD_ALPHA = new VipsFunction("vips_addalpha", 2);
  static final VipsFunction COLOURSPACE = new VipsFunction("vips_colourspace", 3);
}
