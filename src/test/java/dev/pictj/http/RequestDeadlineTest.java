package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.CallerGoneException;
import dev.pictj.http.dialect.Dialect;
import io.restassured.RestAssured;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A deadline that passes while the work is done calls it off. */
class RequestDeadlineTest {
  private static final Instant START = Instant.ofEpochSecond(1000);

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private Server server;
  private ServerConnector connector;
  private volatile boolean overAtFirst;
  private volatile Exception reason;

  @BeforeEach
  void start() throws Exception {
    server = new Server();
    connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    DeadlineHandler deadline = new DeadlineHandler(Dialect.V0_5, now::get);
    deadline.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            overAtFirst = RequestDeadline.isOver(request);
            now.set(START.plusSeconds(2));
            reason = RequestDeadline.reason(new CallerGoneException(), request);
            response.setStatus(204);
            callback.succeeded();
            return true;
          }
        });
    server.setHandler(deadline);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private int status(String deadline) {
    return RestAssured.given()
        .port(connector.getLocalPort())
        .header("X-Request-Deadline", deadline)
        .get("/")
        .statusCode();
  }

  @Test
  void whatIsOverInTheMiddleIsToldInsteadOfNobody() {
    assertThat(status("1001000000000")).isEqualTo(204);
    assertThat(overAtFirst).isFalse();
    assertThat(reason).isInstanceOf(ApiException.class);
    now.set(START);
    assertThat(status("1003000000000")).isEqualTo(204);
    assertThat(reason).isInstanceOf(CallerGoneException.class);
  }

  @ParameterizedTest
  @CsvSource({"999999999999,408", "-5,408", "1000000000000,204", "x,400", "1e9,400"})
  void whatIsOverAtOnceIsNotBegun(String deadline, int status) {
    assertThat(status(deadline)).isEqualTo(status);
  }
}
