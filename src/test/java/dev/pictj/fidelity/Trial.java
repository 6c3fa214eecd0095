package dev.pictj.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.server.RunningServer;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Servers of one engine, and rows that are tried on them. */
final class Trial implements AutoCloseable {
  /** Of sums with numbers that are no binary fractions. */
  private static final double ROUNDING = 1e-6;

  private final Engine engine;
  private final Map<String, RunningServer> servers = new HashMap<>();
  private final Map<Object, Response> uploads = new HashMap<>();
  private final Map<Row, Map<Way, Response>> variants = new HashMap<>();

  Trial(Engine engine) {
    this.engine = engine;
  }

  /** A server that converts to this, or to nothing. */
  private RunningServer server(String format) {
    return servers.computeIfAbsent(
        format,
        _ ->
            format.isEmpty()
                ? RunningServer.start("engine", engine.setting)
                : RunningServer.start("engine", engine.setting, "format", format));
  }

  /** Tries a row on one way with one chain of operations. */
  void tried(Row row, Way way, String chain) {
    Outcome outcome = row.outcome(way, engine);
    if (outcome instanceof Outcome.NotApplicable) {
      return;
    }
    String format = way.converts() ? way.extension() : "";
    Response response = uploaded(row, way == Way.REPAIRED, format);
    if (response.statusCode() == 201) {
      String alias = response.path("files[0].file");
      response =
          engine == Engine.WORKER_NOT_AWAKE
              ? fresh(row, alias).get(way)
              : server(format).request().get(path(way, alias, chain));
    }
    if (outcome instanceof Outcome.Refused refused) {
      assertThat(response.statusCode()).as(response.asString()).isEqualTo(refused.status());
      assertThat((String) response.path("msg")).contains(refused.why());
      return;
    }
    String said = response.statusCode() == 200 ? "" : response.asString();
    assertThat(response.statusCode()).as(said).isEqualTo(200);
    double[] found = row.measure.apply(Decoders.seen(response.asByteArray()));
    assertThat(near(found, row.expected(outcome), row.within(outcome)))
        .as(
            "%s, which is %s within %s; found %s",
            outcome, text(row.expected(outcome)), row.within(outcome), text(found))
        .isTrue();
  }

  private static boolean near(double[] found, double[] expected, double within) {
    return found.length == expected.length
        && IntStream.range(0, found.length)
            .allMatch(i -> Math.abs(found[i] - expected[i]) <= within + ROUNDING);
  }

  private static String text(double[] values) {
    return Arrays.stream(values)
        .mapToObj(value -> "" + Math.round(value * 10) / 10.0)
        .map(value -> value.replaceFirst("\\.0$", ""))
        .collect(Collectors.joining(" "));
  }

  private static String path(Way way, String alias, String chain) {
    return way.processes()
        ? "/image/process." + way.extension() + "?src=" + alias + "&" + chain
        : "/image/original/" + alias;
  }

  /** All variants without operations, asked for at once of a server that has only just started. */
  private Map<Way, Response> fresh(Row row, String alias) {
    return variants.computeIfAbsent(
        row,
        _ -> {
          RunningServer server = server("").restarted("engine", engine.setting);
          servers.put("", server);
          Map<Way, Response> made = new ConcurrentHashMap<>();
          try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Way way : Way.BARE) {
              all.execute(() -> made.put(way, server.request().get(path(way, alias, ""))));
            }
          }
          return made;
        });
  }

  /** The answer to an upload, which is made once for all ways that begin with it. */
  private Response uploaded(Row row, boolean damaged, String format) {
    return uploads.computeIfAbsent(
        List.of(row, damaged, format),
        _ -> server(format).upload((damaged ? row.damaged.orElseThrow() : row.file).get()));
  }

  @Override
  public void close() throws IOException {
    for (RunningServer server : servers.values()) {
      server.close();
    }
  }
}
