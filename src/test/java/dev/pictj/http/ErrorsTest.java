package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.pictj.catalog.AliasTakenException;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.CatalogUnavailableException;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.OverloadedException;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.ingest.GaveWayException;
import dev.pictj.ingest.NoPlaceException;
import dev.pictj.ingest.SpoolFullException;
import dev.pictj.ingest.ValidationException;
import dev.pictj.ingest.fetch.FetchException;
import dev.pictj.media.MediaException;
import dev.pictj.process.InvalidChainException;
import dev.pictj.process.MediaGoneException;
import dev.pictj.store.BlobName;
import dev.pictj.store.MissingBlobException;
import dev.pictj.store.StoreGoneException;
import dev.pictj.store.StoreReadOnlyException;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.InternalServerErrorResponse;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorsTest {
  private static final String FULL = "No space left on device";

  @Test
  void aLineTellsOfOthersOnlyWhereThereAreSome() {
    assertThat(Errors.notLogged(0)).isEmpty();
    assertThat(Errors.notLogged(1)).contains("1 was not logged");
    assertThat(Errors.notLogged(2)).contains("2 were not logged");
  }

  @Test
  void aFullDiskIsReadOnlyWhoeverMeetsIt() {
    for (Throwable met :
        List.of(
            new StoreReadOnlyException("too little"),
            new FileSystemException("/data/x", null, FULL),
            new UncheckedIOException(new IOException(FULL)),
            new CatalogException("the catalog failed: While appending: " + FULL),
            new EngineException("ImageMagick: " + FULL))) {
      ApiException answer = Errors.translate(met);
      assertThat(answer.code()).as(met.toString()).isEqualTo(ErrorCode.READ_ONLY);
      assertThat(answer.headers()).containsKey("Retry-After");
    }
    assertThat(Errors.translate(new IOException("other")).code())
        .isEqualTo(ErrorCode.INTERNAL_ERROR);
  }

  @Test
  void aClientThatSpeaksOfAFullDiskIsToldItsOwnMistake() {
    assertThat(Errors.translate(new InvalidChainException("blur=" + FULL + " is not")).code())
        .isEqualTo(ErrorCode.INVALID_PROCESS_PATH);
  }

  /** What was thrown, its status, its code, and after how many seconds to ask again. */
  static Stream<Arguments> everyKind() {
    Stream<Arguments> others =
        Stream.of(
            arguments(new ApiException(ErrorCode.INVALID_QUERY, "x"), 400, "invalid-query", null),
            arguments(new InvalidChainException("x"), 400, "invalid-process-path", null),
            arguments(new AliasTakenException("a"), 409, "duplicate-alias", null),
            arguments(new MediaGoneException(), 404, "alias-not-found", null),
            arguments(new OverloadedException("x", Duration.ofSeconds(7)), 503, "overloaded", "7"),
            arguments(new OverloadedException("x", Duration.ofMillis(9)), 503, "overloaded", "1"),
            arguments(new GaveWayException(), 408, "stream-too-slow", null),
            arguments(new SpoolFullException(1), 503, "overloaded", "5"),
            arguments(new CatalogUnavailableException("x", null), 503, "overloaded", "5"),
            arguments(new CatalogException("x"), 500, "internal-error", null),
            arguments(
                new MissingBlobException(BlobName.original("qrstuvwxyz.png")),
                500,
                "missing-file",
                null),
            arguments(new StoreReadOnlyException("x"), 503, "read-only", "30"),
            arguments(new StoreGoneException("x"), 503, "read-only", "30"),
            arguments(new EngineException("x"), 500, "internal-error", null),
            arguments(new NotFoundResponse(), 404, "not-found", null),
            arguments(new MethodNotAllowedResponse(), 405, "method-not-allowed", null),
            arguments(new BadRequestResponse(), 400, "invalid-request", null),
            arguments(new InternalServerErrorResponse(), 500, "internal-error", null),
            arguments(new IllegalStateException("secret"), 500, "internal-error", null),
            arguments(new InterruptedException(), 500, "internal-error", null));
    Stream<Arguments> media =
        Map.ofEntries(
                Map.entry(MediaException.Reason.UNSUPPORTED, "415 unsupported-media-type"),
                Map.entry(MediaException.Reason.INVALID, "422 invalid-media"),
                Map.entry(MediaException.Reason.WIDTH, "422 validate-width"),
                Map.entry(MediaException.Reason.HEIGHT, "422 validate-height"),
                Map.entry(MediaException.Reason.AREA, "422 validate-area"),
                Map.entry(MediaException.Reason.FRAMES, "422 validate-frames"),
                Map.entry(MediaException.Reason.FILE_SIZE, "413 validate-file-size"),
                Map.entry(MediaException.Reason.DISALLOWED, "400 media-disallowed"),
                Map.entry(MediaException.Reason.VIDEO_DISABLED, "415 video-disabled"),
                Map.entry(MediaException.Reason.TOO_EXPENSIVE, "422 media-too-expensive"),
                Map.entry(MediaException.Reason.DENIED, "422 media-denied"))
            .entrySet()
            .stream()
            .map(kind -> of(new MediaException(kind.getKey(), "x"), kind.getValue(), null));
    Stream<Arguments> fetch =
        Map.of(
                FetchException.Reason.INVALID_URL, "400 invalid-query",
                FetchException.Reason.FORBIDDEN, "400 download-forbidden",
                FetchException.Reason.BAD_RESPONSE, "502 download-file-error",
                FetchException.Reason.BAD_STATUS, "502 download-file-error",
                FetchException.Reason.GONE, "502 download-file-error",
                FetchException.Reason.TOO_LARGE, "413 validate-file-size",
                FetchException.Reason.TIMEOUT, "504 download-timeout")
            .entrySet()
            .stream()
            .map(kind -> of(new FetchException(kind.getKey(), "x"), kind.getValue(), null));
    Stream<Arguments> busy =
        Stream.of(of(new FetchException(FetchException.Reason.BUSY, "x"), "503 overloaded", "10"));
    Stream<Arguments> place =
        Stream.of(
            of(new NoPlaceException(NoPlaceException.Reason.TAKEN, "x"), "503 overloaded", "10"),
            of(
                new NoPlaceException(NoPlaceException.Reason.TOO_MANY, "x"),
                "400 file-upload-error",
                null),
            of(
                new NoPlaceException(NoPlaceException.Reason.TOO_LARGE, "x"),
                "413 validate-file-size",
                null));
    Stream<Arguments> validation =
        Map.of(
                ValidationException.Reason.REFUSED, "400 failed-external-validation",
                ValidationException.Reason.UNREACHABLE, "502 http-client-error",
                ValidationException.Reason.TIMEOUT, "504 download-timeout")
            .entrySet()
            .stream()
            .map(
                kind ->
                    of(new ValidationException(kind.getKey(), "x", null), kind.getValue(), null));
    return Stream.of(others, media, fetch, busy, place, validation).flatMap(kinds -> kinds);
  }

  private static Arguments of(Exception thrown, String answer, String retryAfter) {
    String[] parts = answer.split(" ", 2);
    return arguments(thrown, Integer.parseInt(parts[0]), parts[1], retryAfter);
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void everyKindHasItsAnswer(Exception thrown, int status, String code, String retryAfter) {
    ApiException answer = Errors.translate(thrown);
    assertThat(answer.code().status(Dialect.V0_3)).isEqualTo(status);
    assertThat(answer.body(Dialect.V0_3).code()).isEqualTo(code);
    assertThat(answer.headers().get("Retry-After")).isEqualTo(retryAfter);
    assertThat(answer.getMessage()).doesNotContain("secret");
  }

  @Test
  void everyReasonIsAmongThem() {
    Set<Object> reasons = new HashSet<>();
    everyKind()
        .forEach(
            kind -> {
              switch (kind.get()[0]) {
                case MediaException e -> reasons.add(e.reason());
                case FetchException e -> reasons.add(e.reason());
                case NoPlaceException e -> reasons.add(e.reason());
                case ValidationException e -> reasons.add(e.reason());
                default -> {}
              }
            });
    assertThat(reasons)
        .contains((Object[]) MediaException.Reason.values())
        .contains((Object[]) FetchException.Reason.values())
        .contains((Object[]) NoPlaceException.Reason.values())
        .contains((Object[]) ValidationException.Reason.values());
  }
}
