package dev.pictj.http;

import dev.pictj.catalog.AliasTakenException;
import dev.pictj.catalog.CatalogUnavailableException;
import dev.pictj.engine.CallerGoneException;
import dev.pictj.engine.OverloadedException;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.ingest.GaveWayException;
import dev.pictj.ingest.NoPlaceException;
import dev.pictj.ingest.SpoolFullException;
import dev.pictj.ingest.ValidationException;
import dev.pictj.ingest.fetch.FetchException;
import dev.pictj.media.Excerpt;
import dev.pictj.media.MediaException;
import dev.pictj.process.InvalidChainException;
import dev.pictj.process.MediaGoneException;
import dev.pictj.store.MissingBlobException;
import dev.pictj.store.StoreGoneException;
import dev.pictj.store.StoreReadOnlyException;
import io.javalin.config.RouterConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns exceptions of handlers into status and JSON. No other class does. */
final class Errors {
  private static final Logger log = LoggerFactory.getLogger(Errors.class);

  private static final OncePerMinute LOST_FILE_LOG = new OncePerMinute(System::nanoTime);

  private static final String RETRY_AFTER = "Retry-After";

  private Errors() {}

  static void register(RoutesConfig routes, Dialect dialect) {
    routes.exception(Exception.class, (thrown, ctx) -> answer(thrown, dialect, ctx));
    // Javalin has a more specific handler of its own for these, which answers in plain text.
    routes.exception(HttpResponseException.class, (thrown, ctx) -> answer(thrown, dialect, ctx));
  }

  /** An Error, such as a failed assertion or a missing class: our fault like any other of ours. */
  static void register(RouterConfig router) {
    router.javaLangErrorHandler(
        (_, error) -> {
          OutOfMemory.endIfCause(error);
          // Jetty logs it, and has ProtocolErrors answer.
          throw error;
        });
  }

  /** The status by which nginx logs a client that hung up; only the access log shows it. */
  private static final int CLIENT_GONE = 499;

  /** After that many seconds some downloads have ended: none may take much longer. */
  private static final long DOWNLOAD_RETRY_SECONDS = 10;

  private static void answer(Exception thrown, Dialect dialect, Context ctx) {
    if (ctx.res().isCommitted()) {
      // The status is sent already, so the connection can only be broken off.
      log.debug("failed while sending", thrown);
      throw new UncheckedIOException(new IOException(thrown));
    }
    ctx.status(CLIENT_GONE);
    logged(
            RequestDeadline.reason(
                thrown, ServletContextRequest.getServletContextRequest(ctx.req())),
            dialect)
        .ifPresent(
            error -> {
              error.headers().forEach(ctx::header);
              if (error.code().isBare(dialect)) {
                ctx.res().setContentLengthLong(0);
                ctx.status(error.code().status(dialect));
              } else {
                Json.send(ctx, error.code().status(dialect), error.body(dialect));
              }
            });
  }

  /** Answers a request for bytes, which Javalin does not handle. */
  static void answer(Exception thrown, Dialect dialect, Response response, Callback callback) {
    Optional<ApiException> error =
        logged(RequestDeadline.reason(thrown, response.getRequest()), dialect);
    if (error.isEmpty()) {
      response.setStatus(CLIENT_GONE);
      callback.succeeded();
      return;
    }
    error.get().headers().forEach(response.getHeaders()::put);
    int status = error.get().code().status(dialect);
    if (error.get().code().isBareForMedia(dialect)) {
      response.setStatus(status);
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
      callback.succeeded();
    } else {
      Json.send(response, callback, status, error.get().body(dialect));
    }
  }

  /** Logs an error where that is useful, and returns the reply; none for a client that has gone. */
  private static Optional<ApiException> logged(Exception thrown, Dialect dialect) {
    OutOfMemory.endIfCause(thrown);
    if (thrown instanceof CallerGoneException) {
      log.debug("called off, the client has gone");
      return Optional.empty();
    }
    ApiException error = translate(thrown);
    int status = error.code().status(dialect);
    String word = error.code().word(dialect);
    if (isRemote(thrown) && (status == 502 || status == 504)) {
      // Another server's fault: worth a line, not an alarm.
      log.info("answered {} {}: {}", status, word, error.getMessage());
    } else if (error.code() == ErrorCode.READ_ONLY && !has(StoreReadOnlyException.class, thrown)) {
      // The watermark logs for itself, once; this is a disk that another program filled.
      String deepest = causes(thrown).reduce((_, deeper) -> deeper).orElseThrow().getMessage();
      log.warn("answered {} {}: {}", status, word, deepest);
    } else if (error.code() == ErrorCode.MISSING_FILE) {
      LOST_FILE_LOG
          .next()
          .ifPresent(
              keptBack ->
                  log.error(
                      "answered {} {}: {}; upload the same picture again, or copy the file back"
                          + " from a backup. pictj check names all lost files and their"
                          + " aliases{}",
                      status,
                      word,
                      thrown.getMessage(),
                      notLogged(keptBack)));
    } else if (status >= 500 && status != 503) {
      log.error("answered {} {}", status, word, thrown);
    } else {
      log.debug("answered {} {}: {}", status, word, error.getMessage());
    }
    return Optional.of(error);
  }

  /** The end of a line that stands for others, too; nothing where it does not. */
  static String notLogged(long count) {
    return count == 0
        ? ""
        : ". Of these answers, %d %s not logged since the last line"
            .formatted(count, count == 1 ? "was" : "were");
  }

  private static boolean isRemote(Exception thrown) {
    return thrown instanceof FetchException || thrown instanceof ValidationException;
  }

  static ApiException translate(Throwable thrown) {
    return switch (thrown) {
      case ApiException e -> e;
      case MediaException e -> new ApiException(code(e.reason()), e.getMessage());
      case InvalidChainException e ->
          new ApiException(ErrorCode.INVALID_PROCESS_PATH, String.valueOf(e.getMessage()));
      case AliasTakenException e ->
          new ApiException(
              ErrorCode.DUPLICATE_ALIAS,
              "Couldn't upload file, Tried to save an image with an already-taken name (file \"%s\")"
                  .formatted(Excerpt.ofLine(e.alias())));
      case MediaGoneException _ -> aliasNotFound();
      case OverloadedException e ->
          overloaded(
              "Too much image work is waiting, try again later",
              Math.max(1, e.retryAfter().toSeconds()));
      case NoPlaceException e ->
          switch (e.reason()) {
            case TAKEN -> overloaded(e.getMessage(), e.retryAfter().toSeconds());
            case TOO_MANY -> new ApiException(ErrorCode.FILE_UPLOAD_ERROR, e.getMessage());
            case TOO_LARGE -> new ApiException(ErrorCode.VALIDATE_FILE_SIZE, e.getMessage());
          };
      case GaveWayException _ -> tooSlow();
      case SpoolFullException e ->
          new ApiException(
              ErrorCode.OVERLOADED,
              "Too many uploads are under way, try again later",
              // Closes the connection, because the rest of the body would only be thrown away.
              Map.of(
                  RETRY_AFTER, Long.toString(e.retryAfter().toSeconds()), "Connection", "close"));
      case CatalogUnavailableException _ ->
          overloaded(
              "The catalog is recovering from an error of its disk, try again in a moment", 5);
      case ValidationException e -> new ApiException(code(e.reason()), e.getMessage());
      case FetchException e when e.reason() == FetchException.Reason.BUSY ->
          overloaded(e.getMessage(), DOWNLOAD_RETRY_SECONDS);
      case FetchException e -> new ApiException(code(e.reason()), e.getMessage());
      case MissingBlobException _ ->
          new ApiException(ErrorCode.MISSING_FILE, "Alias directed to missing file");
      case HttpResponseException e -> ProtocolErrors.of(e.getStatus());
      // Only here, where no text of a client's can be in the message.
      default ->
          isDiskFull(thrown)
              ? readOnly(thrown)
              : new ApiException(ErrorCode.INTERNAL_ERROR, "Internal server error");
    };
  }

  /** An exception and its causes, the deepest last. */
  static Stream<Throwable> causes(Throwable thrown) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause);
  }

  private static boolean has(Class<? extends Throwable> type, Throwable thrown) {
    return causes(thrown).anyMatch(type::isInstance);
  }

  /** ENOSPC and EDQUOT, however deep; the JDK, RocksDB and the tools tell them by text alone. */
  static boolean isDiskFull(Throwable thrown) {
    return has(StoreReadOnlyException.class, thrown)
        || causes(thrown)
            .map(cause -> String.valueOf(cause.getMessage()))
            .anyMatch(
                message ->
                    message.contains("No space left on device")
                        || message.contains("Disk quota exceeded"));
  }

  static ApiException readOnly(Throwable thrown) {
    return new ApiException(
        ErrorCode.READ_ONLY,
        has(StoreGoneException.class, thrown)
            ? "The server's data folder is gone, nothing can be stored now"
            : "The disk is almost full, nothing new can be stored now",
        Map.of(RETRY_AFTER, "30"));
  }

  /** The error of a server that is read-only. */
  static ApiException readOnlyMode() {
    return new ApiException(
        ErrorCode.READ_ONLY_MODE, "The server is in read-only mode, nothing can be changed now");
  }

  static ApiException tooSlow() {
    return new ApiException(
        ErrorCode.STREAM_TOO_SLOW,
        "Couldn't upload file, The body arrived too slowly",
        Map.of("Connection", "close"));
  }

  static ApiException tooManyConnections() {
    return overloaded("Too many requests are being served, try again later", 5);
  }

  private static ApiException overloaded(String message, long retryAfterSeconds) {
    return new ApiException(
        ErrorCode.OVERLOADED, message, Map.of(RETRY_AFTER, Long.toString(retryAfterSeconds)));
  }

  static ApiException aliasNotFound() {
    return new ApiException(ErrorCode.ALIAS_NOT_FOUND, "Requested a file that doesn't exist");
  }

  private static ErrorCode code(MediaException.Reason reason) {
    return switch (reason) {
      case UNSUPPORTED -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
      case VIDEO_DISABLED -> ErrorCode.VIDEO_DISABLED;
      case INVALID -> ErrorCode.INVALID_MEDIA;
      case WIDTH -> ErrorCode.VALIDATE_WIDTH;
      case HEIGHT -> ErrorCode.VALIDATE_HEIGHT;
      case AREA -> ErrorCode.VALIDATE_AREA;
      case FRAMES -> ErrorCode.VALIDATE_FRAMES;
      case FILE_SIZE -> ErrorCode.VALIDATE_FILE_SIZE;
      case DISALLOWED -> ErrorCode.MEDIA_DISALLOWED;
      case DENIED -> ErrorCode.MEDIA_DENIED;
      case TOO_EXPENSIVE -> ErrorCode.MEDIA_TOO_EXPENSIVE;
    };
  }

  private static ErrorCode code(ValidationException.Reason reason) {
    return switch (reason) {
      case REFUSED -> ErrorCode.FAILED_EXTERNAL_VALIDATION;
      case UNREACHABLE -> ErrorCode.HTTP_CLIENT_ERROR;
      case TIMEOUT -> ErrorCode.DOWNLOAD_TIMEOUT;
    };
  }

  private static ErrorCode code(FetchException.Reason reason) {
    return switch (reason) {
      case INVALID_URL -> ErrorCode.INVALID_URL;
      case FORBIDDEN -> ErrorCode.DOWNLOAD_FORBIDDEN;
      case BAD_RESPONSE -> ErrorCode.HOST_UNREACHABLE;
      case BAD_STATUS, GONE -> ErrorCode.DOWNLOAD_FILE_ERROR;
      case TOO_LARGE -> ErrorCode.VALIDATE_FILE_SIZE;
      case TIMEOUT -> ErrorCode.DOWNLOAD_TIMEOUT;
      case BUSY -> ErrorCode.OVERLOADED;
    };
  }
}
