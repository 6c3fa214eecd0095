package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import dev.pictj.media.IccProfile;
import dev.pictj.media.JpegSegments;
import dev.pictj.media.MediaException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

  /** The most bytes of tables before the first scan. A picture has use for far less. */
  private static final int MAX_TABLES = 256 * 1024;

  private final ByteSource in;
  private final OutputStream out;
  private final JpegSegments segments;
  private final IccProfile.JpegParts profile = new IccProfile.JpegParts();
  private final ByteArrayOutputStream tables = new ByteArrayOutputStream();
  private boolean sound = true;
  private boolean whole = true;
  private byte @Nullable [] jfif;
  private byte @Nullable [] adobe;
  private boolean frame;
  private int scans;

  JpegStripper(ByteSource in, OutputStream out) {
    this.in = in;
    this.segments = new JpegSegments(in);
    this.out = out;
  }

  /** Copies the file. */
  Stripped run() throws IOException, MediaException {
    if (in.u16(0) != 0xFFD8) {
      throw in.invalid("it does not begin with its marker");
    }
    out.write(0xFF);
    out.write(JpegSegments.SOI);
    boolean damaged = false;
    while (!damaged && next()) {
      damaged = !segment();
    }
    if (scans == 0) {
      throw in.invalid("no pixels");
    }
    out.write(0xFF);
    out.write(JpegSegments.EOI);
    return new Stripped(sound && whole && !damaged && !segments.areOdd(), whole);
  }

  /** Goes to the next segment; false at the end. */
  private boolean next() throws IOException, MediaException {
    try {
      if (segments.next()) {
        return segments.marker() != JpegSegments.EOI;
      }
      if (scans == 0) {
        throw in.endsEarly();
      }
    } catch (MediaException e) {
      // Damage after pixels: what came before can be shown.
      if (scans == 0) {
        throw e;
      }
    }
    whole = false;
    return false;
  }

  /** Handles a segment; false where it is one that no JPEG has. */
  private boolean segment() throws IOException, MediaException {
    if (segments.isStray()) {
      return true;
    }
    int marker = segments.marker();
    byte[] payload = segments.payload();
    if (segments.isFrame()) {
      if (frame) {
        throw in.invalid("two frame headers");
      }
      frame = true;
      sound &= isShownByBrowsers(marker, payload);
      needed(marker, payload);
      return true;
    }
    switch (marker) {
      case JpegSegments.DQT, 0xC4, 0xCC, 0xDD, 0xDC -> needed(marker, payload);
      case JpegSegments.SOS -> {
        if (!frame) {
          throw in.invalid("pixels before their header");
        }
        if (++scans > MAX_SCANS) {
          throw in.invalid("too many scans");
        }
        if (scans == 1) {
          writeHead();
        }
        JpegSegments.write(out, marker, payload);
        entropyCoded();
      }
      case JpegSegments.APP0 -> {
        if (jfif == null && payload.length >= 14 && JpegSegments.startsWith(payload, "JFIF\0")) {
          jfif = Arrays.copyOf(payload, 14);
          // No thumbnail: its sides are the last two bytes that stay.
          jfif[12] = 0;
          jfif[13] = 0;
        }
      }
      case JpegSegments.APP2 -> {
        if (scans == 0) {
          profile.add(payload);
        }
      }
      case JpegSegments.APP14 -> {
        if (adobe == null && payload.length >= 12 && JpegSegments.startsWith(payload, "Adobe")) {
          adobe = Arrays.copyOf(payload, 12);
        }
      }
      default -> {
        if (marker < 0xC0 && scans > 0) {
          // No such segment exists: damaged pixels look like one.
          return false;
        }
        if (marker < 0xC0 || marker == 0xDE || marker == 0xDF || marker == 0xC8) {
          throw in.invalid("a segment of a kind that no decoder reads");
        }
        sound &= segments.isMetadata();
      }
    }
    return true;
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
      JpegSegments.write(out, marker, payload);
      return;
    }
    if (tables.size() + payload.length > MAX_TABLES) {
      throw in.invalid("more tables than a picture has use for");
    }
    JpegSegments.write(tables, marker, payload);
  }

  private void writeHead() throws IOException {
    if (jfif != null) {
      JpegSegments.write(out, JpegSegments.APP0, jfif);
    }
    for (byte[] part : profile.whole()) {
      JpegSegments.write(out, JpegSegments.APP2, part);
    }
    if (adobe != null) {
      JpegSegments.write(out, JpegSegments.APP14, adobe);
    }
    tables.writeTo(out);
  }

  /** Copies up to the next marker that ends a scan, or to the end of the file. */
  private void entropyCoded() throws IOException {
    long at = segments.end();
    while (true) {
      // Nearly all of a photograph lies between these bytes.
      long marker = in.copyUntil(at, (byte) 0xFF, out);
      at = marker + 1;
      int second = in.read(at);
      while (second == 0xFF) {
        second = in.read(++at);
      }
      if (second != 0 && (second < 0xD0 || second > 0xD7)) {
        segments.goTo(marker);
        return;
      }
      out.write(0xFF);
      out.write(second);
      at++;
    }
  }
}
