package dev.pictj.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pictj.app.Application;
import dev.pictj.app.Backends;
import dev.pictj.config.Settings;
import dev.pictj.observe.LoggingSetup;
import dev.pictj.store.TempFolder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code pictj rehearse}: a start with a few requests of each kind and a stop, in a folder of its
 * own. What the JVM learns in it, it can keep in an ahead-of-time cache (JEP 483, JEP 514, JEP
 * 515), with which later starts are several times as fast. For packagers, who run it once.
 */
@Command(name = "rehearse", description = "Serves itself a few requests of each kind and stops.")
final class RehearseCommand implements Callable<Integer> {
  private static final int REQUEST_ROUNDS = 30;
  private static final String BOUNDARY = "rehearsal";

  private final Map<String, String> environment;

  @Parameters(
      arity = "0..1",
      paramLabel = "<dir>",
      description = "Where to unpack what each start would otherwise unpack from the jar")
  private @Nullable Path libraries;

  RehearseCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Sends a request and ignores the answer, which the tests check. */
  @Override
  public Integer call() throws Exception {
    LoggingSetup.apply("info", false);
    if (libraries != null) {
      Backends.unpackLibraries(libraries);
    }
    Path data = Files.createTempDirectory("pictj-rehearsal-");
    try {
      return ServerOptions.commandLine(System.out, Map.of(), false, _ -> List.of(), this::serve)
          .execute("--path", data.toString(), "-a", "127.0.0.1:0", "--api-key", "rehearsal");
    } finally {
      TempFolder.remove(data);
    }
  }

  private void serve(Settings settings) throws Exception {
    try (Application application =
        Application.started(settings, environment.getOrDefault("PATH", ""))) {
      requests(URI.create("http://127.0.0.1:" + application.address().getPort()));
    }
  }

  private static void requests(URI server) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (int i = 0; i < REQUEST_ROUNDS; i++) {
        byte[] picture =
            switch (i % 3) {
              case 0 -> picture("png", 16, 16, i);
              case 1 -> picture("jpeg", 1024, 768, i);
              default -> picture("png", 16, 16, 0);
            };
        JsonNode file = new ObjectMapper().readTree(upload(http, server, picture)).at("/files/0");
        String alias = file.path("file").asText();
        String original = "/image/original/" + alias;
        List<String> targets =
            new ArrayList<>(List.of(original, "/image/details/original/" + alias));
        // The fast JPEG decoder decodes an eighth of the size for the first and a quarter for the
        // second.
        for (int side : List.of(8 + i % 4, 128 + i % 4)) {
          String process = "?src=" + alias + "&thumbnail=" + side;
          targets.add("/image/process.webp" + process);
          targets.add("/image/process.jpg" + process);
        }
        targets.add("/image/original/nobody.png");
        targets.add("/healthz");
        for (String target : targets) {
          send(http, HttpRequest.newBuilder(server.resolve(target)));
        }
        HttpRequest.Builder again = HttpRequest.newBuilder(server.resolve(original));
        send(http, again.copy().header("Range", "bytes=0-9"));
        send(http, again.copy().header("If-None-Match", "*"));
        send(http, again.copy().header("If-None-Match", "\"x\""));
        String token = file.path("delete_token").asText();
        send(http, HttpRequest.newBuilder(server.resolve("/image/delete/" + token + "/" + alias)));
      }
    }
  }

  private static byte[] upload(HttpClient http, URI server, byte[] picture)
      throws IOException, InterruptedException {
    String head =
        "--%s\r\nContent-Disposition: form-data; name=\"images[]\"; filename=\"a\"\r\n\r\n"
            .formatted(BOUNDARY);
    return send(
        http,
        HttpRequest.newBuilder(server.resolve("/image"))
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(
                BodyPublishers.concat(
                    BodyPublishers.ofString(head),
                    BodyPublishers.ofByteArray(picture),
                    BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n"))));
  }

  private static byte[] send(HttpClient http, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofByteArray()).body();
  }

  /** A picture of noise. */
  private static byte[] picture(String format, int width, int height, int seed) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] pixels = new Random(seed).ints((long) width * height, 0, 1 << 24).toArray();
    image.setRGB(0, 0, width, height, pixels, 0, width);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    if (!ImageIO.write(image, format, file)) {
      throw new IOException("Java's own encoder is missing: " + format);
    }
    return file.toByteArray();
  }
}
