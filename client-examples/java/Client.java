import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Uploads a picture, fetches a thumbnail, deletes the picture: {@code java Client.java [URL]}, from
 * any folder. {@code KEEP=1} leaves the picture on the server. Only the JDK is needed, 17 or newer.
 */
public final class Client {
  private static final Pattern FILE = Pattern.compile("\"file\":\"([^\"]+)\"");
  private static final Pattern TOKEN = Pattern.compile("\"delete_token\":\"([^\"]+)\"");

  private final HttpClient http = HttpClient.newHttpClient();
  private final String server;

  private Client(String server) {
    this.server = server.replaceAll("/$", "");
  }

  public static void main(String[] arguments) throws InterruptedException {
    try {
      new Client(arguments.length > 0 ? arguments[0] : "http://localhost:8080").run();
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("error: " + e);
      System.exit(1);
    }
  }

  private void run() throws IOException, InterruptedException {
    String boundary = UUID.randomUUID().toString();
    String reply =
        new String(
            send(
                201,
                request("/image")
                    .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                    .POST(form(boundary, picture()))),
            UTF_8);
    System.out.println(reply);
    // The reply is flat enough for a pattern; a real client would use its JSON library.
    String file = find(FILE, reply);

    try {
      byte[] thumbnail = send(200, request("/image/process.jpg?src=" + file + "&thumbnail=200"));
      System.out.println("thumbnail: " + thumbnail.length + " bytes of JPEG");
    } finally {
      // Also when something failed: the picture does not stay behind.
      if ("1".equals(System.getenv("KEEP"))) {
        System.out.println("kept: " + server + "/image/original/" + file);
      } else {
        send(204, request("/image/delete/" + find(TOKEN, reply) + "/" + file).DELETE());
        System.out.println("deleted: " + file);
      }
    }
  }

  /** One part; the picture goes from its file to the network piece by piece. */
  private static BodyPublisher form(String boundary, Path picture) throws IOException {
    String head =
        """
        --%s\r
        Content-Disposition: form-data; name="images[]"; filename="%s"\r
        Content-Type: image/jpeg\r
        \r
        """
            .formatted(boundary, picture.getFileName());
    return BodyPublishers.concat(
        BodyPublishers.ofString(head),
        BodyPublishers.ofFile(picture),
        BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server + path));
  }

  private byte[] send(int expected, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
    if (response.statusCode() != expected) {
      throw new IOException(
          "expected %d, got %d: %s"
              .formatted(expected, response.statusCode(), new String(response.body(), UTF_8)));
    }
    return response.body();
  }

  private static String find(Pattern pattern, String reply) throws IOException {
    Matcher matcher = pattern.matcher(reply);
    if (!matcher.find()) {
      throw new IOException("no " + pattern + " in the reply");
    }
    return matcher.group(1);
  }

  /** The picture beside this file's folder; launched from source, a class knows its file. */
  private static Path picture() throws IOException {
    URL source = Client.class.getProtectionDomain().getCodeSource().getLocation();
    Path picture = Path.of(URI.create(source.toString())).resolveSibling("../photo.jpg");
    if (!Files.isRegularFile(picture)) {
      throw new IOException("there is no " + picture);
    }
    return picture.normalize();
  }
}
