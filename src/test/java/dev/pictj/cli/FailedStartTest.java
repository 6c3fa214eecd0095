package dev.pictj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What an administrator reads when the server cannot start: one line that says what and where. */
class FailedStartTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final ByteArrayOutputStream console = new ByteArrayOutputStream();
  private final PrintStream before = System.out;
  @TempDir private Path root;

  @BeforeEach
  void listen() {
    System.setOut(new PrintStream(console, true, StandardCharsets.UTF_8));
  }

  /** The command line sets logging up for the whole JVM. */
  @AfterEach
  void restore() throws Exception {
    System.setOut(before);
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(getClass().getResource("/logback-test.xml"));
  }

  private List<String> fail(String path, String... arguments) {
    PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    assertThat(new Commands(errors, errors, Map.of("PATH", path)).run(arguments)).isEqualTo(1);
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static String tools() {
    return System.getenv("PATH");
  }

  @Test
  void aFileWhereTheDataFolderShouldBe() throws Exception {
    Path file = Files.writeString(root.resolve("file"), "x");
    assertThat(fail(tools(), "--path", file.toString()))
        .singleElement()
        .asString()
        .startsWith("error: ")
        .contains(file.toString(), "not a folder");
  }

  @Test
  void aFileOnTheWayToTheDataFolder() throws Exception {
    Path inside = Files.writeString(root.resolve("file"), "x").resolve("data");
    assertThat(fail(tools(), "--path", inside.toString()))
        .singleElement()
        .asString()
        .contains(root.resolve("file").toString(), "ot a ");
  }

  @Test
  void unfinishedFilesAmongStoredOnes() throws Exception {
    Path data = Files.createDirectory(root.resolve("data"));
    Path files = data.resolve("files");
    assertThat(fail(tools(), "--path", data.toString(), "--temp-dir", files.toString()))
        .singleElement()
        .asString()
        .startsWith("error: " + files.resolve("pictj-"))
        .endsWith(
            ", for unfinished files (--temp-dir), lies in %s, for stored files; give each a folder of its own"
                .formatted(files));
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void noImageMagick() {
    assertThat(fail(root.toString(), "--path", root.resolve("data").toString()))
        .singleElement()
        .asString()
        .contains("ImageMagick");
  }

  @Test
  void anAddressThatSomebodyElseHas() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertThat(fail(tools(), "--path", root.resolve("data").toString(), "--addr", address))
          .singleElement()
          .asString()
          .startsWith("error: cannot listen on " + address + ": ")
          .endsWith("in use");
    }
    assertThat(console.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void anAddressForMetricsThatSomebodyElseHas() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertThat(
              fail(
                  tools(),
                  "--path",
                  root.resolve("data").toString(),
                  "--addr",
                  "127.0.0.1:0",
                  "--metrics-addr",
                  address))
          .singleElement()
          .asString()
          .startsWith("error: cannot listen on " + address + ": ")
          .endsWith("in use");
    }
    assertThat(console.toString(StandardCharsets.UTF_8)).doesNotContain("ERROR");
  }

  /** Of RFC 5737, which nobody's machine has. */
  @Test
  void anAddressThatIsNotOurs() {
    assertThat(fail(tools(), "-p", root.resolve("data").toString(), "-a", "192.0.2.1:8080"))
        .singleElement()
        .asString()
        .startsWith("error: cannot listen on 192.0.2.1:8080: ")
        .doesNotContain("Failed to bind");
    assertThat(console.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void aServerThatNeverRanDoesNotSayThatItStopped() {
    assertThat(fail(tools(), "--path", root.resolve("data").toString(), "-w", "sharpen"))
        .hasSize(1);
    assertThat(console.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  /** A key or a path may begin with any sign. */
  @Test
  void aValueThatBeginsWithAnAtSignIsNoFileOfArguments() throws Exception {
    Path file = Files.writeString(root.resolve("arguments"), "jpeg");
    assertThat(fail(tools(), "-p", root.resolve("data").toString(), "-f", "@" + file))
        .anyMatch(line -> line.contains("@" + file));
  }
}
