package dev.pictj.hostile;

import dev.pictj.pictures.Bytes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A plain client of a server that runs as a process of its own. */
final class Uploader implements AutoCloseable {
  private static final Pattern ALIAS = Pattern.compile("\"file\":\"([^\"]+)\"");
  private static final Pattern CODE = Pattern.compile("\"code\":\"([^\"]+)\"");
  private static final String BOUNDARY = "a-boundary-in-no-picture-8f1d";

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final Duration patience;

  /** Gives up waiting for an answer after that long. */
  Uploader(String url, Duration patience) {
    this.url = url;
    this.patience = patience;
  }

  /** An answer and how long it took. */
  record Answer(int status, byte[] body, String type, Duration time) {
    /** Of an accepted upload. */
    String alias() {
      return found(ALIAS);
    }

    /** Of a refusal. */
    String code() {
      return found(CODE);
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    private String found(Pattern pattern) {
      Matcher matcher = pattern.matcher(text());
      return matcher.find() ? matcher.group(1) : "";
    }
  }

  Answer upload(byte[] file) throws IOException, InterruptedException {
    byte[] head =
        Bytes.ascii(
            "--"
                + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"images[]\"; filename=\"x\"\r\n\r\n");
    byte[] tail = Bytes.ascii("\r\n--" + BOUNDARY + "--\r\n");
    return send(
        HttpRequest.newBuilder(URI.create(url + "/image"))
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(BodyPublishers.ofByteArray(Bytes.join(head, file, tail))));
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url + path)));
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    long start = System.nanoTime();
    HttpResponse<byte[]> response =
        http.send(request.timeout(patience).build(), BodyHandlers.ofByteArray());
    return new Answer(
        response.statusCode(),
        response.body(),
        response.headers().firstValue("Content-Type").orElse(""),
        Duration.ofNanos(System.nanoTime() - start));
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
