package dev.pictj.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pictj backup}: asks a running server on this machine to copy its data. */
@Command(
    name = "backup",
    sortOptions = false,
    description = {
      "Copies the data of a running server as it is at one moment, while it goes on working.",
      "The copy is a data folder: start a server on it with --path to restore.",
      "On the same file system the copy consists of hard links, which take no space,",
      "and share damage with the server's files unless --copy is given.",
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:the backup is on the disk",
      "1:there is no backup, or it lacks files that the server has lost",
      "2:the command line is wrong",
    })
final class BackupCommand implements Callable<Integer> {
  private static final int POLL_SECONDS = 1;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;

  @Parameters(
      paramLabel = "<dir>",
      description = "Where the copy goes: a folder that does not exist yet")
  private Path target;

  @Option(
      names = "--server",
      paramLabel = "<url>",
      defaultValue = "http://127.0.0.1:8080",
      description = "Where the server listens [default: ${DEFAULT-VALUE}]")
  private URI server;

  @Option(
      names = "--ca",
      paramLabel = "<file>",
      description =
          "PEM file with certificates to trust, such as the server's own; those that Java trusts"
              + " when not given")
  private @Nullable Path trusted;

  @Option(names = "--copy", description = "Copy every byte, also where a link would do")
  private boolean copy;

  @Option(
      names = "--api-key",
      paramLabel = "<key>",
      defaultValue = "${env:PICTRS__SERVER__API_KEY:-${env:PICTRS_API_KEY}}",
      description = "The server's key; better given in the environment [env: PICTRS_API_KEY]")
  private @Nullable String key;

  /**
   * Makes the command.
   *
   * @param err where progress is shown
   * @param terminal whether somebody watches that
   */
  @SuppressWarnings("NullAway.Init") // picocli sets what is required.
  BackupCommand(PrintStream out, PrintStream err, boolean terminal) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (key == null || key.isEmpty()) {
      throw new IOException("the server's key is needed: set PICTRS_API_KEY or give --api-key");
    }
    if (server.getHost() == null || !List.of("http", "https").contains(server.getScheme())) {
      throw new IOException(
          "--server must be where the server listens, such as http://127.0.0.1:8080, and not "
              + server);
    }
    String path = target.toAbsolutePath().normalize().toString();
    JsonNode report = backup(path);
    out.printf(
        "%s: %d originals, %d variants, %d bytes%n",
        path,
        report.path("originals").asLong(),
        report.path("variants").asLong(),
        report.path("bytes").asLong());
    long links = report.path("links").asLong();
    if (links > 0) {
      err.printf(
          "warning: %d of its files are hard links, which share damage with the server's own; copy"
              + " the folder to another disk, or use --copy%n",
          links);
    }
    long missing = report.path("missing").asLong();
    if (missing > 0) {
      throw new IOException(
          missing + " files are missing on the server, see pictj check and its log");
    }
    return 0;
  }

  private JsonNode backup(String path) throws IOException, InterruptedException {
    HttpRequest request =
        request("/internal/backup?path=" + URLEncoder.encode(path, UTF_8) + "&copy=" + copy)
            .POST(BodyPublishers.noBody())
            .build();
    // Not sendAsync: its answer passes the JVM's common pool, which others may keep busy.
    try (HttpClient http = client();
        ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
      JsonNode stats = greeting(http);
      long files = stats.path("media").asLong() + stats.path("variants").asLong();
      Future<HttpResponse<String>> reply =
          sender.submit(() -> http.send(request, BodyHandlers.ofString()));
      try (Progress progress = Progress.of("backup", copy ? 2 * files : files, err, terminal)) {
        while (true) {
          try {
            return answered(reply.get(POLL_SECONDS, TimeUnit.SECONDS));
          } catch (TimeoutException _) {
            progress.accept(stats(http).path("backup_files").asLong());
          }
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
      }
    } catch (ConnectException _) {
      throw new IOException("no server answers at " + server);
    } catch (SSLHandshakeException e) {
      throw new IOException(
          "no TLS with %s: %s; --ca names a file with certificates to trust"
              .formatted(server, e.getMessage()));
    } catch (JsonProcessingException _) {
      throw new IOException("what answers at " + server + " is not pictj");
    }
  }

  private HttpClient client() throws IOException {
    return trusted == null
        ? HttpClient.newHttpClient()
        : HttpClient.newBuilder().sslContext(TrustedCertificates.only(trusted)).build();
  }

  /** Sends the first request, which shows whether the server speaks HTTP at all. */
  private JsonNode greeting(HttpClient http) throws IOException, InterruptedException {
    try {
      return stats(http);
    } catch (ConnectException | SSLException | JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      String hint =
          "http".equals(server.getScheme()) ? "; if it speaks TLS, give --server https://…" : "";
      throw new IOException("no HTTP with %s: %s%s".formatted(server, e.getMessage(), hint), e);
    }
  }

  /** What the server tells of itself; nothing where the key is wrong or it is an older one. */
  private JsonNode stats(HttpClient http) throws IOException, InterruptedException {
    HttpResponse<String> reply =
        http.send(request("/internal/stats").build(), BodyHandlers.ofString());
    return reply.statusCode() == 200
        ? new ObjectMapper().readTree(reply.body())
        : MissingNode.getInstance();
  }

  private HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(server.resolve(target)).header("X-Api-Token", key);
  }

  private static JsonNode answered(HttpResponse<String> reply) throws IOException {
    JsonNode body = new ObjectMapper().readTree(reply.body());
    if (reply.statusCode() != 200) {
      throw new IOException(body.path("msg").asText("the server answered " + reply.statusCode()));
    }
    return body;
  }
}
