package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client must neither end a field of the log nor a line, nor speak to a terminal. */
class AccessLogTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "/image/original/a.png", "curl/8.5.0 (x86_64; \\ 'q' ~)"})
  void plainTextStaysAsItIs(String text) {
    assertThat(AccessLog.clean(text)).isSameAs(text);
  }

  @Test
  void whatIsNoPlainAsciiIsReplaced() {
    assertThat(AccessLog.clean("a\r\nb")).isEqualTo("a??b");
    assertThat(AccessLog.clean("a\u001b[31mb\u007f\0")).isEqualTo("a?[31mb??");
    assertThat(AccessLog.clean("a\u0085b\u2028c\u00e4")).isEqualTo("a?b?c?");
    assertThat(AccessLog.clean("a\" 200 \"b")).isEqualTo("a' 200 'b");
  }

  @Test
  void longTextIsCut() {
    assertThat(AccessLog.clean("x".repeat(300))).isEqualTo("x".repeat(300));
    assertThat(AccessLog.clean("x".repeat(301))).isEqualTo("x".repeat(300) + "...");
    assertThat(AccessLog.clean("\n" + "x".repeat(300))).isEqualTo("?" + "x".repeat(299) + "...");
  }
}
