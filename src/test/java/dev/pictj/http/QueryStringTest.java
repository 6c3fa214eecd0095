package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class QueryStringTest {
  @Test
  void keepsOrderAndRepetition() {
    assertThat(QueryString.parse("a=1&b&a=2&=x&c=%2B+%20&d=%zz&&e=f=g").parameters())
        .containsExactly(
            Map.entry("a", "1"),
            Map.entry("b", ""),
            Map.entry("a", "2"),
            Map.entry("", "x"),
            Map.entry("c", "+  "),
            Map.entry("d", "%zz"),
            Map.entry("e", "f=g"));
  }

  @Test
  void theLastOneWinsAndAnEmptyOneIsNone() {
    assertThat(QueryString.parse("src=a&src=b").last("src")).contains("b");
    assertThat(QueryString.parse("src=a&src=").last("src")).isEmpty();
    assertThat(QueryString.parse(null).last("src")).isEmpty();
    assertThatThrownBy(() -> QueryString.parse("x=1").required("src"))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("src");
  }
}
