package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Signature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Pictures to be stripped of their metadata. */
public final class StripFuzz {
  private static final MetadataStripper STRIPPER = new MetadataStripper();

  private StripFuzz() {}

  /** How much is asked of an AVIF or JPEG XL, which may be refused, and how much is written. */
  public static long asked(byte[] input) throws IOException {
    Optional<MediaType> type = Signature.sniff(input);
    ByteSource in = ByteSource.ofMemory(ByteBuffer.wrap(input), "image");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (type.filter(found -> found == MediaType.AVIF).isPresent()) {
        new AvifStripper(in).copy(out);
      } else if (type.filter(found -> found == MediaType.JXL).isPresent()) {
        new JxlStripper(in).copy(out);
      }
    } catch (MediaException _) {
      // What was asked until then counts.
    }
    return in.asked() + out.size();
  }

  /**
   * What comes out holds nothing more to strip, is hardly longer than before, and stays its type.
   */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Optional<MediaType> type =
        Signature.sniff(input)
            .filter(
                found -> found.has(MediaType.Trait.STORED) && !found.has(MediaType.Trait.VIDEO));
    if (type.isEmpty()) {
      return;
    }
    Path source = Files.createTempFile("strip", ".fuzz");
    Path once = Files.createTempFile("strip", ".once");
    Path twice = Files.createTempFile("strip", ".twice");
    try {
      Files.write(source, input);
      try {
        boolean sound = STRIPPER.strip(type.get(), source, once).sound();
        if (!sound && type.get() == MediaType.PNG) {
          try (OutputStream repaired = Files.newOutputStream(once)) {
            STRIPPER.repair(source, repaired);
          }
        } else if (!sound && Files.size(once) == 0) {
          // Nothing was copied: its pixels would be coded anew.
          return;
        }
      } catch (MediaException refused) {
        return;
      }
      // An end may have been missing, and pixels that are deflated again may take more.
      if (Files.size(once) > 2 * input.length + 100) {
        throw new AssertionError("%d bytes became %d".formatted(input.length, Files.size(once)));
      }
      try {
        STRIPPER.strip(type.get(), once, twice);
      } catch (MediaException refused) {
        throw new AssertionError("what was stripped cannot be read", refused);
      }
      if (Files.mismatch(once, twice) >= 0) {
        throw new AssertionError("stripped twice, differs from " + Files.mismatch(once, twice));
      }
    } finally {
      Files.delete(source);
      Files.delete(once);
      Files.delete(twice);
    }
  }
}
