package dev.pictj.engine.metadata;

import dev.pictj.media.MediaException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Copies the segments of a JPEG (ITU-T T.81, annex B) that a decoder needs, and the entropy-coded
 * data between them as it is.
 *
 * <p>Everything before the first scan is held back until then, so that application segments can
 * stand in one order: JFIF, the colour profile, Adobe's. Many programs look for a profile before
 * the frame header only, and for JFIF only in the first place (JFIF 1.02, page 5).
 */
final class JpegStripper {
  private static final int MAX_SCANS = 1000;

  /** Of the tables before the first scan, in bytes. A picture has use for far less. */
  private static final int MAX_TABLES = 256 * 1024;

  private static final byte[] JFIF = ascii("JFIF\0");
  private static final byte[] ADOBE = ascii("Adobe");

  private final Input in;
  private final OutputStream out;
  private final ProfileParts profile = new ProfileParts();
  private final ByteArrayOutputStream tables = new ByteArrayOutputStream();
  private boolean sound = true;
  private byte[] jfif;
  private byte[] adobe;
  private boolean frame;
  private int scans;

  JpegStripper(Input in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** Copies all of it and tells whether the file is sound. */
  boolean run() throws IOException, MediaException {
    if (in.u16() != 0xFFD8) {
      throw in.invalid("it does not begin with its marker");
    }
    out.write(0xFF);
    out.write(0xD8);
    int marker = nextMarker();
    while (marker != 0xD9) {
      if (marker < 0) {
        if (scans == 0) {
          throw in.endsEarly();
        }
        sound = false;
        break;
      }
      marker = segment(marker);
    }
    if (scans == 0) {
      throw in.invalid("no pixels");
    }
    out.write(0xFF);
    out.write(0xD9);
    return sound;
  }

  /** Handles one segment and returns the marker after it, -1 at the end of the file. */
  private int segment(int marker) throws IOException, MediaException {
    if (marker <= 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
      // Restart markers, a second start or stuffing outside a scan: decoders step over them.
      sound = false;
      return nextMarker();
    }
    byte[] payload;
    try {
      int length = in.u16();
      if (length < 2) {
        throw in.invalid("a segment shorter than its own length field");
      }
      payload = in.bytes(length - 2);
    } catch (MediaException e) {
      if (scans > 0) {
        // Damage after pixels: what came before can be shown.
        sound = false;
        return -1;
      }
      throw e;
    }
    switch (marker) {
      case 0xDB, 0xC4, 0xCC, 0xDD, 0xDC -> needed(marker, payload);
      case 0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF -> {
        if (frame) {
          throw in.invalid("two frame headers");
        }
        frame = true;
        sound &= isShownByBrowsers(marker, payload);
        needed(marker, payload);
      }
      case 0xDA -> {
        if (!frame) {
          throw in.invalid("pixels before their header");
        }
        if (++scans > MAX_SCANS) {
          throw in.invalid("too many scans");
        }
        if (scans == 1) {
          writeHead();
        }
        write(out, marker, payload);
        return entropyCoded();
      }
      case 0xE0 -> {
        if (jfif == null && payload.length >= 14 && startsWith(payload, JFIF)) {
          jfif = Arrays.copyOf(payload, 14);
          // No thumbnail: its sides are the last two bytes that stay.
          jfif[12] = 0;
          jfif[13] = 0;
        }
      }
      case 0xE2 -> {
        if (ProfileParts.isPart(payload) && scans == 0) {
          profile.add(payload);
        }
      }
      case 0xEE -> {
        if (adobe == null && payload.length >= 12 && startsWith(payload, ADOBE)) {
          adobe = Arrays.copyOf(payload, 12);
        }
      }
      default -> {
        boolean metadata = (marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE;
        if (marker < 0xC0 && scans > 0) {
          // No such segment exists: damaged pixels look like one.
          sound = false;
          return -1;
        }
        if (marker < 0xC0 || marker == 0xDE || marker == 0xDF || marker == 0xC8) {
          throw in.invalid("a segment of a kind that no decoder reads");
        }
        sound &= metadata;
      }
    }
    return nextMarker();
  }

  /**
   * Browsers decode baseline, extended sequential and progressive frames of 8 bits (SOF0 to SOF2),
   * and none that is lossless, hierarchical or arithmetic. Other numbers of components than these
   * mean no colour that is written down anywhere, and decoders make up different ones.
   */
  private boolean isShownByBrowsers(int marker, byte[] frameHeader) throws MediaException {
    int components = frameHeader.length < 6 ? 0 : frameHeader[5];
    if (components != 1 && components != 3 && components != 4) {
      throw in.invalid("pixels of %d components".formatted(components));
    }
    return marker <= 0xC2 && frameHeader[0] == 8;
  }

  private void needed(int marker, byte[] payload) throws IOException, MediaException {
    if (scans > 0) {
      write(out, marker, payload);
      return;
    }
    if (tables.size() + payload.length > MAX_TABLES) {
      throw in.invalid("more tables than a picture has use for");
    }
    write(tables, marker, payload);
  }

  private void writeHead() throws IOException {
    if (jfif != null) {
      write(out, 0xE0, jfif);
    }
    for (byte[] part : profile.whole()) {
      write(out, 0xE2, part);
    }
    if (adobe != null) {
      write(out, 0xEE, adobe);
    }
    tables.writeTo(out);
  }

  /** Copies up to the next marker that ends a scan and returns it, -1 at the end of the file. */
  private int entropyCoded() throws IOException {
    while (true) {
      // Nearly all of a photograph lies between these bytes.
      in.copyUntil((byte) 0xFF, out);
      if (in.read() < 0) {
        return -1;
      }
      int next = in.read();
      while (next == 0xFF) {
        next = in.read();
      }
      if (next < 0) {
        return -1;
      }
      if (next != 0 && (next < 0xD0 || next > 0xD7)) {
        return next;
      }
      out.write(0xFF);
      out.write(next);
    }
  }

  private int nextMarker() throws IOException {
    int value = in.read();
    while (value >= 0 && value != 0xFF) {
      sound = false;
      value = in.read();
    }
    while (value == 0xFF) {
      value = in.read();
    }
    return value;
  }

  private static void write(OutputStream out, int marker, byte[] payload) throws IOException {
    out.write(0xFF);
    out.write(marker);
    out.write((payload.length + 2) >> 8);
    out.write(payload.length + 2);
    out.write(payload);
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
