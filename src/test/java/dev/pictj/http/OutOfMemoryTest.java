package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.http.dialect.Dialect;
import io.javalin.Javalin;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory outside the heap, of which the JVM's own option does not take notice. */
@Tag("slow")
class OutOfMemoryTest {
  @ParameterizedTest
  @ValueSource(strings = {"thread", "virtual", "route", "handler", "upload", "wrapped"})
  void theProcessEndsWhereverItShows(String place) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:MaxDirectMemorySize=1m",
                "-cp",
                System.getProperty("java.class.path"),
                Hungry.class.getName(),
                place)
            .inheritIO()
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(3);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Takes more than there is, and ends with 0 where nobody minds. */
  static final class Hungry {
    private Hungry() {}

    private static void eat() {
      ByteBuffer.allocateDirect(1 << 24);
    }

    public static void main(String[] arguments) throws Exception {
      OutOfMemory.watchThreads();
      switch (arguments[0]) {
        case "thread" -> Thread.ofPlatform().start(Hungry::eat).join();
        case "virtual" -> Thread.ofVirtual().start(Hungry::eat).join();
        case "upload" -> {
          var _ =
              new UploadWords(null, Dialect.V0_3)
                  .refused(new IllegalStateException(new OutOfMemoryError("none left")));
        }
        default -> serve(arguments[0].equals("handler"), arguments[0].equals("wrapped"));
      }
      System.exit(0);
    }

    private static void serve(boolean atTheHandler, boolean wrapped) throws Exception {
      Javalin server =
          Javalin.create(
              config -> {
                config.jetty.modifyServer(
                    jetty -> {
                      jetty.setErrorHandler(
                          new ProtocolErrors(new ReplyHeaders(java.util.List.of()), Dialect.V0_3));
                      if (atTheHandler) {
                        jetty.insertHandler(
                            new org.eclipse.jetty.server.Handler.Wrapper() {
                              @Override
                              public boolean handle(
                                  org.eclipse.jetty.server.Request request,
                                  org.eclipse.jetty.server.Response response,
                                  org.eclipse.jetty.util.Callback callback) {
                                eat();
                                return true;
                              }
                            });
                      }
                    });
                Errors.register(config.router);
                Errors.register(config.routes, Dialect.V0_3);
                config.routes.get(
                    "/",
                    _ -> {
                      try {
                        eat();
                      } catch (OutOfMemoryError e) {
                        if (wrapped) {
                          throw new CompletionException(e);
                        }
                        throw e;
                      }
                    });
              });
      server.start("127.0.0.1", 0);
      URI.create("http://127.0.0.1:" + server.port() + "/").toURL().openStream().close();
    }
  }
}
