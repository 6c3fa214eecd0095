package dev.pictj.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.Configurator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class LoggingSetupTest {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);

  @AfterEach
  void forget() {
    mayEnd.countDown();
    System.getProperties().remove(LateLogging.BEGUN);
    System.getProperties().remove(LateLogging.MAY_END);
  }

  @Test
  void waitsWhileAnotherThreadsFirstUseMakesTheLogger(@TempDir Path folder) throws Exception {
    System.getProperties().put(LateLogging.BEGUN, begun);
    System.getProperties().put(LateLogging.MAY_END, mayEnd);
    try (URLClassLoader fresh = classesOfTheirOwn(folder)) {
      Thread other =
          Thread.ofPlatform()
              .daemon()
              .start(() -> call(fresh, "org.slf4j.LoggerFactory", "getILoggerFactory"));
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      FutureTask<Void> finish =
          new FutureTask<>(() -> call(fresh, "dev.pictj.observe.LoggingSetup", "finish"), null);
      Thread.ofPlatform().daemon().start(finish);
      // Time to make the mistake in; to wait longer changes nothing.
      assertThatThrownBy(() -> finish.get(100, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      mayEnd.countDown();
      finish.get(10, TimeUnit.SECONDS);
      other.join();
    }
  }

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

  /** The same class path, where nothing has been initialised, with {@link LateLogging}. */
  private static URLClassLoader classesOfTheirOwn(Path folder) throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(Configurator.class.getName()), LateLogging.class.getName() + "\n");
    List<URL> path = new ArrayList<>(List.of(folder.toUri().toURL()));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      path.add(Path.of(entry).toUri().toURL());
    }
    return new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static void call(ClassLoader loader, String type, String name) {
    try {
      Thread.currentThread().setContextClassLoader(loader);
      Method method = Class.forName(type, true, loader).getDeclaredMethod(name);
      method.setAccessible(true);
      method.invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
