package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Movies;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.WebpChunks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Random containers, whole, cut at every byte, and with lengths that lie. */
class ChunksTest {
  private static final int CONTAINERS = 20;

  private record Part(String code, byte[] payload) {}

  private static List<Part> random(Random random) {
    List<Part> parts = new ArrayList<>();
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      byte[] payload = new byte[random.nextInt(40)];
      random.nextBytes(payload);
      parts.add(new Part(code(random), payload));
    }
    return parts;
  }

  private static String code(Random random) {
    return random.ints(4, 'A', 'Z').mapToObj(Character::toString).reduce("", String::concat);
  }

  private static byte[] png(List<Part> parts) {
    byte[] png = PngChunks.SIGNATURE;
    for (Part part : parts) {
      png = Bytes.join(png, PngChunks.chunk(part.code(), part.payload()));
    }
    return png;
  }

  private static byte[] webp(List<Part> parts) {
    byte[] body = Bytes.ascii("WEBP");
    for (Part part : parts) {
      body = Bytes.join(body, WebpChunks.chunk(part.code(), part.payload()));
    }
    return Bytes.join(Bytes.ascii("RIFF"), Bytes.little32(body.length), body);
  }

  /** With lengths of both sizes, and a last one that is not told. */
  private static byte[] movie(List<Part> parts) {
    byte[] movie = {};
    for (int i = 0; i < parts.size(); i++) {
      byte[] code = Bytes.ascii(parts.get(i).code());
      byte[] payload = parts.get(i).payload();
      byte[] box = Movies.box(parts.get(i).code(), payload);
      if (i == parts.size() - 1) {
        box = Bytes.join(Bytes.big32(0), code, payload);
      } else if (i % 2 == 1) {
        box =
            Bytes.join(
                Bytes.big32(1), code, Bytes.big32(0), Bytes.big32(16 + payload.length), payload);
      }
      movie = Bytes.join(movie, box);
    }
    return movie;
  }

  private static ByteSource source(byte[] bytes) {
    return ByteSource.ofMemory(ByteBuffer.wrap(bytes), "image");
  }

  private interface Begin {
    Chunks at(ByteSource in) throws Exception;
  }

  /** Those that are whole. */
  private static List<Part> walked(byte[] bytes, Begin begin) throws Exception {
    List<Part> found = new ArrayList<>();
    Chunks chunks = begin.at(source(bytes));
    while (chunks.next() && chunks.end() <= bytes.length && chunks.isWhole()) {
      found.add(new Part(chunks.code(), chunks.payload()));
    }
    return found;
  }

  private static void assertSame(List<Part> found, List<Part> expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).code()).isEqualTo(expected.get(i).code());
      assertThat(found.get(i).payload()).isEqualTo(expected.get(i).payload());
    }
  }

  @RepeatedTest(CONTAINERS)
  void whatWasWrittenIsFound(RepetitionInfo run) throws Exception {
    List<Part> parts = random(new Random(run.getCurrentRepetition()));
    assertSame(walked(png(parts), Chunks::ofPng), parts);
    assertSame(walked(webp(parts), Chunks::ofWebp), parts);
    assertSame(walked(movie(parts), Chunks::ofMovie), parts);
  }

  @RepeatedTest(CONTAINERS)
  void ofPngCutAnywhereThoseBeforeAreFound(RepetitionInfo run) throws Exception {
    List<Part> parts = random(new Random(run.getCurrentRepetition()));
    byte[] png = png(parts);
    int end = 8;
    int whole = 0;
    for (int length = 8; length <= png.length; length++) {
      if (length == end + 12 + parts.get(whole).payload().length) {
        end = length;
        whole++;
      }
      Chunks chunks = Chunks.ofPng(source(Arrays.copyOf(png, length)));
      for (int i = 0; i < whole; i++) {
        assertThat(chunks.next()).isTrue();
        assertThat(chunks.code()).isEqualTo(parts.get(i).code());
        assertThat(chunks.hasRightSum(chunks.payload())).isTrue();
      }
      assertThat(chunks.next()).isEqualTo(length >= end + 8);
      assertThat(chunks.next()).isFalse();
      assertThat(chunks.areCut()).isEqualTo(length != end);
      if (whole == parts.size()) {
        return;
      }
    }
  }

  @RepeatedTest(CONTAINERS)
  void aWebpCutAnywhereIsRefused(RepetitionInfo run) {
    byte[] webp = webp(random(new Random(run.getCurrentRepetition())));
    for (int i = 0; i < webp.length; i++) {
      byte[] cut = Arrays.copyOf(webp, i);
      assertThatThrownBy(() -> walked(cut, Chunks::ofWebp))
          .isInstanceOf(MediaException.class)
          .hasMessageContaining("ends early");
    }
  }

  @RepeatedTest(CONTAINERS)
  void ofAMovieCutAnywhereTheLastBoxIsNotWhole(RepetitionInfo run) throws Exception {
    List<Part> parts = random(new Random(run.getCurrentRepetition()));
    byte[] movie = movie(parts);
    int last = movie.length - 8 - parts.getLast().payload().length;
    for (int length = 0; length < last; length++) {
      byte[] cut = Arrays.copyOf(movie, length);
      List<Part> found = walked(cut, Chunks::ofMovie);
      assertThat(found.size()).isLessThan(parts.size());
      assertSame(found, parts.subList(0, found.size()));
    }
    // One whose length is not told reaches to wherever the end is.
    for (int length = last + 8; length <= movie.length; length++) {
      assertThat(walked(Arrays.copyOf(movie, length), Chunks::ofMovie)).hasSameSizeAs(parts);
    }
  }

  @RepeatedTest(CONTAINERS)
  void lengthsThatLieEndTheWalk(RepetitionInfo run) throws Exception {
    Random random = new Random(run.getCurrentRepetition());
    List<Part> parts = random(random);
    for (int i = 0; i < 300; i++) {
      spoilt(png(parts), Chunks::ofPng, random);
      spoilt(webp(parts), Chunks::ofWebp, random);
      spoilt(movie(parts), Chunks::ofMovie, random);
    }
  }

  private static void spoilt(byte[] bytes, Begin begin, Random random) throws Exception {
    int at = random.nextInt(bytes.length - 4);
    ByteBuffer.wrap(bytes).putInt(at, random.nextBoolean() ? random.nextInt() : random.nextInt(99));
    try {
      Chunks chunks = begin.at(source(bytes));
      long place = 0;
      while (chunks.next()) {
        assertThat(chunks.at()).isGreaterThanOrEqualTo(place + 8);
        place = chunks.at();
      }
      assertThat(place).isLessThanOrEqualTo(bytes.length + 8L);
    } catch (MediaException e) {
      assertThat(e.reason()).isEqualTo(MediaException.Reason.INVALID);
    }
  }

  @Test
  void innerOnesStayWithinTheirOuter() throws Exception {
    byte[] inner = Bytes.join(Movies.box("aaaa", new byte[5]), Movies.box("bbbb"));
    byte[] movie = Bytes.join(Movies.box("moov", new byte[4], inner), Movies.box("mdat"));
    Chunks boxes = Chunks.ofMovie(source(movie));
    assertThat(boxes.next()).isTrue();
    assertThat(boxes.areOutermost()).isTrue();
    Chunks within = boxes.inner(4);
    assertThat(within.areOutermost()).isFalse();
    assertThat(within.next()).isTrue();
    assertThat(within.code()).isEqualTo("aaaa");
    assertThat(within.next()).isTrue();
    assertThat(within.code()).isEqualTo("bbbb");
    assertThat(within.next()).isFalse();
    assertThat(boxes.next()).isTrue();
    assertThat(boxes.code()).isEqualTo("mdat");
  }

  @Test
  void thereAreLimitsOnHowManyAndHowDeep() throws Exception {
    byte[] many = new byte[8 * 100_002];
    ByteBuffer boxes = ByteBuffer.wrap(many);
    while (boxes.hasRemaining()) {
      boxes.putInt(8).put(Bytes.ascii("free"));
    }
    assertThatThrownBy(() -> walked(many, Chunks::ofMovie))
        .isInstanceOf(MediaException.class)
        .hasMessage("Invalid video: too many boxes");
    byte[] deep = {};
    for (int i = 0; i < 20; i++) {
      deep = Movies.box("moov", deep);
    }
    Chunks walk = Chunks.ofMovie(source(deep));
    int levels = 1;
    try {
      while (walk.next()) {
        walk = walk.inner(0);
        levels++;
      }
    } catch (MediaException e) {
      assertThat(e).hasMessage("Invalid video: boxes within boxes without end");
    }
    assertThat(levels).isEqualTo(16);
  }
}
