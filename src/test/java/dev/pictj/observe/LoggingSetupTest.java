package dev.pictj.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class LoggingSetupTest {
  /** As it is written by the server: a line for each message, of which no part ends it early. */
  private static List<String> written(boolean json, String message) throws Exception {
    return written("info", json, "dev.pictj.test", message);
  }

  private static List<String> written(String level, boolean json, String logger, String message)
      throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, UTF_8));
    try {
      LoggingSetup.apply(level, json);
      MDC.put("request_id", "r1");
      LoggerFactory.getLogger(logger)
          .atInfo()
          .addKeyValue("status", 206)
          .addKeyValue("bytes", 1L << 40)
          .addKeyValue("aborted", true)
          .addKeyValue("request_id", "r1")
          .log(message);
      ((LoggerContext) LoggerFactory.getILoggerFactory())
          .getLogger("ROOT")
          .detachAndStopAllAppenders();
    } finally {
      System.setOut(before);
      MDC.clear();
      LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
      context.reset();
      JoranConfigurator configurator = new JoranConfigurator();
      configurator.setContext(context);
      configurator.doConfigure(LoggingSetupTest.class.getResource("/logback-test.xml"));
    }
    return out.toString(UTF_8).lines().toList();
  }

  @Test
  void jsonIsOneObjectALineWhateverIsInIt() throws Exception {
    String message = "\"quoted\" \\ and\r\nanother line \u001b[31m\u2028 {}";
    assertThat(written(true, message))
        .singleElement()
        .satisfies(
            line -> {
              JsonNode object = new ObjectMapper().readTree(line);
              assertThat(object.path("message").asText()).isEqualTo(message);
              assertThat(Instant.parse(object.path("time").asText())).isNotNull();
              assertThat(object.path("level").asText()).isEqualTo("INFO");
              assertThat(object.path("logger").asText()).isEqualTo("dev.pictj.test");
              assertThat(object.path("status").isIntegralNumber()).isTrue();
              assertThat(object.path("bytes").longValue()).isEqualTo(1L << 40);
              assertThat(object.path("aborted").isBoolean()).isTrue();
              assertThat(object.path("request_id").asText()).isEqualTo("r1");
              assertThat(line.split("request_id", -1)).as("once").hasSize(2);
            });
  }

  @Test
  void notesOfTheStartAreToldUnlessNothingIs() throws Exception {
    for (String level : List.of("trace", "info", "warn", "error")) {
      assertThat(written(level, false, LoggingSetup.NOTES, "hello"))
          .as(level)
          .singleElement()
          .asString()
          .contains("INFO  dev.pictj.notes [r1] hello");
    }
    assertThat(written("off", false, LoggingSetup.NOTES, "hello")).isEmpty();
    assertThat(written("warn", false, "dev.pictj.test", "hello")).isEmpty();
  }

  @Test
  void textNamesTheRequestThatALineBelongsTo() throws Exception {
    assertThat(written(false, "hello"))
        .singleElement()
        .asString()
        .matches("\\S+Z INFO  dev.pictj.test \\[r1\\] hello");
  }
}
