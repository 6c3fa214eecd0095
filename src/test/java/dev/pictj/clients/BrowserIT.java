package dev.pictj.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pictj.pictures.Pictures;
import dev.pictj.pictures.Stills;
import dev.pictj.server.RunningServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is stored, in a tab of its own and in other people's pages; and that nothing in it runs. */
@Tag("clients")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserIT {
  /** Sets a mark where it runs, in whatever page that is. */
  private static final String SCRIPT =
      "<script>document.title='ran';top.postMessage('ran','*')</script>"
          + "<img src=x onerror=\"document.title='ran';top.postMessage('ran','*')\">"
          + "<svg onload=\"document.title='ran';top.postMessage('ran','*')\"></svg>";

  /** One of a picture, as it is shown; none where it is not. */
  private static final String PIXEL =
      """
      (() => {
        const image = document.images[0];
        if (image.naturalWidth === 0) return [];
        const canvas = document.createElement('canvas');
        canvas.width = image.naturalWidth;
        canvas.height = image.naturalHeight;
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        return [...context.getImageData(8, 8, 1, 1).data];
      })()
      """;

  private RunningServer server;
  private OtherSite site;
  private Chromium chromium;

  /** By the name under which a test asks for it. */
  private final Map<String, String> aliases = new TreeMap<>();

  @BeforeAll
  void start() throws Exception {
    server = RunningServer.start("skip-validate-imports", "true");
    site = new OtherSite();
    chromium = Chromium.start();
    aliases.put("jpeg", server.accepted(Pictures.jpeg(64, 48)));
    aliases.put("png", server.accepted(Pictures.png(64, 48)));
    aliases.put("webp", server.accepted(Pictures.webp(64, 48)));
    aliases.put("animated webp", server.accepted(Pictures.animatedWebp(64, 48, 5)));
    // Two minutes, so that there is much to seek in.
    aliases.put("mp4", server.accepted(Pictures.mp4(64, 48, 1200)));
  }

  @AfterAll
  void stop() throws Exception {
    if (chromium != null) {
      chromium.close();
    }
    site.close();
    server.close();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }

  private String original(String name) {
    return url("/image/original/" + aliases.get(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png", "webp", "animated webp"})
  void aPictureOpensInATabOfItsOwnAndInAnothersPage(String name) {
    try (Chromium.Tab tab = chromium.open(original(name))) {
      assertThat(tab.evaluate("document.contentType").asText()).startsWith("image/");
      assertThat(tab.evaluate("document.images[0].naturalWidth").asInt()).isEqualTo(64);
      tab.go(site.page("<img src='%s'>".formatted(original(name))));
      assertThat(tab.evaluate("document.images[0].naturalWidth").asInt()).isEqualTo(64);
    }
  }

  /**
   * Of AVIF, and of JPEG XL where it shows that: the original, which is stored as it was. djxl 0.7
   * gives the numbers as they are coded.
   */
  @Test
  void coloursThatAreMultipliedByTransparencyAreAsBright() {
    int shown = 0;
    for (byte[] still : Stills.premultiplied()) {
      String original = url("/image/original/" + server.accepted(still));
      String page = site.page("<img crossorigin src='%s'>".formatted(original));
      try (Chromium.Tab tab = chromium.open(page)) {
        JsonNode pixel = tab.evaluate(PIXEL);
        if (!pixel.isEmpty()) {
          shown++;
          assertThat(pixel.get(0).asInt()).isBetween(192, 208);
          assertThat(pixel.get(1).asInt()).isBetween(92, 108);
          assertThat(pixel.get(2).asInt()).isBetween(42, 58);
          assertThat(pixel.get(3).asInt()).isBetween(120, 136);
        }
      }
    }
    assertThat(shown).isGreaterThanOrEqualTo(2);
  }

  /** What it says in {@code Accept} for a tab and for a picture in a page. */
  @ParameterizedTest
  @CsvSource({"jpeg, avif", "animated webp, webp", "mp4, avif"})
  void autoIsAFormatThatItShows(String name, String format) {
    String auto = url("/image/auto?src=" + aliases.get(name));
    try (Chromium.Tab tab = chromium.open(auto + "&thumbnail=32")) {
      assertThat(tab.evaluate("document.contentType").asText()).isEqualTo("image/" + format);
      assertThat(tab.evaluate("document.images[0].naturalWidth").asInt()).isEqualTo(32);
      tab.go(site.page("<img src='%s&thumbnail=31'>".formatted(auto)));
      assertThat(tab.evaluate("document.images[0].naturalWidth").asInt()).isEqualTo(31);
      assertThat(server.stored())
          .extracting(file -> file.getFileName().toString())
          .filteredOn(file -> file.contains("thumbnail-31."))
          .isNotEmpty()
          .anyMatch(file -> file.endsWith("." + format))
          .noneMatch(file -> file.endsWith(".jpg"));
    }
  }

  @Test
  void aVideoPlaysInATabOfItsOwnByItself() {
    try (Chromium.Tab tab = chromium.open(original("mp4"))) {
      assertThat(tab.evaluate("document.contentType").asText()).isEqualTo("video/mp4");
      playsAndSeeks(tab);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<video autoplay muted src='%s'></video>",
        "<video autoplay muted crossorigin src='%s'></video>",
        "<video autoplay muted><source src='%s' type=video/mp4></video>"
      })
  void aVideoPlaysInAnothersPage(String html) {
    try (Chromium.Tab tab = chromium.open(site.page(html.formatted(original("mp4"))))) {
      playsAndSeeks(tab);
    }
  }

  private static void playsAndSeeks(Chromium.Tab tab) {
    JsonNode seen =
        tab.evaluate(
            """
            (async () => {
              const video = document.querySelector('video');
              const happens = (name, until) => new Promise((resolve, reject) => {
                const look = () => { if (until()) resolve(); };
                video.addEventListener(name, look);
                video.addEventListener('error', () => reject(video.error.message));
                const source = video.querySelector('source');
                if (source) source.addEventListener('error', () => reject('source refused'));
                setTimeout(() => reject(name + ' does not come: error '
                    + (video.error && video.error.message) + ', state ' + video.readyState
                    + ', network ' + video.networkState), 20000);
                look();
              });
              await happens('timeupdate', () => video.currentTime > 0.2);
              const duration = video.duration;
              const far = duration * 0.8;
              video.currentTime = far;
              await happens('timeupdate', () => !video.seeking && video.currentTime > far + 0.2);
              return {duration, width: video.videoWidth, at: video.currentTime / duration};
            })()
            """);
    assertThat(seen.get("width").asInt()).isEqualTo(64);
    assertThat(seen.get("duration").asDouble()).isGreaterThan(10);
    assertThat(seen.get("at").asDouble()).isBetween(0.8, 0.95);
  }

  @Test
  void markupInErrorsIsText() {
    String markup =
        SCRIPT.replace(" ", "%20").replace("<", "%3C").replace(">", "%3E").replace("\"", "%22");
    for (String path :
        List.of(
            "/" + markup,
            "/image/original/" + markup,
            "/image/original/x.html?" + markup,
            "/image/process.svg?src=" + aliases.get("png") + "&x=" + markup,
            "/image/process.png?src=" + aliases.get("png") + "&thumbnail=" + markup,
            "/image/process.png?src=" + markup,
            "/image/delete/" + markup + "/" + aliases.get("png"),
            "/image/download?url=" + markup,
            "/internal/aliases?alias=" + markup)) {
      try (Chromium.Tab tab = chromium.open(url(path))) {
        nothingRan(tab, "application/json");
      }
    }
  }

  /** Names of HTML and SVG, bytes of a picture with HTML in its comment, not even checked. */
  @ParameterizedTest
  @ValueSource(strings = {"evil.html", "evil.svg", "evil.xhtml", "evil.js", "evil"})
  void aPictureThatIsMarkupAsWellIsAPictureUnderAnyName(String name) throws IOException {
    byte[] polyglot = withComment(Pictures.jpeg(64, 48), SCRIPT);
    assertThat(new String(polyglot, UTF_8)).contains(SCRIPT);
    String alias =
        server
            .admin()
            .multiPart("images[]", name, polyglot)
            .post("/internal/import")
            .path("files[0].file");
    assertThat(alias).isEqualTo(name);
    String target = url("/image/original/" + alias);
    try (Chromium.Tab tab = chromium.open(target)) {
      nothingRan(tab, "image/jpeg");
      for (String html :
          List.of(
              "<iframe src='%s'></iframe>",
              "<object data='%s'></object>",
              "<object data='%s' type=text/html></object>",
              "<embed src='%s' type=image/svg+xml>",
              "<script src='%s'></script>",
              "<script type=module src='%s'></script>",
              "<link rel=stylesheet href='%s'>")) {
        String listening =
            "<script>addEventListener('message', e => { if (e.data == 'ran') document.title ="
                + " 'ran'; })</script>";
        tab.go(site.page(listening + html.formatted(target)));
        // Comes after whatever was sent before it.
        tab.evaluate(
            """
            new Promise(resolve => {
              addEventListener('message', e => { if (e.data === 'end') resolve(); });
              postMessage('end', '*');
            })
            """);
        nothingRan(tab, "text/html");
      }
    }
  }

  /** Should ever something be called HTML that is not: the policy alone holds it, too. */
  @ParameterizedTest
  @ValueSource(strings = {"original", "error"})
  void thePolicyAloneLetsNothingRun(String what) {
    String policy =
        server
            .request()
            .get(
                what.equals("original")
                    ? "/image/original/" + aliases.get("png")
                    : "/image/original/none")
            .header("Content-Security-Policy");
    try (Chromium.Tab tab =
        chromium.open(
            site.page(
                SCRIPT + "<a href='javascript:document.title=\"ran\"'>x</a>",
                Map.of("Content-Security-Policy", policy)))) {
      tab.evaluate("document.querySelector('a').click()");
      nothingRan(tab, "text/html");
      assertThat(tab.evaluate("document.querySelectorAll('a').length").asInt()).isOne();
      tab.go(site.page(SCRIPT));
      assertThat(tab.evaluate("document.title").asText()).as("without it").isEqualTo("ran");
    }
  }

  private static void nothingRan(Chromium.Tab tab, String type) {
    assertThat(tab.evaluate("document.contentType").asText()).isEqualTo(type);
    assertThat(tab.evaluate("document.title").asText()).isNotEqualTo("ran");
  }

  private static byte[] withComment(byte[] jpeg, String comment) throws IOException {
    byte[] text = comment.getBytes(UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    out.write(
        new byte[] {
          (byte) 0xff, (byte) 0xfe, (byte) ((text.length + 2) >> 8), (byte) (text.length + 2)
        });
    out.write(text);
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }
}
