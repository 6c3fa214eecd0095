package dev.pictj.http;

import java.util.Locale;

/** Everything that can go wrong for a client, and the status that says so. */
enum ErrorCode {
  FILE_UPLOAD_ERROR(400),
  VALIDATE_NO_FILES(400),
  VALIDATE_FILE_EMPTY(400),
  VALIDATE_FILE_SIZE(413),
  UNSUPPORTED_MEDIA_TYPE(415),
  INVALID_MEDIA(422),
  VALIDATE_WIDTH(422),
  VALIDATE_HEIGHT(422),
  VALIDATE_AREA(422),
  VALIDATE_FRAMES(422),
  MEDIA_TOO_EXPENSIVE(422),
  DUPLICATE_ALIAS(409),
  INVALID_QUERY(400),
  INVALID_PROCESS_PATH(400),
  INVALID_FILE_EXTENSION(400),
  INVALID_REQUEST(400),
  INVALID_API_TOKEN(401),
  INVALID_DELETE_TOKEN(403),
  ALIAS_NOT_FOUND(404),
  NOT_FOUND(404),
  METHOD_NOT_ALLOWED(405),
  STREAM_TOO_SLOW(408),
  RANGE_NOT_SATISFIABLE(416),
  DOWNLOAD_FORBIDDEN(400),
  DOWNLOAD_FILE_ERROR(502),
  DOWNLOAD_TIMEOUT(504),
  OVERLOADED(503),
  READ_ONLY(503),
  MISSING_FILE(500),
  INTERNAL_ERROR(500);

  private final int status;

  ErrorCode(int status) {
    this.status = status;
  }

  int status() {
    return status;
  }

  /** As replies have it, such as {@code alias-not-found}. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
