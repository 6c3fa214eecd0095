package dev.pictj.media;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The size of a picture in pixels; 0x0 is that of none.
 *
 * @param width at least 1
 * @param height at least 1
 */
public record Dimensions(int width, int height) {
  /** The size of a file that is taken for a picture without reading it. */
  public static final Dimensions NONE = new Dimensions(0, 0);

  /** Refuses sides below 1, except 0x0. */
  public Dimensions {
    boolean none = width == 0 && height == 0;
    if ((width < 1 || height < 1) && !none) {
      throw new IllegalArgumentException("no picture measures " + width + "x" + height);
    }
  }

  /** Pixels in all; cannot overflow. */
  public long area() {
    return (long) width * height;
  }

  /** Width and height exchanged. */
  public Dimensions turned() {
    return new Dimensions(/* width= */ height, /* height= */ width);
  }

  /** Writes both sides, for {@link #read}. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(width);
    out.writeInt(height);
  }

  /** Reads what {@link #write} has written. */
  public static Dimensions read(DataInput in) throws IOException {
    return new Dimensions(in.readInt(), in.readInt());
  }

  @Override
  public String toString() {
    return width + "x" + height;
  }
}
