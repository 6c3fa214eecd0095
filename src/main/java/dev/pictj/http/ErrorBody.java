package dev.pictj.http;

/** The reply to a request that fails, whoever finds that out. */
record ErrorBody(String msg, String code) {
  ErrorBody(ErrorCode code, String message) {
    this(message, code.word());
  }
}
