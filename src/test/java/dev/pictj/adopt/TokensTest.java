package dev.pictj.adopt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of tokens as databases write them. */
class TokensTest {
  private static Tokens read(String csv) throws IOException {
    return Tokens.read(new StringReader(csv));
  }

  /** {@code COPY local_image TO STDOUT (FORMAT csv, HEADER)} of Lemmy 0.19. */
  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
  void lemmysTableIsRead(String line) throws IOException {
    Tokens tokens =
        read(
            String.join(
                line,
                "local_user_id,pictrs_alias,pictrs_delete_token,published",
                "2,3a.jpeg,aaaa-bb,2024-05-06 07:08:09.1+00",
                ",\"with, \"\"quotes\"\"\".png,cc,\"x\ny\"",
                "",
                ",none.png,,2024-05-06",
                "7,last.png,dd,"));
    assertThat(tokens.of("3a.jpeg")).contains("aaaa-bb");
    assertThat(tokens.of("with, \"quotes\".png")).contains("cc");
    assertThat(tokens.of("none.png")).isEmpty();
    assertThat(tokens.of("last.png")).contains("dd");
    assertThat(tokens.of("pictrs_alias")).isEmpty();
    assertThat(tokens.size()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.png,t", "a.png;t\n", "a.png\tt\nb,c.png\tu", "\uFEFF\"a.png\",\"t\""})
  void twoColumnsNeedNoNames(String csv) throws IOException {
    assertThat(read(csv).of("a.png")).contains("t");
  }

  @ParameterizedTest
  @ValueSource(strings = {"token,alias\nt,a.png", "File\tx\tdelete_token\na.png\t\tt"})
  void columnsAreFoundByTheirNames(String csv) throws IOException {
    assertThat(read(csv).of("a.png")).contains("t");
  }

  @Test
  void nothingIsNothing() throws IOException {
    assertThat(read("").size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1,a.png,t,2024", "a.png", "alias,other,third\na,b,c"})
  void whatColumnsAreMustBeKnown(String csv) {
    assertThatThrownBy(() -> read(csv))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("pictrs_delete_token");
  }

  @Test
  void aRowThatIsCutIsNamed() {
    assertThatThrownBy(() -> read("alias,token\na.png,t\nb.png\n"))
        .isInstanceOf(IOException.class)
        .hasMessage("line 3 of the tokens has 1 columns, and not 2");
  }
}
