package dev.pictj.http;

import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;

/** The reply to a request that fails, whoever finds that out. */
record ErrorBody(String msg, String code) {
  ErrorBody(ErrorCode code, String message, Dialect dialect) {
    this(message, code.word(dialect));
  }
}
