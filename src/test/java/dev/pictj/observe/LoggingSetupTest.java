package dev.pictj.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class LoggingSetupTest {
  /** As it is written by the server: a line for each message, of which no part ends it early. */
  private static List<String> written(boolean json, String message) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, UTF_8));
    try {
      LoggingSetup.apply("info", json);
      MDC.put("request_id", "r1");
      LoggerFactory.getLogger("dev.pictj.test").info(message);
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
              assertThat(object.path("formattedMessage").asText()).isEqualTo(message);
              assertThat(object.at("/mdc/request_id").asText()).isEqualTo("r1");
            });
  }

  @Test
  void textNamesTheRequestThatALineBelongsTo() throws Exception {
    assertThat(written(false, "hello"))
        .singleElement()
        .asString()
        .matches("\\S+Z INFO  dev.pictj.test \\[r1\\] hello");
  }
}
