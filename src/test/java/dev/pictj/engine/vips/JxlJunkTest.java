package dev.pictj.engine.vips;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.metadata.MetadataStripper;
import dev.pictj.media.MediaType;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Stills;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes behind the codestream of a JPEG XL, in its box and without one. */
class JxlJunkTest {
  private static final byte[] SECRET = Bytes.ascii("where I live");
  private static final byte[] BEGIN =
      Bytes.join(
          Stills.box("JXL ", new byte[] {13, 10, (byte) 0x87, 10}),
          Stills.box("ftyp", Bytes.ascii("jxl \0\0\0\0jxl ")));

  @TempDir private Path folder;

  @Test
  void whatIsBehindTheCodestreamGoes() throws Exception {
    byte[] jxl = Stills.jxl();
    assertThat(stripped(Bytes.join(jxl, SECRET))).isEqualTo(jxl);
    byte[] boxed = Bytes.join(BEGIN, Stills.box("jxlc", jxl));
    assertThat(stripped(Bytes.join(BEGIN, Stills.box("jxlc", jxl, SECRET)))).isEqualTo(boxed);
    byte[] level = Stills.box("jxll", new byte[] {10});
    assertThat(stripped(Bytes.join(BEGIN, level, Stills.box("jxlc", jxl, SECRET))))
        .isEqualTo(Bytes.join(BEGIN, level, Stills.box("jxlc", jxl)));
  }

  @Test
  void partsMayEndAnywhere() throws Exception {
    byte[] jxl = Stills.jxl();
    byte[] first = Stills.box("jxlp", Bytes.big32(0), Bytes.part(jxl, 0, 20));
    byte[] second = Stills.box("jxlp", Bytes.big32(1), Bytes.part(jxl, 20, jxl.length), SECRET);
    byte[] third = Stills.box("jxlp", Bytes.big32(1 << 31 | 2), SECRET);
    assertThat(stripped(Bytes.join(BEGIN, first, second, third)))
        .isEqualTo(Bytes.join(BEGIN, Stills.box("jxlc", jxl)));
  }

  @Test
  void whatIsAsItShouldBeStays() throws Exception {
    for (byte[] jxl : List.of(Stills.jxl(), Bytes.join(BEGIN, Stills.box("jxlc", Stills.jxl())))) {
      assertThat(stripped(jxl)).isEqualTo(jxl);
    }
    assertThat(lengths(bare(Stills.jxlTurned()))).contains(List.of());
  }

  @Test
  void whatIsCutWithinItsHeaderIsOdd() throws Exception {
    byte[] jxl = Stills.jxl();
    assertThat(lengths(Arrays.copyOf(jxl, 8))).isEmpty();
    assertThat(lengths(Bytes.join(BEGIN, Stills.box("jxlc", Arrays.copyOf(jxl, 8))))).isEmpty();
  }

  private byte[] bare(byte[] jxl) throws Exception {
    Path source = Files.write(folder.resolve("in"), jxl);
    Path bare = folder.resolve("bare");
    new MetadataStripper().strip(MediaType.JXL, source, bare);
    return Files.readAllBytes(bare);
  }

  private static Optional<List<Long>> lengths(byte[] bare) throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      return PixelLengths.of(arena.allocate(bare.length).copyFrom(MemorySegment.ofArray(bare)));
    }
  }

  private byte[] stripped(byte[] jxl) throws Exception {
    byte[] bare = bare(jxl);
    List<Long> lengths = lengths(bare).orElseThrow();
    if (lengths.isEmpty()) {
      return bare;
    }
    ByteArrayOutputStream trimmed = new ByteArrayOutputStream();
    MetadataStripper.trim(MediaType.JXL, folder.resolve("bare"), lengths, trimmed);
    return trimmed.toByteArray();
  }
}
