package dev.pictj.config;

/**
 * What URLs are signed with.
 *
 * @param id names it in URLs
 * @param secret of at least 32 characters
 */
public record SigningKey(String id, String secret) {
  /** Without the secret. */
  @Override
  public String toString() {
    return id;
  }
}
