package dev.pictj.crash;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pictj.crash.Ledger.Entry;
import dev.pictj.crash.Ledger.Fate;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Pictures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * One client of the crash harness. It keeps asking for things in random order until the server no
 * longer answers, and writes down what it was promised.
 *
 * <p>Some contents are its own: those it may purge. Others all clients share: of these each client
 * deletes only its own aliases, so that every client can still tell what must be true.
 */
final class Client {
  static final String KEY = "crash-key";
  private static final int SHARED = 24;
  private static final int OWN = 40;
  private static final int[] THUMBNAILS = {4, 8, 12};
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final int number;
  private final Random random;
  private final Ledger ledger = new Ledger();
  private int imports;

  Client(int number, long seed) {
    this.number = number;
    this.random = new Random(seed * 31 + number);
  }

  Ledger ledger() {
    return ledger;
  }

  /** The bytes behind a content's number: a plain PNG, which is stored as it came. */
  static byte[] bytes(int content) {
    return Pictures.png(16 + content % 64, 16 + content / 64);
  }

  /** Works until an answer fails to come. Any answer that is a lie or an error is thrown. */
  void workUntilCutOff(HttpClient http, String url) throws InterruptedException {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        step(http, url);
      }
    } catch (IOException cutOff) {
      // The server is dead, which is what all this is about.
      return;
    }
  }

  private void step(HttpClient http, String url) throws IOException, InterruptedException {
    List<Entry> there = ledger.those(Fate.THERE);
    int choice = random.nextInt(100);
    if (there.isEmpty() || choice < 25) {
      uploadAndNote(http, url, content());
    } else if (choice < 55) {
      importNamed(http, url, content());
    } else if (choice < 75) {
      variant(http, url, there.get(random.nextInt(there.size())));
    } else if (choice < 92) {
      delete(http, url, there.get(random.nextInt(there.size())));
    } else {
      purge(http, url, there.get(random.nextInt(there.size())));
    }
  }

  private int content() {
    return random.nextInt(3) == 0
        ? random.nextInt(SHARED)
        : SHARED + number * OWN + random.nextInt(OWN);
  }

  private boolean own(int content) {
    return content >= SHARED;
  }

  /** Uploads a content and returns what the server says of it. */
  static JsonNode upload(HttpClient http, String url, int content)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> reply = send(http, post(url + "/image", "x.png", bytes(content)).build());
    expect(reply, 201);
    return JSON.readTree(reply.body()).at("/files/0");
  }

  private void uploadAndNote(HttpClient http, String url, int content)
      throws IOException, InterruptedException {
    JsonNode file = upload(http, url, content);
    ledger.stored(file.get("file").asText(), content, file.get("delete_token").asText());
  }

  private void importNamed(HttpClient http, String url, int content)
      throws IOException, InterruptedException {
    String alias = "import-%d-%d.png".formatted(number, imports++);
    HttpRequest request =
        post(url + "/internal/import", alias, bytes(content)).header("X-Api-Token", KEY).build();
    ledger.asked(alias, content);
    HttpResponse<byte[]> reply = send(http, request);
    expect(reply, 201);
    JsonNode file = JSON.readTree(reply.body()).at("/files/0");
    ledger.stored(file.get("file").asText(), content, file.get("delete_token").asText());
  }

  private void variant(HttpClient http, String url, Entry entry)
      throws IOException, InterruptedException {
    see(http, url, entry, THUMBNAILS[random.nextInt(THUMBNAILS.length)]);
    ledger.acknowledged();
  }

  /** A variant that was torn on the disk must not be what is sent. */
  private static void see(HttpClient http, String url, Entry entry, int thumbnail)
      throws IOException, InterruptedException {
    String query = "?src=" + entry.alias() + "&thumbnail=" + thumbnail;
    HttpResponse<byte[]> reply =
        send(http, HttpRequest.newBuilder(URI.create(url + "/image/process.png" + query)));
    expect(reply, 200);
    try {
      ImageIO.read(new ByteArrayInputStream(reply.body()));
    } catch (IOException e) {
      throw new AssertionError(entry.alias() + " has a torn variant", e);
    }
  }

  /** Asks for every variant that may have been made of what is there. */
  void seeEveryVariant(HttpClient http, String url) throws IOException, InterruptedException {
    for (Entry entry : ledger.those(Fate.THERE)) {
      for (int thumbnail : THUMBNAILS) {
        see(http, url, entry, thumbnail);
      }
    }
  }

  private void delete(HttpClient http, String url, Entry entry)
      throws IOException, InterruptedException {
    if (entry.token().isEmpty()) {
      return;
    }
    String path = "/image/delete/" + entry.token() + "/" + entry.alias();
    entry.become(Fate.DOUBTFUL);
    expect(send(http, HttpRequest.newBuilder(URI.create(url + path)).DELETE()), 204);
    entry.become(Fate.GONE);
    ledger.acknowledged();
  }

  private void purge(HttpClient http, String url, Entry entry)
      throws IOException, InterruptedException {
    if (!own(entry.content())) {
      return;
    }
    List<Entry> group = ledger.of(entry.content(), Fate.THERE);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/internal/purge?alias=" + entry.alias()))
            .header("X-Api-Token", KEY)
            .POST(BodyPublishers.noBody());
    HttpResponse<byte[]> reply;
    try {
      reply = send(http, request);
    } catch (IOException cutOff) {
      ledger.purgeUnanswered(group);
      throw cutOff;
    }
    expect(reply, 200);
    group.forEach(gone -> gone.become(Fate.GONE));
    ledger.acknowledged();
  }

  /** Looks at everything this client was ever told. Returns what is wrong, in words. */
  Optional<String> lie(HttpClient http, String url) throws IOException, InterruptedException {
    for (List<Entry> group : ledger.doubtfulPurges()) {
      long left = 0;
      for (Entry entry : group) {
        left += isThere(http, url, entry) ? 1 : 0;
      }
      if (left != 0 && left != group.size()) {
        return Optional.of("a purge left %d of %d aliases".formatted(left, group.size()));
      }
    }
    ledger.doubtfulPurges().clear();
    for (Entry entry : ledger.all()) {
      boolean there = isThere(http, url, entry);
      if (entry.fate() == Fate.THERE && !there) {
        return Optional.of(entry.alias() + " was acknowledged and is lost");
      }
      if (entry.fate() == Fate.GONE && there) {
        return Optional.of(entry.alias() + " was deleted and is back");
      }
      ledger.settle(entry, there);
    }
    return Optional.empty();
  }

  /** Whether an alias shows its bytes, every one of them; anything but that or 404 is a failure. */
  private static boolean isThere(HttpClient http, String url, Entry entry)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> reply =
        send(http, HttpRequest.newBuilder(URI.create(url + "/image/original/" + entry.alias())));
    if (reply.statusCode() == 404) {
      return false;
    }
    expect(reply, 200);
    if (!java.util.Arrays.equals(reply.body(), bytes(entry.content()))) {
      throw new AssertionError(entry.alias() + " shows other bytes than were uploaded");
    }
    return true;
  }

  private static HttpRequest.Builder post(String url, String name, byte[] picture) {
    String head =
        "--b\r\nContent-Disposition: form-data; name=\"images[]\"; filename=\"%s\"\r\n\r\n"
            .formatted(name);
    byte[] body = Bytes.join(head.getBytes(US_ASCII), picture, "\r\n--b--\r\n".getBytes(US_ASCII));
    return HttpRequest.newBuilder(URI.create(url))
        .header("Content-Type", "multipart/form-data; boundary=b")
        .POST(BodyPublishers.ofByteArray(body));
  }

  private static HttpResponse<byte[]> send(HttpClient http, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return send(http, request.build());
  }

  private static HttpResponse<byte[]> send(HttpClient http, HttpRequest request)
      throws IOException, InterruptedException {
    // A time limit of the request alone would not see a server that dies while it connects.
    HttpRequest limited =
        HttpRequest.newBuilder(request, (name, value) -> true)
            .timeout(Duration.ofSeconds(60))
            .build();
    return http.send(limited, BodyHandlers.ofByteArray());
  }

  private static void expect(HttpResponse<byte[]> reply, int status) throws IOException {
    if (reply.statusCode() != status) {
      throw new AssertionError(
          "%s answered %d, not %d: %s"
              .formatted(
                  reply.uri(),
                  reply.statusCode(),
                  status,
                  new String(reply.body(), java.nio.charset.StandardCharsets.UTF_8)));
    }
  }
}
