package dev.pictj.cli;

import dev.pictj.app.Application;
import dev.pictj.app.StartException;
import dev.pictj.app.StopWatchdog;
import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.LogFormat;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.http.OutOfMemory;
import dev.pictj.observe.LoggingSetup;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/** {@code pictj serve}: runs a server until the process is told to stop. */
final class ServeCommand implements AutoCloseable {
  private final Application application;

  /** Begins with work that needs no settings, while the command line is being read. */
  ServeCommand(Map<String, String> environment) {
    application = new Application(environment.getOrDefault("PATH", ""));
  }

  void run(Settings settings)
      throws IOException, InvalidSettingsException, StartException, InterruptedException {
    LoggingSetup.apply(
        settings.get(SettingsCatalogue.LOG_LEVEL),
        settings.get(SettingsCatalogue.LOG_FORMAT) == LogFormat.JSON);
    settings.notes().forEach(LoggerFactory.getLogger(LoggingSetup.NOTES)::info);
    settings.warnings().forEach(LoggerFactory.getLogger(ServeCommand.class)::warn);
    OutOfMemory.watchThreads();
    application.start(settings);
    CountDownLatch stopped = new CountDownLatch(1);
    StopWatchdog watchdog = StopWatchdog.of(settings.get(SettingsCatalogue.SHUTDOWN_TIMEOUT));
    Thread stop =
        Thread.ofPlatform()
            .name("stop")
            .unstarted(
                () -> {
                  watchdog.stopBegins();
                  application.close();
                  LoggingSetup.finish();
                  stopped.countDown();
                  // Otherwise the JVM reports the signal as status 143, and a regular stop looks
                  // like a failure.
                  Runtime.getRuntime().halt(0);
                });
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      application.awaitTools();
    } catch (StartException e) {
      try {
        Runtime.getRuntime().removeShutdownHook(stop);
      } catch (IllegalStateException _) {
        // The server is being stopped already.
      }
      throw e;
    }
    stopped.await();
  }

  @Override
  public void close() {
    application.close();
  }
}
