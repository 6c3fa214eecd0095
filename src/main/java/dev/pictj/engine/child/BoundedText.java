package dev.pictj.engine.child;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the beginning of a stream and reads the rest away, so that its writer never blocks. */
final class BoundedText {
  private final int limit;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  BoundedText(int limit) {
    this.limit = limit;
  }

  void readAll(InputStream in) throws IOException {
    byte[] buffer = new byte[8192];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      keep(buffer, count);
    }
  }

  synchronized String text() {
    return kept.toString(StandardCharsets.UTF_8);
  }

  private synchronized void keep(byte[] bytes, int count) {
    kept.write(bytes, 0, Math.min(count, limit - kept.size()));
  }
}
