package dev.pictj.engine.vips.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pictj.engine.EncoderSettings;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.RenderRequest;
import dev.pictj.engine.Verification;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandbox;
import dev.pictj.engine.child.Sandboxes;
import dev.pictj.engine.vips.Check;
import dev.pictj.engine.vips.Engines;
import dev.pictj.engine.vips.VipsEngine;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.pictures.AnimatedWebps;
import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.WebpChunks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers give the quick yes; whatever else they say or suffer is for the other engine. */
@Tag("slow")
class VerifyingTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(8);
  private static final Duration HALF = TIMEOUT.dividedBy(2);
  private static final byte[] SOUND = Pictures.jpeg(60, 40);
  private static final AnimatedWebps.Frame FRAME =
      AnimatedWebps.frame(0xFFFF0000, 20, 16, 10, 8, 50, false, false);

  @TempDir Path folder;
  @TempDir Path work;
  private final Judge judge = new Judge();
  private Sandbox sandbox;
  private Set<Long> before;
  private Isolated verifiers;
  private VipsEngine engine;

  /** The other engine, which notes how much time it was given. */
  private static final class Judge implements ImageEngine {
    private final List<Duration> times = new ArrayList<>();

    @Override
    public Verification verify(Path source, Probed probed) {
      return verify(source, probed, TIMEOUT);
    }

    @Override
    public Verification verify(Path source, Probed probed, Duration atMost) {
      times.add(atMost);
      return new Verification(probed.dimensions(), 1, false, VerifiedBy.REFERENCE);
    }

    @Override
    public void render(RenderRequest request, Path output) {
      throw new IllegalStateException("not asked for");
    }
  }

  @BeforeEach
  void start() throws Exception {
    before = processes().map(ProcessHandle::pid).collect(Collectors.toSet());
    sandbox = Sandboxes.best(folder);
    PictureRules rules = new PictureRules(Engines.LIMITS, TIMEOUT, EncoderSettings.USUAL);
    WorkerLimits limits = new WorkerLimits(2, 4L << 30, 1 << 30, Duration.ofMinutes(10));
    ChildRunner runner = new ChildRunner(work, sandbox);
    verifiers = Isolated.verifiers(rules, limits, runner);
    engine = Isolated.engine(judge, rules, limits, runner, verifiers);
  }

  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    engine.close();
    try (var left = Files.list(work)) {
      assertThat(left).isEmpty();
    }
    assertThat(workers()).isEmpty();
  }

  private static Stream<ProcessHandle> processes() {
    return ProcessHandle.current().descendants();
  }

  private List<ProcessHandle> workers() {
    return processes()
        .filter(child -> !before.contains(child.pid()))
        .filter(child -> child.info().command().orElse("").endsWith("/java"))
        .toList();
  }

  private Verification verify(byte[] bytes) throws Exception {
    Path source = Files.write(folder.resolve("source"), bytes);
    return engine.verify(source, new HeaderProbe().probe(source));
  }

  private void awaitVerifier() {
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> verify(SOUND).by() == VerifiedBy.WORKER);
  }

  private static void signal(String name, ProcessHandle process) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor())
        .isZero();
  }

  @Test
  void noVerifierIsStartedBeforeItIsNeededAndNobodyWaitsForIt() throws Exception {
    engine.awaitReady();
    List<ProcessHandle> renderers = workers();
    assertThat(renderers).hasSize(1);

    assertThat(verify(SOUND).by()).isEqualTo(VerifiedBy.REFERENCE);
    awaitVerifier();

    assertThat(verify(SOUND))
        .isEqualTo(new Verification(new Dimensions(60, 40), 1, true, VerifiedBy.WORKER));
    // Another process than the one that renders.
    assertThat(workers()).hasSize(2).containsAll(renderers);
  }

  @Test
  void whatIsNotPlainlySoundIsLeftToTheOtherEngine() throws Exception {
    awaitVerifier();
    byte[] body = Arrays.copyOf(SOUND, SOUND.length - 2);
    byte[] end = {(byte) 0xFF, (byte) 0xD9};
    byte[] large = Pictures.jpeg(400, 300);
    for (byte[] bytes :
        List.of(
            // Without an end, with something before it, behind it, and another scan's worth of it.
            body,
            Bytes.join(body, new byte[40], end),
            Bytes.join(SOUND, new byte[1]),
            Bytes.join(Bombs.half(large), end),
            PngChunks.withWrongCrc(Pictures.png(60, 40), "IDAT"),
            Pictures.jpegCmyk(40, 30),
            WebpChunks.withHiddenAlpha(Pictures.webp(40, 30), 40, 30),
            damagedInItsLastFrame())) {
      judge.times.clear();
      assertThat(verify(bytes).by()).isEqualTo(VerifiedBy.REFERENCE);
      assertThat(judge.times).hasSize(1);
      assertThat(judge.times.getFirst()).isBetween(HALF, TIMEOUT);
    }
    // None of them has harmed it.
    for (byte[] bytes :
        List.of(
            SOUND,
            large,
            JpegSegments.withIcc(SOUND),
            Pictures.png(60, 40),
            PngChunks.animated(Pictures.png(40, 30), 3),
            Pictures.gif(40, 30, 1),
            Pictures.gif(40, 30, 3),
            Pictures.animatedWebp(40, 30, 3),
            AnimatedWebps.of(64, 48, 1, 0, List.of(FRAME, FRAME)),
            AnimatedWebps.of(64, 48, 1, 0, List.of(FRAME)))) {
      assertThat(verify(bytes).by()).isEqualTo(VerifiedBy.WORKER);
    }
  }

  /** A profile that nothing can be made of is no fault of the pixels. */
  @Test
  void aPreviewComesWithTheVerificationWhereThatIsFaster() throws Exception {
    awaitVerifier();
    for (byte[] bytes :
        List.of(
            Pictures.png(3000, 2),
            Pictures.pngGrey16(400, 300),
            Pictures.pngAlpha(400, 300),
            Pictures.pngInterlaced(400, 300),
            PngChunks.withIcc(Pictures.png(400, 300)))) {
      Verification found = verify(bytes);
      assertThat(found.by()).isEqualTo(VerifiedBy.WORKER);
      assertThat(found.preview()).isPresent();
    }
    for (byte[] bytes :
        List.of(
            SOUND,
            Pictures.jpegProgressive(400, 300),
            Pictures.webp(400, 300),
            Pictures.animatedWebp(40, 30, 3))) {
      assertThat(verify(bytes).preview()).as("not faster that way").isEmpty();
    }
  }

  /** Whatever part of the pixels is gone or damaged, also where the small copy needs none of it. */
  @Test
  void theCopyLetsNothingPass() throws Exception {
    awaitVerifier();
    for (byte[] png : List.of(Pictures.png(640, 500), Pictures.pngInterlaced(640, 500))) {
      for (int lost : List.of(30, 400, png.length / 2)) {
        Verification found = verify(Arrays.copyOf(png, png.length - lost));
        assertThat(found.by()).as("%d lost", lost).isEqualTo(VerifiedBy.REFERENCE);
        assertThat(found.preview()).isEmpty();
      }
    }
  }

  private static byte[] damagedInItsLastFrame() {
    byte[] webp = AnimatedWebps.of(64, 48, 1, 0, List.of(FRAME, FRAME));
    Arrays.fill(webp, webp.length - 10, webp.length, (byte) 0xFF);
    return webp;
  }

  @Test
  void anotherSizeThanItsHeaderSaysIsNotSound() throws Exception {
    awaitVerifier();
    Path source = Files.write(folder.resolve("source"), SOUND);
    Probed lying =
        new Probed(MediaType.JPEG, new Dimensions(60, 41), 1, Orientation.UPRIGHT, false);

    assertThat(engine.verify(source, lying).by()).isEqualTo(VerifiedBy.REFERENCE);
  }

  @Test
  void aDeadVerifierCostsOneUploadNothingButTime() throws Exception {
    awaitVerifier();
    ProcessHandle verifier = workers().getFirst();
    signal("KILL", verifier);
    verifier.onExit().join();

    assertThat(verify(SOUND).by()).isEqualTo(VerifiedBy.REFERENCE);
    assertThat(verify(SOUND).by()).isEqualTo(VerifiedBy.WORKER);
  }

  @Test
  void aHangingVerifierIsKilledAndLeavesHalfOfTheTime() throws Exception {
    awaitVerifier();
    List<ProcessHandle> verifiers = workers();
    assertThat(verifiers).hasSize(1);
    judge.times.clear();
    signal("STOP", verifiers.getFirst());

    assertThat(verify(SOUND).by()).isEqualTo(VerifiedBy.REFERENCE);
    assertThat(judge.times).containsExactly(HALF);
    assertThat(verify(SOUND).by()).isEqualTo(VerifiedBy.WORKER);
    assertThat(workers()).hasSize(1).doesNotContainAnyElementsOf(verifiers);
  }

  @Test
  void aVerifierFindsWhatHidesBehindThePixelsOfAWebp() throws Exception {
    byte[] plain = Pictures.webpLossless(60, 40);
    Path source = Files.write(folder.resolve("source"), plain);
    Probed probed = new HeaderProbe().probe(source);
    assertThat(verifiers.of(source, probed)).contains(List.of());
    byte[] pixels = Bytes.from(plain, 20);
    byte[] chunk = WebpChunks.chunk("VP8L", Bytes.join(pixels, new byte[100_000]));
    byte[] head = Bytes.join(Bytes.ascii("RIFF"), Bytes.little32(4 + chunk.length));
    Files.write(source, Bytes.join(head, Bytes.ascii("WEBP"), chunk));
    long length = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN).getInt(16);
    assertThat(verifiers.of(source, probed)).contains(List.of(length));
    Files.write(source, Bytes.join(head, Bytes.ascii("WEBP"), Bytes.ascii("VP8 "), chunk));
    assertThat(verifiers.of(source, probed)).isEmpty();
  }

  @Test
  void aVerifierIsReplacedAfterSoManyJobs() throws Exception {
    Path source = Files.write(folder.resolve("source"), SOUND);
    Check check = new Check(MediaType.JPEG, new Dimensions(60, 40), 1);
    try (Isolated few =
        new Isolated(
            new ChildRunner(work, sandbox),
            new WorkerLimits(1, 4L << 30, 1, Duration.ofMinutes(10)),
            TIMEOUT,
            2)) {
      few.awaitReady();
      List<ProcessHandle> first = workers();
      few.inspect(check, source);
      assertThat(workers()).isEqualTo(first);
      few.inspect(check, source);
      assertThat(workers()).isEmpty();
      few.inspect(check, source);
      assertThat(workers()).hasSize(1).doesNotContainAnyElementsOf(first);
    }
  }

  @Test
  void libvipsInTheServerNeverVerifiesAndTrustsNoWorker() throws Exception {
    Path source = Files.write(folder.resolve("source"), SOUND);
    try (VipsEngine here = Engines.alone()) {
      assertThatThrownBy(() -> here.verify(source, new HeaderProbe().probe(source)))
          .hasMessage("asked the reference engine to verify");
      assertThat(here.trusts()).containsExactly(VerifiedBy.REFERENCE);
    }
    assertThat(engine.trusts()).containsExactly(VerifiedBy.WORKER, VerifiedBy.REFERENCE);
  }
}
