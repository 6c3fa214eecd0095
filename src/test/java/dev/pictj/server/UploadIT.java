package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.pictures.Bombs;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.PngChunks;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UploadIT {
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @AfterEach
  void nothingIsLeftInTheFolderForUnfinishedFiles() {
    await().atMost(Duration.ofSeconds(5)).until(() -> server.leftovers().isEmpty());
  }

  private static void refused(Response response, int status, String code) {
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
    assertThat(response.contentType()).isEqualTo("application/json");
    assertThat((String) response.path("code")).isEqualTo(code);
    assertThat((String) response.path("msg")).isNotBlank().doesNotContain("/tmp", "Exception");
  }

  /** Backups are often another user's than the server. */
  @Test
  void whateverIsStoredIsPermittedAsAnyNewFileIs() throws Exception {
    List<String> aliases =
        List.of(
            server.accepted(Pictures.png(31, 37)),
            server.accepted(JpegSegments.withExif(Pictures.jpeg(31, 37), 6)),
            server.accepted(Pictures.gif(32, 38, 3)));
    for (String alias : aliases) {
      for (String extension : List.of("png", "webp")) {
        String variant = "/image/process." + extension + "?thumbnail=9&src=" + alias;
        assertThat(server.request().get(variant).statusCode()).isEqualTo(200);
      }
    }
    Path other = Files.createFile(server.data().resolve("other"));
    assertThat(server.stored())
        .hasSizeGreaterThan(9)
        .allSatisfy(
            file ->
                assertThat(Files.getPosixFilePermissions(file))
                    .isEqualTo(Files.getPosixFilePermissions(other)));
    Files.delete(other);
  }

  @Test
  void theReplyIsWrittenAsPictRsWritesIt() {
    Response response = server.upload(Pictures.png(64, 36));
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.asString())
        .matches(
            "\\{\"files\":\\[\\{\"delete_token\":\"[A-Za-z0-9]{10}\",\"details\":\\{"
                + "\"content_type\":\"image/png\",\"created_at\":\\[20\\d\\d,\\d+,\\d+,\\d+],"
                + "\"height\":36,\"width\":64},\"file\":\"[A-Za-z0-9]{10}\\.png\"}],\"msg\":\"ok\"}");
    assertThat(response.header("Content-Length"))
        .isEqualTo(Integer.toString(response.asByteArray().length));
  }

  @Test
  void tenFilesComeBackInRequestOrderAndElevenAreTooMany() {
    RequestSpecification ten = server.request();
    for (int i = 1; i <= 10; i++) {
      ten.multiPart("images[]", "p" + i, i % 2 == 0 ? Pictures.png(i, 5) : Pictures.jpeg(i, 5));
    }
    Response response = ten.post("/image");
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
    List<Integer> widths = response.path("files.details.width");
    assertThat(widths).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

    RequestSpecification eleven = server.request();
    for (int i = 0; i < 11; i++) {
      eleven.multiPart("images[]", "p", Pictures.png(3, 3));
    }
    refused(eleven.post("/image"), 400, "file-upload-error");
  }

  @Test
  void formsOfTheWrongShapeAreRefused() {
    byte[] png = Pictures.png(3, 3);
    refused(
        server.request().multiPart("images", "p", png).post("/image"), 400, "file-upload-error");
    refused(
        server
            .request()
            .multiPart("images[]", "no file name")
            .contentType("multipart/form-data")
            .post("/image"),
        400,
        "file-upload-error");
    refused(
        server.request().contentType("application/json").body("{}").post("/image"),
        400,
        "file-upload-error");
    refused(server.request().post("/image"), 400, "file-upload-error");
    refused(raw("b", "--b--\r\n"), 400, "validate-no-files");
    refused(
        raw(
            "b",
            "--b\r\nContent-Disposition: form-data; name=\"images[]\"; filename=\"x\"\r\n\r\nab"),
        400,
        "file-upload-error");
    refused(server.upload(new byte[0]), 400, "validate-file-empty");
  }

  private static Response raw(String boundary, String body) {
    return server
        .request()
        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
        .body(body.getBytes(StandardCharsets.ISO_8859_1))
        .post("/image");
  }

  @Test
  void shapesThatClientsSendAreAccepted() {
    String png = new String(Pictures.png(4, 4), StandardCharsets.ISO_8859_1);
    String type = "Content-Type: image/webp\r\n";
    String disposition = "Content-Disposition: form-data; name=\"images[]\"; filename=";
    for (String head :
        List.of(
            disposition + "\"a b.png\"\r\n" + type,
            type + disposition + "\"a.png\"\r\nContent-Length: " + png.length() + "\r\n",
            disposition + "\"images[]\"\r\n",
            disposition + "plain.png\r\n",
            disposition + "\"say \\\"hi\\\".png\"\r\n",
            disposition + "\"a.png\"; filename*=utf-8''%c3%a4.png\r\n")) {
      Response response = raw("\"b x\"", "--b x\r\n" + head + "\r\n" + png + "\r\n--b x--\r\n");
      assertThat(response.statusCode()).as(head + response.asString()).isEqualTo(201);
    }
  }

  @Test
  void theBytesDecideTheTypeAndNothingElseDoes() {
    Response response =
        server
            .request()
            .multiPart("images[]", "x.png", Pictures.jpeg(8, 8), "image/webp")
            .post("/image");
    assertThat((String) response.path("files[0].details.content_type")).isEqualTo("image/jpeg");
    refused(
        server.upload("x.jpg", "just text".getBytes(StandardCharsets.UTF_8)),
        415,
        "unsupported-media-type");
    for (String text :
        List.of(
            "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "%PDF-1.4",
            "%!PS-Adobe-3.0",
            "<!doctype html>")) {
      refused(
          server.upload("x.png", text.getBytes(StandardCharsets.UTF_8)),
          415,
          "unsupported-media-type");
    }
  }

  @Test
  void oneBadFileMakesTheWholeRequestFailAndNothingIsKept() {
    int before = server.stored().size();
    Response response =
        server
            .request()
            .multiPart("images[]", "a", Pictures.png(77, 7))
            .multiPart("images[]", "b", "text".getBytes(StandardCharsets.UTF_8))
            .post("/image");
    refused(response, 415, "unsupported-media-type");
    assertThat(server.stored()).hasSize(before);
  }

  @Test
  void theSameContentIsStoredOnceUnderTwoNames() {
    // A colour profile is part of the content, everything else is not.
    byte[] picture = JpegSegments.withIcc(Pictures.jpeg(90, 60));
    String first = server.accepted(picture);
    int stored = server.stored().size();
    String second = server.accepted(JpegSegments.withEverything(Pictures.jpeg(90, 60), 1));
    assertThat(second).isNotEqualTo(first);
    assertThat(server.stored()).hasSize(stored);
    assertThat(server.request().get("/image/original/" + second).header("ETag"))
        .isEqualTo(server.request().get("/image/original/" + first).header("ETag"));
    List<String> aliases = server.admin().get("/internal/aliases?alias=" + second).path("aliases");
    assertThat(aliases).containsExactly(first, second);
  }

  @Test
  void bombsAreRefusedAndTheNextUploadWorks() {
    Map<String, byte[]> bombs = new TreeMap<>();
    bombs.put("validate-width png", Bombs.pngHugeHeader());
    bombs.put("validate-width jpeg", Bombs.jpegHugeHeader());
    bombs.put("validate-width gif screen", Bombs.gifHugeScreen());
    bombs.put("validate-width gif frame", Bombs.gifHugeFrame());
    bombs.put("invalid-media png holds more than it says", Bombs.pngSmallHidden());
    bombs.put("invalid-media png holds less than it says", Bombs.pngShortData());
    bombs.put("invalid-media png ends early", Bombs.pngTruncated());
    bombs.put("invalid-media webp canvas", Bombs.webpSmallCanvas());
    bombs.put("invalid-media webp ends early", Bombs.webpTruncated());
    bombs.put("invalid-media png in name only", Bombs.pngSignatureOnHtml());
    bombs.put("invalid-media jpeg in name only", Bombs.jpegSignatureOnHtml());
    bombs.forEach(
        (name, bytes) -> {
          refused(server.upload(bytes), 422, name.substring(0, name.indexOf(' ')));
          server.accepted(Pictures.png(5, 5));
        });
  }

  @Test
  void metadataGoesPixelsStayAndTheProfileIsKept() throws Exception {
    byte[] plain = Pictures.jpeg(40, 30);
    byte[] full =
        JpegSegments.withTrailing(
            JpegSegments.withIcc(JpegSegments.withEverything(plain, 1)),
            "<script>".getBytes(StandardCharsets.UTF_8));
    byte[] stored = server.request().get("/image/original/" + server.accepted(full)).asByteArray();
    String text = new String(stored, StandardCharsets.ISO_8859_1);
    assertThat(text)
        .doesNotContain(
            "Exif", "http://ns.adobe.com", "Photoshop", JpegSegments.SECRET, "<script>");
    assertThat(text).contains("ICC_PROFILE");
    var before = ImageIO.read(new ByteArrayInputStream(plain));
    var after = ImageIO.read(new ByteArrayInputStream(JpegSegments.withIcc(plain)));
    var kept = ImageIO.read(new ByteArrayInputStream(stored));
    assertThat(kept.getWidth()).isEqualTo(before.getWidth());
    for (int y = 0; y < 30; y++) {
      for (int x = 0; x < 40; x++) {
        assertThat(kept.getRGB(x, y)).isEqualTo(after.getRGB(x, y));
      }
    }
    byte[] png = Pictures.png(20, 20);
    byte[] storedPng =
        server
            .request()
            .get("/image/original/" + server.accepted(PngChunks.withText(png)))
            .asByteArray();
    assertThat(Arrays.equals(storedPng, png)).isTrue();
  }

  @Test
  void aPhotographTakenSidewaysIsStoredUpright() throws Exception {
    byte[] corner = Pictures.cornerJpeg();
    var before = ImageIO.read(new ByteArrayInputStream(corner));
    String alias = server.accepted(JpegSegments.withEverything(corner, 6));
    byte[] stored = server.request().get("/image/original/" + alias).asByteArray();
    var turned = ImageIO.read(new ByteArrayInputStream(stored));
    assertThat(turned.getWidth()).isEqualTo(before.getHeight());
    assertThat(turned.getHeight()).isEqualTo(before.getWidth());
    // A quarter turn to the right brings the lower left corner to the upper left.
    int expected = before.getRGB(3, before.getHeight() - 4);
    int found = turned.getRGB(3, 3);
    for (int shift : new int[] {0, 8, 16}) {
      assertThat((found >> shift) & 0xFF)
          .isCloseTo((expected >> shift) & 0xFF, org.assertj.core.data.Offset.offset(40));
    }
    assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("Exif");
  }

  @Test
  void aTruncatedJpegIsStoredSound() {
    byte[] whole = Pictures.jpeg(300, 300);
    byte[] cut = Arrays.copyOf(whole, whole.length * 2 / 3);
    byte[] stored = server.request().get("/image/original/" + server.accepted(cut)).asByteArray();
    assertThat(stored[stored.length - 2]).isEqualTo((byte) 0xFF);
    assertThat(stored[stored.length - 1]).isEqualTo((byte) 0xD9);
  }

  @Test
  void motionBecomesSilentMp4AndOneFrameAPng() {
    for (byte[] motion :
        List.of(Pictures.gif(41, 31, 3), Pictures.mp4(40, 30, 5), Pictures.mov(40, 30, 5))) {
      Response response = server.upload(motion);
      assertThat((String) response.path("files[0].details.content_type")).isEqualTo("video/mp4");
      assertThat((int) response.path("files[0].details.width")).isEqualTo(40);
      assertThat((int) response.path("files[0].details.height")).isEqualTo(30);
      assertThat((String) response.path("files[0].file")).endsWith(".mp4");
    }
    assertThat(
            (String) server.upload(Pictures.gif(41, 31, 1)).path("files[0].details.content_type"))
        .isEqualTo("image/png");
    assertThat(
            (String)
                server
                    .upload(Pictures.animatedWebp(20, 20, 3))
                    .path("files[0].details.content_type"))
        .isEqualTo("image/webp");
  }

  @Test
  void aClientThatHangsUpLeavesNothing() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      String head =
          "POST /image HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
              + "Content-Length: 5000000\r\n\r\n--b\r\nContent-Disposition: form-data;"
              + " name=\"images[]\"; filename=\"x\"\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().write(new byte[1_000_000]);
      socket.getOutputStream().flush();
      await().atMost(Duration.ofSeconds(5)).until(() -> !server.leftovers().isEmpty());
    }
    await().atMost(Duration.ofSeconds(5)).until(() -> server.leftovers().isEmpty());
  }

  @Test
  void limitsAreSettings() throws Exception {
    try (RunningServer strict =
        RunningServer.start(
            "max-file-size",
            "1",
            "max-image-width",
            "300",
            "max-image-height",
            "200",
            "max-image-area",
            "40000",
            "max-image-frames",
            "4",
            "format",
            "webp")) {
      refused(strict.upload(Pictures.png(301, 10)), 422, "validate-width");
      refused(strict.upload(Pictures.png(10, 201)), 422, "validate-height");
      refused(strict.upload(Pictures.png(300, 200)), 422, "validate-area");
      refused(strict.upload(Pictures.gif(20, 20, 5)), 422, "validate-frames");
      assertThat((String) strict.upload(Pictures.png(301, 10)).path("msg"))
          .contains("Image is 301 pixels wide, over the limit of 300 pixels");
      byte[] png = Pictures.png(30, 20);
      refused(strict.upload(Arrays.copyOf(png, (1 << 20) + 1)), 413, "validate-file-size");
      // Exactly the limit passes; what follows the picture is dropped.
      Response exact = strict.upload(Arrays.copyOf(png, 1 << 20));
      assertThat(exact.statusCode()).as(exact.asString()).isEqualTo(201);
      assertThat((String) exact.path("files[0].details.content_type")).isEqualTo("image/webp");
    }
  }
}
