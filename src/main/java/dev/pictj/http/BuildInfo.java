package dev.pictj.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.pictj.http.dialect.Dialect;
import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/**
 * GET /version: which program this is, for people and for programs that find out what they face.
 */
record BuildInfo(Reply reply) {
  /** What is told of the running build. */
  static BuildInfo of(String version, Dialect dialect) {
    return new BuildInfo(new Reply("pictj", version, dialect.saysOkEverywhere() ? "ok" : null));
  }

  private record Reply(
      String name,
      String version,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String msg) {}

  void serve(Context ctx) {
    Json.send(ctx, 200, reply);
  }
}
