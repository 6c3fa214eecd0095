package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.pictj.pictures.Pictures;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A folder that goes while the server runs, or is another one suddenly, and comes back. */
final class GoneFolderIT {
  private static RunningServer server;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeAll
  static void start() {
    server = RunningServer.start("blob-cache", "0");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private long lines(String word) {
    return log.list.stream()
        .filter(event -> event.getFormattedMessage().contains(word))
        .filter(event -> !event.getLoggerName().equals("access"))
        .count();
  }

  @ParameterizedTest
  @ValueSource(strings = {"files", "variants", "catalog", "tmp", ""})
  void isCalledByItsNameOnceAndHealthIsNotWell(String name) throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger("dev.pictj");
    String alias = server.accepted(Pictures.png(20 + name.length(), 9 + name.indexOf('i')));
    Path folder = server.data().resolve(name);
    Path away = folder.resolveSibling(folder.getFileName() + "-away");
    // Whatever ran here before.
    root.setLevel(Level.INFO);
    log.start();
    root.addAppender(log);
    try {
      Files.move(folder, away);
      for (boolean replaced : new boolean[] {false, true}) {
        if (replaced) {
          Files.createDirectory(folder);
        }
        for (int i = 0; i < 3; i++) {
          assertThat(server.request().get("/healthz").statusCode()).isEqualTo(503);
          Response refused = server.upload(Pictures.png(50, 50 + i));
          assertThat(refused.statusCode()).isEqualTo(503);
          assertThat(refused.<String>path("msg")).contains("data folder is gone");
          if (name.equals("files")) {
            assertThat(server.request().get("/image/original/" + alias).statusCode())
                .isEqualTo(503);
          }
        }
      }
      assertThat(lines(folder.toString())).isEqualTo(2);
      Files.delete(folder);
    } finally {
      Files.move(away, folder);
      root.detachAppender(log);
    }
    assertThat(server.request().get("/healthz").statusCode()).isEqualTo(200);
    assertThat(server.request().get("/image/original/" + alias).statusCode()).isEqualTo(200);
    assertThat(server.upload(Pictures.png(60, 60)).statusCode()).isEqualTo(201);
  }

  /** A file where a folder should be is named at the start. */
  @Test
  void filesInPlaceOfFoldersAreNamedAtTheStart() throws Exception {
    for (String name : new String[] {"files", "variants", "catalog", "tmp"}) {
      Path data = Files.createTempDirectory("pictj-file-");
      Files.writeString(data.resolve(name), "x");
      try {
        assertThat(
                org.assertj.core.api.Assertions.catchThrowable(
                    () -> RunningServer.start("path", data.toString())))
            .rootCause()
            .hasMessageContaining(data.resolve(name) + " is not a folder");
      } finally {
        dev.pictj.store.TempFolder.remove(data);
      }
    }
  }
}
