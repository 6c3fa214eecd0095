package dev.pictj.pictures;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;

/**
 * A sequential JPEG (ITU-T T.81) written by its own code, for what other writers do not do: any
 * sampling, scans of some components, quantisation in 16 bits, other names for components.
 */
public final class CodedJpeg {
  private static final int JFIF = 0xE0;

  private final int width;
  private final int height;
  private final List<CodedPlane> planes;
  private int[][] scans;
  private int[] ids = {1, 2, 3};
  private int interval;
  private int fill;
  private int frame = 0xC0;
  private boolean wideSteps;
  private int header = JFIF;
  private byte[] headerPayload = {'J', 'F', 'I', 'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0};

  private CodedJpeg(int width, int height, List<CodedPlane> planes) {
    this.width = width;
    this.height = height;
    this.planes = planes;
    this.scans = new int[][] {IntStream.range(0, planes.size()).toArray()};
  }

  /** Without colour. */
  public static CodedJpeg grey(BufferedImage image, int step) {
    return new CodedJpeg(
        image.getWidth(), image.getHeight(), CodedPlane.of(image, step, new int[] {1, 1}));
  }

  /**
   * With colour.
   *
   * @param step of the quantisation of low frequencies, 1 for the best
   * @param sampling horizontal and vertical factor of Y, Cb and Cr, one after another
   */
  public static CodedJpeg colour(BufferedImage image, int step, int... sampling) {
    return new CodedJpeg(image.getWidth(), image.getHeight(), CodedPlane.of(image, step, sampling));
  }

  /**
   * One plane as a picture without colour, as large as it is stored, with all that fills up MCUs.
   */
  public CodedJpeg plane(int number) {
    CodedPlane plane = planes.get(number).alone();
    return new CodedJpeg(plane.width(), plane.height(), List.of(plane));
  }

  /** Which planes each scan has. */
  public CodedJpeg scans(int[]... groups) {
    scans = groups;
    return this;
  }

  /** MCUs between restarts. */
  public CodedJpeg restarts(int every) {
    interval = every;
    return this;
  }

  /** Bytes of 255 before each marker but the first (B.1.1.2). */
  public CodedJpeg filled(int bytes) {
    fill = bytes;
    return this;
  }

  /** Steps of quantisation in 16 bits, which makes it an extended frame. */
  public CodedJpeg wide() {
    wideSteps = true;
    frame = 0xC1;
    return this;
  }

  /** Names of components, and no other hint at what they are. */
  public CodedJpeg named(int... names) {
    ids = names;
    headerPayload = new byte[0];
    return this;
  }

  /** What Adobe's segment says about colours, in place of JFIF. */
  public CodedJpeg adobe(int transform) {
    header = 0xEE;
    headerPayload =
        Bytes.join(Bytes.ascii("Adobe"), new byte[] {0, 100, 0, 0, 0, 0, (byte) transform});
    return this;
  }

  /** The file. */
  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {-1, (byte) 0xD8});
    if (headerPayload.length > 0) {
      segment(out, header, headerPayload);
    }
    for (int i = 0; i < planes.size(); i++) {
      segment(out, 0xDB, quantisation(i));
    }
    segment(out, frame, frameHeader());
    segment(out, 0xC4, huffman(0, JPEGHuffmanTable.StdDCLuminance));
    segment(out, 0xC4, huffman(0x10, JPEGHuffmanTable.StdACLuminance));
    if (interval > 0) {
      segment(out, 0xDD, Bytes.big16(interval));
    }
    for (int[] scan : scans) {
      segment(out, 0xDA, scanHeader(scan));
      out.writeBytes(new CodedScan(coded(scan), interval, fill).bytes(width, height, mostOf(scan)));
    }
    marker(out, 0xD9);
    return out.toByteArray();
  }

  private List<CodedPlane> coded(int[] scan) {
    return Arrays.stream(scan).mapToObj(planes::get).toList();
  }

  private int[] mostOf(int[] scan) {
    // A single component is not interleaved, whatever its factors (A.2.2).
    return scan.length == 1
        ? new int[] {0, 0}
        : new int[] {
          planes.stream().mapToInt(CodedPlane::horizontal).max().orElseThrow(),
          planes.stream().mapToInt(CodedPlane::vertical).max().orElseThrow()
        };
  }

  private void marker(ByteArrayOutputStream out, int marker) {
    for (int i = 0; i < fill; i++) {
      out.write(0xFF);
    }
    out.writeBytes(new byte[] {-1, (byte) marker});
  }

  private void segment(ByteArrayOutputStream out, int marker, byte[] payload) {
    marker(out, marker);
    out.writeBytes(Bytes.big16(payload.length + 2));
    out.writeBytes(payload);
  }

  private byte[] quantisation(int number) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write((wideSteps ? 0x10 : 0) | number);
    for (int step : planes.get(number).steps()) {
      if (wideSteps) {
        out.write(step >> 8);
      }
      out.write(step);
    }
    return out.toByteArray();
  }

  private byte[] frameHeader() {
    List<byte[]> parts = new ArrayList<>();
    parts.add(new byte[] {8});
    parts.add(Bytes.big16(height));
    parts.add(Bytes.big16(width));
    parts.add(new byte[] {(byte) planes.size()});
    for (int i = 0; i < planes.size(); i++) {
      CodedPlane plane = planes.get(i);
      parts.add(
          new byte[] {
            (byte) ids[i], (byte) (plane.horizontal() << 4 | plane.vertical()), (byte) i
          });
    }
    return Bytes.join(parts.toArray(byte[][]::new));
  }

  private byte[] scanHeader(int[] scan) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(scan.length);
    for (int plane : scan) {
      out.write(ids[plane]);
      out.write(0);
    }
    out.writeBytes(new byte[] {0, 63, 0});
    return out.toByteArray();
  }

  private static byte[] huffman(int kind, JPEGHuffmanTable table) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(kind);
    for (int i = 0; i < 16; i++) {
      out.write(i < table.getLengths().length ? table.getLengths()[i] : 0);
    }
    for (short symbol : table.getValues()) {
      out.write(symbol);
    }
    return out.toByteArray();
  }
}
