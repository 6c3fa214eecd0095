package dev.pictj.server;

import static dev.pictj.server.Replies.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.pictj.pictures.Pictures;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What was answered before it was done is done by the server that comes after one that stops. */
class OwedWorkIT {
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("dev.pictj.process");

  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    LOGGER.setLevel(Level.INFO);
    LOGGER.addAppender(lines);
  }

  @AfterEach
  void listenNoMore() {
    LOGGER.detachAppender(lines);
    LOGGER.setLevel(null);
  }

  private static int details(RunningServer server, String query) {
    return server.request().get("/image/details/process" + query).statusCode();
  }

  private static int begun(RunningServer server, String query) {
    return server.request().get("/image/process_backgrounded" + query).statusCode();
  }

  @Test
  void variantsThatAStopCutsOffAreMadeByTheNextServer() throws Exception {
    try (GatedTools tools = new GatedTools()) {
      RunningServer first =
          RunningServer.startWithTools(
              tools.folders(),
              "dialect",
              "0.5",
              "sandbox",
              "off",
              "max-background-variants",
              "3",
              "presets",
              "small=resize=21");
      String alias = first.accepted(Pictures.png(64, 48));
      String deleted = first.accepted(Pictures.png(30, 20));
      final List<String> wanted =
          List.of(".webp?resize=20&src=" + alias, ".png?preset=small&src=" + alias);
      String vain = ".webp?resize=10&src=" + deleted;
      tools.shut();
      for (String query : wanted) {
        assertThat(begun(first, query)).isEqualTo(202);
      }
      assertThat(begun(first, vain)).isEqualTo(202);
      assertThat(begun(first, vain + "&again=1")).isEqualTo(202);
      refused(
          first.request().get("/image/process_backgrounded.webp?resize=22&src=" + alias),
          503,
          "overloaded");
      tools.awaitBusy();
      first.admin().post("/internal/purge?alias=" + deleted);

      RunningServer reading = first.restarted("dialect", "0.5", "read-only", "");
      tools.open();
      assertThat(lines.list)
          .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
          .isEmpty();
      assertThat(details(reading, wanted.getFirst())).isEqualTo(404);

      try (RunningServer second =
          reading.restarted("dialect", "0.5", "presets", "small=resize=21")) {
        for (String query : wanted) {
          await().atMost(Duration.ofSeconds(20)).until(() -> details(second, query) == 200);
        }
        // There is room for new ones.
        String later = ".webp?resize=22&src=" + alias;
        assertThat(begun(second, later)).isEqualTo(202);
        await().atMost(Duration.ofSeconds(20)).until(() -> details(second, later) == 200);
      }
      assertThat(lines.list)
          .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
          .extracting(ILoggingEvent::getFormattedMessage)
          .containsExactly("3 variants in the background are gone on with");
    }
  }
}
