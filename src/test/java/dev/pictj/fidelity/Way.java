package dev.pictj.fidelity;

import java.util.List;
import java.util.Set;

/** What the server does to a picture. */
enum Way {
  STORED("stored"),
  REPAIRED("repaired"),
  JPG("`--format jpg`"),
  PNG("`--format png`"),
  WEBP("`--format webp`"),
  PROCESS_JPG("`process.jpg`"),
  PROCESS_PNG("`process.png`"),
  PROCESS_WEBP("`process.webp`"),
  STEPS_JPG("`process.jpg` with operations"),
  STEPS_PNG("`process.png` with operations"),
  STEPS_WEBP("`process.webp` with operations");

  static final Way[] TO_JPEG = {JPG, PROCESS_JPG, STEPS_JPG};
  static final Way[] TO_PNG = {PNG, PROCESS_PNG, STEPS_PNG};
  static final Way[] TO_WEBP = {WEBP, PROCESS_WEBP, STEPS_WEBP};
  static final Way[] CONVERTED = {JPG, PNG, WEBP};
  static final Way[] BARE = {PROCESS_JPG, PROCESS_PNG, PROCESS_WEBP};
  static final Way[] STEPS = {STEPS_JPG, STEPS_PNG, STEPS_WEBP};
  static final Way[] PROCESSED = {
    PROCESS_JPG, PROCESS_PNG, PROCESS_WEBP, STEPS_JPG, STEPS_PNG, STEPS_WEBP
  };

  final String title;

  Way(String title) {
    this.title = title;
  }

  /** The extension of {@code --format} or {@code process}, or nothing. */
  String extension() {
    int at = name().indexOf('_');
    return this == STORED || this == REPAIRED
        ? ""
        : name().substring(at + 1).toLowerCase(java.util.Locale.ROOT);
  }

  boolean converts() {
    return Set.of(CONVERTED).contains(this);
  }

  boolean processes() {
    return Set.of(PROCESSED).contains(this);
  }

  /** Chains of operations that this way is tried with. */
  List<String> chains(List<String> steps) {
    return Set.of(STEPS).contains(this) ? steps : List.of("");
  }
}
