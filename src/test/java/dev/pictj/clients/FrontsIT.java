package dev.pictj.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Pictures;
import dev.pictj.server.RunningServer;
import io.restassured.RestAssured;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every proxy, cache and browser that these tests have hands on what the server says. */
@Tag("clients")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FrontsIT {
  private RunningServer server;
  private byte[] picture;
  private String alias;

  private enum Kind {
    NGINX(upstream -> Front.nginx(upstream, "", "location / { proxy_pass http://UPSTREAM; }")),
    VARNISH(Front::varnish),
    CADDY(upstream -> Front.caddy(upstream, "encode gzip")),
    HAPROXY(upstream -> Front.haproxy(upstream, ""));

    private final IntFunction<Front> start;

    Kind(IntFunction<Front> start) {
      this.start = start;
    }
  }

  @BeforeAll
  void start() throws Exception {
    server = RunningServer.start();
    picture = Pictures.png(64, 48);
    alias = server.accepted(picture);
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void aPictureComesOutAsItIsStored(Kind kind) {
    String path = "/image/original/" + alias;
    byte[] stored = server.request().get(path).asByteArray();
    try (Front front = kind.start.apply(server.port())) {
      assertThat(RestAssured.get(front.url() + path).asByteArray()).isEqualTo(stored);
    }
  }

  @Test
  void aBrowserShowsIt() {
    try (Chromium chromium = Chromium.start();
        Chromium.Tab tab =
            chromium.open("http://127.0.0.1:" + server.port() + "/image/original/" + alias)) {
      assertThat(tab.evaluate("document.images[0].naturalWidth").asInt()).isEqualTo(64);
    }
  }
}
