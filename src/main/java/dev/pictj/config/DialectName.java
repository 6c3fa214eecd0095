package dev.pictj.config;

/** The version of pict-rs that the server answers like. */
public enum DialectName {
  /** pict-rs 0.3. */
  V0_3("0.3"),
  /** pict-rs 0.5, which Lemmy 0.19.4 and later expect. */
  V0_5("0.5"),
  /** pict-rs 0.6, as far as its release candidates tell. */
  V0_6("0.6");

  private final String word;

  DialectName(String word) {
    this.word = word;
  }

  /** The word that stands for it in settings, such as 0.5. */
  @Override
  public String toString() {
    return word;
  }
}
