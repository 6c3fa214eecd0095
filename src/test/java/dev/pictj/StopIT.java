package dev.pictj;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Method;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SIGTERM does to requests that are being served: they get their time, and then it ends. */
final class StopIT {
  /** Longer than Jetty leaves silent connections when it stops. */
  private static final int PAUSE_MILLIS = 2_000;

  private static final int ANSWER_MILLIS = 60_000;

  @TempDir private Path data;

  private static Socket connected(JarProcess server) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 * 1024);
    socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
    socket.setSoTimeout(ANSWER_MILLIS);
    return socket;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  private static void awaitRefusal(JarProcess server) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> connected(server).close())
                    .isInstanceOf(ConnectException.class));
  }

  private static byte[] form(byte[] content) {
    byte[] head =
        ascii("--b\r\nContent-Disposition: form-data; name=\"images[]\"; filename=\"x\"\r\n\r\n");
    byte[] tail = ascii("\r\n--b--\r\n");
    byte[] form = java.util.Arrays.copyOf(head, head.length + content.length + tail.length);
    System.arraycopy(content, 0, form, head.length, content.length);
    System.arraycopy(tail, 0, form, head.length + content.length, tail.length);
    return form;
  }

  private static OutputStream beginUpload(Socket socket, byte[] form, int sent) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(
        ascii(
            "POST /image HTTP/1.1\r\nHost: x\r\nContent-Length: "
                + form.length
                + "\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n"));
    out.write(form, 0, sent);
    return out;
  }

  /** A large file, of which a client has read the status and no more. */
  private static String begunDownload(JarProcess server, Socket socket, byte[] picture)
      throws IOException {
    String alias =
        RestAssured.given()
            .header("X-Api-Token", "key")
            .multiPart("images[]", "large.png", picture)
            .post(server.url() + "/internal/import")
            .path("files[0].file");
    socket
        .getOutputStream()
        .write(ascii("GET /image/original/" + alias + " HTTP/1.1\r\nHost: x\r\n\r\n"));
    assertThat(socket.getInputStream().readNBytes(12)).isEqualTo(ascii("HTTP/1.1 200"));
    return alias;
  }

  private static byte[] largePicture() {
    return PngChunks.withChunk(Pictures.png(8, 8), "prVt", new byte[24 << 20]);
  }

  @Test
  void whatIsUnderWayMayStallAndFinishes() throws Exception {
    byte[] picture = largePicture();
    try (JarProcess server =
            JarProcess.server(data, "--skip-validate-imports", "--api-key", "key");
        Socket upload = connected(server);
        Socket download = connected(server);
        Socket idle = connected(server)) {
      byte[] form = form(Pictures.png(40, 40));
      OutputStream out = beginUpload(upload, form, 200);
      String alias = begunDownload(server, download, picture);
      idle.getOutputStream().write(ascii("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
      InputStream answer = idle.getInputStream();
      assertThat(answer.readNBytes(12)).isEqualTo(ascii("HTTP/1.1 200"));

      server.terminate();
      awaitRefusal(server);
      // Who only keeps a connection is not waited for, and sees its end without a reset.
      answer.readAllBytes();
      upload.setSoTimeout(PAUSE_MILLIS);
      assertThatThrownBy(() -> upload.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      upload.setSoTimeout(ANSWER_MILLIS);
      assertThat(server.isAlive()).isTrue();
      out.write(form, 200, form.length - 200);
      assertThat(rest(upload)).startsWith("HTTP/1.1 201 ").contains("Connection: close");
      byte[] received = download.getInputStream().readAllBytes();
      assertThat(received.length).isGreaterThan(picture.length);
      assertThat(received).endsWith(java.util.Arrays.copyOfRange(picture, 30, picture.length));
      assertThat(server.exitStatus()).isZero();
      assertThat(server.output())
          .contains("/" + alias + "\" 200 " + picture.length + " B ", "\"POST /image\" 201 ")
          .endsWith("pictj has stopped\n");
      assertThat(server.errors()).isEmpty();
    }
  }

  @Test
  void whatNeverFinishesIsCutAndLoggedAsThat() throws Exception {
    byte[] picture = largePicture();
    try (JarProcess server =
            JarProcess.server(
                data, "--skip-validate-imports", "--api-key", "key", "--shutdown-timeout", "6");
        Socket upload = connected(server);
        Socket download = connected(server)) {
      beginUpload(upload, form(Pictures.png(40, 40)), 200);
      begunDownload(server, download, picture);
      server.terminate();
      assertThat(server.exitStatus()).isZero();
      assertThat(server.output())
          .containsPattern("\" 200 \\d+ of " + picture.length + " B aborted ")
          .doesNotContainPattern("\" 200 " + picture.length + " B ")
          .contains("requests that were still under way after 4 s were cut")
          .doesNotContain("ERROR", "Exception")
          .endsWith("pictj has stopped\n");
    }
  }

  /**
   * A debugger holds the thread that closes everything, as a native call may that never returns.
   */
  @Test
  void aStopThatHangsEndsInTheGivenTime() throws Exception {
    try (JarProcess server =
        JarProcess.serverWithJvm(
            List.of("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0"),
            data,
            "--shutdown-timeout",
            "4")) {
      VirtualMachine debugger = attach(server);
      Method close =
          debugger
              .classesByName("dev.pictj.app.Application")
              .getFirst()
              .methodsByName("close")
              .getFirst();
      BreakpointRequest stop =
          debugger.eventRequestManager().createBreakpointRequest(close.location());
      stop.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
      stop.enable();
      server.terminate();
      assertThat(server.exitStatus()).isEqualTo(1);
      assertThat(server.errors())
          .contains("error: the stop took longer than 4 s and is broken off");
      assertThat(server.output()).doesNotContain("pictj has stopped");
    }
  }

  private static VirtualMachine attach(JarProcess server) throws Exception {
    Matcher address = Pattern.compile("dt_socket at address: (\\d+)").matcher(server.output());
    assertThat(address.find()).as(server.output()).isTrue();
    AttachingConnector connector =
        Bootstrap.virtualMachineManager().attachingConnectors().stream()
            .filter(each -> each.transport().name().equals("dt_socket"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> arguments = connector.defaultArguments();
    arguments.get("hostname").setValue("127.0.0.1");
    arguments.get("port").setValue(address.group(1));
    return connector.attach(arguments);
  }
}
