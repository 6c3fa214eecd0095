package dev.pictj.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Pictures;
import dev.pictj.server.RunningServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What scripts of other people's pages may do, by a browser's judgement. */
@Tag("clients")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OriginsIT {
  private RunningServer server;
  private OtherSite allowed;
  private OtherSite other;
  private Chromium chromium;
  private String alias;

  @BeforeAll
  void start() {
    allowed = new OtherSite();
    other = new OtherSite();
    server = RunningServer.start("cors-origins", allowed.origin());
    chromium = Chromium.start();
    alias = server.accepted(Pictures.png(64, 48));
  }

  @AfterAll
  void stop() throws Exception {
    if (chromium != null) {
      chromium.close();
    }
    other.close();
    allowed.close();
    server.close();
  }

  private String run(OtherSite site, String script) {
    String url = "http://127.0.0.1:" + server.port();
    try (Chromium.Tab tab = chromium.open(site.page("<title>page</title>"))) {
      return tab.evaluate(
              """
              (async () => {
                const url = '%s', alias = '%s', key = '%s';
                const image = (path, cors) => new Promise((resolve, reject) => {
                  const image = new Image();
                  if (cors) image.crossOrigin = 'anonymous';
                  image.onload = () => resolve(image);
                  image.onerror = () => reject(new Error('not shown'));
                  image.src = url + path;
                });
                const pixels = source => {
                  const canvas = document.createElement('canvas');
                  const context = canvas.getContext('2d');
                  context.drawImage(source, 0, 0);
                  return context.getImageData(0, 0, 1, 1).data.length;
                };
                try { %s } catch (e) { return e.name; }
              })()
              """
                  .formatted(url, alias, RunningServer.KEY, script))
          .asText();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "return pixels(await image('/image/original/' + alias, true))",
        "return pixels(await image('/image/process.webp?thumbnail=20&src=' + alias, true))",
        "return pixels(await createImageBitmap("
            + "await (await fetch(url + '/image/original/' + alias)).blob()))",
        // A condition that browsers ask for first.
        "return (await fetch(url + '/image/original/' + alias,"
            + " {headers: {'If-Range': '\"x\"', Range: 'bytes=0-3'}})).status - 196"
      })
  void anyPageReadsThePixelsOfMedia(String script) {
    assertThat(run(other, script)).isEqualTo("4");
  }

  @Test
  void anyPageReadsHeadersAndErrorsOfMedia() {
    assertThat(
            run(
                other,
                "const r = await fetch(url + '/image/original/' + alias,"
                    + " {headers: {Range: 'bytes=2-5'}});"
                    + " return r.status + ' ' + r.headers.get('Content-Range').slice(0, 10)"
                    + " + ' ' + (r.headers.get('ETag') != null)"))
        .isEqualTo("206 bytes 2-5/ true");
    assertThat(
            run(
                other,
                "return (await (await fetch(url + '/image/original/none.png')).json()).code"))
        .isEqualTo("alias-not-found");
  }

  /** A page that wants all of its resources to agree, as those with shared memory must. */
  @Test
  void mediaAreShownInIsolatedPages() {
    String page =
        other.page(
            "<img src='http://127.0.0.1:%d/image/original/%s'>".formatted(server.port(), alias),
            java.util.Map.of(
                "Cross-Origin-Embedder-Policy", "require-corp",
                "Cross-Origin-Opener-Policy", "same-origin"));
    try (Chromium.Tab tab = chromium.open(page)) {
      assertThat(tab.evaluate("crossOriginIsolated").asBoolean()).isTrue();
      assertThat(tab.evaluate("document.images[0].naturalWidth").asInt()).isEqualTo(64);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "const form = new FormData(); form.append('images[]', await (await fetch(url +"
            + " '/image/original/' + alias)).blob()); const files = (await (await fetch(url +"
            + " '/image', {method: 'POST', body: form})).json()).files; return (await fetch(url +"
            + " '/image/delete/' + files[0].delete_token + '/' + files[0].file, {method:"
            + " 'DELETE'})).status",
        "return (await (await fetch(url + '/image/details/original/' + alias)).json()).width + 140",
        "return (await fetch(url + '/internal/aliases?alias=' + alias,"
            + " {headers: {'X-Api-Token': key}})).status + 4"
      })
  void onlyAllowedPagesReadTheRest(String script) {
    assertThat(run(allowed, script)).isEqualTo("204");
    assertThat(run(other, script)).isEqualTo("TypeError");
  }
}
