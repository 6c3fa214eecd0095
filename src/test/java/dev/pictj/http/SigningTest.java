package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.config.SigningKey;
import dev.pictj.config.Unsigned;
import dev.pictj.http.dialect.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigningTest {
  private static final Instant NOW = Instant.parse("2026-11-30T18:00:00Z");
  private static final SigningKey SITE = new SigningKey("site", "s".repeat(32));
  private static final SigningKey APP = new SigningKey("app", "a".repeat(32));
  private static final String BASE = "/image/process.webp?";
  private static final String WANTED = "src=cat.png&thumbnail=256&blur=2";

  private Instant now = NOW;
  private final Signing signing = signing(Unsigned.NONE, SITE, APP);

  private Signing signing(Unsigned unsigned, SigningKey... keys) {
    InstantSource clock = () -> now;
    return new Signing(List.of(keys), unsigned, clock);
  }

  /** The query of a URL that is signed. */
  private static String signed(String query, SigningKey key, Optional<Instant> expires) {
    return UrlSignature.signed(BASE + query, key, expires).substring(BASE.length());
  }

  private static String signed(String query) {
    return signed(query, SITE, Optional.of(NOW.plusSeconds(60)));
  }

  private Optional<Duration> require(String extension, String query) {
    return signing.require(extension, QueryString.parse(query));
  }

  private void assertRefused(String extension, String query, ErrorCode code, String message) {
    assertThatThrownBy(() -> require(extension, query))
        .as(query)
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.code()).as(query).isEqualTo(code))
        .hasMessage(message);
  }

  private void assertForged(String extension, String query) {
    assertRefused(
        extension, query, ErrorCode.INVALID_SIGNATURE, "The signature is not that of this URL");
  }

  @Test
  void whatIsSignedIsGoodUntilItEnds() {
    String query = signed(WANTED);
    assertThat(require("webp", query)).contains(Duration.ofSeconds(60));
    now = NOW.plusMillis(59_999);
    assertThat(require("webp", query)).contains(Duration.ofMillis(1));
    now = NOW.plusSeconds(60);
    assertRefused(
        "webp", query, ErrorCode.SIGNATURE_EXPIRED, "This URL has expired at 2026-11-30T18:01:00Z");
    now = NOW.plus(Duration.ofDays(4000));
    assertThat(require("webp", signed(WANTED, SITE, Optional.empty()))).isEmpty();
  }

  /** RFC 4231, test case 2, has another text; this one was computed with openssl. */
  @Test
  void theTextIsWhatThePageSays() {
    String query =
        "src=EuGs6NnD4k.jpg&resize=500&x=%C3%A4+%2f&y&expires=1796065200&key=site&signature=none";
    assertThat(UrlSignature.signedText("webp", QueryString.parse(query)))
        .isEqualTo(
            "webp?src=EuGs6NnD4k.jpg&resize=500&x=%C3%A4%20%2F&y=&expires=1796065200&key=site");
    assertThat(UrlSignature.of(SITE, "webp", QueryString.parse("src=a.png&key=site")))
        .isEqualTo("oHzd8TduMa4rRgeO6Gf3IBooOXl0wkzhiviLjRZjAQA");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src=cat%2Epng&thumbnail=256&blur=2",
        "%73rc=cat.png&thumbnail=2%356&blur=2",
        "src=cat.png&&thumbnail=256&blur=2",
      })
  void howItIsEncodedMeansNothing(String spelled) {
    String query = signed(WANTED);
    assertThat(require("webp", spelled + query.substring(WANTED.length()))).isPresent();
    int signature = query.indexOf("&signature=");
    // Where it stands neither.
    assertThat(
            require("webp", query.substring(signature + 1) + "&" + query.substring(0, signature)))
        .isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src=dog.png&thumbnail=256&blur=2",
        "alias=cat.png&thumbnail=256&blur=2",
        "proxy=cat.png&thumbnail=256&blur=2",
        "src=cat.png&thumbnail=257&blur=2",
        "src=cat.png&thumbnail=256",
        "src=cat.png&blur=2&thumbnail=256",
        "src=cat.png&thumbnail=256&blur=2&blur=3",
        "src=cat.png&thumbnail=256&blur=2&src=dog.png",
        "src=cat.png&thumbnail=256&blur=2&x",
        "src=cat.png%26thumbnail%3D256&blur=2",
        "src=cat.png&thumbnail=256&blur=2&preset=card",
        "",
      })
  void noneIsGoodForAnythingElse(String other) {
    assertForged("webp", other + signed(WANTED).substring(WANTED.length()));
  }

  @Test
  void noneIsGoodForAnotherFormatEndKeyOrText() {
    String query = signed(WANTED);
    assertForged("png", query);
    assertForged("auto", query);
    assertForged("webp", query.replace("expires=1796061660", "expires=1796061661"));
    assertForged("webp", query.replace("&expires=1796061660", ""));
    assertForged("webp", query.replace("key=site", "key=app"));
    assertForged("webp", query + "A");
    assertForged("webp", query.substring(0, query.length() - 1));
    assertForged("webp", query.replaceAll("signature=.*", "signature="));
    assertThat(query).contains("expires=1796061660");
  }

  /** Or there would be endless URLs of one variant, each an entry in a cache. */
  @ParameterizedTest
  @ValueSource(strings = {"&signature=AAAA", "&signature=", "&signature", "&%73ignature=AAAA"})
  void ofSeveralSignaturesNoneIsGood(String another) {
    String query = signed(WANTED);
    String message = "A URL has one signature, and not several";
    assertRefused("webp", query + another, ErrorCode.INVALID_SIGNATURE, message);
    assertRefused("webp", another.substring(1) + "&" + query, ErrorCode.INVALID_SIGNATURE, message);
    assertRefused(
        "webp",
        query + query.substring(query.indexOf("&signature=")),
        ErrorCode.INVALID_SIGNATURE,
        message);
    // The others are signed as often as they are there.
    assertForged("webp", "key=site&" + query);
    assertForged("webp", "expires=9&" + query);
    assertForged("webp", query + "&expires=1796061660");
  }

  @Test
  void eachKeyIsGoodWhileItIsThere() {
    String query = signed(WANTED, APP, Optional.empty());
    assertThat(require("webp", query)).isEmpty();
    assertThatThrownBy(() -> signing(Unsigned.NONE, SITE).require("webp", QueryString.parse(query)))
        .hasMessage("There is no signing key `app`");
    assertRefused(
        "webp",
        query.replace("&key=app", ""),
        ErrorCode.INVALID_SIGNATURE,
        "A signature needs the id of its key in `key`");
    // The same id with another secret.
    SigningKey other = new SigningKey("app", "b".repeat(32));
    assertForged("webp", signed(WANTED, other, Optional.empty()));
  }

  @Test
  void anEndThatIsNoNumberIsTheSignersMistake() {
    SigningKey key = SITE;
    String query = WANTED + "&expires=tomorrow&key=site";
    String signature = UrlSignature.of(key, "webp", QueryString.parse(query));
    assertRefused(
        "webp",
        query + "&signature=" + signature,
        ErrorCode.INVALID_QUERY,
        "Query parameter `expires` must be in seconds since 1970");
  }

  @ParameterizedTest
  @CsvSource({
    "ALL, src=a, true",
    "ALL, src=a&preset=card, true",
    "PRESETS, src=a&preset=card, true",
    "PRESETS, src=a&thumbnail=20, false",
    "PRESETS, src=a, false",
    "NONE, src=a&preset=card, false",
    "NONE, src=a, false",
  })
  void whatIsNotSignedMayAskForWhatTheAdministratorSays(
      Unsigned unsigned, String query, boolean may) {
    Signing rules = signing(unsigned, SITE);
    QueryString parsed = QueryString.parse(query);
    if (may) {
      assertThat(rules.require("webp", parsed)).isEmpty();
    } else {
      assertThatThrownBy(() -> rules.require("webp", parsed))
          .isInstanceOfSatisfying(
              ApiException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.SIGNATURE_REQUIRED));
    }
  }

  @Test
  void aWrongSignatureIsRefusedWhateverMayBeAskedForWithout() {
    QueryString query = QueryString.parse("src=a&key=site&signature=wrong");
    assertThatThrownBy(() -> signing(Unsigned.ALL, SITE).require("webp", query))
        .hasMessage("The signature is not that of this URL");
    // Where nothing is signed it is a parameter like any other.
    assertThat(signing(Unsigned.ALL).require("webp", query)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.org/pictures/image/process.webp?src=a, webp",
    "/image/process.webp?src=a, webp",
    "/image/details/process.jpeg?src=a, jpeg",
    "/image/process_backgrounded.png?src=a, png",
    "http://localhost:8080/image/auto?src=a, auto",
    "http://localhost:8080/image/process.auto?src=a, auto",
  })
  void everyRouteOfAVariantHasItsSignature(String url, String extension) {
    String signed = UrlSignature.signed(url, SITE, Optional.empty());
    assertThat(signed).startsWith(url + "&key=site&signature=");
    assertThat(require(extension, signed.substring(signed.indexOf('?') + 1))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:8080/image/original/a.png",
        "http://localhost:8080/image/process.webp?src=a&key=b",
        "http://localhost:8080/image/process.webp?src=a&signature=b",
        "http://localhost:8080/image/process.webp?src=a&expires=1",
        "http://localhost:8080/image/process.webp?src=a#part",
        "http://localhost:8080/image/delete/token/process.webp?src=a",
        "process.webp",
      })
  void otherUrlsAreNotSigned(String url) {
    assertThatThrownBy(() -> UrlSignature.signed(url, SITE, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void secretsAreNotShown() {
    assertThat(signing.toString()).doesNotContain("ssss").doesNotContain("aaaa");
  }
}
