package dev.pictj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.server.Certificates;
import dev.pictj.server.RunningServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pictj backup} of a server that speaks TLS. */
final class BackupOverTlsIT {
  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int backup(RunningServer server, String... more) {
    out.reset();
    err.reset();
    List<String> words =
        new ArrayList<>(
            List.of("backup", folder.resolve("copy").toString(), "--api-key", RunningServer.KEY));
    words.addAll(List.of(more));
    if (!words.contains("--server")) {
      words.addAll(List.of("--server", "https://127.0.0.1:" + server.port()));
    }
    return new Commands(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of())
        .run(words.toArray(String[]::new));
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theServersOwnCertificateIsTrustedWhereItIsGiven() throws Exception {
    Certificates mine = Certificates.made(folder, "EC");
    Path certificate = Files.writeString(folder.resolve("mine.pem"), mine.certificatePem());
    Path key = Files.writeString(folder.resolve("key.pem"), mine.keyPem());
    Path other =
        Files.writeString(
            folder.resolve("other.pem"), Certificates.made(folder, "EC").certificatePem());
    Path none = Files.writeString(folder.resolve("none.pem"), "");
    Path damaged = Files.writeString(folder.resolve("damaged.pem"), "text");
    try (RunningServer server =
        RunningServer.start("tls-certificate", certificate.toString(), "tls-key", key.toString())) {
      assertThat(backup(server)).isOne();
      assertThat(errors()).startsWith("error: no TLS with https://").contains("--ca names");
      assertThat(backup(server, "--ca", other.toString())).isOne();
      assertThat(errors()).startsWith("error: no TLS with https://");
      assertThat(backup(server, "--ca", none.toString())).isOne();
      assertThat(errors()).contains(none + ", which ").hasLineCount(1);
      assertThat(backup(server, "--ca", damaged.toString())).isOne();
      assertThat(errors()).contains(damaged + ", which ").hasLineCount(1);
      assertThat(backup(server, "--ca", folder.resolve("absent").toString())).isOne();
      assertThat(errors()).contains("which does not exist").hasLineCount(1);
      assertThat(backup(server, "--server", "http://127.0.0.1:" + server.port())).isOne();
      assertThat(errors())
          .startsWith("error: no HTTP with http://")
          .contains("give --server https");
      assertThat(folder.resolve("copy")).doesNotExist();
      assertThat(backup(server, "--ca", certificate.toString())).as(errors()).isZero();
      assertThat(folder.resolve("copy")).isDirectory();
    }
  }
}
