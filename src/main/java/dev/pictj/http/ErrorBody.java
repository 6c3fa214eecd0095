package dev.pictj.http;

import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;

/** The body of the reply to a request that fails. */
record ErrorBody(String msg, String code) {
  ErrorBody(ErrorCode code, String message, Dialect dialect) {
    this(message, code.word(dialect));
  }
}
