package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;

/** What every refusal has in common. */
final class Replies {
  private Replies() {}

  /** JSON with this status and code, and a message that gives nothing away. */
  static void refused(Response response, int status, String code) {
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
    assertThat(response.contentType()).isEqualTo("application/json");
    assertThat((String) response.path("code")).as(response.asString()).isEqualTo(code);
    assertThat((String) response.path("msg"))
        .isNotBlank()
        .doesNotContain("/tmp", "Exception", "java.", "dev.pictj");
    assertThat(response.header("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  /** The only file of an accepted upload. */
  static String alias(Response response) {
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
    return response.path("files[0].file");
  }
}
