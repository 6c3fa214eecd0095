package dev.pictj.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.JarProcess;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.RenderRequest;
import dev.pictj.engine.Verification;
import dev.pictj.engine.VideoEngine;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.media.KindLimits;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.MediaType;
import dev.pictj.media.Preview;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Pictures;
import dev.pictj.store.ContentHash;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of received files, with scripted engines. */
class NormaliserTest {
  private static final byte[] PNG = Pictures.png(16, 12);

  @TempDir private Path folder;

  private final List<String> asked = new ArrayList<>();
  private final FailureMemory failures = new FailureMemory(10, Duration.ofHours(1));
  private final CpuPool cpu = new CpuPool(1, 10);
  private final Map<String, VerifiedBy> verified = new HashMap<>();
  private final Map<String, byte[]> made = new HashMap<>();
  private TempFolder temporary;
  private static final Preview PREVIEW = new Preview("LEHV6nWB2yk8");

  private SharedResults shared;
  private Normaliser normaliser;

  /** What the engines find and write. */
  private boolean clean = true;

  private MediaException refusal;

  /** What counts of a WebP's streams. */
  private Optional<List<Long>> kept = Optional.of(List.of());

  private byte[] written = new byte[0];

  private final ImageEngine images =
      new ImageEngine() {
        @Override
        public Verification verify(Path source, Probed probed) throws MediaException {
          asked.add("verify");
          if (refusal != null) {
            throw refusal;
          }
          return new Verification(
              probed.dimensions(), probed.frames(), clean, VerifiedBy.WORKER, Optional.of(PREVIEW));
        }

        @Override
        public Verification verify(Path source, Probed probed, Duration atMost)
            throws MediaException {
          return verify(source, probed);
        }

        @Override
        public void render(RenderRequest request, Path output) {
          asked.add("to " + request.target());
          write(output);
        }
      };

  private final VideoEngine videos =
      new VideoEngine() {
        @Override
        public void toApng(Path source, Probed probed, Path output) throws EngineException {
          asked.add("to frames");
          try {
            Files.write(output, Pictures.png(16, 12));
          } catch (IOException e) {
            throw new EngineException("could not write", e);
          }
        }

        @Override
        public void toAvif(Path apng, Probed probed, Path output) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void store(Path source, Probed probed, Path output) throws EngineException {
          asked.add("to MP4");
          if (probed.type() != MediaType.AVIF) {
            write(output);
            return;
          }
          try {
            Files.copy(source, output);
          } catch (IOException e) {
            throw new EngineException("could not copy", e);
          }
        }

        @Override
        public void firstFrame(Path source, Probed probed, Path output) {
          throw new AssertionError("nobody looks at it yet");
        }
      };

  private void write(Path output) {
    try {
      Files.write(output, written);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final Normaliser.Known known =
      new Normaliser.Known() {
        @Override
        public VerifiedBy verifiedBy(String hash, long size) {
          return verified.getOrDefault(hash, VerifiedBy.NOBODY);
        }

        @Override
        public Optional<String> bring(String origin, TempFile target) throws Exception {
          byte[] bytes = made.get(origin);
          if (bytes == null) {
            return Optional.empty();
          }
          return Optional.of(ContentHash.of(Files.write(target.path(), bytes)));
        }
      };

  @BeforeEach
  void start() throws Exception {
    temporary = TempFolder.open(folder.resolve("tmp"));
    shared =
        new SharedResults(
            Runnable::run,
            Duration.ofMinutes(1),
            1 << 20,
            temporary,
            new SpoolBudget(1 << 20, Duration.ofSeconds(1)));
    normaliser = normaliser(Optional.empty());
  }

  private Normaliser normaliser(Optional<MediaType> format) {
    return normaliser(new IngestRules(new Limits(100, 100, 10_000, 10), format, 1));
  }

  private Normaliser normaliser(IngestRules rules) {
    return new Normaliser(
        rules,
        images,
        (_, _) -> kept,
        videos,
        Optional.empty(),
        failures,
        temporary,
        cpu,
        shared,
        known);
  }

  @AfterEach
  void stop() {
    shared.close();
    cpu.close();
    assertThat(temporary.path()).isEmptyDirectory();
  }

  private Path received(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("received"), bytes);
  }

  private interface Look {
    void at(Normal normal) throws Exception;
  }

  private void normal(byte[] bytes, Look look) throws Exception {
    Normal normal = normaliser.normalise(received(bytes));
    try (TempFile file = normal.file()) {
      assertThat(ContentHash.of(file.path())).isEqualTo(normal.hash());
      look.at(normal);
    }
    assertThat(folder.resolve("received")).hasBinaryContent(bytes);
  }

  @Test
  void aSoundPictureKeepsItsBytes() throws Exception {
    normal(
        PNG,
        normal -> {
          assertThat(normal.file().path()).hasBinaryContent(PNG);
          assertThat(normal.verifiedBy()).isEqualTo(VerifiedBy.WORKER);
          assertThat(normal.probed().type()).isEqualTo(MediaType.PNG);
          assertThat(normal.origin()).isEmpty();
          assertThat(normal.preview()).contains(PREVIEW);
        });
    assertThat(asked).containsExactly("verify");
  }

  @Test
  void bytesThatAreStoredAlreadyAreNotDecodedAgain() throws Exception {
    verified.put(ContentHash.of(PNG), VerifiedBy.REFERENCE);
    normal(PNG, normal -> assertThat(normal.verifiedBy()).isEqualTo(VerifiedBy.REFERENCE));
    assertThat(asked).isEmpty();
  }

  @Test
  void whatADecoderWarnsOfIsWrittenAnew() throws Exception {
    clean = false;
    written = Pictures.pngAlpha(16, 12);
    normal(PNG, normal -> assertThat(normal.file().path()).hasBinaryContent(written));
    assertThat(asked).containsExactly("verify", "to PNG");
  }

  @Test
  void aJpegThatIsCutShortIsWrittenAnewOrRefused() throws Exception {
    byte[] whole = Pictures.jpeg(16, 12);
    byte[] cut = Bytes.part(whole, 0, whole.length - 20);
    clean = false;
    written = whole;
    normal(cut, normal -> assertThat(normal.file().path()).hasBinaryContent(written));
    assertThat(asked).containsExactly("verify", "to JPEG");

    asked.clear();
    KindLimits limits = KindLimits.all(new Limits(100, 100, 10_000, 10));
    normaliser =
        normaliser(
            new IngestRules(
                limits, Optional.empty(), Optional.empty(), true, true, "", 1, false, false));
    assertThatThrownBy(() -> normaliser.normalise(received(cut)))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID))
        .hasMessageContaining("end is missing");
    clean = true;
    normal(whole, normal -> assertThat(normal.probed().type()).isEqualTo(MediaType.JPEG));
    assertThat(asked).containsExactly("verify");
  }

  @Test
  void whatHidesBehindPixelsIsTakenOff() throws Exception {
    byte[] webp = Pictures.webpLossless(16, 12);
    kept = Optional.of(List.of(20L));
    normal(
        webp,
        normal -> {
          byte[] stored = Files.readAllBytes(normal.file().path());
          assertThat(stored).hasSize(40).endsWith(Bytes.part(webp, 20, 40));
          assertThat(stored[16]).isEqualTo((byte) 20);
        });
    assertThat(asked).containsExactly("verify");
  }

  @Test
  void aWebpWithOddPixelsIsWrittenAnew() throws Exception {
    kept = Optional.empty();
    written = Pictures.webp(16, 12);
    normal(
        Pictures.webpLossless(16, 12),
        normal -> assertThat(normal.file().path()).hasBinaryContent(written));
    assertThat(asked).containsExactly("verify", "to WEBP");
  }

  @Test
  void anEngineThatChangesTheSizeIsNotBelieved() throws Exception {
    clean = false;
    written = Pictures.png(12, 16);
    assertThatThrownBy(() -> normaliser.normalise(received(PNG)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("12");
    assertThat(failures.isEmpty()).isTrue();
  }

  @Test
  void everyStillBecomesTheFormatThatIsWanted() throws Exception {
    normaliser = normaliser(Optional.of(MediaType.JPEG));
    written = Pictures.jpeg(16, 12);
    normal(PNG, normal -> assertThat(normal.probed().type()).isEqualTo(MediaType.JPEG));
    assertThat(asked).containsExactly("verify", "to JPEG");
  }

  @Test
  void aStillGifBecomesAPng() throws Exception {
    written = Pictures.png(8, 8);
    normal(
        Pictures.gif(8, 8, 1),
        normal -> assertThat(normal.probed().type()).isEqualTo(MediaType.PNG));
    assertThat(asked).containsExactly("verify", "to PNG");
  }

  @Test
  void limitsAreJudgedByTheHeaderAndAgainEachTime() throws Exception {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> normaliser.normalise(received(Pictures.png(101, 5))))
          .isInstanceOfSatisfying(
              MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WIDTH));
    }
    assertThat(asked).isEmpty();
    assertThat(failures.isEmpty()).isTrue();
  }

  @Test
  void whatIsRefusedForWhatItIsIsRefusedAtOnceTheNextTime() throws Exception {
    refusal = new MediaException(Reason.INVALID, "odd");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> normaliser.normalise(received(PNG)))
          .isInstanceOf(MediaException.class)
          .hasMessage("odd");
    }
    assertThat(asked).containsExactly("verify");
    refusal = null;
    normal(Pictures.png(12, 12), normal -> assertThat(normal.verifiedBy()).isNotNull());
  }

  @Test
  void motionBecomesAnMp4WhoseOriginIsRemembered() throws Exception {
    written = Pictures.mp4(16, 12, 2);
    byte[] gif = Pictures.gif(16, 12, 3);
    List<String> origins = new ArrayList<>();
    normal(
        gif,
        normal -> {
          assertThat(normal.file().path()).hasBinaryContent(written);
          assertThat(normal.verifiedBy()).isEqualTo(VerifiedBy.REFERENCE);
          origins.add(normal.origin().orElseThrow());
        });
    made.put(origins.getFirst(), written);
    normal(
        gif,
        normal -> {
          assertThat(normal.file().path()).hasBinaryContent(written);
          assertThat(normal.origin()).contains(origins.getFirst());
        });
    assertThat(asked).containsExactly("to MP4");
  }

  @Test
  void anAnimatedAvifBecomesTheFormatThatAnimationsAreWantedIn() throws Exception {
    byte[] avif =
        Files.readAllBytes(
            JarProcess.baseFolder().resolve("src/test/resources/golden/pictures/moving.avif"));
    List<String> origins = new ArrayList<>();
    for (Optional<MediaType> format :
        List.of(Optional.<MediaType>empty(), Optional.of(MediaType.WEBP))) {
      normaliser =
          normaliser(
              new IngestRules(
                  KindLimits.all(new Limits(100, 100, 10_000, 10)),
                  Optional.empty(),
                  format,
                  true,
                  true,
                  "",
                  1,
                  false,
                  false));
      written = format.isEmpty() ? avif : Pictures.webp(16, 12);
      normal(
          avif,
          normal -> {
            assertThat(normal.file().path()).hasBinaryContent(written);
            origins.add(normal.origin().orElseThrow());
          });
    }
    assertThat(origins).doesNotHaveDuplicates();
    assertThat(asked).containsExactly("to MP4", "to MP4", "to frames", "to WEBP");
  }

  @Test
  void whatIsNotLookedIntoMustBeOfAKindThatIsStoredAsItIs() throws Exception {
    assertThat(normaliser.unchecked(received(PNG)).type()).isEqualTo(MediaType.PNG);
    assertThatThrownBy(() -> normaliser.unchecked(received(Pictures.gif(8, 8, 1))))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED));
    assertThat(asked).isEmpty();
  }
}
