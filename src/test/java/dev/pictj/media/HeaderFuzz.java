package dev.pictj.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** The headers of pictures and films. */
public final class HeaderFuzz {
  private static final HeaderProbe PROBE = new HeaderProbe();

  private HeaderFuzz() {}

  /** How much is asked of a file, which may be refused. */
  public static long asked(byte[] input) throws IOException {
    ByteSource in = ByteSource.ofMemory(ByteBuffer.wrap(input), "image");
    try {
      HeaderProbe.read(in);
    } catch (MediaException _) {
      // What was asked until then counts.
    }
    return in.asked();
  }

  /** A file is refused as what it is, or has sides and frames. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Path file = Files.createTempFile("header", ".fuzz");
    try {
      Files.write(file, input);
      Probed probed = PROBE.probe(file);
      if (probed.dimensions().width() < 1
          || probed.dimensions().height() < 1
          || probed.frames() < 1) {
        throw new AssertionError("accepted " + probed);
      }
    } catch (MediaException refused) {
      if (refused.getMessage() == null || refused.getMessage().contains(file.toString())) {
        throw new AssertionError("a message that says nothing or too much", refused);
      }
    } finally {
      Files.delete(file);
    }
  }
}
