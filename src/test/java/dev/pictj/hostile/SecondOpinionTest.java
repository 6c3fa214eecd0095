package dev.pictj.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.engine.EncoderSettings;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.Nobody;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandboxes;
import dev.pictj.engine.magick.MagickEngine;
import dev.pictj.engine.magick.MagickTools;
import dev.pictj.engine.magick.UsualLimits;
import dev.pictj.engine.metadata.MetadataStripper;
import dev.pictj.engine.vips.VipsEngine;
import dev.pictj.engine.vips.worker.Isolated;
import dev.pictj.engine.vips.worker.WorkerLimits;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Probed;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import dev.pictj.pictures.WebpChunks;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever libvips finds clean, ImageMagick must find clean too, and both must be able to use it.
 * Damaged files are shown to both just as an upload would show them. Some of every kind and a few
 * hundred mutants by default; {@code -Dpictj.corpus=all} takes every file, {@code
 * -Dpictj.mutants=N} so many of each picture and damage, {@code -Dpictj.seed=N} other ones.
 */
@Tag("slow")
class SecondOpinionTest {
  private static final long SEED = Long.getLong("pictj.seed", 3);
  private static final boolean ALL = "all".equals(System.getProperty("pictj.corpus"));
  private static final int MUTANTS = Integer.getInteger("pictj.mutants", 2);
  private static final PictureRules RULES =
      new PictureRules(
          new Limits(10_000, 10_000, 40_000_000, 50),
          Duration.ofSeconds(10),
          EncoderSettings.USUAL);
  private static final Set<MediaType> KNOWN = Set.of(MediaType.JPEG, MediaType.PNG, MediaType.WEBP);

  @TempDir Path folder;
  @TempDir Path work;
  private final HeaderProbe probe = new HeaderProbe();
  private final MetadataStripper stripper = new MetadataStripper();
  private final Map<String, Integer> verdicts = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private MagickEngine magick;
  private VipsEngine vips;

  @BeforeEach
  void start() throws Exception {
    ChildRunner runner = new ChildRunner(work, Sandboxes.best(folder));
    magick =
        MagickEngine.start(
            MagickTools.find(List.of(Path.of("/usr/bin"))), UsualLimits.ofMagick(), RULES, runner);
    WorkerLimits limits = new WorkerLimits(2, 4L << 30, 1 << 30, Duration.ofMinutes(10));
    vips =
        Isolated.engine(
            new Nobody(), RULES, limits, runner, Isolated.verifiers(RULES, limits, runner));
    vips.awaitReady();
    Path sound = Files.write(folder.resolve("sound"), Pictures.jpeg(40, 30));
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> vips.verify(sound, probe.probe(sound)).clean());
  }

  @AfterEach
  void stop() {
    vips.close();
  }

  /** What people send, in every form that the formats have, each the start of many mutants. */
  private static Map<String, byte[]> sound() {
    Map<String, byte[]> all = new TreeMap<>();
    all.put("jpeg", Pictures.jpeg(200, 150));
    all.put("jpeg-fine", Pictures.jpegQuality(90, 70, 0.98f));
    all.put("jpeg-progressive", Pictures.jpegProgressive(160, 120));
    all.put("jpeg-grey", Pictures.jpegGrey(120, 90));
    all.put("jpeg-restarts", Pictures.jpegRestarts(120, 90));
    all.put(
        "jpeg-rich", JpegSegments.withIcc(JpegSegments.withEverything(Pictures.jpeg(70, 50), 6)));
    all.put("png", Pictures.png(120, 90));
    all.put("png-alpha", Pictures.pngAlpha(90, 70));
    all.put("png-palette", Pictures.pngPalette(120, 90));
    all.put("png-bilevel", Pictures.pngBilevel(120, 90));
    all.put("png-grey", Pictures.pngGrey(120, 90));
    all.put("png-grey16", Pictures.pngGrey16(120, 90));
    all.put("png-interlaced", Pictures.pngInterlaced(120, 90));
    all.put("png-profile", PngChunks.withIcc(Pictures.png(60, 50)));
    all.put("webp", Pictures.webp(160, 120));
    all.put("webp-lossless", Pictures.webpLossless(120, 90));
    all.put("webp-alpha", Pictures.webpAlpha(120, 90));
    all.put("webp-profile", WebpChunks.withIcc(Pictures.webp(120, 90), 120, 90));
    return all;
  }

  private static List<HostileFile> mutants() {
    List<HostileFile> all = new ArrayList<>();
    sound()
        .forEach(
            (name, bytes) -> {
              Batch batch = new Batch("mutant-" + name, SEED);
              UnaryOperator<byte[]> mend =
                  name.startsWith("png") ? HostilePngs::withRightSums : UnaryOperator.identity();
              Spoiling.damage(batch, bytes, MUTANTS, mend);
              all.addAll(batch.files());
            });
    return all;
  }

  /** Everything else comes to be known by its own signature. */
  private static List<HostileFile> corpus() {
    return (ALL ? Corpus.all(SEED) : Corpus.sample(SEED, 1))
        .stream()
            .filter(file -> !file.format().equals("gif") && !file.format().equals("movie"))
            .toList();
  }

  @Test
  void soundPicturesOfEveryFormNeedNoSecondOpinion() throws Exception {
    for (Map.Entry<String, byte[]> picture : sound().entrySet()) {
      judge(picture.getKey(), picture.getValue());
    }
    assertThat(failures).isEmpty();
    assertThat(verdicts).containsOnlyKeys("clean");
  }

  @Test
  void whatLibvipsFindsCleanImageMagickFindsCleanToo() throws Exception {
    List<HostileFile> files = Stream.concat(corpus().stream(), mutants().stream()).toList();
    for (HostileFile file : files) {
      judge(file.name(), file.bytes());
    }
    System.out.printf("second opinions on %d files, seed %d: %s%n", files.size(), SEED, verdicts);
    assertThat(failures).isEmpty();
    assertThat(verdicts.getOrDefault("clean", 0)).isGreaterThan(files.size() / 20);
    assertThat(verdicts.getOrDefault("in doubt", 0)).isGreaterThan(files.size() / 20);
  }

  /** Takes the way of an upload, up to where an engine is asked. */
  private void judge(String name, byte[] bytes) throws Exception {
    Path received = Files.write(folder.resolve("received"), bytes);
    Path bare = folder.resolve("bare");
    Probed header;
    Path shown;
    try {
      header = probe.probe(received);
      RULES.limits().check(header.dimensions(), header.frames());
      if (!KNOWN.contains(header.type())) {
        note("other");
        return;
      }
      shown = isStripped(header.type(), received, bare) ? bare : received;
    } catch (MediaException refused) {
      note("refused before");
      return;
    }
    boolean clean;
    try {
      clean = vips.verify(shown, header).clean();
    } catch (EngineException | MediaException doubtful) {
      note("in doubt");
      return;
    }
    assertThat(clean).isTrue();
    note("clean");
    second(name, shown, header);
  }

  private boolean isStripped(MediaType type, Path received, Path bare) throws Exception {
    if (stripper.strip(type, received, bare).sound()) {
      return true;
    }
    try (OutputStream repaired = Files.newOutputStream(bare)) {
      return type == MediaType.PNG && stripper.repair(received, repaired).sound();
    }
  }

  private void second(String name, Path shown, Probed header) throws Exception {
    try {
      if (!magick.verify(shown, header).clean()) {
        failures.add(name + ": ImageMagick warns");
      }
      Dimensions upright = header.orientation().upright(header.dimensions());
      for (ImageEngine engine : List.of(magick, vips)) {
        Path out = folder.resolve("out");
        engine.render(shown, header, List.of(), MediaType.JPEG, out);
        if (!probe.probe(out).dimensions().equals(upright)) {
          failures.add(name + ": rendered in another size");
        }
      }
    } catch (MediaException e) {
      failures.add(name + ": " + e.getMessage());
    } catch (EngineException e) {
      failures.add(name + ": libvips leaves its rendering");
    }
  }

  private void note(String verdict) {
    verdicts.merge(verdict, 1, Integer::sum);
  }
}
