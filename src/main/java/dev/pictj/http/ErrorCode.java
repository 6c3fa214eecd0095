package dev.pictj.http;

/**
 * Everything that can go wrong for a client: its word on the wire and its status, each said once
 * here.
 */
enum ErrorCode {
  FILE_UPLOAD_ERROR(400, "file-upload-error"),
  VALIDATE_NO_FILES(400, "validate-no-files"),
  VALIDATE_FILE_EMPTY(400, "validate-file-empty"),
  VALIDATE_FILE_SIZE(413, "validate-file-size"),
  UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type"),
  INVALID_MEDIA(422, "invalid-media"),
  VALIDATE_WIDTH(422, "validate-width"),
  VALIDATE_HEIGHT(422, "validate-height"),
  VALIDATE_AREA(422, "validate-area"),
  VALIDATE_FRAMES(422, "validate-frames"),
  MEDIA_TOO_EXPENSIVE(422, "media-too-expensive"),
  DUPLICATE_ALIAS(409, "duplicate-alias"),
  INVALID_QUERY(400, "invalid-query"),
  INVALID_PROCESS_PATH(400, "invalid-process-path"),
  INVALID_FILE_EXTENSION(400, "invalid-file-extension"),
  INVALID_REQUEST(400, "invalid-request"),
  INVALID_API_TOKEN(401, "invalid-api-token"),
  INVALID_DELETE_TOKEN(403, "invalid-delete-token"),
  ALIAS_NOT_FOUND(404, "alias-not-found"),
  NOT_FOUND(404, "not-found"),
  METHOD_NOT_ALLOWED(405, "method-not-allowed"),
  STREAM_TOO_SLOW(408, "stream-too-slow"),
  RANGE_NOT_SATISFIABLE(416, "range-not-satisfiable"),
  DOWNLOAD_FORBIDDEN(400, "download-forbidden"),
  DOWNLOAD_FILE_ERROR(502, "download-file-error"),
  DOWNLOAD_TIMEOUT(504, "download-timeout"),
  OVERLOADED(503, "overloaded"),
  READ_ONLY(503, "read-only"),
  MISSING_FILE(500, "missing-file"),
  INTERNAL_ERROR(500, "internal-error");

  private final int status;
  private final String word;

  ErrorCode(int status, String word) {
    this.status = status;
    this.word = word;
  }

  int status() {
    return status;
  }

  String word() {
    return word;
  }
}
