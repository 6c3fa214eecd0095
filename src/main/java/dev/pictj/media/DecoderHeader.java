package dev.pictj.media;

import static dev.pictj.media.MediaException.invalid;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * The size of the first frame as ImageIO's readers see it: the JDK's for PNG and GIF,
 * TwelveMonkeys' for JPEG and WebP, chosen by name so that nothing else on the class path gets a
 * say. No pixels are decoded.
 */
final class DecoderHeader {
  private static final String JDK = "com.sun.imageio.";
  private static final String TWELVE_MONKEYS = "com.twelvemonkeys.imageio.";

  private final Map<MediaType, ImageReaderSpi> readers = new EnumMap<>(MediaType.class);

  DecoderHeader() {
    readers.put(MediaType.JPEG, reader("jpeg", TWELVE_MONKEYS));
    readers.put(MediaType.WEBP, reader("webp", TWELVE_MONKEYS));
    readers.put(MediaType.PNG, reader("png", JDK));
    readers.put(MediaType.GIF, reader("gif", JDK));
  }

  /**
   * The size of the first frame.
   *
   * @throws MediaException when the reader cannot make sense of the header
   */
  Dimensions firstFrame(MediaType type, Path file) throws IOException, MediaException {
    // Reads the file itself: the stream ImageIO would choose copies it to a temporary one.
    return firstFrame(type, new FileImageInputStream(file.toFile()));
  }

  private Dimensions firstFrame(MediaType type, ImageInputStream stream)
      throws IOException, MediaException {
    ImageReader reader = Objects.requireNonNull(readers.get(type)).createReaderInstance();
    try (stream) {
      reader.setInput(stream, true, true);
      return new Dimensions(reader.getWidth(0), reader.getHeight(0));
    } catch (IOException | RuntimeException e) {
      // Readers throw any unchecked exception on damaged files; the file itself was just read
      // without
      // one.
      throw new MediaException(
          MediaException.Reason.INVALID,
          "Invalid %s: its header cannot be read".formatted(type.name().toUpperCase(Locale.ROOT)),
          e);
    } finally {
      reader.dispose();
    }
  }

  /**
   * Reads {@link #firstFrame}, which must agree with what the header walker found.
   *
   * @throws MediaException when the two differ: the file means different things to different
   *     readers
   */
  void confirm(MediaType type, Path file, Dimensions walked) throws IOException, MediaException {
    agree(type, firstFrame(type, file), walked);
  }

  /** Confirms a short header in memory. */
  void confirm(MediaType type, byte[] header, Dimensions walked)
      throws IOException, MediaException {
    agree(
        type,
        firstFrame(type, new MemoryCacheImageInputStream(new ByteArrayInputStream(header))),
        walked);
  }

  private static void agree(MediaType type, Dimensions seen, Dimensions walked)
      throws MediaException {
    if (!seen.equals(walked)) {
      throw invalid("Invalid %s: two readers see two sizes".formatted(type));
    }
  }

  private static ImageReaderSpi reader(String format, String maker) {
    Iterator<ImageReaderSpi> all =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    while (all.hasNext()) {
      ImageReaderSpi spi = all.next();
      if (spi.getClass().getName().startsWith(maker)) {
        for (String name : spi.getFormatNames()) {
          if (name.equalsIgnoreCase(format)) {
            return spi;
          }
        }
      }
    }
    throw new IllegalStateException("no image reader for " + format + " on the class path");
  }
}
