package dev.pictj.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
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
  private final PrintStream out;
  private final PrintStream err;

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

  @Option(names = "--copy", description = "Copy every byte, also where a link would do")
  private boolean copy;

  @Option(
      names = "--api-key",
      paramLabel = "<key>",
      defaultValue = "${env:PICTRS_API_KEY}",
      description = "The server's key; better given in the environment [env: PICTRS_API_KEY]")
  private @Nullable String key;

  @SuppressWarnings("NullAway.Init") // picocli sets what is required.
  BackupCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
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
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  server.resolve(
                      "/internal/backup?path="
                          + URLEncoder.encode(path, StandardCharsets.UTF_8)
                          + "&copy="
                          + copy))
              .header("X-Api-Token", key)
              .POST(BodyPublishers.noBody())
              .build();
      HttpResponse<String> reply = http.send(request, BodyHandlers.ofString());
      JsonNode body = new ObjectMapper().readTree(reply.body());
      if (reply.statusCode() != 200) {
        throw new IOException(body.path("msg").asText("the server answered " + reply.statusCode()));
      }
      return body;
    } catch (ConnectException _) {
      throw new IOException("no server answers at " + server);
    } catch (JsonProcessingException _) {
      throw new IOException("what answers at " + server + " is not pictj");
    }
  }
}
