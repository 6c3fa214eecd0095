package dev.pictj;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many clients at once that want the heap of a server which has a small one. */
class SmallHeapIT {
  private static final int READERS = 300;
  private static final String HEAP = "-Xmx64m";

  /** Kernel buffers on both sides together take less than this. */
  private static final int LARGE = 3 << 20;

  @TempDir private static Path data;
  private static JarProcess server;
  private static String alias;
  private static byte[] picture;
  private final List<Socket> open = new ArrayList<>();

  @BeforeAll
  static void start() {
    server =
        JarProcess.serverWithJvm(
            List.of(HEAP),
            data,
            "--api-key",
            "key",
            "--skip-validate-imports",
            "--idle-timeout",
            "60",
            "--max-files",
            "" + READERS);
    picture = PngChunks.withChunk(Pictures.png(40, 30), "prVt", new byte[LARGE]);
    alias = imported("jlarge.png", picture);
  }

  @AfterAll
  static void stop() {
    try (JarProcess stopping = server) {
      stopping.terminate();
      assertThat(stopping.exitStatus()).isIn(0, 143);
    }
  }

  @AfterEach
  void othersAreServedAndNothingStays() throws IOException {
    assertThat(server.isAlive()).as(server.output() + server.errors()).isTrue();
    assertThat(get("/image/original/" + alias).asByteArray()).isEqualTo(picture);
    assertThat(
            RestAssured.given()
                .multiPart("images[]", "x.png", Pictures.png(9, 9))
                .post(server.url() + "/image")
                .statusCode())
        .isEqualTo(201);
    for (Socket socket : open) {
      socket.close();
    }
    assertThat(server.isAlive()).isTrue();
    assertThat(server.output()).doesNotContain("OutOfMemoryError");
  }

  private static String imported(String name, byte[] bytes) {
    Response response =
        RestAssured.given()
            .header("X-Api-Token", "key")
            .multiPart("images[]", name, bytes)
            .post(server.url() + "/internal/import");
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
    return response.path("files[0].file");
  }

  private static Response get(String path) {
    return RestAssured.given().urlEncodingEnabled(false).get(server.url() + path);
  }

  /** Sends something and reads no more than a little of the answer. */
  private Socket slow(byte[] request) throws IOException {
    Socket socket = new Socket();
    open.add(socket);
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(20_000);
    socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
    socket.getOutputStream().write(request);
    return socket;
  }

  private void slowReaders(Function<Integer, String> request) throws IOException {
    List<Socket> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(slow(request.apply(i).getBytes(US_ASCII)));
    }
    for (Socket reader : readers) {
      assertThat(new String(reader.getInputStream().readNBytes(9), US_ASCII))
          .isEqualTo("HTTP/1.1 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /image/original/jlarge.png HTTP/1.1\r\n",
        "GET /image/original/%6Alarge.png HTTP/1.1\r\n",
        "GET /image/original/jlarge%2Epng HTTP/1.1\r\n",
        "GET /image/original/jlarge.png HTTP/1.1\r\nRange: bytes=0-250000\r\n",
        "GET /image/original/%6Alarge.png HTTP/1.1\r\nRange: bytes=1-\r\n",
        "GET /image/process.png?src=jlarge.png HTTP/1.1\r\n",
        "GET /image/process.pn%67?src=%6Alarge.png HTTP/1.1\r\n",
        "HEAD /image/original/%6Alarge.png HTTP/1.1\r\n",
        "GET /image/details/original/%6Alarge.png HTTP/1.1\r\n",
        "GET /internal/aliases?alias=jlarge.png HTTP/1.1\r\nX-Api-Token: key\r\n"
      })
  void slowReadersCostLittle(String head) throws IOException {
    String one = head + "Host: x\r\n\r\n";
    // Many replies in a row, where one fits into the buffers of the system.
    slowReaders(_ -> one.repeat(200));
  }

  @Test
  void soDoThoseOfRepliesWithoutContent() throws IOException {
    String etag = get("/image/original/" + alias).header("ETag");
    String one =
        "GET /image/original/%6Alarge.png HTTP/1.1\r\nHost: x\r\nIf-None-Match: "
            + etag
            + "\r\n\r\n";
    slowReaders(_ -> one.repeat(200));
  }

  @Test
  void smallFilesThatAreRememberedAreNotHeldByWhoReadsThemSlowly() throws IOException {
    RequestSpecification form = RestAssured.given().header("X-Api-Token", "key");
    for (int i = 0; i < READERS; i++) {
      byte[] small = PngChunks.withChunk(Pictures.png(20 + i, 20), "prVt", new byte[60_000]);
      form.multiPart("images[]", "small" + i + ".png", small);
    }
    assertThat(form.post(server.url() + "/internal/import").statusCode()).isEqualTo(201);
    slowReaders(
        i ->
            "GET /image/original/small%d.png HTTP/1.1\r\nHost: x\r\n\r\n".formatted(i).repeat(100));
  }

  /** Sends as much as it is let, which may be less than all. */
  private Socket bomb(String... pieces) throws IOException {
    Socket socket = slow(new byte[0]);
    try {
      for (String piece : pieces) {
        socket.getOutputStream().write(piece.getBytes(US_ASCII));
      }
    } catch (SocketException _) {
      // Answered and closed before the end, as it may be.
    }
    return socket;
  }

  private static String answer(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readNBytes(12), US_ASCII);
    } catch (SocketException _) {
      return "";
    }
  }

  /** Of 32 KB of head Jetty made a megabyte of objects. */
  @ParameterizedTest
  @ValueSource(strings = {"", "\r\n"})
  void headsOfThousandsOfFieldsAreRefused(String end) throws IOException {
    for (int i = 0; i < READERS; i++) {
      bomb(
          "GET /image/original/%6Alarge.png HTTP/1.1\r\nHost: x\r\n",
          "a:b\r\n".repeat(6_000) + end);
    }
    for (Socket socket : open) {
      assertThat(answer(socket)).isIn("HTTP/1.1 431", "HTTP/1.1 503", "");
    }
  }

  private static final String FORM =
      "POST /image HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n"
          + "Content-Type: multipart/form-data; boundary=b\r\n\r\n";

  private static final String FILE =
      "--b\r\nContent-Disposition: form-data; name=\"images[]\"; filename=\"x\"\r\n";

  @ParameterizedTest
  @MethodSource("forms")
  void formsThatWantTheHeapCostLittle(String name, String piece, int times) throws IOException {
    for (int i = 0; i < 20; i++) {
      String[] pieces = new String[times + 1];
      Arrays.fill(pieces, piece);
      pieces[0] = FORM;
      bomb(pieces);
    }
  }

  private static Stream<Arguments> forms() {
    String field = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n";
    return Stream.of(
        Arguments.of("long heads", field + "X: " + "a".repeat(15_000) + "\r\n\r\nv\r\n", 1000),
        Arguments.of("too long heads", field + "X: " + "a".repeat(32_000) + "\r\n", 50),
        Arguments.of("many fields in a head", field + "a: b\r\n".repeat(2_000) + "\r\nv\r\n", 100),
        Arguments.of("heads without an end", FILE + "X: " + "a".repeat(15_000), 1),
        Arguments.of("fields", field + "\r\n" + "v".repeat(2_000_000) + "\r\n", 5),
        Arguments.of("small fields", (field + "\r\nv\r\n").repeat(100), 100),
        Arguments.of("files", (FILE + "\r\nv\r\n").repeat(100), 100),
        Arguments.of(
            "a name without an end", FILE.replace("\"x\"\r\n", "\"" + "ä".repeat(20_000)), 1));
  }

  @Test
  void nothingUnfinishedStaysOfThem() throws IOException {
    for (int i = 0; i < 20; i++) {
      bomb(FORM, FILE + "\r\n" + "v".repeat(500_000)).close();
    }
    await()
        .until(
            () ->
                data.resolve("tmp").toFile().list((_, name) -> name.startsWith("upload")).length
                    == 0);
  }
}
