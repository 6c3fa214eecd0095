package dev.pictj.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.JarProcess;
import dev.pictj.hostile.Uploader.Answer;
import dev.pictj.media.MediaType;
import dev.pictj.media.Signature;
import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Uploads the corpus to the built jar, which has 256 MiB of heap, two files at a time. Some of
 * every kind by default; {@code -Dpictj.corpus=all} uploads every file, and {@code
 * -Dpictj.corpus=png/exif} those whose name begins so.
 */
class HostileCorpusIT {
  private static final long SEED = Long.getLong("pictj.seed", 3);
  private static final String WANTED = System.getProperty("pictj.corpus", "sample");
  private static final int BATCH = 100;

  /** The tools may run for five seconds, a file takes up to three runs, and two run at a time. */
  private static final Duration TOOL_LIMIT = Duration.ofSeconds(5);

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(25);

  /** MiB resident at the most: heap, catalog and the JVM itself. */
  private static final long SERVER_CEILING = 640;

  /** MiB resident at the most in one run of a tool, whose own limit is on address space. */
  private static final long CHILD_CEILING = 1536;

  private static final Map<Integer, Set<String>> REFUSALS =
      Map.of(
          400, Set.of("validate-file-empty"),
          413, Set.of("validate-file-size"),
          415, Set.of("unsupported-media-type"),
          422,
              Set.of(
                  "invalid-media",
                  "validate-width",
                  "validate-height",
                  "validate-area",
                  "validate-frames",
                  "media-too-expensive"));

  /** In seconds: no process is to be left between the batches, that of libvips included. */
  private static final String ENGINE_REST = "1";

  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> answers = new TreeMap<>();
  private Duration slowest = Duration.ZERO;
  private String slowestName = "";

  private static List<HostileFile> wanted() {
    return switch (WANTED) {
      case "all" -> Corpus.all(SEED);
      case "sample" -> Corpus.sample(SEED, 1);
      default -> Corpus.all(SEED).stream().filter(file -> file.name().startsWith(WANTED)).toList();
    };
  }

  @Test
  void everyHostileFileIsAnsweredInTimeAndLeavesNothingBehind(@TempDir Path data) throws Exception {
    List<HostileFile> files = wanted();
    String seconds = Long.toString(TOOL_LIMIT.toSeconds());
    try (JarProcess server =
            JarProcess.server(
                data,
                "--image-timeout",
                seconds,
                "--video-timeout",
                seconds,
                "--engine-idle-timeout",
                ENGINE_REST);
        ProcessWatch watch = new ProcessWatch(server.pid());
        Uploader client = new Uploader(server.url(), ANSWER_LIMIT);
        ExecutorService pair = Executors.newFixedThreadPool(2)) {
      for (int from = 0; from < files.size(); from += BATCH) {
        List<Callable<Void>> jobs =
            files.subList(from, Math.min(files.size(), from + BATCH)).stream()
                .map(file -> (Callable<Void>) () -> judged(client, file))
                .toList();
        for (Future<Void> job : pair.invokeAll(jobs)) {
          job.get();
        }
        assertThat(server.isAlive()).as(server.errors()).isTrue();
        theServerIsAsItWas(client, watch, data, from);
      }
      System.out.printf(
          "%d hostile files of %d kinds, seed %d: %s; slowest answer %d ms (%s);"
              + " peak memory %d MiB of the server, %d MiB of a child (%s)%n",
          files.size(),
          files.stream().map(HostileFile::family).distinct().count(),
          SEED,
          answers,
          slowest.toMillis(),
          slowestName,
          watch.peak(),
          watch.peakOfChildren(),
          watch.largestChild().replaceFirst(" .*", ""));
      assertThat(failures).as(() -> "the server said: " + server.output()).isEmpty();
      assertThat(watch.peak()).as("MiB of the server").isLessThan(SERVER_CEILING);
      assertThat(watch.peakOfChildren())
          .as("MiB of a child: %s", watch.largestChild())
          .isGreaterThan(0)
          .isLessThan(CHILD_CEILING);
      assertThat(server.output()).doesNotContain(" ERROR ", "OutOfMemoryError", "StackOverflow");
    }
  }

  private Void judged(Uploader client, HostileFile file) throws InterruptedException {
    try {
      byte[] bytes = file.bytes();
      Answer answer = client.upload(bytes);
      note(file, answer);
      if (answer.status() == 201) {
        served(client, file, answer.alias());
      } else if (!REFUSALS.getOrDefault(answer.status(), Set.of()).contains(answer.code())) {
        failures.add("%s: %d %s".formatted(file.name(), answer.status(), answer.text()));
      }
    } catch (IOException | RuntimeException e) {
      failures.add(file.name() + ": " + e);
    }
    return null;
  }

  private synchronized void note(HostileFile file, Answer answer) {
    answers.merge(answer.status() + " " + answer.code(), 1, Integer::sum);
    if (answer.time().compareTo(slowest) > 0) {
      slowest = answer.time();
      slowestName = file.name();
    }
  }

  /** What was accepted is a picture, holds nothing of what was hidden in it, and can be used. */
  private void served(Uploader client, HostileFile file, String alias)
      throws IOException, InterruptedException {
    Answer original = client.get("/image/original/" + alias);
    String type =
        Signature.sniff(Arrays.copyOf(original.body(), Signature.SNIFF_LENGTH))
            .map(MediaType::contentType)
            .orElse("none");
    if (original.status() != 200 || !original.type().equals(type)) {
      failures.add(
          "%s: stored as %d %s, really %s"
              .formatted(file.name(), original.status(), original.type(), type));
    }
    if (Bytes.find(original.body(), Polyglots.MARK) >= 0) {
      failures.add(file.name() + ": what was hidden in it is stored");
    }
    for (String process :
        List.of("process.jpg?thumbnail=16&src=", "process.webp?crop=1x1&resize=9&src=")) {
      Answer variant = client.get("/image/" + process + alias);
      if (variant.status() != 200) {
        failures.add(
            "%s: %s gives %d %s".formatted(file.name(), process, variant.status(), variant.text()));
      }
    }
  }

  private static void theServerIsAsItWas(Uploader client, ProcessWatch watch, Path data, int round)
      throws Exception {
    await().atMost(Duration.ofSeconds(10)).until(() -> watch.running().isEmpty());
    await().atMost(Duration.ofSeconds(10)).until(() -> unfinished(data).isEmpty());
    Answer good = client.upload(Pictures.png(40 + round % 1000, 30 + round / 1000));
    assertThat(good.status()).isEqualTo(201);
  }

  /** Files of uploads and of tools, but for what the engine keeps there for good. */
  private static List<Path> unfinished(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("tmp"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.startsWith(data.resolve("tmp/engine/magick")))
          .toList();
    } catch (java.io.UncheckedIOException goneMeanwhile) {
      return List.of(data);
    }
  }

  @Test
  void bombsDoNotGrowTheServer(@TempDir Path data) throws Exception {
    Map<String, byte[]> bombs = new LinkedHashMap<>();
    bombs.put("png header", Bombs.pngHugeHeader());
    bombs.put("png pixels", Bombs.pngHidden());
    bombs.put("png few pixels", Bombs.pngSmallHidden());
    bombs.put("png text", Bombs.pngTextBomb());
    bombs.put("jpeg header", Bombs.jpegHugeHeader());
    bombs.put("gif screen", Bombs.gifHugeScreen());
    bombs.put("gif frame", Bombs.gifHugeFrame());
    bombs.put("mp4 boxes", Bombs.mp4DeepBoxes());
    bombs.put("webp canvas", Bombs.webpHugeCanvas());
    bombs.put("webp small canvas", Bombs.webpSmallCanvas());
    bombs.put("webp frames", Bombs.webpFramesBeyondCanvas());
    try (JarProcess server = JarProcess.server(data, "--engine-idle-timeout", ENGINE_REST);
        ProcessWatch watch = new ProcessWatch(server.pid());
        Uploader client = new Uploader(server.url(), ANSWER_LIMIT)) {
      // All code is loaded and every reader has run before anything is measured.
      for (byte[] sound :
          List.of(
              Pictures.png(40, 30),
              Pictures.jpeg(40, 30),
              Pictures.gif(40, 30, 2),
              Pictures.webp(40, 30),
              Pictures.mp4(40, 30, 2))) {
        assertThat(client.upload(sound).status()).isEqualTo(201);
      }
      long before = watch.peak();
      for (int round = 0; round < 3; round++) {
        for (Map.Entry<String, byte[]> bomb : bombs.entrySet()) {
          assertThat(client.upload(bomb.getValue()).status())
              .as(bomb.getKey())
              // The text of a sound picture is thrown away unread.
              .isEqualTo(bomb.getKey().equals("png text") ? 201 : 422);
        }
      }
      long grown = watch.peak() - before;
      System.out.printf("bombs: %d MiB before, %d MiB more after%n", before, grown);
      // Any one of them holds more than that in pixels or text.
      assertThat(grown).as("MiB more than the %d before", before).isLessThan(64);
      assertThat(client.upload(Pictures.png(41, 31)).status()).isEqualTo(201);
      theServerIsAsItWas(client, watch, data, 7);
    }
  }
}
