package dev.pictj.adopt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a server is asked that is busy, or away. */
class ServerTest {
  private static final byte[] NONE = new byte[0];
  private static final String PATH = "/image/original/a.png";

  /** Time that passes when somebody sleeps. */
  private static final class Sleeper implements Pauses.Ticker {
    private final List<Duration> slept = new ArrayList<>();
    private long nanos;

    @Override
    public synchronized long nanos() {
      return nanos;
    }

    @Override
    public synchronized void sleep(Duration duration) {
      slept.add(duration);
      nanos += duration.toNanos();
    }
  }

  private final OldPictrs old = new OldPictrs(true).with(new byte[] {1}, "image/png", "a.png");
  private final Sleeper time = new Sleeper();
  private final Server server = server(3);

  private Server server(int retries) {
    return new Server(
        old.uri(),
        new Server.Rules(Duration.ofSeconds(20), retries, Duration.ofSeconds(1)),
        Optional.empty(),
        time);
  }

  @AfterEach
  void stop() {
    server.close();
    old.close();
  }

  private HttpResponse<String> get() throws Exception {
    return server.send(server.request(PATH).build(), BodyHandlers.ofString());
  }

  @Test
  void itIsLeftAloneForAsLongAsItSays() throws Exception {
    old.once(PATH, 429, "7", NONE).once(PATH, 503, "9", NONE);
    assertThat(get().statusCode()).isEqualTo(200);
    assertThat(time.slept).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(9));
  }

  @Test
  void itIsLeftAloneForLongerEachTimeWhereItDoesNotSay() throws Exception {
    old.once(PATH, 502, "soon", NONE).once(PATH, 504, "", NONE).once(PATH, 503, "-1", NONE);
    assertThat(get().statusCode()).isEqualTo(200);
    assertThat(time.slept)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
  }

  @Test
  void noPauseIsForEver() throws Exception {
    old.once(PATH, 503, "86400", NONE);
    assertThat(get().statusCode()).isEqualTo(200);
    assertThat(time.slept).containsExactly(Duration.ofMinutes(5));
  }

  @Test
  void whatIsNoPauseIsAnswered() throws Exception {
    old.once(PATH, 500, "7", NONE);
    assertThat(get().statusCode()).isEqualTo(500);
    assertThat(time.slept).isEmpty();
  }

  @Test
  void itIsNotAskedForEver() {
    for (int i = 0; i < 4; i++) {
      old.once(PATH, 503, "1", NONE);
    }
    assertThatThrownBy(this::get).isInstanceOf(AwayException.class).hasMessageContaining("503");
    assertThat(old.asked(PATH)).isEqualTo(4);
  }

  @Test
  void oneThatIsAwayIsWaitedFor() {
    old.close();
    assertThatThrownBy(this::get)
        .isInstanceOf(AwayException.class)
        .hasMessage("no server answers at " + old.uri());
    assertThat(time.slept).hasSize(3);
  }
}
