package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.JarProcess;
import dev.pictj.pictures.Pictures;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that wants more free space than any disk has. */
class LowDiskIT {
  @TempDir private Path data;
  private String alias;
  private String token;

  private static void readOnly(Response reply) {
    assertThat(reply.statusCode()).as(reply.asString()).isEqualTo(503);
    assertThat(reply.<String>path("code")).isEqualTo("read-only");
    assertThat(reply.header("Retry-After")).isEqualTo("30");
  }

  @Test
  void nothingNewIsTakenAndNothingIsLeftBehind() throws Exception {
    String tooMuch = Long.toString(1L << 30);
    try (RunningServer server = RunningServer.start("min-free-space", tooMuch)) {
      readOnly(server.upload(Pictures.png(20, 20)));
      readOnly(
          server
              .admin()
              .multiPart("images[]", "a.png", Pictures.png(20, 20))
              .post("/internal/import"));
      readOnly(server.request().get("/image/download?url=http://127.0.0.1:1/x.png"));
      assertThat(server.stored()).isEmpty();
      assertThat(server.request().get("/healthz").statusCode()).isEqualTo(200);
      assertThat(Files.exists(server.data())).isTrue();
    }
  }

  /** The head first, the body a while later, as slow networks and some clients do it. */
  @Test
  void aClientThatIsStillSendingGetsItsAnswer() throws Exception {
    String tooMuch = Long.toString(1L << 30);
    byte[] part = new byte[30_000];
    try (RunningServer server = RunningServer.start("min-free-space", tooMuch);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          """
          POST /image HTTP/1.1\r
          Host: x\r
          Content-Type: multipart/form-data; boundary=b\r
          Content-Length: %d\r
          \r
          """
              .formatted(10 * part.length)
              .getBytes(StandardCharsets.US_ASCII));
      out.write(part);
      await().until(() -> socket.getInputStream().available() > 0);
      for (int i = 1; i < 10; i++) {
        out.write(part);
      }
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      assertThat(in.readLine()).startsWith("HTTP/1.1 503");
    }
  }

  @Test
  void aClientThatAsksFirstIsNotToldToGoOn() throws Exception {
    try (RunningServer server = RunningServer.start("min-free-space", Long.toString(1L << 30))) {
      for (String path : new String[] {"/image", "/internal/import"}) {
        String answer =
            Wire.exchange(
                server,
                "POST "
                    + path
                    + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nX-Api-Token: "
                    + RunningServer.KEY
                    + "\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                    + "Content-Length: 300000\r\n\r\n",
                new byte[0]);
        assertThat(answer).startsWith("HTTP/1.1 503").contains("Connection: close\r\n");
      }
    }
  }

  @Test
  void whatIsThereIsServedAndMayBeDeleted() {
    try (JarProcess server = JarProcess.server(data)) {
      Response reply =
          RestAssured.given()
              .multiPart("images[]", "a", Pictures.png(40, 30))
              .post(server.url() + "/image");
      alias = reply.path("files[0].file");
      token = reply.path("files[0].delete_token");
      assertThat(thumbnail(server, 8).statusCode()).isEqualTo(200);
      // It is sent before it is stored; killed, the server need not have it.
      server.terminate();
      assertThat(server.exitStatus()).isZero();
    }
    try (JarProcess server = JarProcess.server(data, "--min-free-space", "1073741824")) {
      assertThat(RestAssured.get(server.url() + "/image/original/" + alias).statusCode())
          .isEqualTo(200);
      assertThat(thumbnail(server, 8).statusCode()).isEqualTo(200);
      readOnly(thumbnail(server, 9));
      String delete = server.url() + "/image/delete/" + token + "/" + alias;
      assertThat(RestAssured.delete(delete).statusCode()).isEqualTo(204);
      assertThat(server.output()).containsOnlyOnce("read-only: ").doesNotContain("\tat ");
    }
  }

  private Response thumbnail(JarProcess server, int side) {
    return RestAssured.get(server.url() + "/image/process.png?thumbnail=" + side + "&src=" + alias);
  }
}
