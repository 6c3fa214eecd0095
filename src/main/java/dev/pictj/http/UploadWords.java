package dev.pictj.http;

import dev.pictj.catalog.BackgroundUploads.Outcome;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.ingest.Background;
import dev.pictj.ingest.Terms;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The codes and messages of uploads in the background, which are those of other uploads. */
public record UploadWords(UploadQuery query, Dialect dialect) implements Background.Words {
  private static final Logger log = LoggerFactory.getLogger(UploadWords.class);

  @Override
  public Terms terms(String written) throws Exception {
    return query.terms(written);
  }

  @Override
  public Outcome.Refused refused(Throwable failure) {
    OutOfMemory.endIfCause(failure);
    ApiException error = Errors.translate(failure);
    if (error.code() == ErrorCode.INTERNAL_ERROR) {
      log.error("an upload in the background failed", failure);
    }
    return new Outcome.Refused(error.code().word(dialect), String.valueOf(error.getMessage()));
  }

  @Override
  public Outcome.Refused lost(String message) {
    return new Outcome.Refused(ErrorCode.INTERNAL_ERROR.word(dialect), message);
  }

  @Override
  public boolean isPassing(Throwable failure) {
    return Errors.isDiskFull(failure);
  }
}
