package dev.pictj.ingest.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pictj.ingest.fetch.FetchException.Reason;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RemoteUrlTest {
  @ParameterizedTest
  @CsvSource({
    "http://example.org,http://example.org:80/,example.org,80",
    "HTTPS://Example.ORG/a%20b?c=d#e,https://example.org:443/a%20b?c=d,example.org,443",
    "http://example.org:8080/ä,http://example.org:8080/%C3%A4,example.org,8080",
    "http://example.org?q,http://example.org:80/?q,example.org,80",
    "http://example.org:/x,http://example.org:80/x,example.org,80",
    "http://8.8.8.8/x,http://8.8.8.8:80/x,8.8.8.8,80",
    "http://[2001:DB8::1]:81/x,http://[2001:db8::1]:81/x,[2001:db8::1],81",
    "http://1.example.org/,http://1.example.org:80/,1.example.org,80",
  })
  void readsPlainUrls(String text, String uri, String host, int port) throws Exception {
    RemoteUrl url = RemoteUrl.parse(text);
    assertThat(url.uri().toString()).isEqualTo(uri);
    assertThat(url.host()).isEqualTo(host);
    assertThat(url.port()).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "//example.org/x",
        "http:",
        "http://",
        "http:///x",
        "http://:80/x",
        "http:example.org",
        "http://exa mple.org/",
        "http://example.org:0/",
        "http://example.org:65536/",
        "http://example.org:99999999999/",
        "http://exam%70le.org/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://./",
        "http://example.org\r\nX: y/"
      })
  void refusesWhatIsNoUrl(String text) {
    assertThat(reasonOf(text)).isEqualTo(Reason.INVALID_URL);
  }

  @Test
  void namesAreNoLongerThanTheNameSystemHasThem() throws Exception {
    String label = "a".repeat(63);
    String longest = label + "." + label + "." + label + "." + "a".repeat(61);
    assertThat(longest).hasSize(253);
    assertThat(RemoteUrl.parse("http://" + longest + "/").host()).isEqualTo(longest);
    assertThat(RemoteUrl.parse("http://" + longest + "./").host()).isEqualTo(longest + ".");
    assertThat(reasonOf("http://" + longest + "a/")).isEqualTo(Reason.INVALID_URL);
    assertThat(reasonOf("http://a" + label + ".org/")).isEqualTo(Reason.INVALID_URL);
    assertThat(reasonOf("http://" + "a.".repeat(15_000) + "/")).isEqualTo(Reason.INVALID_URL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://example.org/x",
        "file:///etc/passwd",
        "gopher://example.org/",
        "data:image/png;base64,AA==",
        "ws://example.org/",
        "http://user@example.org/",
        "http://user:secret@example.org/",
        "http://@example.org/",
        "http://8.8.8.8@127.0.0.1/"
      })
  void forbidsOtherSchemesAndCredentials(String text) {
    assertThat(reasonOf(text)).isEqualTo(Reason.FORBIDDEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://2130706433/",
        "http://134744072/",
        "http://0x7f.1/",
        "http://0x7f000001/",
        "http://0X7F.0.0.1/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://127.1/",
        "http://127.0.1:80/",
        "http://127.0.0.1./",
        "http://127.0.0.08/",
        "http://1.2.3.4.5/",
        "http://example.0x7f/",
        "http://0x/",
        "http://%31%32%37.0.0.1/"
      })
  void forbidsOddSpellingsOfAddresses(String text) {
    assertThat(reasonOf(text)).isEqualTo(Reason.FORBIDDEN);
  }

  @ParameterizedTest
  @CsvSource({
    "/x,http://a.test:81/x",
    "x?y,http://a.test:81/dir/x?y",
    "?y,http://a.test:81/dir/file?y",
    "../x,http://a.test:81/x",
    "//b.test/x,http://b.test:80/x",
    "https://b.test/x,https://b.test:443/x",
  })
  void followsLocations(String location, String expected) throws Exception {
    RemoteUrl url = RemoteUrl.parse("http://a.test:81/dir/file?old#part");
    assertThat(url.redirect(location).uri().toString()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "http://a b/,BAD_RESPONSE",
    "http:///,BAD_RESPONSE",
    "file:///etc/passwd,FORBIDDEN",
    "http://me@b.test/,FORBIDDEN",
    "http://0x7f.1/,FORBIDDEN",
  })
  void judgesLocations(String location, Reason reason) throws Exception {
    RemoteUrl url = RemoteUrl.parse("http://a.test/");
    var e = catchThrowableOfType(FetchException.class, () -> url.redirect(location));
    assertThat(e.reason()).isEqualTo(reason);
  }

  @Test
  void noTextMakesItFailInAnotherWay() {
    Random random = new Random(7);
    String alphabet = "htps:/@.?#[]%0x17fF a\\\u00e9\u3002\n-_";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "http://" : "");
      for (int n = random.nextInt(20); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        RemoteUrl url = RemoteUrl.parse(text.toString());
        assertThat(url.uri().getHost()).isEqualTo(url.host());
        assertThat(url.uri().getPort()).isEqualTo(url.port());
        assertThat(url.uri().getRawUserInfo()).isNull();
      } catch (FetchException e) {
        assertThat(e.getMessage()).startsWith("Unable to ");
      }
    }
  }

  private static Reason reasonOf(String text) {
    var e = catchThrowableOfType(FetchException.class, () -> RemoteUrl.parse(text));
    return e.reason();
  }
}
