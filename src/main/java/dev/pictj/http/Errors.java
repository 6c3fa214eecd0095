package dev.pictj.http;

import dev.pictj.catalog.AliasTakenException;
import dev.pictj.catalog.CatalogUnavailableException;
import dev.pictj.engine.CallerGoneException;
import dev.pictj.engine.OverloadedException;
import dev.pictj.ingest.GaveWayException;
import dev.pictj.ingest.SpoolFullException;
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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever a handler throws into status and JSON: the only place that does. */
final class Errors {
  private static final Logger log = LoggerFactory.getLogger(Errors.class);

  private Errors() {}

  static void register(RoutesConfig routes) {
    routes.exception(Exception.class, Errors::answer);
    // Javalin has a more specific handler of its own for these, which answers in plain text.
    routes.exception(HttpResponseException.class, Errors::answer);
  }

  /** What no handler may throw, and some do all the same. */
  static void register(RouterConfig router) {
    router.javaLangErrorHandler(
        (response, error) -> {
          OutOfMemory.endIfCause(error);
          log.error("a request failed", error);
          if (!response.isCommitted()) {
            byte[] body = Json.bytes(Json.error(ErrorCode.INTERNAL_ERROR, "Internal server error"));
            response.resetBuffer();
            response.setStatus(ErrorCode.INTERNAL_ERROR.status());
            response.setContentType("application/json");
            response.setContentLength(body.length);
            try {
              response.getOutputStream().write(body);
            } catch (IOException gone) {
              log.debug("the client has gone", gone);
            }
          }
        });
  }

  /** What nginx calls a client that hung up; seen by nobody but the access log. */
  private static final int CLIENT_GONE = 499;

  /** After that long some downloads have ended: none may take much longer. */
  private static final String BUSY_SECONDS = "10";

  private static void answer(Exception thrown, Context ctx) {
    if (ctx.res().isCommitted()) {
      // The status is on its way; all that is left is to break the connection off.
      log.debug("failed while sending", thrown);
      throw new java.io.UncheckedIOException(new IOException(thrown));
    }
    reply(thrown).send(ctx);
  }

  /** An answer as it goes out. */
  record Reply(int status, Map<String, String> headers, String body) {
    private void send(Context ctx) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      headers.forEach(ctx::header);
      ctx.status(status);
      ctx.res().setContentLengthLong(bytes.length);
      ctx.result(bytes);
    }

    /** Sends it where Javalin is not asked. */
    void send(Response response, Callback callback) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      response.setStatus(status);
      headers.forEach(response.getHeaders()::put);
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
      response.write(true, ByteBuffer.wrap(bytes), callback);
    }
  }

  /** What is answered; logs what is worth it. */
  static Reply reply(Exception thrown) {
    if (thrown instanceof CallerGoneException) {
      log.debug("called off, the client has gone");
      return new Reply(CLIENT_GONE, Map.of(), "");
    }
    ApiException error = translate(thrown);
    int status = error.code().status();
    if (error.code() == ErrorCode.DOWNLOAD_FILE_ERROR
        || error.code() == ErrorCode.DOWNLOAD_TIMEOUT) {
      // Another server's fault: worth a line, not an alarm.
      log.info("answered {} {}: {}", status, error.code().word(), error.getMessage());
    } else if (error.code() == ErrorCode.READ_ONLY && !isForeseen(thrown)) {
      // The watermark logs for itself, once; this is a disk that another program filled.
      log.warn("answered {} {}: {}", status, error.code().word(), deepest(thrown));
    } else if (status >= 500 && status != 503) {
      log.error("answered {} {}", status, error.code().word(), thrown);
    } else {
      log.debug("answered {} {}: {}", status, error.code().word(), error.getMessage());
    }
    Map<String, String> headers = new HashMap<>(error.headers());
    headers.put("Content-Type", "application/json");
    return new Reply(status, headers, Json.error(error.code(), error.getMessage()).toString());
  }

  static ApiException translate(Throwable thrown) {
    return switch (thrown) {
      case ApiException e -> e;
      case MediaException e -> new ApiException(code(e.reason()), e.getMessage());
      case InvalidChainException e ->
          new ApiException(ErrorCode.INVALID_PROCESS_PATH, e.getMessage());
      case AliasTakenException e ->
          new ApiException(
              ErrorCode.DUPLICATE_ALIAS,
              "Couldn't upload file, Tried to save an image with an already-taken name (file \"%s\")"
                  .formatted(Excerpt.ofLine(e.alias())));
      case MediaGoneException _ -> aliasNotFound();
      case OverloadedException e ->
          new ApiException(
              ErrorCode.OVERLOADED,
              "Too much image work is waiting, try again later",
              Map.of("Retry-After", Long.toString(Math.max(1, e.retryAfter().toSeconds()))));
      case GaveWayException _ -> tooSlow();
      case SpoolFullException e ->
          new ApiException(
              ErrorCode.OVERLOADED,
              "Too many uploads are under way, try again later",
              // What is left of the body would only have to be thrown away.
              Map.of(
                  "Retry-After", Long.toString(e.retryAfter().toSeconds()), "Connection", "close"));
      case FetchException e when e.reason() == FetchException.Reason.BUSY ->
          new ApiException(
              ErrorCode.OVERLOADED, e.getMessage(), Map.of("Retry-After", BUSY_SECONDS));
      case CatalogUnavailableException _ ->
          new ApiException(
              ErrorCode.OVERLOADED,
              "The catalog is recovering from an error of its disk, try again in a moment",
              Map.of("Retry-After", "5"));
      case FetchException e -> new ApiException(code(e.reason()), e.getMessage());
      case MissingBlobException _ ->
          new ApiException(ErrorCode.MISSING_FILE, "Alias directed to missing file");
      case HttpResponseException e -> of(e);
      // Only here, where no text of a client's can be in the message.
      default ->
          isDiskFull(thrown)
              ? readOnly(thrown)
              : new ApiException(ErrorCode.INTERNAL_ERROR, "Internal server error");
    };
  }

  /** ENOSPC and EDQUOT, however deep; the JDK, RocksDB and the tools tell them by text alone. */
  static boolean isDiskFull(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof StoreReadOnlyException
          || message.contains("No space left on device")
          || message.contains("Disk quota exceeded")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isGone(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreGoneException) {
        return true;
      }
    }
    return false;
  }

  private static boolean isForeseen(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreReadOnlyException) {
        return true;
      }
    }
    return false;
  }

  private static String deepest(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage();
  }

  static ApiException readOnly(Throwable thrown) {
    return new ApiException(
        ErrorCode.READ_ONLY,
        isGone(thrown)
            ? "The server's data folder is gone, nothing can be stored now"
            : "The disk is almost full, nothing new can be stored now",
        Map.of("Retry-After", "30"));
  }

  static ApiException tooSlow() {
    return new ApiException(
        ErrorCode.STREAM_TOO_SLOW,
        "Couldn't upload file, The body arrived too slowly",
        Map.of("Connection", "close"));
  }

  static ApiException tooManyConnections() {
    return new ApiException(
        ErrorCode.OVERLOADED,
        "Too many requests are being served, try again later",
        Map.of("Retry-After", "5"));
  }

  static ApiException aliasNotFound() {
    return new ApiException(ErrorCode.ALIAS_NOT_FOUND, "Requested a file that doesn't exist");
  }

  private static ApiException of(HttpResponseException e) {
    return switch (e.getStatus()) {
      case 404 -> new ApiException(ErrorCode.NOT_FOUND, "No such route");
      case 405 -> new ApiException(ErrorCode.METHOD_NOT_ALLOWED, "Method not allowed");
      default ->
          e.getStatus() < 500
              ? new ApiException(ErrorCode.INVALID_REQUEST, "Bad request")
              : new ApiException(ErrorCode.INTERNAL_ERROR, "Internal server error");
    };
  }

  private static ErrorCode code(MediaException.Reason reason) {
    return switch (reason) {
      case UNSUPPORTED -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
      case INVALID -> ErrorCode.INVALID_MEDIA;
      case WIDTH -> ErrorCode.VALIDATE_WIDTH;
      case HEIGHT -> ErrorCode.VALIDATE_HEIGHT;
      case AREA -> ErrorCode.VALIDATE_AREA;
      case FRAMES -> ErrorCode.VALIDATE_FRAMES;
      case TOO_EXPENSIVE -> ErrorCode.MEDIA_TOO_EXPENSIVE;
    };
  }

  private static ErrorCode code(FetchException.Reason reason) {
    return switch (reason) {
      case INVALID_URL -> ErrorCode.INVALID_QUERY;
      case FORBIDDEN -> ErrorCode.DOWNLOAD_FORBIDDEN;
      case BAD_RESPONSE -> ErrorCode.DOWNLOAD_FILE_ERROR;
      case TOO_LARGE -> ErrorCode.VALIDATE_FILE_SIZE;
      case TIMEOUT -> ErrorCode.DOWNLOAD_TIMEOUT;
      case BUSY -> ErrorCode.OVERLOADED;
    };
  }
}
