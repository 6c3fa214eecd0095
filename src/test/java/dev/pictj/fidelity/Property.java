package dev.pictj.fidelity;

/** What a picture or a film has that must not change unasked. */
enum Property {
  FRAME_TIME("Frame times", "how long each frame of an animation or a film is seen"),
  TOTAL_TIME("Total time", "how long it takes to play once, a rest on its last frame included"),
  LOOP_COUNT("Loop count", "how often an animation is played"),
  FRAME_COUNT("Frame count", "how many frames there are; none is dropped, none is added"),
  CANVAS("Canvas and offset", "frames that are smaller than the picture stand in their place"),
  BLEND("Blend", "whether what was there shines through where a frame is transparent"),
  DISPOSAL("Disposal", "what is left of a frame when the next one comes"),
  ORIENTATION(
      "Orientation",
      "which side is up; what only a tag turned is turned for good, as tags are removed"),
  PIXEL_ASPECT(
      "Pixel aspect", "films whose pixels are no squares keep the shape they are shown in"),
  ODD_SIDES("Odd sides", "pictures of an odd width or height have clean edges"),
  PROFILE("ICC profile", "colours are what the profile in the file says"),
  MATRIX("YUV matrix", "films have the colours of the matrix that they are tagged with"),
  TRANSFER("Transfer", "how light is written: HDR films (HLG, PQ) and SDR ones"),
  RANGE("Range", "whether the brightness of a film uses all values or those from 16 to 235"),
  ALPHA("Alpha", "transparency"),
  DEPTH("Depth", "bits of each channel"),
  GAMMA(
      "Gamma and primaries", "colours are what the chunks gAMA, cHRM, sRGB and cICP of a PNG say"),
  PALETTE("Palette", "pictures of few colours have exactly those"),
  CHROMA("Chroma subsampling", "how finely colour is stored beside brightness"),
  LOSSLESSNESS("Losslessness", "pixels are stored as they are, without artefacts");

  final String title;
  final String meaning;

  Property(String title, String meaning) {
    this.title = title;
    this.meaning = meaning;
  }
}
