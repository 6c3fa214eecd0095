package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.AliasTakenException;
import dev.pictj.engine.OverloadedException;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.store.BlobName;
import dev.pictj.store.MissingBlobException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The words and statuses that clients rely on; none may change or go missing. */
class ErrorCodeTest {
  private static final Map<String, Integer> CONTRACT =
      Map.ofEntries(
          Map.entry("file-upload-error", 400),
          Map.entry("validate-no-files", 400),
          Map.entry("validate-file-empty", 400),
          Map.entry("validate-file-size", 413),
          Map.entry("unsupported-media-type", 415),
          Map.entry("invalid-media", 422),
          Map.entry("validate-width", 422),
          Map.entry("validate-height", 422),
          Map.entry("validate-area", 422),
          Map.entry("validate-frames", 422),
          Map.entry("media-too-expensive", 422),
          Map.entry("duplicate-alias", 409),
          Map.entry("invalid-query", 400),
          Map.entry("invalid-process-path", 400),
          Map.entry("invalid-file-extension", 400),
          Map.entry("invalid-api-token", 401),
          Map.entry("invalid-delete-token", 403),
          Map.entry("alias-not-found", 404),
          Map.entry("not-found", 404),
          Map.entry("method-not-allowed", 405),
          Map.entry("stream-too-slow", 408),
          Map.entry("range-not-satisfiable", 416),
          Map.entry("download-forbidden", 400),
          Map.entry("download-file-error", 502),
          Map.entry("download-timeout", 504),
          Map.entry("overloaded", 503),
          Map.entry("missing-file", 500),
          Map.entry("internal-error", 500));

  @Test
  void everyWordOfTheContractHasItsStatus() {
    CONTRACT.forEach(
        (word, status) ->
            assertThat(ErrorCode.values())
                .filteredOn(code -> code.word(Dialect.V0_3).equals(word))
                .as(word)
                .isNotEmpty()
                .allMatch(code -> code.status(Dialect.V0_3) == status));
  }

  /** Some words tell of several things in one line and not in another. */
  @Test
  void wordsAreKebabCaseAndStatusesAreErrors() {
    List<String> words =
        Arrays.stream(ErrorCode.values()).map(code -> code.word(Dialect.V0_3)).toList();
    assertThat(words).allMatch(word -> word.matches("[a-z]+(-[a-z]+)*"));
    assertThat(ErrorCode.values())
        .allMatch(code -> code.status(Dialect.V0_3) >= 400 && code.status(Dialect.V0_3) < 600);
  }

  /**
   * As its sixth release candidate was recorded, but for the mistakes that it takes for its own.
   */
  @Test
  void whatTheLineOfSixTellsOtherwiseThanThatOfFive() {
    assertThat(ErrorCode.values())
        .filteredOn(code -> !told(code, Dialect.V0_5).equals(told(code, Dialect.V0_6)))
        .extracting(code -> told(code, Dialect.V0_5) + " -> " + told(code, Dialect.V0_6))
        .containsExactlyInAnyOrder(
            "400 file-upload-error -> 400 validate-no-files",
            "413 validate-file-size -> 400 validate-file-size",
            "400 download-file-error -> 400 invalid-query",
            "404 alias-not-found -> 404 not-found",
            "404 proxy-not-found -> 404 not-found");
  }

  private static String told(ErrorCode code, Dialect dialect) {
    return code.status(dialect) + " " + code.word(dialect);
  }

  @Test
  void exceptionsBecomeTheirCodes() {
    assertThat(Errors.translate(new AliasTakenException("a.png")).code())
        .isEqualTo(ErrorCode.DUPLICATE_ALIAS);
    assertThat(
            Errors.translate(new MissingBlobException(BlobName.original("aB3dE6gH9k.jpg"))).code())
        .isEqualTo(ErrorCode.MISSING_FILE);
  }

  @Test
  void whatIsUnforeseenTellsNothingOfItself() {
    ApiException error = Errors.translate(new IllegalStateException("/srv/data/secret.jpg"));
    assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
    assertThat(error.getMessage()).doesNotContain("secret");
    assertThat(
            Errors.translate(new MissingBlobException(BlobName.original("aB3dE6gH9k.jpg")))
                .getMessage())
        .doesNotContain("aB3dE6gH9k");
  }

  @Test
  void anOverloadedServerSaysWhenToComeAgain() {
    ApiException error = Errors.translate(new OverloadedException("busy", Duration.ofMillis(200)));
    assertThat(error.code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(error.headers()).containsEntry("Retry-After", "1");
  }
}
