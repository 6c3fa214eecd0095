package dev.pictj.adopt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs of databases as pict-rs takes them. */
class PostgresRepoTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgresql://u:p@db:5433/pictrs|db:5433",
        "postgres://u@db|db:5432",
        "postgresql://u:a@b#c@127.0.0.1/x?sslmode=require&keepalives_idle=3|127.0.0.1:5432",
        "postgresql://[::1]:6/x?user=u&options=-c%20search_path=a|[::1]:6",
        "postgresql://u:p@/x?host=db.example.org&port=7|db.example.org:7",
        "postgresql://u:p@one:1,two:2/x|one:1,two:2",
      })
  void whereItIsIsReadFromAUrl(String url, String hosts) throws IOException {
    assertThat(PostgresRepo.of(url, Optional.empty())).hasToString("PostgreSQL at " + hosts);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mysql://u:secret@db/x",
        "secret",
        "postgresql://db:5432/secret",
        "postgresql://u:secret/part@db/x",
        "postgresql://u:secret%zz@db/x",
        "postgresql://u:secret@db:0/x",
        "postgresql://u:secret@db:65536/x",
        "postgresql://u:secret@db:many/x",
        "postgresql://u:secret@/x",
        "postgresql://u:secret@%2Frun%2Fpostgresql/x",
        "postgresql://u:secret@/x?host=%2Frun%2Fpostgresql",
        "postgresql://u:secret@a b/x",
        "postgresql://u:secret@one,/x",
        "postgresql://u:secret@db/x?secret=1",
      })
  void whatIsNoneIsRefusedAndNotRepeated(String url) {
    assertThatThrownBy(() -> PostgresRepo.of(url, Optional.empty()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("--repo must be as repo.url of pict-rs")
        .hasMessageNotContaining("secret");
  }

  @Test
  void nobodyThere() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    PostgresRepo repo =
        PostgresRepo.of("postgresql://u:secret@127.0.0.1:%d/x".formatted(port), Optional.empty());
    assertThatThrownBy(() -> repo.read(Duration.ofSeconds(5), (_, _) -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("no PostgreSQL answers at 127.0.0.1:%d: ".formatted(port))
        .hasMessageNotContaining("secret");
  }
}
