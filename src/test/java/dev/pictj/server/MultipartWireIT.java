package dev.pictj.server;

import static dev.pictj.server.Wire.ascii;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms as they stand on the wire. */
class MultipartWireIT {
  private static final int LIMIT = 1 << 20;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start("max-file-size", "1");
  }

  @AfterAll
  static void stop() throws Exception {
    server.accepted(Pictures.png(3, 3));
    server.close();
  }

  @AfterEach
  void nothingUnfinishedStays() {
    await().atMost(Duration.ofSeconds(5)).until(() -> server.leftovers().isEmpty());
  }

  private static String length(byte[] body) {
    return "Content-Length: " + body.length + "\r\n";
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 4096})
  void aBodyInChunksIsAsGood(int size) throws Exception {
    byte[] body = Wire.chunked(Wire.form(Pictures.png(12, 9)), size);
    assertThat(Wire.post(server, "Transfer-Encoding: chunked\r\n", body))
        .startsWith("HTTP/1.1 201")
        .contains("\"height\":9,\"width\":12");
  }

  @Test
  void theLimitHoldsWhetherTheLengthIsToldOrNot() throws Exception {
    byte[] png = Pictures.png(30, 20);
    byte[] exact = Wire.form(Arrays.copyOf(png, LIMIT));
    assertThat(Wire.post(server, length(exact), exact)).startsWith("HTTP/1.1 201");
    assertThat(Wire.post(server, "Transfer-Encoding: chunked\r\n", Wire.chunked(exact, 65_536)))
        .startsWith("HTTP/1.1 201");
    byte[] over = Wire.form(Arrays.copyOf(png, LIMIT + 1));
    assertThat(Wire.post(server, length(over), over))
        .startsWith("HTTP/1.1 413")
        .contains("\"code\":\"validate-file-size\"");
    assertThat(Wire.post(server, "Transfer-Encoding: chunked\r\n", Wire.chunked(over, 65_536)))
        .startsWith("HTTP/1.1 413")
        .contains("\"code\":\"validate-file-size\"");
  }

  @Test
  void aFormLargerThanAllItsFilesMayBeIsRefused() throws Exception {
    byte[] body = Wire.form(new byte[14 * LIMIT]);
    String answer = Wire.post(server, length(body), body);
    // A client that does not read before it has written everything may see the end only.
    assertThat(answer.isEmpty() || answer.startsWith("HTTP/1.1 413")).as(answer).isTrue();
  }

  @Test
  void theServerAsksForABodyThatTheClientHoldsBack() throws Exception {
    byte[] body = Wire.form(Pictures.png(8, 8));
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          ascii(
              "POST /image HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n"
                  + "Content-Type: multipart/form-data; boundary=b\r\n"
                  + length(body)
                  + "\r\n"));
      out.flush();
      InputStream in = socket.getInputStream();
      assertThat(new String(in.readNBytes(25), StandardCharsets.ISO_8859_1))
          .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      out.write(body);
      out.flush();
      assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
          .startsWith("HTTP/1.1 201");
    }
  }

  /** What a good form gets that is said to be of this type. */
  private String answerToForm(String type) throws Exception {
    byte[] body = Wire.form(Pictures.png(8, 8));
    return Wire.exchange(
        server,
        "POST /image HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: "
            + type
            + "\r\n"
            + length(body)
            + "\r\n",
        body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=other",
        "multipart/mixed; boundary=b",
        "application/x-www-form-urlencoded",
        "image/png",
        "nonsense"
      })
  void whatIsNoFormIsRefused(String type) throws Exception {
    assertThat(answerToForm(type))
        .startsWith("HTTP/1.1 400")
        .contains("\"code\":\"file-upload-error\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MULTIPART/FORM-DATA; boundary=b",
        "multipart/form-data; charset=utf-8; boundary=\"b\"",
        "multipart/form-data;boundary=b",
        "multipart/form-data; BOUNDARY=b",
        "Multipart/Form-Data; x=\"; boundary=c\"; Boundary=\"b\""
      })
  void typesAreReadWithoutRegardToCase(String type) throws Exception {
    assertThat(answerToForm(type)).startsWith("HTTP/1.1 201");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name=\"images\"; filename=\"x\"",
        "name=\"images[0]\"; filename=\"x\"",
        "name=\"image[]\"; filename=\"x\"",
        "name=\"]\"; filename=\"x\"",
        "name=\"\"; filename=\"x\"",
        "filename=\"x\"",
        "name=\"images[]\"",
        "name=\"images[]\"; filename=\"\"",
        "name=\"images[]\"; filename=\"..\""
      })
  void partsThatAreNoNamedPicturesAreRefused(String disposition) throws Exception {
    byte[] body =
        Wire.form("Content-Disposition: form-data; " + disposition + "\r\n", Pictures.png(8, 8));
    assertThat(Wire.post(server, length(body), body))
        .startsWith("HTTP/1.1 400")
        .contains("\"code\":\"file-upload-error\"");
  }

  private static final String PICTURE =
      "Content-Disposition: form-data; name=\"images[]\"; filename=\"%s\"\r\n";

  private static String text(String name, String value) {
    return "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(name, value);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** A form of files with these names, each holding this. */
  private static byte[] files(byte[] content, String... names) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String name : names) {
      all.writeBytes(ascii("--b\r\n" + PICTURE.formatted(name) + "\r\n"));
      all.writeBytes(content);
      all.writeBytes(ascii("\r\n"));
    }
    all.writeBytes(ascii("--b--\r\n"));
    return all.toByteArray();
  }

  private static String posted(byte[] body) throws Exception {
    return Wire.post(server, length(body), body);
  }

  @Test
  void textFieldsBesideFilesAreIgnoredAsFarAsTheyMayGo() throws Exception {
    byte[] form = Wire.form(Pictures.png(8, 8));
    String few = text("title", "a picture") + text("images", "none") + text("", "");
    assertThat(posted(joined(ascii(few), form))).startsWith("HTTP/1.1 201");
    String unchosen =
        "--b\r\nContent-Disposition: form-data; name=\"other\"; filename=\"\"\r\n\r\n\r\n";
    assertThat(posted(joined(ascii(unchosen), form))).startsWith("HTTP/1.1 201");
    assertThat(posted(joined(ascii(text("x", "v").repeat(100)), form))).startsWith("HTTP/1.1 201");
    assertThat(posted(joined(ascii(text("x", "v").repeat(1001)), form)))
        .startsWith("HTTP/1.1 400")
        .contains("Too many fields in request, at most 100 are accepted beside the files");
    assertThat(posted(joined(ascii(text("x", "v".repeat(LIMIT))), form)))
        .startsWith("HTTP/1.1 201");
    assertThat(posted(joined(ascii(text("x", "v".repeat(LIMIT + 1))), form)))
        .startsWith("HTTP/1.1 413")
        .contains("The text fields are too large, the limit is 1 MiB");
    assertThat(posted(ascii(few + "--b--\r\n")))
        .startsWith("HTTP/1.1 400")
        .contains("No files present in upload", "\"code\":\"validate-no-files\"");
  }

  @Test
  void aFileInAnotherFieldIsToldWhereItBelongs() throws Exception {
    byte[] png = Pictures.png(8, 8);
    assertThat(
            posted(
                Wire.form(
                    "Content-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n", png)))
        .startsWith("HTTP/1.1 400")
        .contains(
            "Couldn't upload file, Found field with unexpected name or type: files are expected in"
                + " `images[]`, this one was sent in `file`");
  }

  @Test
  void tooManyFilesAreCalledSo() throws Exception {
    assertThat(posted(files(Pictures.png(8, 8), "abcdefghijk".split(""))))
        .startsWith("HTTP/1.1 400")
        .contains("Too many files in request, at most 10 are accepted");
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 9_000, 16_000})
  void aLongNameIsCut(int length) throws Exception {
    byte[] png = Pictures.png(8, 8);
    String name = "n".repeat(length);
    assertThat(posted(files(png, name))).startsWith("HTTP/1.1 201");
    // Each character is four bytes in UTF-8 and two in UTF-16, and no cut may part those two.
    for (int before : new int[] {0, 1}) {
      String faces = "n".repeat(before) + "\u00f0\u009f\u0098\u0080".repeat(length / 4);
      assertThat(posted(files(new byte[10], faces, "good.png")))
          .startsWith("HTTP/1.1 415")
          // JSON, in which the two halves stand as they are in UTF-16.
          .containsPattern("file ..n{%d}(.uD83D.uDE00)+[^u]+\\)".formatted(before));
    }
    String imported =
        server
            .admin()
            .multiPart("images[]", name, png)
            .post("/internal/import")
            .then()
            .statusCode(400)
            .extract()
            .path("msg");
    assertThat(imported)
        .contains(
            "the name has %d characters, over the limit of 255".formatted(length), "(file \"nnn");
  }

  @Test
  void aHeadThatIsTooLongIsCalledSo() throws Exception {
    assertThat(posted(files(Pictures.png(8, 8), "n".repeat(40_000))))
        .startsWith("HTTP/1.1 413")
        .contains("The head of a part is too large, the limit is 16 KiB");
    assertThat(posted(Wire.form("no header\r\n", Pictures.png(8, 8))))
        .startsWith("HTTP/1.1 400")
        .contains("Multipart stream is incomplete");
  }

  @Test
  void aFailureAmongSeveralNamesTheFile() throws Exception {
    byte[] png = Pictures.png(8, 8);
    byte[] good = files(png, "good.png");
    byte[] start = Arrays.copyOf(good, good.length - 7);
    assertThat(posted(joined(start, files(ascii("no picture"), "C:/secret/bad\u0001.txt"))))
        .startsWith("HTTP/1.1 400")
        .doesNotContain("secret");
    assertThat(posted(joined(start, files(ascii("no picture"), "/secret/bad.txt"))))
        .startsWith("HTTP/1.1 415")
        .contains("(file \\\"bad.txt\\\")")
        .doesNotContain("secret");
    assertThat(posted(joined(start, files(new byte[0], "empty.png"))))
        .startsWith("HTTP/1.1 400")
        .contains("File is empty (file \\\"empty.png\\\")");
    assertThat(posted(joined(start, files(new byte[LIMIT + 1], "large.png"))))
        .startsWith("HTTP/1.1 413")
        .contains("File too large (file \\\"large.png\\\"), the limit is 1 MiB");
    assertThat(posted(files(ascii("no picture"), "alone.txt"))).doesNotContain("alone");
  }

  @Test
  void aPartWithoutADispositionIsRefused() throws Exception {
    byte[] body = Wire.form("Content-Type: image/png\r\n", Pictures.png(8, 8));
    assertThat(Wire.post(server, length(body), body)).startsWith("HTTP/1.1 400");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "form-data; name=\"images[]\"; filename*=utf-8''%e2%82%ac.png",
        "form-data; filename=\"x.png\"; name=\"images[]\"",
        "form-data; name=images[]; filename=x.png",
        "FORM-DATA; NAME=\"images[]\"; FILENAME=\"x.png\"",
        "form-data; name=\"images[]\"; filename=\"../../etc/passwd\"",
        "form-data; name=\"images[]\"; filename=\"C:\\\\pictures\\\\x.png\"",
        "form-data; name=\"images[]\"; filename=\"a;b=c.png\"",
        "form-data; name=\"images[]\"; filename=\"\u00c3\u00a4.png\""
      })
  void namesInEveryClientsHandAreAccepted(String disposition) throws Exception {
    byte[] body =
        Wire.form(
            "content-transfer-encoding: binary\r\nCONTENT-DISPOSITION: " + disposition + "\r\n",
            Pictures.png(8, 8));
    assertThat(Wire.post(server, length(body), body)).startsWith("HTTP/1.1 201");
  }

  @Test
  void whatStandsAroundThePartsIsPassedOver() throws Exception {
    byte[] form = Wire.form(Pictures.png(8, 8));
    byte[] body = new byte[form.length + 20];
    Arrays.fill(body, (byte) '\n');
    byte[] preamble = ascii("For old readers\r\n");
    System.arraycopy(preamble, 0, body, 0, preamble.length);
    System.arraycopy(form, 0, body, preamble.length, form.length);
    assertThat(Wire.post(server, length(body), body)).startsWith("HTTP/1.1 201");
  }

  @Test
  void aPictureMayHoldWhatLooksLikeABoundary() throws Exception {
    byte[] png =
        PngChunks.withChunk(Pictures.png(8, 8), "prVt", ascii("\r\n-\r\n--\r\n--c\r\n--\r\r\n-"));
    byte[] body = Wire.form(png);
    assertThat(Wire.post(server, length(body), body)).startsWith("HTTP/1.1 201");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30, 90, 200})
  void aBodyThatEndsEarlyKeepsNothing(int sent) throws Exception {
    int before = server.stored().size();
    byte[] body = Wire.form(Pictures.png(64, 64));
    String told = Wire.postPart(server, length(body), Arrays.copyOf(body, sent));
    assertThat(told.isEmpty() || told.startsWith("HTTP/1.1 400")).as(told).isTrue();
    byte[] chunks = Wire.chunked(body, 50);
    String untold =
        Wire.postPart(server, "Transfer-Encoding: chunked\r\n", Arrays.copyOf(chunks, sent));
    assertThat(untold.isEmpty() || untold.startsWith("HTTP/1.1 400")).as(untold).isTrue();
    assertThat(server.stored()).hasSize(before);
  }

  @Test
  void aConnectionServesOnAfterARefusal() throws Exception {
    byte[] bad = Wire.form(ascii("no picture"));
    byte[] good = Wire.form(Pictures.png(8, 8));
    String head =
        "POST /image HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n";
    byte[] first = ascii(head + length(bad) + "\r\n");
    byte[] second = ascii(head + length(good) + "Connection: close\r\n\r\n");
    byte[] both = new byte[bad.length + second.length + good.length];
    System.arraycopy(bad, 0, both, 0, bad.length);
    System.arraycopy(second, 0, both, bad.length, second.length);
    System.arraycopy(good, 0, both, bad.length + second.length, good.length);
    assertThat(Wire.exchange(server, new String(first, StandardCharsets.ISO_8859_1), both))
        .startsWith("HTTP/1.1 415")
        .contains("HTTP/1.1 201");
  }
}
