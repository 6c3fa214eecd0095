package dev.pictj.engine.vips.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pictj.engine.EncoderSettings;
import dev.pictj.engine.Nobody;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.RenderStep;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandboxes;
import dev.pictj.engine.vips.Engines;
import dev.pictj.engine.vips.Likeness;
import dev.pictj.engine.vips.VipsEngine;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.MediaType;
import dev.pictj.nativecode.UnavailableException;
import dev.pictj.pictures.Pictures;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker may die or hang: that costs one rendering, and the next one works. */
@Tag("slow")
class IsolatedTest {
  private static final List<RenderStep> SMALLER =
      List.of(
          new RenderStep.Shrink(new Dimensions(60, 40), RenderStep.Quality.FAST),
          new RenderStep.Crop(new Dimensions(40, 40), 10, 0),
          new RenderStep.Blur(0.8),
          new RenderStep.Shrink(new Dimensions(30, 30), RenderStep.Quality.LANCZOS2));

  @TempDir Path folder;
  @TempDir Path work;
  private Duration rest = Duration.ofMinutes(10);
  private Set<Long> before;
  private VipsEngine engine;
  private Path out;

  @BeforeEach
  void start() throws Exception {
    before = children();
    out = folder.resolve("out.png");
    engine = engine(Duration.ofSeconds(20), 1 << 30);
  }

  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    engine.close();
    try (var left = Files.list(work);
        var parts = Files.list(folder)) {
      assertThat(left).isEmpty();
      assertThat(parts.filter(part -> part.toString().endsWith(".tmp"))).isEmpty();
    }
    assertThat(workers()).isEmpty();
  }

  private VipsEngine engine(Duration timeout, long outputBytes) throws Exception {
    return engine(timeout, 4L << 30, outputBytes);
  }

  private VipsEngine unready(Duration timeout, long memoryBytes, long outputBytes)
      throws Exception {
    PictureRules rules = new PictureRules(Engines.LIMITS, timeout, EncoderSettings.USUAL);
    WorkerLimits limits = new WorkerLimits(2, memoryBytes, outputBytes, rest);
    ChildRunner runner = new ChildRunner(work, Sandboxes.best(folder));
    return Isolated.engine(
        new Nobody(), rules, limits, runner, Isolated.verifiers(rules, limits, runner));
  }

  private VipsEngine engine(Duration timeout, long memoryBytes, long outputBytes) throws Exception {
    VipsEngine made = unready(timeout, memoryBytes, outputBytes);
    try {
      made.awaitReady();
      return made;
    } catch (UnavailableException e) {
      // What it then is asked for is left to the other engine.
      assertThatThrownBy(() -> render(made, Pictures.png(30, 30), List.of()))
          .hasMessage("asked the reference engine to render");
      made.close();
      throw e;
    }
  }

  @Test
  void aWorkerThatCannotStartIsSaidToBeUnavailable() throws Exception {
    if (Sandboxes.limits(Sandboxes.best(folder))) {
      assertThatThrownBy(() -> engine(Duration.ofSeconds(20), 1 << 20, 1 << 30))
          .isInstanceOf(UnavailableException.class)
          .hasMessage("its worker process could not be started: it ended at once");
    }
  }

  private static Set<Long> children() {
    return ProcessHandle.current()
        .descendants()
        .map(ProcessHandle::pid)
        .collect(Collectors.toSet());
  }

  /** The Java processes that came to be since the start, without what surrounds them. */
  private List<ProcessHandle> workers() {
    return ProcessHandle.current()
        .descendants()
        .filter(child -> !before.contains(child.pid()))
        .filter(child -> child.info().command().orElse("").endsWith("/java"))
        .toList();
  }

  private void render(VipsEngine with, byte[] bytes, List<RenderStep> steps) throws Exception {
    Path source = Files.write(folder.resolve("source"), bytes);
    with.render(source, new HeaderProbe().probe(source), steps, MediaType.PNG, out);
  }

  private void assertWorks() throws Exception {
    render(engine, Pictures.jpeg(600, 400), SMALLER);
    assertThat(new HeaderProbe().probe(out).dimensions()).isEqualTo(new Dimensions(30, 30));
  }

  private CompletableFuture<Throwable> longWork(VipsEngine with) throws Exception {
    byte[] large = Pictures.png(3000, 2000);
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                render(with, large, List.of(new RenderStep.Blur(1.05), new RenderStep.Blur(1.05)));
                ended.complete(null);
              } catch (Throwable e) {
                ended.complete(e);
              }
            });
    return ended;
  }

  private static void signal(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
        .isZero();
  }

  @Test
  void makesWhatIsMadeInProcess() throws Exception {
    assertWorks();
    byte[] isolated = Files.readAllBytes(out);
    try (VipsEngine here = Engines.alone()) {
      render(here, Pictures.jpeg(600, 400), SMALLER);
    }
    assertThat(isolated).isEqualTo(Files.readAllBytes(out));
    assertThat(engine.describe())
        .isEqualTo(
            "libvips "
                + Engines.version()
                + " with TurboJPEG, libswscale, in a process of its own");
  }

  /**
   * A link to it changes when a file was changed last, as stat(2) tells it. The kernel's clock for
   * that ticks every few milliseconds, and nobody can set it; a file that is written anew shows
   * when it has.
   */
  @Test
  void aLargeSourceIsLinkedWhereTheWorkerSeesItAndASmallOneIsSent() throws Exception {
    Path small = Files.write(folder.resolve("small"), Pictures.jpeg(60, 40));
    Path large = Files.write(folder.resolve("large"), Pictures.jpegQuality(1600, 1200, 1f));
    assertThat(Files.size(large)).isGreaterThan(1 << 16);
    for (Path source : List.of(small, large)) {
      Object before = Files.getAttribute(source, "unix:ctime");
      await()
          .until(
              () ->
                  !Files.getAttribute(
                          Files.write(folder.resolve("tick"), new byte[1]), "unix:ctime")
                      .equals(before));
      engine.convert(source, new HeaderProbe().probe(source), MediaType.PNG, out);

      Object after = Files.getAttribute(source, "unix:ctime");
      assertThat(after.equals(before)).as("%s is sent", source).isEqualTo(source.equals(small));
      assertThat(Files.getAttribute(source, "unix:nlink")).isEqualTo(1);
      assertThat(ImageIO.read(out.toFile()).getWidth())
          .isEqualTo(new HeaderProbe().probe(source).dimensions().width());
    }
  }

  /** What is linked is the name that leads to another file, which a sandbox does not have. */
  @Test
  void whatAWorkerCannotReadIsSentToIt() throws Exception {
    Path large = Files.write(folder.resolve("large"), Pictures.jpegQuality(1600, 1200, 1f));
    Path name = Files.createSymbolicLink(folder.resolve("name"), large);
    for (Path source : List.of(name, large)) {
      engine.convert(source, new HeaderProbe().probe(source), MediaType.PNG, out);
      BufferedImage made = ImageIO.read(out.toFile());
      assertThat(Likeness.distance(ImageIO.read(large.toFile()), made)).isZero();
    }
  }

  @Test
  void aKilledWorkerCostsOneRendering() throws Exception {
    assertWorks();
    List<ProcessHandle> workers = workers();
    assertThat(workers).hasSize(1);
    Duration idle = cpuTime(workers.getFirst());
    CompletableFuture<Throwable> ended = longWork(engine);
    await().until(() -> cpuTime(workers.getFirst()).compareTo(idle) > 0);
    signal("KILL", workers.getFirst().pid());

    assertThat(ended.get()).hasMessage("asked the reference engine to render");
    assertWorks();
    assertThat(workers()).hasSize(1).doesNotContainAnyElementsOf(workers);
  }

  private static Duration cpuTime(ProcessHandle process) {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** Another engine's result would look a little different, and be stored. */
  @Test
  void theLastWorkerEndsAfterAQuietTimeAndTheNextJobWaitsForAnother() throws Exception {
    rest = Duration.ofMillis(200);
    try (VipsEngine sleepy = engine(Duration.ofSeconds(20), 1 << 30)) {
      await().atMost(Duration.ofSeconds(20)).until(() -> workers().size() == 1);
      render(sleepy, Pictures.jpeg(600, 400), SMALLER);
    }
    assertThat(new HeaderProbe().probe(out).dimensions()).isEqualTo(new Dimensions(30, 30));
  }

  @Test
  void whoComesBeforeTheFirstWorkerIsReadyWaitsForIt() throws Exception {
    try (VipsEngine early = unready(Duration.ofSeconds(20), 4L << 30, 1 << 30)) {
      render(early, Pictures.jpeg(600, 400), SMALLER);
    }
    assertThat(new HeaderProbe().probe(out).dimensions()).isEqualTo(new Dimensions(30, 30));
  }

  @Test
  void aHangingWorkerIsKilledWhenItsTimeIsOver() throws Exception {
    try (VipsEngine hasty = engine(Duration.ofSeconds(3), 1 << 30)) {
      List<ProcessHandle> workers = workers();
      assertThat(workers).hasSize(2);
      for (ProcessHandle worker : workers) {
        signal("STOP", worker.pid());
      }
      assertThat(longWork(hasty).get())
          .isInstanceOfSatisfying(
              MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_EXPENSIVE));
      render(hasty, Pictures.jpeg(600, 400), SMALLER);
      for (ProcessHandle worker : workers) {
        if (worker.isAlive()) {
          signal("CONT", worker.pid());
        }
      }
    }
    assertThat(new HeaderProbe().probe(out).dimensions()).isEqualTo(new Dimensions(30, 30));
  }

  @Test
  void refusesToWriteMoreThanAllowedAndWorksOn() throws Exception {
    try (VipsEngine tight = engine(Duration.ofSeconds(20), 5000)) {
      assertThatThrownBy(() -> render(tight, Pictures.png(300, 300), List.of()))
          .isInstanceOfSatisfying(
              MediaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_EXPENSIVE));
      render(tight, Pictures.jpeg(600, 400), SMALLER);
    }
    assertThat(out).exists();
  }
}
