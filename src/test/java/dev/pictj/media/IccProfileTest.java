package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Profiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class IccProfileTest {
  private static final byte[] NAME = Bytes.ascii("ICC_PROFILE\0");

  /** Cut into this many segments. */
  private static List<byte[]> parts(byte[] profile, int count) {
    List<byte[]> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] part =
          Bytes.part(profile, profile.length * i / count, profile.length * (i + 1) / count);
      parts.add(Bytes.join(NAME, new byte[] {(byte) (i + 1), (byte) count}, part));
    }
    return parts;
  }

  private static IccProfile.JpegParts reader(List<byte[]> parts) {
    IccProfile.JpegParts reader = new IccProfile.JpegParts();
    parts.forEach(reader::add);
    return reader;
  }

  @RepeatedTest(20)
  void partsOfAJpegMakeUpAProfileInAnyOrder(RepetitionInfo run) {
    Random random = new Random(run.getCurrentRepetition());
    byte[] profile = Profiles.p3();
    List<byte[]> parts = parts(profile, 1 + random.nextInt(255));
    List<byte[]> mixed = new ArrayList<>(parts);
    mixed.add(parts.getFirst());
    mixed.add(Bytes.ascii("MPF\0 another kind of APP2"));
    Collections.shuffle(mixed, random);
    assertThat(reader(mixed).profile()).hasValue(profile);
    assertThat(reader(mixed).whole()).containsExactlyElementsOf(parts);
  }

  @RepeatedTest(20)
  void ofAJpegAllPartsCountOrNone(RepetitionInfo run) {
    Random random = new Random(run.getCurrentRepetition());
    List<byte[]> parts = parts(Profiles.p3(), 2 + random.nextInt(20));
    parts.remove(random.nextInt(parts.size()));
    IccProfile.JpegParts reader = reader(parts);
    assertThat(reader.any()).isTrue();
    assertThat(reader.profile()).isEmpty();
    assertThat(reader.whole()).isEmpty();
  }

  @Test
  void whatIsBehindAProfileIsNotKept() {
    byte[] profile = Profiles.p3();
    byte[] more = Bytes.join(profile, new byte[1000]);
    assertThat(IccProfile.of(more)).hasValue(profile);
    List<byte[]> whole = reader(parts(more, 7)).whole();
    assertThat(reader(whole).profile()).hasValue(profile);
    assertThat(whole.stream().mapToInt(part -> part.length - 14).sum()).isEqualTo(profile.length);
  }

  @Test
  void oneThatIsCutIsNone() {
    byte[] profile = Profiles.p3();
    for (int length = 0; length < profile.length; length++) {
      assertThat(IccProfile.of(Arrays.copyOf(profile, length))).isEmpty();
    }
  }

  @Test
  void moreThanAnyHasIsNone() {
    byte[] huge = Arrays.copyOf(Profiles.p3(), IccProfile.MAX_LENGTH + 1);
    IccProfile.JpegParts reader = reader(parts(huge, 255));
    assertThat(reader.any()).isTrue();
    assertThat(reader.profile()).isEmpty();
    assertThat(reader(List.of()).any()).isFalse();
  }

  @Test
  void aPngHasTheSameOne() throws Exception {
    byte[] profile = Profiles.grey(1.8);
    byte[] chunk = IccProfile.toPng(profile);
    assertThat(IccProfile.ofPng(chunk)).hasValue(profile);
    assertThat(IccProfile.ofPngAlone(chunk)).hasValue(chunk);
    byte[] behind = Bytes.join(chunk, Bytes.ascii("hidden"));
    assertThat(IccProfile.ofPng(behind)).hasValue(profile);
    assertThat(IccProfile.ofPng(IccProfile.ofPngAlone(behind).orElseThrow())).hasValue(profile);
    assertThat(Bytes.find(IccProfile.ofPngAlone(behind).orElseThrow(), "hidden")).isNegative();
    byte[] within = IccProfile.toPng(Bytes.join(profile, new byte[99]));
    assertThat(IccProfile.ofPng(IccProfile.ofPngAlone(within).orElseThrow())).hasValue(profile);
    for (int length = 0; length < chunk.length - 4; length++) {
      assertThat(IccProfile.ofPng(Arrays.copyOf(chunk, length))).isEmpty();
    }
  }
}
