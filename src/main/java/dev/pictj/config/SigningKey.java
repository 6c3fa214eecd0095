package dev.pictj.config;

/**
 * A key that URLs are signed with.
 *
 * @param id names it in URLs
 * @param secret of at least 32 characters
 */
public record SigningKey(String id, String secret) {
  /** Leaves out the secret. */
  @Override
  public String toString() {
    return id;
  }
}
