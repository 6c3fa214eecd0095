package dev.pictj.engine.metadata;

import dev.pictj.media.MediaException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Copies the segments of a JPEG (ITU-T T.81, annex B) that a decoder needs, and the entropy-coded
 * data between them as it is.
 */
final class JpegStripper {
  private static final int MAX_SCANS = 1000;
  private static final byte[] JFIF = ascii("JFIF\0");
  private static final byte[] PROFILE = ascii("ICC_PROFILE\0");
  private static final byte[] ADOBE = ascii("Adobe");

  private final Input in;
  private final OutputStream out;
  private final ProfileParts profile = new ProfileParts();
  private boolean sound = true;
  private boolean jfif;
  private boolean adobe;
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
        needed(marker, payload);
      }
      case 0xDA -> {
        if (!frame) {
          throw in.invalid("pixels before their header");
        }
        if (++scans > MAX_SCANS) {
          throw in.invalid("too many scans");
        }
        needed(marker, payload);
        return entropyCoded();
      }
      case 0xE0 -> {
        if (!jfif && payload.length >= 14 && startsWith(payload, JFIF)) {
          jfif = true;
          byte[] bare = Arrays.copyOf(payload, 14);
          // No thumbnail: its sides are the last two bytes that stay.
          bare[12] = 0;
          bare[13] = 0;
          write(marker, bare);
        }
      }
      case 0xE2 -> {
        if (startsWith(payload, PROFILE) && scans == 0) {
          profile.add(payload);
        }
      }
      case 0xEE -> {
        if (!adobe && payload.length >= 12 && startsWith(payload, ADOBE)) {
          adobe = true;
          write(marker, Arrays.copyOf(payload, 12));
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

  private void needed(int marker, byte[] payload) throws IOException {
    // All of the profile is known by now unless it stands oddly late.
    if (marker == 0xDA && scans == 1) {
      for (byte[] part : profile.whole()) {
        write(0xE2, part);
      }
    }
    write(marker, payload);
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

  private void write(int marker, byte[] payload) throws IOException {
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
