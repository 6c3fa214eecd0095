package dev.pictj.pictures;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** EXIF blocks (TIFF 6.0 inside CIPA DC-008) as cameras write them. */
public final class Exif {
  /** Text of the camera tags; no stored file may contain it. */
  public static final String CAMERA = "PictjCam 3000";

  /** The reference letter and degrees of the position; as an ASCII mark next to it. */
  public static final String GPS_MARK = "WGS-84-SECRET";

  private Exif() {}

  /** A little-endian block with orientation, camera and GPS. */
  public static byte[] tiff(int orientation) {
    return tiff(orientation, ByteOrder.LITTLE_ENDIAN);
  }

  /** A block in the given byte order with orientation, camera and GPS. */
  public static byte[] tiff(int orientation, ByteOrder order) {
    byte[] camera = (CAMERA + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] datum = (GPS_MARK + "\0").getBytes(StandardCharsets.US_ASCII);
    int gps = 8 + 2 + 3 * 12 + 4;
    int data = gps + 2 + 3 * 12 + 4;
    ByteBuffer out = ByteBuffer.allocate(data + camera.length + datum.length + 24).order(order);
    out.put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M'));
    out.put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M'));
    out.putShort((short) 42).putInt(8);
    out.putShort((short) 3);
    entry(out, 0x0110, 2, camera.length).putInt(data);
    entry(out, 0x0112, 3, 1).putShort((short) orientation).putShort((short) 0);
    entry(out, 0x8825, 4, 1).putInt(gps);
    out.putInt(0);
    out.putShort((short) 3);
    entry(out, 1, 2, 2).put(new byte[] {'N', 0, 0, 0});
    entry(out, 2, 5, 3).putInt(data + camera.length + datum.length);
    entry(out, 0x12, 2, datum.length).putInt(data + camera.length);
    out.putInt(0);
    out.put(camera).put(datum);
    out.putInt(52).putInt(1).putInt(31).putInt(1).putInt(12).putInt(1);
    return out.array();
  }

  /** A block whose first directory names itself as the next one and as its own EXIF directory. */
  public static byte[] cyclic() {
    ByteBuffer out = ByteBuffer.allocate(8 + 2 + 12 + 4).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8).putShort((short) 1);
    entry(out, 0x8769, 4, 1).putInt(8);
    out.putInt(8);
    return out.array();
  }

  private static ByteBuffer entry(ByteBuffer out, int tag, int type, int count) {
    return out.putShort((short) tag).putShort((short) type).putInt(count);
  }
}
