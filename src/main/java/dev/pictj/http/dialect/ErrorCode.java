package dev.pictj.http.dialect;

import java.util.Locale;

/** Everything that can go wrong for a client, and the status that says so. */
public enum ErrorCode {
  FILE_UPLOAD_ERROR(400),
  VALIDATE_NO_FILES(400),
  NO_PARTS(400, 400, "validate-no-files", "file-upload-error"),
  VALIDATE_FILE_EMPTY(400),
  VALIDATE_FILE_SIZE(413),
  UNSUPPORTED_MEDIA_TYPE(415, 400, "command-failure"),
  VIDEO_DISABLED(415, 400),
  INVALID_MEDIA(422, 400, "command-failure"),
  VALIDATE_WIDTH(422, 400),
  VALIDATE_HEIGHT(422, 400),
  VALIDATE_AREA(422, 400),
  VALIDATE_FRAMES(422, 400),
  MEDIA_TOO_EXPENSIVE(422, 400, "command-timeout"),
  MEDIA_DISALLOWED(400),
  MEDIA_DENIED(422, 400),
  FAILED_EXTERNAL_VALIDATION(400),
  ALREADY_CLAIMED(400),
  DUPLICATE_ALIAS(409, 400),
  INVALID_QUERY(400),
  INVALID_URL(400, 400, "invalid-query", "download-file-error"),
  INVALID_JSON(400),
  INVALID_PROCESS_PATH(400),
  INVALID_FILE_EXTENSION(400),
  INVALID_REQUEST(400),
  PARSE_DEADLINE(400),
  PROXY_NOT_ALLOWED(400),
  READ_ONLY_MODE(400, 400, "read-only"),
  INVALID_API_TOKEN(401),
  INVALID_DELETE_TOKEN(403),
  SIGNATURE_REQUIRED(403),
  INVALID_SIGNATURE(403),
  SIGNATURE_EXPIRED(403),
  ALIAS_NOT_FOUND(404),
  PROXY_NOT_FOUND(404),
  NOT_FOUND(404),
  METHOD_NOT_ALLOWED(405),
  REQUEST_TIMEOUT(408),
  STREAM_TOO_SLOW(408, 400),
  PRECONDITION_FAILED(412),
  RANGE_NOT_SATISFIABLE(416),
  DOWNLOAD_FORBIDDEN(400, 400, "download-file-error"),
  DOWNLOAD_FILE_ERROR(502),
  DOWNLOAD_TIMEOUT(504, 504, "http-client-error"),
  HOST_UNREACHABLE(502, 502, "download-file-error", "http-client-error"),
  HTTP_CLIENT_ERROR(502),
  OVERLOADED(503),
  READ_ONLY(503),
  MISSING_FILE(500, 500, "not-found"),
  INTERNAL_ERROR(500);

  private final int status;
  private final int laterStatus;
  private final String word;
  private final String laterWord;

  ErrorCode(int status) {
    this(status, status);
  }

  ErrorCode(int status, int laterStatus) {
    this.status = status;
    this.laterStatus = laterStatus;
    this.word = name().toLowerCase(Locale.ROOT).replace('_', '-');
    this.laterWord = word;
  }

  /**
   * An error that has another code and status since pict-rs 0.5.
   *
   * @param laterStatus and {@code laterWord} as 0.5.23 was recorded; where it blames itself for a
   *     client's mistake or a remote server's, the status is still the right one
   */
  ErrorCode(int status, int laterStatus, String laterWord) {
    this.status = status;
    this.laterStatus = laterStatus;
    this.word = name().toLowerCase(Locale.ROOT).replace('_', '-');
    this.laterWord = laterWord;
  }

  /** An error that has the code of another one in a dialect. */
  ErrorCode(int status, int laterStatus, String word, String laterWord) {
    this.status = status;
    this.laterStatus = laterStatus;
    this.word = word;
    this.laterWord = laterWord;
  }

  /** The status of a reply in this dialect. */
  public int status(Dialect dialect) {
    return switch (dialect) {
      case V0_3 -> status;
      case V0_5 -> laterStatus;
      case V0_6 -> this == VALIDATE_FILE_SIZE ? 400 : laterStatus;
    };
  }

  /** The code that replies of this dialect name, such as {@code alias-not-found}. */
  public String word(Dialect dialect) {
    return switch (dialect) {
      case V0_3 -> word;
      case V0_5 -> laterWord;
      case V0_6 ->
          switch (this) {
            case ALIAS_NOT_FOUND, PROXY_NOT_FOUND -> NOT_FOUND.word;
            case NO_PARTS, INVALID_URL -> word;
            default -> laterWord;
          };
    };
  }

  /** Whether the reply for this error has no body, but its status alone. */
  public boolean isBare(Dialect dialect) {
    return switch (this) {
      case NOT_FOUND, METHOD_NOT_ALLOWED, PRECONDITION_FAILED -> dialect != Dialect.V0_3;
      default -> false;
    };
  }

  /** Whether the reply to a request for bytes has an empty body for this error. */
  public boolean isBareForMedia(Dialect dialect) {
    return this == ALIAS_NOT_FOUND ? dialect == Dialect.V0_5 : isBare(dialect);
  }
}
