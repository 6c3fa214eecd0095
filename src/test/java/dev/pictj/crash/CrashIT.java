package dev.pictj.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.JarProcess;
import dev.pictj.catalog.rocksdb.DataFolder;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise that nothing acknowledged is ever lost, put to the test: clients upload, import,
 * delete, purge and render; the server is killed in the midst of it, its files are damaged as a
 * power cut may, it is started again, and every client looks at all it was ever told.
 *
 * <p>{@code -Dpictj.kills=50} makes it longer, {@code -Dpictj.seed=1} picks other moments.
 */
final class CrashIT {
  private static final int CLIENTS = 4;

  /** Requests that are answered before each kill, and up to as many more. */
  private static final int MIN_ACKNOWLEDGED_PER_RUN = 40;

  private static final Duration LONGEST_LOAD = Duration.ofSeconds(60);

  @TempDir private Path data;
  @TempDir private Path scratch;

  private final int kills = Integer.getInteger("pictj.kills", 10);
  private final long seed = Long.getLong("pictj.seed", 20_260_101L);
  private final List<Long> acknowledgedBeforeEachKill = new ArrayList<>();

  @Test
  void whatWasAcknowledgedOutlivesEveryKill() throws Exception {
    Random random = new Random(seed);
    Wreckage wreckage = new Wreckage(data, random);
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
        loadAndKill(clients, http, server, random);
      }
      wreckage.strike();
    }
    long acknowledged;
    try (JarProcess server = start();
        HttpClient http = HttpClient.newHttpClient()) {
      assertNobodyWasLiedTo(clients, http, server, kills);
      for (Client client : clients) {
        client.seeEveryVariant(http, server.url());
      }
      acknowledged = clients.stream().mapToLong(one -> one.ledger().acknowledgements()).sum();
      server.terminate();
      assertThat(server.exitStatus()).isZero();
    }
    // A server would do that within some hours.
    DataFolder.tidy(data, scratch);
    assertThat(wreckage.strayed()).as("files of nobody that are gone, seed %d", seed).isZero();
    assertThat(DataFolder.faults(data, scratch)).as("seed %d", seed).isEmpty();
    System.out.printf(
        "crash: seed %d, %d kills, %d requests acknowledged, before each kill %s, longest start %d"
            + " ms%n",
        seed, kills, acknowledged, acknowledgedBeforeEachKill, longest.toMillis());
    assertThat(acknowledgedBeforeEachKill)
        .hasSize(kills)
        .allMatch(answers -> answers >= MIN_ACKNOWLEDGED_PER_RUN);
  }

  private JarProcess start(String... more) {
    List<String> options =
        new ArrayList<>(
            List.of("--api-key", Client.KEY, "--skip-validate-imports", "--trash-interval", "1"));
    options.addAll(List.of("--log-level", "debug"));
    options.addAll(List.of(more));
    return JarProcess.server(data, options.toArray(String[]::new));
  }

  private void assertNobodyWasLiedTo(
      List<Client> clients, HttpClient http, JarProcess server, int kill) throws Exception {
    for (Client client : clients) {
      assertThat(client.lie(http, server.url())).as("seed %d, kill %d", seed, kill).isEmpty();
    }
  }

  private void loadAndKill(List<Client> clients, HttpClient http, JarProcess server, Random random)
      throws Exception {
    long before = acknowledged(clients);
    long enough = before + MIN_ACKNOWLEDGED_PER_RUN + random.nextInt(MIN_ACKNOWLEDGED_PER_RUN);
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
      try {
        await()
            .atMost(LONGEST_LOAD)
            .pollInterval(Duration.ofMillis(5))
            .until(
                () -> acknowledged(clients) >= enough || running.stream().anyMatch(Future::isDone));
      } finally {
        server.kill();
      }
      for (Future<?> one : running) {
        one.get();
      }
      acknowledgedBeforeEachKill.add(acknowledged(clients) - before);
    }
  }

  private static long acknowledged(List<Client> clients) {
    return clients.stream().mapToLong(one -> one.ledger().acknowledgements()).sum();
  }

  /** A log that lacks what was acknowledged: told, and nothing is swept, until it is accepted. */
  @Test
  void aLossIsToldAndNothingIsSweptUntilItIsAccepted() throws Exception {
    try (JarProcess server = start();
        HttpClient http = HttpClient.newHttpClient()) {
      for (int content = 0; content < 5; content++) {
        Client.upload(http, server.url(), content);
      }
      server.kill();
    }
    Path log = Wreckage.newestLog(data);
    byte[] bytes = Files.readAllBytes(log);
    Files.write(log, Arrays.copyOf(bytes, bytes.length - 1));
    final List<Path> before = originals();
    assertThat(before).hasSize(5);
    for (int start = 0; start < 2; start++) {
      try (JarProcess server = start()) {
        assertThat(server.output())
            .contains("may have lost what was acknowledged last")
            .containsPattern("the last [1-9][0-9]* bytes of");
        server.terminate();
        assertThat(server.exitStatus()).isZero();
      }
      // However long it is left alone.
      DataFolder.tidy(data, scratch);
      assertThat(originals()).isEqualTo(before);
    }
    try (JarProcess server = start("--accept-loss")) {
      assertThat(server.output()).contains("accepted with --accept-loss");
    }
    try (JarProcess server = start()) {
      assertThat(server.output()).doesNotContain("may have lost");
    }
  }

  private List<Path> originals() throws IOException {
    try (Stream<Path> walk = Files.walk(data.resolve("files"))) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
