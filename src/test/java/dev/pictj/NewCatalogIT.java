package dev.pictj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.pictj.catalog.rocksdb.CatalogFolder;
import dev.pictj.catalog.rocksdb.RocksCatalog;
import dev.pictj.cli.Commands;
import dev.pictj.pictures.Pictures;
import dev.pictj.server.RunningServer;
import dev.pictj.store.TempFolder;
import dev.pictj.store.file.FileVolume;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A catalog that is gone beside files that are not: nothing is taken for nobody's. */
final class NewCatalogIT {
  @TempDir private Path root;
  @TempDir private Path scratch;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> originals = new HashMap<>();
  private Path data;

  @BeforeEach
  void fill() throws Exception {
    data = root.resolve("data");
    try (Stream<Path> old = Files.walk(uploaded())) {
      for (Path path : old.toList()) {
        Path target = data.resolve(uploaded().relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
    files(data.resolve("files"))
        .forEach((name, bytes) -> originals.put(Path.of(name).getFileName().toString(), bytes));
    assertThat(originals).hasSize(3);
  }

  private static Path template;

  /** Three originals and a variant, made once. */
  private static synchronized Path uploaded() throws IOException {
    if (template == null) {
      Path made = Files.createTempDirectory("pictj-template-");
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    try {
                      TempFolder.remove(made);
                    } catch (IOException e) {
                      throw new IllegalStateException(e);
                    }
                  }));
      Path kept = made.resolve("kept");
      Path live = made.resolve("live");
      try (RunningServer server = RunningServer.start("path", live.toString())) {
        for (int width = 40; width < 43; width++) {
          server.accepted(Pictures.png(width, 30));
        }
        Files.createDirectories(kept);
        for (String top : List.of("files", "variants")) {
          Files.move(live.resolve(top), kept.resolve(top));
          Files.createDirectories(live.resolve(top));
        }
      }
      Path variants = Files.createDirectories(kept.resolve("variants/aB/3d/aB3dE6gH9k.png"));
      Files.writeString(variants.resolve("thumbnail-8.00000000.png"), "small");
      template = kept;
    }
    return template;
  }

  private static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          contents.put(
              folder.relativize(file).toString(),
              new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        }
      }
    }
    return contents;
  }

  private Map<String, String> lost() throws IOException {
    return files(data.resolve("lost+found")).entrySet().stream()
        .filter(entry -> entry.getKey().startsWith("files"))
        .collect(
            Collectors.toMap(
                entry -> Path.of(entry.getKey()).getFileName().toString(), Map.Entry::getValue));
  }

  private int run(String... arguments) {
    err.reset();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new Commands(stream, stream, Map.of("PATH", System.getenv("PATH"))).run(arguments);
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** A start that is refused, and both kinds of check. */
  private void everythingRefuses(String... words) throws IOException {
    Map<String, String> before = files(data);
    for (String[] command :
        new String[][] {
          {"-p", data.toString(), "-a", "127.0.0.1:0"},
          {"check", "-p", data.toString()},
          {"check", "--repair", "-p", data.toString()}
        }) {
      assertThat(run(command)).isEqualTo(command[0].equals("check") ? 2 : 1);
      assertThat(said()).startsWith("error: ").contains(words).hasLineCount(1);
      assertThat(files(data)).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noCatalogBesideFilesIsRefusedAndNothingIsTouched(boolean emptyFolder) throws Exception {
    if (emptyFolder) {
      Files.createDirectories(data.resolve("catalog"));
    }
    everythingRefuses(
        data.resolve("files").toString(),
        data.resolve("catalog").toString(),
        "backup",
        "--new-catalog",
        data.resolve("lost+found").toString(),
        "move the folder there back");
    assertThat(data.resolve("catalog/CURRENT")).doesNotExist();
  }

  @Test
  void aFileThatPictjWouldNotMakeIsAFileToo() throws Exception {
    TempFolder.remove(data.resolve("files"));
    Files.createDirectories(data.resolve("files/deep/er"));
    Files.writeString(data.resolve("files/deep/er/somebody's"), "x");
    everythingRefuses("--new-catalog");
  }

  @Test
  void emptyFoldersAreNoFiles() throws Exception {
    TempFolder.remove(data.resolve("files"));
    Files.createDirectories(data.resolve("files/ab/cd"));
    try (RunningServer server = RunningServer.start("path", data.toString())) {
      server.accepted(Pictures.png(9, 9));
    }
  }

  @Test
  void newCatalogKeepsEveryFileAndDoesNothingWhenGivenAgain() throws Exception {
    RunningServer server = RunningServer.start("path", data.toString(), "new-catalog", "true");
    try {
      assertThat(lost()).isEqualTo(originals);
      assertThat(files(data.resolve("files"))).isEmpty();
      String alias = server.accepted(Pictures.png(40, 30));
      server = server.restarted("new-catalog", "true");
      assertThat(lost()).isEqualTo(originals);
      assertThat(server.request().get("/image/original/" + alias).asByteArray())
          .isEqualTo(Pictures.png(40, 30));
    } finally {
      server.close();
    }
  }

  @Test
  void whatWasMovedWhereIsLogged() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(FileVolume.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    logger.setLevel(Level.INFO);
    logger.addAppender(log);
    log.start();
    try {
      new FileVolume(data, data.resolve("catalog"), _ -> false).setAllAside();
    } finally {
      logger.detachAppender(log);
    }
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(line -> line.contains("lost+found/files-"))
        .singleElement()
        .asString()
        .contains(originals.size() + " files of " + data.resolve("files"), "put the catalog back");
  }

  /** As if it had been killed after each of its steps. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void newCatalogMayBeKilledAndDoneAgain(int steps) throws Exception {
    Path catalog = data.resolve("catalog");
    assertThatThrownBy(
            () ->
                RocksCatalog.open(
                    new CatalogFolder(catalog),
                    scratch,
                    1 << 20,
                    4,
                    Clock.systemUTC(),
                    System::nanoTime,
                    () -> {
                      if (steps > 0) {
                        moveSome(steps);
                      }
                      throw new IOException("killed");
                    }))
        .hasMessage("killed");
    assertThat(RocksCatalog.exists(catalog)).isTrue();
    if (steps < 2) {
      everythingRefusesOrCheckKnowsNoCatalog();
      try (RunningServer server =
          RunningServer.start("path", data.toString(), "new-catalog", "true")) {
        server.accepted(Pictures.png(9, 9));
        assertThat(lost()).isEqualTo(originals);
      }
    } else {
      try (RunningServer server = RunningServer.start("path", data.toString())) {
        server.accepted(Pictures.png(9, 9));
        assertThat(lost()).isEqualTo(originals);
      }
    }
  }

  private void everythingRefusesOrCheckKnowsNoCatalog() throws IOException {
    Map<String, String> before = files(data.resolve("files"));
    assertThat(run("-p", data.toString(), "-a", "127.0.0.1:0")).isEqualTo(1);
    assertThat(said()).contains("--new-catalog").hasLineCount(1);
    for (String mode : List.of("--deep", "--repair")) {
      assertThat(run("check", mode, "-p", data.toString())).isEqualTo(2);
      assertThat(said()).contains("--new-catalog").hasLineCount(1);
    }
    assertThat(files(data.resolve("files"))).isEqualTo(before);
  }

  /** One original alone, or all of them. */
  private void moveSome(int steps) throws IOException {
    if (steps == 2) {
      new FileVolume(data, data.resolve("catalog"), _ -> false).setAllAside();
      return;
    }
    Path first;
    try (Stream<Path> all = Files.walk(data.resolve("files"))) {
      first = all.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    Path target = Files.createDirectories(data.resolve("lost+found/files-earlier"));
    Files.move(first, target.resolve(first.getFileName()));
  }

  @Test
  void filesOnAnotherDiskAreMovedOneByOne() throws Exception {
    Path elsewhere = scratch.resolve("elsewhere");
    Files.move(data.resolve("files"), elsewhere);
    Files.createSymbolicLink(data.resolve("files"), elsewhere);
    everythingRefuses("--new-catalog");
    try (RunningServer server =
        RunningServer.start("path", data.toString(), "new-catalog", "true")) {
      assertThat(lost()).isEqualTo(originals);
      server.accepted(Pictures.png(9, 9));
      assertThat(files(elsewhere)).hasSize(1);
    }
    TempFolder.remove(elsewhere);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sled",
        "sled/db-0.34",
        "sled-repo/v0.5.0",
        "sled-repo/v0.4.0-alpha.1",
        "db-0.34",
        "v0.5.0",
        "fjall",
        "fjall-repo",
        "any/db-0.34",
        "any/v0.5.0",
        "v0.6.0",
        "any/v0.6.0"
      })
  void aVolumeOfPictRsIsCalledSoAndLeftAlone(String repository) throws Exception {
    TempFolder.remove(data);
    Files.createDirectories(data.resolve(repository));
    Files.writeString(data.resolve(repository).resolve("db"), "rows");
    Files.createDirectories(data.resolve("files/thumbnail/256"));
    Files.writeString(data.resolve("files/Ab3dE6gH9k.png"), "picture");
    Files.writeString(data.resolve("files/thumbnail/256/Ab3dE6gH9k.png.webp"), "small");
    String top = Path.of(repository).getName(0).toString();
    everythingRefuses("pict-rs", top, "docs/migrating-from-pict-rs.md");
    Map<String, String> before = files(data);
    assertThat(run("-p", data.toString(), "-a", "127.0.0.1:0", "--new-catalog")).isEqualTo(1);
    assertThat(said()).contains("pict-rs").hasLineCount(1);
    assertThat(files(data)).isEqualTo(before);
    try (Stream<Path> tops = Files.list(data)) {
      assertThat(tops.map(path -> path.getFileName().toString()).collect(Collectors.toSet()))
          .isEqualTo(Set.of("files", top));
    }
  }
}
