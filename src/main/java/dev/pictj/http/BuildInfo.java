package dev.pictj.http;

import io.javalin.http.Context;

/**
 * GET /version: which program this is, for people and for programs that find out what they face.
 */
record BuildInfo(Reply reply) {
  /** What is told of the running build. */
  static BuildInfo of(String version) {
    return new BuildInfo(new Reply("pictj", version));
  }

  private record Reply(String name, String version) {}

  void serve(Context ctx) {
    Json.send(ctx, 200, reply);
  }
}
