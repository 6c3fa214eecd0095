package dev.pictj.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The identity of content: SHA-256 (FIPS 180-4) in 64 lower-case hexadecimal digits. */
public final class ContentHash {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final MessageDigest digest = sha256();

  /** The hash of what will be added. */
  public ContentHash() {}

  /** Adds bytes behind those that were added before. */
  public void add(byte[] bytes, int offset, int length) {
    digest.update(bytes, offset, length);
  }

  /** The hash of all that was added, once. */
  public String text() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The hash of a file, read through a small buffer. */
  public static String of(Path file) throws IOException {
    ContentHash hash = new ContentHash();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.add(buffer, 0, n);
      }
    }
    return hash.text();
  }

  /** The hash of a blob, read through a small buffer. */
  public static String of(Blob blob) throws IOException {
    ContentHash hash = new ContentHash();
    ByteBuffer buffer = ByteBuffer.allocate(Math.clamp(blob.size(), 1, BUFFER_BYTES));
    long offset = 0;
    for (int n = blob.read(buffer, 0); n >= 0; n = blob.read(buffer.clear(), offset)) {
      hash.add(buffer.array(), 0, n);
      offset += n;
    }
    return hash.text();
  }

  /** The hash of some bytes. */
  public static String of(byte[] bytes) {
    ContentHash hash = new ContentHash();
    hash.add(bytes, 0, bytes.length);
    return hash.text();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
