package dev.pictj.engine.magick;

import dev.pictj.media.Limits;
import dev.pictj.media.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The security policy that every ImageMagick of ours runs under (imagemagick.org, "Security
 * Policy"): the picture formats that are accepted, no delegates, no filters, no indirect file
 * names, and limits.
 */
final class MagickPolicy {
  /** INFO prints what was decoded; ICC reads the profile for CMYK pictures. */
  private static final String CODERS =
      Arrays.stream(MediaType.values())
          .filter(type -> type.has(MediaType.Trait.MAGICK))
          .map(CoderName::of)
          .distinct()
          .map(name -> name.toUpperCase(Locale.ROOT) + ",")
          .collect(Collectors.joining("", "{", "INFO,ICC}"));

  /** The most copies of a picture that one run may hold. */
  private static final int MAX_PICTURE_COPIES = 4;

  private MagickPolicy() {}

  /** Writes {@code policy.xml} into a folder, which then is named by MAGICK_CONFIGURE_PATH. */
  static void write(Path folder, MagickLimits limits, Limits media, Duration timeout)
      throws IOException {
    // Turning a picture exchanges its sides, so each side has the limit of the longer one. More
    // than the area is not refused by ImageMagick but kept on disk, a second copy of a picture
    // included: a blur of 40 megapixels took 7 s in memory and over 30 s there. Pictures have been
    // judged before, so this one only has to be out of the way. The list length counts one more
    // than there are frames.
    String policy =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <policymap>
          <policy domain="coder" rights="none" pattern="*"/>
          <policy domain="coder" rights="read|write" pattern="%s"/>
          <policy domain="delegate" rights="none" pattern="*"/>
          <policy domain="filter" rights="none" pattern="*"/>
          <policy domain="path" rights="none" pattern="@*"/>
          <policy domain="resource" name="width" value="%d"/>
          <policy domain="resource" name="height" value="%d"/>
          <policy domain="resource" name="area" value="%d"/>
          <policy domain="resource" name="list-length" value="%d"/>
          <policy domain="resource" name="memory" value="%d"/>
          <policy domain="resource" name="map" value="%d"/>
          <policy domain="resource" name="disk" value="%d"/>
          <policy domain="resource" name="time" value="%d"/>
          <policy domain="resource" name="thread" value="%d"/>
        </policymap>
        """
            .formatted(
                CODERS,
                media.maxSide(),
                media.maxSide(),
                MAX_PICTURE_COPIES * media.maxArea(),
                media.maxFrames() + 2L,
                limits.memoryBytes(),
                limits.mapBytes(),
                limits.diskBytes(),
                Math.max(1, timeout.toSeconds() + 1),
                limits.threads());
    Files.writeString(in(folder), policy);
  }

  /** The file, whose name is ImageMagick's. */
  static Path in(Path folder) {
    return folder.resolve("policy.xml");
  }
}
