package dev.pictj.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.JarProcess;
import dev.pictj.catalog.rocksdb.DataFolder;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise that nothing acknowledged is ever lost, put to the test: clients upload, import,
 * delete, purge and render; the server is killed in the midst of it, started again, and every
 * client looks at all it was ever told.
 *
 * <p>{@code -Dpictj.kills=50} makes it longer, {@code -Dpictj.seed=1} picks other moments.
 */
final class CrashIT {
  private static final int CLIENTS = 4;
  private static final Duration RECOVERY = Duration.ofSeconds(30);

  @TempDir private Path data;
  @TempDir private Path scratch;

  private final int kills = Integer.getInteger("pictj.kills", 10);
  private final long seed = Long.getLong("pictj.seed", 20_260_101L);

  @Test
  void whatWasAcknowledgedOutlivesEveryKill() throws Exception {
    Random random = new Random(seed);
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new Client(i, seed));
    }
    Duration longest = Duration.ZERO;
    for (int kill = 1; kill <= kills; kill++) {
      long begin = System.nanoTime();
      try (JarProcess server = start();
          HttpClient http = HttpClient.newHttpClient()) {
        Duration start = Duration.ofNanos(System.nanoTime() - begin);
        longest = start.compareTo(longest) > 0 ? start : longest;
        assertNobodyWasLiedTo(clients, http, server, kill);
        loadAndKill(clients, http, server, random.nextInt(3000));
      }
    }
    long acknowledged;
    try (JarProcess server = start();
        HttpClient http = HttpClient.newHttpClient()) {
      assertNobodyWasLiedTo(clients, http, server, kills);
      acknowledged = clients.stream().mapToLong(one -> one.ledger().acknowledgements()).sum();
      server.terminate();
      assertThat(server.exitStatus()).isZero();
    }
    // A server would do that within some hours.
    DataFolder.tidy(data, scratch);
    assertThat(DataFolder.faults(data, scratch)).as("seed %d", seed).isEmpty();
    System.out.printf(
        "crash: seed %d, %d kills, %d requests acknowledged, longest start %d ms%n",
        seed, kills, acknowledged, longest.toMillis());
    assertThat(acknowledged).isGreaterThan(kills);
    assertThat(longest).isLessThan(RECOVERY);
  }

  private JarProcess start() {
    return JarProcess.server(
        data,
        "--api-key",
        Client.KEY,
        "--skip-validate-imports",
        "--trash-interval",
        "1",
        "--log-level",
        "debug");
  }

  private void assertNobodyWasLiedTo(
      List<Client> clients, HttpClient http, JarProcess server, int kill) throws Exception {
    for (Client client : clients) {
      assertThat(client.lie(http, server.url())).as("seed %d, kill %d", seed, kill).isEmpty();
    }
  }

  private static void loadAndKill(
      List<Client> clients, HttpClient http, JarProcess server, int millis) throws Exception {
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(clients.size())) {
      for (Client client : clients) {
        running.add(
            pool.submit(
                () -> {
                  client.workUntilCutOff(http, server.url());
                  return null;
                }));
      }
      Thread.sleep(20 + millis);
      server.kill();
      for (Future<?> one : running) {
        one.get();
      }
    }
  }
}
