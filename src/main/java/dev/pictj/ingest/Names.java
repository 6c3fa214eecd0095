package dev.pictj.ingest;

import java.security.SecureRandom;

/** Makes names nobody can guess: aliases, filenames and delete tokens of letters and digits. */
public final class Names {
  /** As long as the names of pict-rs 0.3: 62^10, about 2^59 possibilities. */
  private static final int LENGTH = 10;

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final SecureRandom random;

  /** Names from this source of randomness. */
  public Names(SecureRandom random) {
    this.random = random;
  }

  /**
   * A fresh name.
   *
   * @param longer how many characters more than usual, for another try after a collision
   */
  public String next(int longer) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < LENGTH + longer; i++) {
      name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return name.toString();
  }
}
