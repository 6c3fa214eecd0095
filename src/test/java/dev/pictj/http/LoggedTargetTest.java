package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.jetty.http.HttpURI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoggedTargetTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/image/delete/TOKEN/a.png",
        "/image/delete/TOKEN/a%20b.png",
        "/image/delete/TOKEN",
        "/image/delete/TOKEN/",
        "/image/delete//TOKEN/a.png",
        "/image/delete/./TOKEN/a.png",
        "/image/delete/./TOKEN",
        "/image/delete/x/../TOKEN/a.png",
        "/image/./delete/TOKEN/a.png",
        "//image//delete/TOKEN/a.png",
        "/image/%64elete/TOKEN/a.png",
        "/image/%64%65%6c%65%74%65/TOKEN/a.png",
        "/image/%64%65%6C%65%74%65/TOKEN/a.png",
        "/image/%44ELETE/TOKEN/a.png",
        "/image/%2564elete/TOKEN/a.png",
        "/image/%u0064elete/TOKEN/a.png",
        "/image/delete%2FTOKEN%2fa.png",
        "/image%2fdelete%2fTOKEN",
        "/image/delete%5cTOKEN/a.png",
        "/image/delete\\TOKEN/a.png",
        "/image/delete;x=1/TOKEN/a.png",
        "/image/delete%3Bx/TOKEN/a.png",
        "/image;x/delete/TOKEN;y/a.png;z",
        "/image/DELETE/TOKEN/a.png",
        "/image/Delete/TOKEN/a.png",
        "/pictrs/image/delete/TOKEN/a.png",
        "delete/TOKEN"
      })
  void noSpellingShowsAToken(String path) {
    assertThat(LoggedTarget.path(path)).doesNotContain("TOKEN").contains("***");
    assertThat(LoggedTarget.of(HttpURI.from("http://host" + "/" + path + "?q=TOKEN")))
        .doesNotContain("TOKEN");
  }

  @Test
  void theUsualSpellingShowsTheAlias() {
    assertThat(LoggedTarget.path("/image/delete/abcDEF1234/Xy9.png"))
        .isEqualTo("/image/delete/***/Xy9.png");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/image/original/delete-me.png",
        "/image/original/%64.png",
        "/",
        "*",
        "/undelete/x"
      })
  void otherPathsAreShownAsTheyAre(String path) {
    assertThat(LoggedTarget.path(path)).isEqualTo(path);
  }

  @Test
  void onlyTheQueryOfProcessIsShown() {
    assertThat(LoggedTarget.of(HttpURI.from("/image/process.jpg?src=a&blur=2&X-Api-Token=T&b")))
        .isEqualTo("/image/process.jpg?src=a&blur=2&X-Api-Token=***&b");
    assertThat(LoggedTarget.of(HttpURI.from("/image/process.jpg?src=monkey.png&blur=%32&b")))
        .isEqualTo("/image/process.jpg?src=monkey.png&blur=%32&b");
    assertThat(LoggedTarget.of(HttpURI.from("/image/details/process.jpg?src=a")))
        .isEqualTo("/image/details/process.jpg?src=a");
    assertThat(LoggedTarget.of(HttpURI.from("/image/download?url=http://x/process.jpg?T")))
        .isEqualTo("/image/download");
    assertThat(LoggedTarget.of(HttpURI.from("/image/download/process.?url=T")))
        .isEqualTo("/image/download/process.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"signature", "%73ignature", "s%69gnature", "Signature", "x+signature"})
  void noSpellingShowsASignature(String name) {
    for (String path : new String[] {"process.webp", "auto", "details/process.webp"}) {
      assertThat(
              LoggedTarget.of(
                  HttpURI.from("http://host/image/" + path + "?src=a.png&" + name + "=TOKEN")))
          .isEqualTo("/image/" + path + "?src=a.png&" + name + "=***");
    }
  }
}
