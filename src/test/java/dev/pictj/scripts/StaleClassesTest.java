package dev.pictj.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.JarProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What script/test --quick has compiled again. */
class StaleClassesTest {
  private static final Map<String, String> SOURCES =
      Map.of(
          "main/java/dev/pictj/Limit.java",
          "package dev.pictj; class Limit { static final int MAX = 3; static class Inner {} }",
          "main/java/dev/pictj/User.java",
          "package dev.pictj; class User { int max() { return Limit.MAX; } }",
          "main/java/dev/pictj/Heir.java",
          "package dev.pictj; class Heir extends Limit {}",
          "main/java/dev/pictj/Friend.java",
          "package dev.pictj; class Friend { Heir heir() { return null; } }",
          "main/java/dev/pictj/Caller.java",
          "package dev.pictj; class Caller { String s() { return new Friend().heir().toString(); }"
              + " }",
          "main/java/dev/pictj/Stranger.java",
          "package dev.pictj; class Stranger { int max() { return 3; } }",
          "test/java/dev/pictj/UserTest.java",
          "package dev.pictj; class UserTest { int max() { return new User().max(); } }");

  private static final Instant COMPILED = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir private Path root;

  @BeforeEach
  void compile() throws IOException {
    Files.createFile(root.resolve("pom.xml"));
    for (Map.Entry<String, String> source : SOURCES.entrySet()) {
      Path file = root.resolve("src").resolve(source.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, source.getValue());
    }
    compile("main", "classes");
    compile("test", "test-classes");
    setTimes(root, COMPILED);
  }

  private void compile(String sources, String classes) throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("src").resolve(sources))) {
      List<String> arguments =
          Stream.concat(
                  Stream.of(
                      "-cp",
                      root.resolve("target/classes").toString(),
                      "-d",
                      root.resolve("target").resolve(classes).toString()),
                  files.filter(Files::isRegularFile).map(Path::toString))
              .toList();
      assertThat(
              ToolProvider.getSystemJavaCompiler()
                  .run(null, null, null, arguments.toArray(String[]::new)))
          .isZero();
    }
  }

  private static void setTimes(Path folder, Instant time) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(time));
      }
    }
  }

  private void change(String file) throws IOException {
    Files.setLastModifiedTime(root.resolve(file), FileTime.from(COMPILED.plusMillis(1)));
  }

  /** Runs the script and lists the classes that it leaves. */
  private List<String> left() throws Exception {
    Process process =
        new ProcessBuilder(
                JarProcess.java().toString(),
                ScriptsTest.BASE.resolve("script/StaleClasses.java").toString())
            .directory(root.toFile())
            .redirectErrorStream(true)
            .start();
    String said = process.inputReader().readAllAsString();
    assertThat(process.waitFor()).as(said).isZero();
    try (Stream<Path> files = Files.walk(root.resolve("target"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .sorted()
          .toList();
    }
  }

  @Test
  void withoutAChangeAllStays() throws Exception {
    assertThat(left())
        .containsExactly(
            "Caller", "Friend", "Heir", "Limit", "Limit$Inner", "Stranger", "User", "UserTest");
  }

  /** A constant is copied into a class that does not say whose it was. */
  @Test
  void whoUsesAChangedClassOrAnHeirOfItGoes() throws Exception {
    change("src/main/java/dev/pictj/Limit.java");
    assertThat(left()).containsExactly("Stranger", "UserTest");
  }

  @Test
  void whoCallsAMethodOfAClassThatItDoesNotNameGoes() throws Exception {
    change("src/main/java/dev/pictj/Heir.java");
    assertThat(left()).containsExactly("Limit", "Limit$Inner", "Stranger", "User", "UserTest");
  }

  @Test
  void testsAreUsersToo() throws Exception {
    change("src/main/java/dev/pictj/User.java");
    assertThat(left())
        .containsExactly("Caller", "Friend", "Heir", "Limit", "Limit$Inner", "Stranger");
  }

  @Test
  void aDeletedSourceTakesItsClassesAndUsersAlong() throws Exception {
    Files.delete(root.resolve("src/main/java/dev/pictj/Limit.java"));
    assertThat(left()).containsExactly("Stranger", "UserTest");
  }

  @Test
  void otherOptionsOfTheCompilerLeaveNothing() throws Exception {
    change("pom.xml");
    assertThat(left()).isEmpty();
  }
}
