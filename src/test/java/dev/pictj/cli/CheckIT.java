package dev.pictj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pictj.JarProcess;
import dev.pictj.app.Application;
import dev.pictj.catalog.rocksdb.Damage;
import dev.pictj.catalog.rocksdb.DataFolder;
import dev.pictj.config.SettingsLoader;
import dev.pictj.pictures.Pictures;
import dev.pictj.store.ContentHash;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pictj check} on data folders that are sound, and broken in every way it knows. */
final class CheckIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String KEY = "check-key";

  private static final byte[] PICTURE = Pictures.png(40, 30);

  @TempDir private static Path filled;
  private static String alias;
  private static String token;
  private static String filename;

  @TempDir private Path data;
  @TempDir private Path scratch;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final String hash = ContentHash.of(PICTURE);
  private Damage damage;

  /** Each test breaks a copy. */
  @BeforeAll
  static void fill() throws Exception {
    try (Application server = serve(filled)) {
      Response reply = upload(server, PICTURE);
      alias = reply.path("files[0].file");
      token = reply.path("files[0].delete_token");
      filename =
          RestAssured.given()
              .header("X-Api-Token", KEY)
              .get(url(server) + "/internal/filename?alias=" + alias)
              .path("filename");
      upload(server, Pictures.png(41, 30));
      assertThat(variant(server, alias)).isEqualTo(200);
    }
  }

  @BeforeEach
  void copy() throws IOException {
    try (Stream<Path> files = Files.walk(filled)) {
      for (Path file : files.filter(each -> !each.equals(filled)).toList()) {
        Files.copy(file, data.resolve(filled.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    damage = new Damage(data, scratch);
  }

  private Application serve() throws Exception {
    return serve(data);
  }

  private static Application serve(Path data) throws Exception {
    Map<String, List<String>> given = new HashMap<>();
    given.put("path", List.of(data.toString()));
    given.put("addr", List.of("127.0.0.1:0"));
    given.put("api-key", List.of(KEY));
    // Without workers, a server starts sooner; the data are the same.
    given.put("engine", List.of("imagemagick"));
    return Application.started(new SettingsLoader(given, Map.of()).load(), System.getenv("PATH"));
  }

  private static String url(Application server) {
    return "http://127.0.0.1:" + server.address().getPort();
  }

  private static Response upload(Application server, byte[] bytes) {
    Response reply =
        RestAssured.given().multiPart("images[]", "a", bytes).post(url(server) + "/image");
    assertThat(reply.statusCode()).isEqualTo(201);
    return reply;
  }

  private static int variant(Application server, String alias) {
    return RestAssured.get(url(server) + "/image/process.png?thumbnail=8&src=" + alias)
        .statusCode();
  }

  private int run(String... arguments) {
    return check(data, arguments);
  }

  private int check(Path folder, String... arguments) {
    out.reset();
    err.reset();
    List<String> all = new ArrayList<>(List.of("check", "-p", folder.toString()));
    all.addAll(List.of(arguments));
    return new Commands(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of())
        .run(all.toArray(String[]::new));
  }

  /** What a check finds, without the subjects: each as often as it was found. */
  private List<String> flaws(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    int status = run(all.toArray(String[]::new));
    JsonNode report = JSON.readTree(out.toString(StandardCharsets.UTF_8));
    assertThat(status).isEqualTo(report.get("sound").asBoolean() ? 0 : 1);
    List<String> flaws = new ArrayList<>();
    report.get("findings").forEach(finding -> flaws.add(finding.get("flaw").asText()));
    return flaws;
  }

  /** Finds it, mends it, and then all is well, also for a server. */
  private void foundAndMended(String... expected) throws Exception {
    assertThat(flaws()).containsExactlyInAnyOrder(expected);
    flaws("--repair");
    assertThat(flaws("--deep")).isEmpty();
    try (Application server = serve()) {
      upload(server, Pictures.png(50, 50));
    }
    DataFolder.tidy(data, scratch);
    assertThat(DataFolder.faults(data, scratch)).isEmpty();
  }

  private void stillServed(String shown, byte[] bytes) throws Exception {
    try (Application server = serve()) {
      assertThat(RestAssured.get(url(server) + "/image/original/" + shown).asByteArray())
          .isEqualTo(bytes);
    }
  }

  @Test
  void aSoundFolderIsCalledSoundAndNotTouched() throws Exception {
    Map<String, String> before = contents();
    assertThat(run()).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("2 originals, 1 variants", "all is well")
        .doesNotContain("flaw");
    assertThat(run("--deep")).isZero();
    assertThat(contents()).isEqualTo(before);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  /** Every file of the data folder with its bytes and the time they were last written. */
  private Map<String, String> contents() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.toList()) {
        contents.put(
            file.toString(),
            Files.getLastModifiedTime(file)
                + (Files.isRegularFile(file) ? ContentHash.of(file) : ""));
      }
    }
    return contents;
  }

  @Test
  void aRunningServerIsLeftAlone() {
    try (JarProcess server = JarProcess.server(data)) {
      assertThat(run()).isEqualTo(2);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .isEqualTo(
              "error: the data folder %s is in use by another running pictj (process %d);"
                      .formatted(data, server.pid())
                  + " stop that one first\n");
      assertThat(run("--repair")).isEqualTo(2);
      assertThat(server.isAlive()).isTrue();
    }
  }

  @Test
  void whatIsNoDataFolderIsToldApart() throws Exception {
    Path empty = Files.createDirectories(scratch.resolve("empty"));
    Path file = Files.createFile(scratch.resolve("file"));
    for (Path path : List.of(empty, scratch.resolve("none"), file)) {
      assertThat(check(path)).isEqualTo(2);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .startsWith("error: ")
          .contains(path.toString())
          .hasLineCount(1);
    }
    assertThat(empty).isEmptyDirectory();
    assertThat(scratch.resolve("none")).doesNotExist();
    assertThat(run("--nonsense")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("--nonsense").hasLineCount(1);
  }

  @Test
  void aDanglingAlias() throws Exception {
    damage.addDanglingAlias("dangles.png");
    foundAndMended("alias-dangles");
  }

  @Test
  void anAliasThatIsNotListed() throws Exception {
    damage.unlist(hash, alias);
    foundAndMended("alias-unlisted", "media-unreachable");
    stillServed(alias, PICTURE);
  }

  @Test
  void aListedAliasThatIsNone() throws Exception {
    damage.listUnknown(hash, "nobody.png");
    foundAndMended("listed-alias-unknown", "alias-count");
    stillServed(alias, PICTURE);
  }

  @Test
  void aWrongCount() throws Exception {
    damage.miscount(hash);
    foundAndMended("alias-count", "totals");
    try (Application server = serve()) {
      String path = "/image/delete/" + token + "/" + alias;
      assertThat(RestAssured.delete(url(server) + path).statusCode()).isEqualTo(204);
    }
    assertThat(DataFolder.faults(data, scratch)).isEmpty();
  }

  @Test
  void aMediaWithoutAlias() throws Exception {
    damage.strand(hash, alias);
    foundAndMended("media-unreachable");
  }

  @Test
  void aLostFilename() throws Exception {
    damage.loseFilename(filename);
    // Its file counts as unnamed until the filename is there again.
    foundAndMended("filename-lost", "file-unnamed");
    stillServed(alias, PICTURE);
  }

  @Test
  void aFilenameOfNothing() throws Exception {
    damage.addFilename("nothing000.png");
    foundAndMended("filename-dangles");
  }

  @Test
  void variantsThatAreCountedWrongly() throws Exception {
    damage.miscountVariants(hash);
    foundAndMended("variant-count");
  }

  @Test
  void aPlaceThatIsNoVariants() throws Exception {
    damage.addPlace(filename);
    foundAndMended("variant-order", "variant-count");
  }

  @Test
  void aDanglingVariant() throws Exception {
    damage.addDanglingVariant();
    foundAndMended("variant-dangles", "totals");
  }

  @Test
  void trashThatIsInUse() throws Exception {
    damage.discard(filename);
    foundAndMended("trash-in-use");
    stillServed(alias, PICTURE);
  }

  private Path unnamed(int number, Instant written) throws IOException {
    Path folder = Files.createDirectories(data.resolve("files/no/bo"));
    Path file = Files.write(folder.resolve("nobody%04d.png".formatted(number)), PICTURE);
    return Files.setLastModifiedTime(file, FileTime.from(written));
  }

  @Test
  void anUnnamedFile() throws Exception {
    Path file = unnamed(0, Instant.EPOCH);
    foundAndMended("file-unnamed");
    assertThat(file).doesNotExist();
    assertThat(data.resolve("lost+found/nobody0000.png")).hasBinaryContent(PICTURE);
  }

  @Test
  void anUnnamedFileNewerThanTheCatalogIsLeft() throws Exception {
    Path file = unnamed(0, Instant.now().plusSeconds(60));
    assertThat(flaws("--repair")).containsExactly("file-spared");
    assertThat(file).exists();
  }

  @Test
  void tooManyUnnamedFilesAreLeft() throws Exception {
    for (int i = 0; i < 21; i++) {
      unnamed(i, Instant.EPOCH);
    }
    assertThat(flaws("--repair")).hasSize(21).containsOnly("file-spared");
    assertThat(data.resolve("files/no/bo/nobody0000.png")).exists();
    Files.delete(data.resolve("files/no/bo/nobody0000.png"));
    assertThat(flaws("--repair")).hasSize(20).containsOnly("file-unnamed");
    assertThat(flaws()).isEmpty();
    try (Stream<Path> lost = Files.list(data.resolve("lost+found"))) {
      assertThat(lost).hasSize(20);
    }
  }

  @Test
  void anUnnamedVariant() throws Exception {
    Path folder = Files.createDirectories(data.resolve("variants/no/bo/nobody0000.png"));
    Files.write(folder.resolve("k.0.png"), PICTURE);
    foundAndMended("variant-unnamed");
    assertThat(folder.resolve("k.0.png")).doesNotExist();
  }

  @Test
  void aDamagedVariantIsMadeAgain() throws Exception {
    Path variant;
    try (Stream<Path> files = Files.walk(data.resolve("variants"))) {
      variant = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(variant);
    bytes[bytes.length / 2] ^= 1;
    Files.write(variant, bytes);
    assertThat(flaws()).isEmpty();
    assertThat(flaws("--deep")).containsExactly("variant-damaged");
    Files.delete(variant);
    foundAndMended("variant-damaged");
    try (Application server = serve()) {
      assertThat(variant(server, alias)).isEqualTo(200);
    }
  }

  @Test
  void aLostOriginalIsReportedUntilItIsUploadedAgain() throws Exception {
    Path file = stored();
    Files.delete(file);
    assertThat(flaws("--repair")).containsExactly("file-missing");
    assertThat(run("--repair")).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains(filename, "1 flaw found, 0 repaired");
    try (Application server = serve()) {
      upload(server, PICTURE);
    }
    assertThat(flaws("--deep")).isEmpty();
    stillServed(alias, PICTURE);
  }

  @Test
  void aTruncatedAndASwappedOriginalAreToldApart() throws Exception {
    Files.write(stored(), Arrays.copyOf(PICTURE, PICTURE.length - 1));
    assertThat(flaws()).containsExactly("file-size");
    byte[] swapped = PICTURE.clone();
    swapped[PICTURE.length / 2] ^= 1;
    Files.write(stored(), swapped);
    assertThat(flaws()).isEmpty();
    assertThat(flaws("--deep")).containsExactly("file-content");
    assertThat(run("--deep")).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("next: pictj check --deep --repair:");
    assertThat(run("--deep", "--repair")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(data.relativize(stored()).toString())
        .contains("aliases: " + alias, "repaired: it goes to lost+found")
        .contains("next: upload the same picture again", "1 flaw found, 1 repaired");
    assertThat(stored()).doesNotExist();
    assertThat(flaws("--deep", "--repair")).containsExactly("file-set-aside");
    assertThat(run()).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .endsWith("1 flaw found, 0 repaired, 1 set aside by an earlier repair\n");
    try (Application server = serve()) {
      String again = upload(server, PICTURE).path("files[0].file");
      for (String each : List.of(alias, again)) {
        assertThat(RestAssured.get(url(server) + "/image/original/" + each).asByteArray())
            .isEqualTo(PICTURE);
      }
    }
    assertThat(flaws("--deep")).isEmpty();
  }

  private Path stored() {
    return data.resolve("files")
        .resolve(filename.substring(0, 2))
        .resolve(filename.substring(2, 4))
        .resolve(filename);
  }

  @Test
  void aRowThatIsNoneIsReportedAndLeft() throws Exception {
    damage.garble("garbled.png");
    assertThat(flaws("--repair")).containsExactly("row-unreadable");
    assertThat(flaws()).containsExactly("row-unreadable");
  }
}
