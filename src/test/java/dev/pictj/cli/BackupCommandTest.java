package dev.pictj.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** What is shown while a backup is made, by a server that takes its time. */
@Timeout(60)
@Tag("slow")
class BackupCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CountDownLatch asked = new CountDownLatch(3);
  private HttpServer server;
  private int statsStatus = 200;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/internal/stats",
        exchange -> {
          asked.countDown();
          answer(exchange, statsStatus, "{\"media\":3.0,\"variants\":5.0,\"backup_files\":6.0}");
        });
    server.createContext(
        "/internal/backup",
        exchange -> {
          try {
            // The first asks for the total, the others how far it has come.
            asked.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          answer(exchange, 200, "{\"originals\":3,\"variants\":5,\"bytes\":9,\"links\":0}");
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length());
      exchange.getResponseBody().write(body.getBytes(UTF_8));
    }
  }

  private String run(boolean terminal) {
    int status =
        new CommandLine(
                new BackupCommand(
                    new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), terminal))
            .execute(
                "/backup",
                "--api-key",
                "key",
                "--server",
                "http://127.0.0.1:" + server.getAddress().getPort());
    assertThat(status).as(err::toString).isZero();
    assertThat(out.toString(UTF_8)).contains("3 originals, 5 variants, 9 bytes");
    return err.toString(UTF_8);
  }

  @Test
  void aTerminalSeesHowFarItHasCome() {
    assertThat(run(true)).contains("backup", "75%", "6/8");
  }

  @Test
  void elsewhereWhatIsSoonDoneSaysNothing() {
    assertThat(run(false)).isEmpty();
  }

  @Test
  void aServerThatTellsNothingOfItselfMakesABackupAllTheSame() {
    statsStatus = 404;
    assertThat(run(false)).isEmpty();
  }
}
