package dev.pictj.codec.jpeg;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.pictj.media.Dimensions;
import dev.pictj.nativecode.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A picture as JPEG keeps it (JFIF 1.02): a luma plane, and two chroma planes that may be smaller.
 *
 * @param size of the picture
 */
record YcbcrPlanes(Dimensions size, ChromaSampling sampling, List<Plane> planes) {
  /** Rows begin at multiples of this, and may be read as far: vector instructions are fast then. */
  private static final int ALIGNMENT = 64;

  /** The most planes that a format of libswscale or TurboJPEG has. */
  private static final int MAX_PLANES = 4;

  YcbcrPlanes {
    planes = List.copyOf(planes);
  }

  /**
   * Allocates planes, whose samples are anything.
   *
   * @param arena has them
   * @return empty when there is not the memory
   */
  static Optional<YcbcrPlanes> allocate(Dimensions size, ChromaSampling sampling, Arena arena) {
    return NativeMemory.allocate(bytes(size, sampling), arena)
        .map(
            memory -> {
              long begin = Math.floorMod(-memory.address(), ALIGNMENT);
              List<Plane> planes = new ArrayList<>();
              for (int i = 0; i < sampling.planes(); i++) {
                Dimensions padded = sampling.padded(i, size);
                long length = (long) stride(padded) * padded.height();
                MemorySegment samples = memory.asSlice(begin, length);
                planes.add(new Plane(sampling.plane(i, size), stride(padded), samples));
                begin += length;
              }
              return new YcbcrPlanes(size, sampling, planes);
            });
  }

  /** Bytes that the planes of a picture need. */
  static long bytes(Dimensions size, ChromaSampling sampling) {
    long bytes = 2 * ALIGNMENT;
    for (int i = 0; i < sampling.planes(); i++) {
      Dimensions padded = sampling.padded(i, size);
      bytes += (long) stride(padded) * padded.height();
    }
    return bytes;
  }

  private static int stride(Dimensions padded) {
    return Math.ceilDiv(padded.width(), ALIGNMENT) * ALIGNMENT;
  }

  /** For native functions: where the planes begin. */
  MemorySegment addresses(Arena arena) {
    MemorySegment addresses = arena.allocate(ADDRESS, MAX_PLANES);
    for (int i = 0; i < planes.size(); i++) {
      addresses.setAtIndex(ADDRESS, i, planes.get(i).samples());
    }
    return addresses;
  }

  /** For native functions: how far the rows of the planes are apart. */
  MemorySegment strides(Arena arena) {
    MemorySegment strides = arena.allocate(JAVA_INT, MAX_PLANES);
    for (int i = 0; i < planes.size(); i++) {
      strides.setAtIndex(JAVA_INT, i, planes.get(i).stride());
    }
    return strides;
  }

  /** Repeats what is at the edges of a part at the top left up to the other edges. */
  void fillAround(Dimensions part) {
    for (int i = 0; i < planes.size(); i++) {
      planes.get(i).fillAround(sampling.plane(i, part));
    }
  }

  /** The planes of the upper left part of the picture. */
  YcbcrPlanes part(Dimensions part) {
    List<Plane> parts = new ArrayList<>();
    for (int i = 0; i < planes.size(); i++) {
      Plane plane = planes.get(i);
      parts.add(new Plane(sampling.plane(i, part), plane.stride(), plane.samples()));
    }
    return new YcbcrPlanes(part, sampling, parts);
  }
}
