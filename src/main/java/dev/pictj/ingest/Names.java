package dev.pictj.ingest;

import dev.pictj.store.BlobName;
import java.security.SecureRandom;

/** Makes names nobody can guess: aliases, filenames and delete tokens of letters and digits. */
public final class Names {
  /** As long as the names of pict-rs 0.3: 62^10, about 2^59 possibilities. */
  private static final int LENGTH = 10;

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  /** A folder of files stays handy, and new folders rare. */
  private static final int FILES_PER_FOLDER = 1000;

  private final SecureRandom random;
  private String beginning = "";
  private int left;

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
    return random(LENGTH + longer);
  }

  /**
   * A fresh name for stored bytes, without extension. Those of about the same time begin alike, so
   * that uploads at the same time share one folder and the wait for it; what follows is as hard to
   * guess as any other name.
   */
  public String filename() {
    return beginning() + random(LENGTH);
  }

  private synchronized String beginning() {
    if (left == 0) {
      beginning = random(BlobName.FOLDER_LENGTH);
      left = FILES_PER_FOLDER;
    }
    left--;
    return beginning;
  }

  private String random(int length) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < length; i++) {
      name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return name.toString();
  }
}
