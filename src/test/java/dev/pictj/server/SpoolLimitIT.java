package dev.pictj.server;

import static dev.pictj.server.Wire.ascii;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two MiB for everything that is on its way in. */
class SpoolLimitIT {
  private static final int MIB = 1 << 20;
  private RunningServer server;

  @BeforeEach
  void start() {
    server =
        RunningServer.start(
            "max-file-size",
            "1",
            "spool-limit",
            "2",
            "download-allow-private",
            "",
            "download-timeout",
            "120");
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private static byte[] picture(int size) {
    byte[] png = Pictures.png(20, 20);
    return PngChunks.withTrailing(png, new byte[size - png.length]);
  }

  /** An upload that never ends, of which so much has been sent. */
  private Socket unfinished(int announced, int sent) throws IOException {
    return unfinished(server, announced, sent);
  }

  private static Socket unfinished(RunningServer server, int sent) throws IOException {
    return unfinished(server, MIB, sent);
  }

  private static Socket unfinished(RunningServer server, int announced, int sent)
      throws IOException {
    byte[] start = Arrays.copyOf(Wire.form(new byte[0]), sent);
    Socket socket = new Socket("127.0.0.1", server.port());
    socket
        .getOutputStream()
        .write(
            ascii(
                "POST /image HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b"
                    + "\r\nContent-Length: "
                    + announced
                    + "\r\n\r\n"));
    byte[] opening =
        ascii("--b\r\nContent-Disposition: form-data; name=\"images[]\"; filename=\"x\"\r\n\r\n");
    System.arraycopy(opening, 0, start, 0, Math.min(sent, opening.length));
    Arrays.fill(start, Math.min(sent, opening.length), sent, (byte) 'x');
    socket.getOutputStream().write(start);
    socket.getOutputStream().flush();
    return socket;
  }

  /** Else what is to be refused could be there first, and what is to hold the room be refused. */
  private void awaitSpooled(long bytes) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> server.leftovers().stream().mapToLong(SpoolLimitIT::size).sum() >= bytes);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException _) {
      return 0;
    }
  }

  private void awaitRefusal(byte[] picture) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              Response response = server.upload(picture);
              if (response.statusCode() == 201) {
                return false;
              }
              Replies.refused(response, 503, "overloaded");
              assertThat(Integer.parseInt(response.header("Retry-After"))).isPositive();
              assertThat(response.header("Connection")).isEqualToIgnoringCase("close");
              return true;
            });
  }

  private void awaitAccepted(byte[] picture) {
    await().atMost(Duration.ofMinutes(1)).until(() -> server.upload(picture).statusCode() == 201);
  }

  @Test
  void uploadsTogetherStayBelowTheLimitAndGiveBackWhatTheyHeld() throws Exception {
    byte[] picture = picture(MIB / 2);
    try (Socket first = unfinished(MIB, 900_000);
        Socket second = unfinished(MIB, 900_000)) {
      awaitSpooled(1_700_000);
      awaitRefusal(picture);
      // What still fits is served, and what was refused holds nothing.
      assertThat(server.upload(picture(100_000)).statusCode()).isEqualTo(201);
      first.shutdownOutput();
      awaitAccepted(picture);
      assertThat(second.isConnected()).isTrue();
    }
    // Each way out gives everything back: success, every kind of refusal, and clients gone.
    for (int i = 0; i < 3; i++) {
      assertThat(server.upload(picture(900_000)).statusCode()).isEqualTo(201);
      assertThat(server.upload(new byte[900_000]).statusCode()).isEqualTo(415);
      assertThat(server.upload(new byte[MIB + 10]).statusCode()).isEqualTo(413);
      unfinished(MIB, 300_000).close();
    }
    awaitAccepted(picture(MIB));
  }

  @Test
  void withTheRoomFullOfTricklingUploadsOthersStillUpload() throws Exception {
    try (RunningServer impatient =
        RunningServer.start(
            "max-file-size",
            "1",
            "spool-limit",
            "2",
            "upload-grace",
            "1",
            "min-upload-rate",
            "0")) {
      trickling(impatient);
      await().until(() -> impatient.leftovers().isEmpty());
    }
  }

  private static void trickling(RunningServer impatient) throws Exception {
    try (Socket first = unfinished(impatient, 1_000_000);
        Socket second = unfinished(impatient, 1_000_000)) {
      byte[] form = Wire.form(picture(MIB));
      String length = "Content-Length: " + form.length + "\r\n";
      await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> {
                trickle(first);
                trickle(second);
                return Wire.post(impatient, length, form).startsWith("HTTP/1.1 201");
              });
      // One had to give way, which its client is told at its next byte; the other goes on.
      await().until(() -> trickle(first) != trickle(second));
      Socket gone = trickle(first) ? second : first;
      assertThat(new String(gone.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 408");
    }
  }

  /** Whether a client may go on. */
  private static boolean trickle(Socket socket) {
    try {
      socket.getOutputStream().write('x');
      return socket.getInputStream().available() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  @Test
  void whatIsOnlyAnnouncedTakesNoRoom() throws Exception {
    try (Socket first = unfinished(MIB, 200);
        Socket second = unfinished(MIB, 200);
        Socket third = unfinished(MIB, 200)) {
      assertThat(server.upload(picture(900_000)).statusCode()).isEqualTo(201);
      assertThat(first.isConnected() && second.isConnected() && third.isConnected()).isTrue();
    }
  }

  @Test
  void downloadsCountAsUploadsDo() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    HttpServer remote =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    remote.setExecutor(Executors.newCachedThreadPool());
    byte[] picture = picture(900_000);
    remote.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, picture.length);
          exchange.getResponseBody().write(picture, 0, 800_000);
          exchange.getResponseBody().flush();
          try {
            goOn.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          exchange.getResponseBody().write(picture, 800_000, 100_000);
          exchange.close();
        });
    remote.start();
    String path = "/image/download?url=http://127.0.0.1:" + remote.getAddress().getPort() + "/";
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      Future<Response> one = pool.submit(() -> server.request().get(path));
      Future<Response> two = pool.submit(() -> server.request().get(path));
      awaitSpooled(1_600_000);
      awaitRefusal(picture(MIB / 2));
      assertThat(one.isDone() || two.isDone()).isFalse();
      Replies.refused(server.request().get(path), 503, "overloaded");
      goOn.countDown();
      assertThat(one.get().statusCode()).isEqualTo(201);
      assertThat(two.get().statusCode()).isEqualTo(201);
      awaitAccepted(picture(MIB));
    } finally {
      goOn.countDown();
      pool.shutdown();
      remote.stop(0);
    }
  }
}
