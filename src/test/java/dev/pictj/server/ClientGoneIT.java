package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that hang up while their picture is made, and others that only seem to. */
@Timeout(60)
class ClientGoneIT {
  private GatedTools tools;
  private RunningServer server;

  @BeforeEach
  void start() throws Exception {
    tools = new GatedTools();
    server = start("0");
  }

  /** One more, where {@link #server} has to be closed. */
  private RunningServer start(String abandonedWorkTime) {
    return RunningServer.startWithTools(
        tools.folders(),
        "abandoned-work-time",
        abandonedWorkTime,
        "sandbox",
        "off",
        "image-jobs",
        "1",
        "image-queue",
        "1",
        "skip-validate-imports",
        "");
  }

  @AfterEach
  void stop() throws Exception {
    tools.open();
    server.close();
    tools.close();
  }

  private Socket send(String request, byte[] body) throws IOException {
    Socket socket = new Socket("127.0.0.1", server.port());
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write(Wire.ascii(request));
    socket.getOutputStream().write(body);
    socket.getOutputStream().flush();
    return socket;
  }

  private Socket get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", new byte[0]);
  }

  private Socket post(byte[] picture) throws IOException {
    byte[] form = Wire.form(picture);
    return send(
        "POST /image HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
            + form.length
            + "\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n",
        form);
  }

  /** Waits until two requests wait for one result, which nothing but their threads shows. */
  private static void awaitBoth() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Threads.in("dev.pictj.engine.Flight.await(") == 2);
  }

  /** Hangs up, and waits until the server has noticed. */
  private static void leave(Socket client) throws IOException {
    try (LoggedRequests log = LoggedRequests.open()) {
      client.close();
      log.awaitLine("\" 499 ");
    }
  }

  @Test
  void aRenderingIsCalledOffWhenTheLastClientHasGone() throws Exception {
    String alias = server.accepted(Pictures.jpeg(300, 200));
    String path = "/image/process.webp?src=" + alias + "&resize=50";
    tools.shut();
    Socket first = get(path);
    Socket second = get(path);
    tools.awaitBusy();
    awaitBoth();
    leave(first);
    assertThat(tools.busy()).isTrue();

    second.close();
    tools.awaitIdle();
    await().atMost(Duration.ofSeconds(5)).until(() -> server.leftovers().isEmpty());
    tools.open();
    assertThat(server.request().get(path).statusCode()).isEqualTo(200);
  }

  @Test
  void aRenderingGoesOnForWhoeverComesAgain() throws Exception {
    startAnew("100");
    String alias = server.accepted(Pictures.jpeg(300, 200));
    String path = "/image/process.webp?src=" + alias + "&resize=50";
    tools.shut();
    Socket first = get(path);
    tools.awaitBusy();
    leave(first);
    assertThat(tools.busy()).as("work that was given up").isTrue();
    long runs = tools.runs();
    tools.open();
    assertThat(server.request().get(path).statusCode()).isEqualTo(200);
    assertThat(tools.runs()).isEqualTo(runs);
  }

  @Test
  void abandonedWorkIsCalledOffWhenItsTimeIsOver() throws Exception {
    startAnew("1");
    String alias = server.accepted(Pictures.jpeg(300, 200));
    tools.shut();
    Socket client = get("/image/process.webp?src=" + alias + "&resize=50");
    tools.awaitBusy();
    client.close();
    tools.awaitIdle();
    await().atMost(Duration.ofSeconds(5)).until(() -> server.leftovers().isEmpty());
  }

  @Test
  void aStopDoesNotWaitForAbandonedWork() throws Exception {
    startAnew("100");
    String alias = server.accepted(Pictures.jpeg(300, 200));
    tools.shut();
    Socket client = get("/image/process.webp?src=" + alias + "&resize=50");
    tools.awaitBusy();
    leave(client);
    // The test's own limit of time fails it where this waits.
    server = server.restarted();
    tools.awaitIdle();
  }

  private void startAnew(String abandonedWorkTime) throws Exception {
    server.close();
    server = start(abandonedWorkTime);
  }

  @Test
  void whatIsDeletedWhileItIsRenderedIsNotSent() throws Exception {
    Response uploaded = server.upload(Pictures.jpeg(300, 200));
    String alias = uploaded.path("files[0].file");
    tools.shut();
    try (Socket client = get("/image/process.webp?src=" + alias + "&resize=50")) {
      tools.awaitBusy();
      String token = uploaded.path("files[0].delete_token");
      assertThat(server.request().delete("/image/delete/" + token + "/" + alias).statusCode())
          .isEqualTo(204);
      tools.open();
      assertThat(Wire.text(client.getInputStream().readAllBytes())).startsWith("HTTP/1.1 404");
    }
  }

  @Test
  void aVideosFrameIsCalledOffToo() throws Exception {
    String alias = server.accepted(Pictures.gif(60, 40, 3));
    tools.shut();
    Socket client = get("/image/process.webp?src=" + alias + "&resize=20");
    tools.awaitBusy();
    client.close();
    tools.awaitIdle();
  }

  @Test
  void workThatWaitsForItsTurnIsTakenOutOfTheQueue() throws Exception {
    String alias = server.accepted(Pictures.jpeg(300, 200));
    String path = "/image/process.webp?src=" + alias + "&resize=";
    tools.shut();
    try (Socket _ = get(path + 10)) {
      tools.awaitBusy();
      Socket queued = get(path + 11);
      await().atMost(Duration.ofSeconds(10)).until(() -> refused(path + 12));
      queued.close();
      await().atMost(Duration.ofSeconds(10)).until(() -> !refused(path + 13));
    }
  }

  /** Whether there is no place to wait; one that finds a place hangs up again. */
  private boolean refused(String path) throws IOException {
    try (Socket socket = get(path)) {
      socket.setSoTimeout(1500);
      return Wire.text(socket.getInputStream().readAllBytes()).startsWith("HTTP/1.1 503");
    } catch (SocketTimeoutException _) {
      return false;
    }
  }

  @Test
  void anUploadWhoseClientHasGoneIsNotDecodedToTheEnd() throws Exception {
    tools.shut();
    Socket client = post(Pictures.jpeg(300, 200));
    tools.awaitBusy();
    client.close();
    tools.awaitIdle();
    await().atMost(Duration.ofSeconds(5)).until(() -> server.leftovers().isEmpty());
    assertThat(server.stored()).isEmpty();
    tools.open();
    server.accepted(Pictures.jpeg(300, 200));
  }

  /** Large, for small ones are done sooner than anyone gives up. */
  @Test
  void anUploadGoesOnForWhoeverSendsItAgain() throws Exception {
    startAnew("100");
    byte[] picture = Pictures.png(4000, 2100);
    tools.shut();
    Socket client = post(picture);
    tools.awaitBusy();
    assertThat(spooled()).hasSize(1);
    client.close();
    await().atMost(Duration.ofSeconds(10)).until(() -> spooled().isEmpty());
    assertThat(tools.busy()).as("work that was given up").isTrue();
    long runs = tools.runs();
    tools.open();
    server.accepted(picture);
    assertThat(tools.runs()).isEqualTo(runs);
    assertThat(server.stored()).hasSize(1);
  }

  @Test
  void anUploadThatWasDoneWhenItsClientHadLeftIsThereForTheNext() throws Exception {
    startAnew("100");
    byte[] picture = Pictures.png(4000, 2100);
    tools.shut();
    Socket client = post(picture);
    tools.awaitBusy();
    assertThat(spooled()).hasSize(1);
    client.close();
    await().atMost(Duration.ofSeconds(10)).until(() -> spooled().isEmpty());
    tools.open();
    tools.awaitIdle();
    await().atMost(Duration.ofSeconds(10)).until(() -> server.leftovers().size() == 1);
    assertThat(server.stored()).isEmpty();
    long runs = tools.runs();
    server.accepted(picture);
    assertThat(tools.runs()).isEqualTo(runs);
    assertThat(server.leftovers()).isEmpty();
  }

  private List<Path> spooled() {
    return server.leftovers().stream().filter(file -> file.toString().contains("upload-")).toList();
  }

  /** Python's http.client takes an interim answer for the answer. */
  @Test
  void aClientThatClosedItsSideIsSentNoInterimAnswer() throws Exception {
    tools.shut();
    try (Socket client = post(Pictures.jpeg(300, 200))) {
      tools.awaitBusy();
      client.shutdownOutput();
      tools.awaitIdle();
      assertThat(Wire.text(client.getInputStream().readAllBytes())).doesNotContain("HTTP/1.1 1");
    }
  }

  @Test
  void aRequestSentAheadIsNotLost() throws Exception {
    String alias = server.accepted(Pictures.jpeg(300, 200));
    tools.shut();
    try (Socket client =
        send(
            "GET /image/process.webp?src=" + alias + "&resize=31 HTTP/1.1\r\nHost: x\r\n\r\n",
            new byte[0])) {
      tools.awaitBusy();
      byte[] ahead = Wire.ascii("GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      client.getOutputStream().write(ahead, 0, 1);
      // It looks whether the client is there, and takes the byte for that.
      await().atMost(Duration.ofSeconds(20)).until(() -> Wire.unread(client) == 0);
      client.getOutputStream().write(ahead, 1, ahead.length - 1);
      tools.open();
      String answers = Wire.text(client.getInputStream().readAllBytes());
      assertThat(answers).startsWith("HTTP/1.1 200").contains("HTTP/1.1 404");
    }
  }

  @Test
  void aVariantOfADeletedPictureIsKeptNowhere() throws Exception {
    Response upload = server.upload(Pictures.jpeg(300, 200));
    String alias = Replies.alias(upload);
    tools.shut();
    CompletableFuture<Response> variant =
        CompletableFuture.supplyAsync(
            () -> server.request().get("/image/process.webp?src=" + alias + "&resize=40"));
    tools.awaitBusy();
    String token = upload.path("files[0].delete_token");
    assertThat(server.request().delete("/image/delete/" + token + "/" + alias).statusCode())
        .isEqualTo(204);
    tools.open();
    assertThat(variant.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(404);
    await().atMost(Duration.ofSeconds(10)).until(() -> server.stored().isEmpty());
  }

  @Test
  void aPictureUploadedAgainDuringARenderingDoesNotInheritIt() throws Exception {
    byte[] picture = Pictures.jpeg(300, 200);
    importAs("one.jpg", picture);
    tools.shut();
    CompletableFuture<Response> before = process("one.jpg");
    tools.awaitBusy();
    assertThat(server.admin().post("/internal/purge?alias=one.jpg").statusCode()).isEqualTo(200);
    importAs("two.jpg", picture);
    CompletableFuture<Response> after = process("two.jpg");
    awaitBoth();
    tools.open();
    assertThat(before.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(404);
    assertThat(after.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    String filename = server.admin().get("/internal/filename?alias=two.jpg").path("filename");
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(server.stored())
                    .hasSize(2)
                    .allMatch(file -> file.toString().contains(filename)));
  }

  private void importAs(String name, byte[] picture) {
    assertThat(
            server
                .admin()
                .multiPart("images[]", name, picture)
                .post("/internal/import")
                .statusCode())
        .isEqualTo(201);
  }

  private CompletableFuture<Response> process(String alias) {
    // The usual pool has one thread where there are two cores.
    return CompletableFuture.supplyAsync(
        () -> server.request().get("/image/process.webp?src=" + alias + "&resize=40"),
        Thread::startVirtualThread);
  }
}
