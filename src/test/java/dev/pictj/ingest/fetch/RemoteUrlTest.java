package dev.pictj.ingest.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pictj.ingest.fetch.FetchException.Reason;
import java.net.IDN;
import java.util.Random;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RemoteUrlTest {
  /** What is written, what is asked for, and the host; the port is told by the second. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "http://example.org http://example.org:80/ example.org",
        "http://@example.org/ http://example.org:80/ example.org",
        "HTTPS://Example.ORG/a%20b?c=d#e https://example.org:443/a%20b?c=d example.org",
        "http://example.org:8080/ä http://example.org:8080/%C3%A4 example.org",
        "http://example.org?q http://example.org:80/?q example.org",
        "http://example.org:/x http://example.org:80/x example.org",
        "http://example.org:00080/x http://example.org:80/x example.org",
        "https://example.org:80/x https://example.org:80/x example.org",
        "http://8.8.8.8/x http://8.8.8.8:80/x 8.8.8.8",
        "http://[2001:DB8::1]:81/x http://[2001:db8::1]:81/x 2001:db8::1",
        "http://1.example.org/ http://1.example.org:80/ 1.example.org",
        // Blanks around it, and tabs and line ends in it, are no part of it.
        "' http://example.org/a b ' http://example.org:80/a%20b example.org",
        "'\u0000\thttp://exam\tple.org/a\r\nb\n' http://example.org:80/ab example.org",
        // What a path and a query may not hold is encoded.
        "'http://example.org/a b|c^d[e]{f}`g\"h<i>.png'"
            + " http://example.org:80/a%20b%7Cc%5Ed[e]%7Bf%7D%60g%22h%3Ci%3E.png example.org",
        "'http://example.org/?a b|c^d[e]{f}`g\"h<i>\\j''k'"
            + " http://example.org:80/?a%20b|c^d[e]{f}`g%22h%3Ci%3E\\j%27k example.org",
        "http://example.org/100%.png?50%&%zz&%4a http://example.org:80/100%.png?50%&%zz&%4a"
            + " example.org",
        "http://example.org/日本/\u0061\u0308.png?ключ=☕"
            + " http://example.org:80/%E6%97%A5%E6%9C%AC/a%CC%88.png?%D0%BA%D0%BB%D1%8E%D1%87=%E2%98%95"
            + " example.org",
        "http://example.org/\ud83d\ude00\ud83d http://example.org:80/%F0%9F%98%80%3F"
            + " example.org",
        "http://example.org/a;b=c,d:e@f!$&'(~)*+ http://example.org:80/a;b=c,d:e@f!$&'(~)*+"
            + " example.org",
        "http://example.org//a///b http://example.org:80//a///b example.org",
        "http://example.org/?a?b#c?d#e http://example.org:80/?a?b example.org",
        "http://example.org/? http://example.org:80/? example.org",
        // Backslashes are slashes, but for those of a query; dots lead up and nowhere.
        "http:\\\\example.org\\a\\b http://example.org:80/a/b example.org",
        "http://example.org/a/./b/../c/%2E%2e/d/. http://example.org:80/a/d/ example.org",
        "http://example.org/../../x/.. http://example.org:80/ example.org",
        "http://example.org/..a/b../... http://example.org:80/..a/b../... example.org",
        // Hosts.
        "http://my_cat.example_1.org/x http://my_cat.example_1.org:80/x my_cat.example_1.org",
        "http://_dmarc.example.org/ http://_dmarc.example.org:80/ _dmarc.example.org",
        "http://-a-.example.org/ http://-a-.example.org:80/ -a-.example.org",
        "http://example.org./x http://example.org.:80/x example.org.",
        "http://exam%70le.org/ http://example.org:80/ example.org",
        "http://BÜCHER.example/x http://xn--bcher-kva.example:80/x xn--bcher-kva.example",
        "http://b%C3%BCcher.example/x http://xn--bcher-kva.example:80/x xn--bcher-kva.example",
        "http://straße.example/ http://xn--strae-oqa.example:80/ xn--strae-oqa.example",
        "http://xn--strae-oqa.example/ http://xn--strae-oqa.example:80/ xn--strae-oqa.example",
        "http://日本語。ＪＰ/ http://xn--wgv71a119e.jp:80/ xn--wgv71a119e.jp",
        "http://☕️.example/ http://xn--53h.example:80/ xn--53h.example",
        "http://exam\u00adple.org/ http://example.org:80/ example.org",
        // Addresses in every spelling are addresses, to be judged as such.
        "http://2130706433/ http://127.0.0.1:80/ 127.0.0.1",
        "http://134744072/ http://8.8.8.8:80/ 8.8.8.8",
        "http://0x7f.1/ http://127.0.0.1:80/ 127.0.0.1",
        "http://0x7f000001/ http://127.0.0.1:80/ 127.0.0.1",
        "http://0X7F.0.0.1/ http://127.0.0.1:80/ 127.0.0.1",
        "http://0177.0.0.1/ http://127.0.0.1:80/ 127.0.0.1",
        "http://017700000001/ http://127.0.0.1:80/ 127.0.0.1",
        "http://127.1/ http://127.0.0.1:80/ 127.0.0.1",
        "http://127.0.1:80/ http://127.0.0.1:80/ 127.0.0.1",
        "http://127.65535/ http://127.0.255.255:80/ 127.0.255.255",
        "http://127.0.0.1./ http://127.0.0.1:80/ 127.0.0.1",
        "http://4294967295/ http://255.255.255.255:80/ 255.255.255.255",
        "http://%31%32%37.0.0.1/ http://127.0.0.1:80/ 127.0.0.1",
        "http://１２７.０.０.１/ http://127.0.0.1:80/ 127.0.0.1",
        "http://①②⑦.0.0.1/ http://127.0.0.1:80/ 127.0.0.1",
        "http://[::FFFF:127.0.0.1]/ http://127.0.0.1:80/ 127.0.0.1",
      })
  void readsUrlsAsBrowsersDo(String text, String uri, String host) throws Exception {
    HttpUrl url = RemoteUrl.parse(text);
    assertThat(asked(url)).isEqualTo(uri);
    assertThat(url.host()).isEqualTo(host);
    assertThat(asked(RemoteUrl.parse(uri))).isEqualTo(uri);
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
        "http:example.org",
        "http:/example.org",
        "http://:80/x",
        "http://exa mple.org/",
        "http://example.org:0/",
        "http://example.org:65536/",
        "http://example.org:99999999999/",
        "http://example.org:8a/",
        "http://example.org:-1/",
        "http://example.org:80:80/",
        "http://exam%2Fple.org/",
        "http://exam%00ple.org/",
        "http://exam%23ple.org/",
        "http://exam%FFple.org/",
        "http://exam%ple.org/",
        "http://exam|ple.org/",
        "http://exam^ple.org/",
        "http://a℀b.org/",
        "http://\u2028.org/",
        "http://\ue000.org/",
        "http://\u00ad/",
        "http://[]/",
        "http://[1.2.3.4]/",
        "http://[::1]x/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://./",
        "http://1..2/",
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
        "http://:@secret:x@example.org/",
        "http:\\\\me@example.org/",
        "http://a@b@example.org/",
        "http://8.8.8.8@127.0.0.1/"
      })
  void forbidsOtherSchemesAndCredentials(String text) {
    assertThat(reasonOf(text)).isEqualTo(Reason.FORBIDDEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.08/",
        "http://127.0.0.256/",
        "http://256.0.0.1/",
        "http://127.65536.1/",
        "http://4294967296/",
        "http://99999999999999999999999999/",
        "http://1.2.3.4.5/",
        "http://0x/",
        "http://-1.0.0.1/",
        "http://+1.0.0.1/",
        "http://example.0x7f/",
        "http://example.org.1/"
      })
  void forbidsWhatLooksLikeAnAddressAndIsNone(String text) {
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
    "'',http://a.test:81/dir/file?old",
    "#y,http://a.test:81/dir/file?old",
    "?,http://a.test:81/dir/file?",
    "?y#z,http://a.test:81/dir/file?y",
    "x/../y/./z,http://a.test:81/dir/y/z",
    "'\\x\\y',http://a.test:81/x/y",
    "'\\\\b.test\\x',http://b.test:80/x",
    "/a b|c,http://a.test:81/a%20b%7Cc",
    "/ä,http://a.test:81/%C3%A4",
    "/日本,http://a.test:81/%E6%97%A5%E6%9C%AC",
    "' /x\t',http://a.test:81/x",
    "http://bücher.test/,http://xn--bcher-kva.test:80/",
    "http://my_cat.test/,http://my_cat.test:80/",
    "http://0x7f.1/,http://127.0.0.1:80/",
    "http:y,http://a.test:81/dir/y",
  })
  void followsLocations(String location, String expected) throws Exception {
    HttpUrl url = RemoteUrl.parse("http://a.test:81/dir/file?old#part");
    assertThat(asked(RemoteUrl.redirect(url, location))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "http://a b/,BAD_RESPONSE",
    "http:///,BAD_RESPONSE",
    "file:///etc/passwd,FORBIDDEN",
    "http://me@b.test/,FORBIDDEN",
    "http://127.0.0.256/,FORBIDDEN",
    "x:y,FORBIDDEN",
    "//,BAD_RESPONSE",
  })
  void judgesLocations(String location, Reason reason) throws Exception {
    HttpUrl url = RemoteUrl.parse("http://a.test/");
    var e = catchThrowableOfType(FetchException.class, () -> RemoteUrl.redirect(url, location));
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
        HttpUrl url = RemoteUrl.parse(text.toString());
        assertThat(url.username() + url.password()).isEmpty();
        assertThat(RemoteUrl.parse(url.toString())).isEqualTo(url);
      } catch (FetchException e) {
        assertThat(e.getMessage()).startsWith("Unable to ");
      }
    }
  }

  /** Where the two standards agree, so does the JDK. */
  @Test
  void namesAreWrittenInAsciiAsTheJdkDoes() throws Exception {
    Random random = new Random(11);
    String alphabet = "abz09-üéñçøœабвגעدل日本語テスト한국어ไทย";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder label = new StringBuilder("a");
      for (int n = random.nextInt(12); n > 0; n--) {
        label.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String expected;
      try {
        expected = IDN.toASCII(label.toString(), IDN.ALLOW_UNASSIGNED);
      } catch (IllegalArgumentException e) {
        // Too long, or of two directions, which only matters to who reads it.
        continue;
      }
      assertThat(RemoteUrl.parse("http://" + label).host()).isEqualTo(expected);
    }
  }

  /** Scheme, host and port, which is always named, and what the server is asked for. */
  private static String asked(HttpUrl url) {
    String host = url.host().indexOf(':') < 0 ? url.host() : "[" + url.host() + "]";
    String query = url.encodedQuery() == null ? "" : "?" + url.encodedQuery();
    return url.scheme() + "://" + host + ":" + url.port() + url.encodedPath() + query;
  }

  private static Reason reasonOf(String text) {
    var e = catchThrowableOfType(FetchException.class, () -> RemoteUrl.parse(text));
    return e.reason();
  }
}
