package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Pictures;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests whose head is as long as it may be, and the same thing over and over. */
@Timeout(120)
class LongHeadsIT {
  /** The default limit is 32 KiB for the whole head. */
  private static final int LENGTH = 30_000;

  private static RunningServer server;
  private static String alias;

  @BeforeAll
  static void start() {
    server = RunningServer.start();
    alias = server.accepted(Pictures.png(40, 30));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" ", "\t", "0", "-", ",", "1-2,", "9", "\"", "\\\"", "a", "W/\"x\",", ";"})
  void areReadInNoTimeWhereverTheyStand(String piece) throws Exception {
    String much = piece.repeat(LENGTH / piece.length()) + "x";
    String original = "/image/original/" + alias;
    for (String head :
        List.of(
            "GET " + original + " HTTP/1.1\r\nRange: bytes=" + much,
            "GET " + original + " HTTP/1.1\r\nRange: bytes=0-1\r\nIf-Range: " + much,
            "GET " + original + " HTTP/1.1\r\nIf-None-Match: " + much,
            "GET " + original + " HTTP/1.1\r\nIf-Modified-Since: " + much,
            "POST /image HTTP/1.1\r\nContent-Length: 0\r\nContent-Type: multipart/form-data; x=\""
                + much
                + "\"; Boundary=b",
            "POST /image HTTP/1.1\r\n"
                + "Content-Length: 0\r\n"
                + "Content-Type: multipart/form-data; boundary="
                + much)) {
      String answer =
          Wire.exchange(server, head + "\r\nHost: x\r\nConnection: close\r\n\r\n", new byte[0]);
      String first = head.substring(0, 70) + "…" + piece;
      assertThat(answer).as(first).matches("(?s)HTTP/1\\.1 [234].*");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", ".", "%41", "&a", "&blur=1", "/..", "9", "+", "x1"})
  void soAreTheirTargets(String piece) throws Exception {
    String much = piece.repeat(LENGTH / piece.length());
    for (String target :
        List.of(
            "/image/original/" + much,
            "/image/process." + much + "?src=" + alias,
            "/image/process.png?src=" + alias + "&blur=" + much,
            "/image/process.png?src=" + alias + "&crop=" + much,
            "/image/delete/" + much + "/" + alias,
            // Refused for its address, whatever follows: no name is ever looked up.
            "/image/download?url=http://127.0.0.1:9/" + much)) {
      String answer =
          Wire.exchange(
              server,
              "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
              new byte[0]);
      String first = target.substring(0, 40) + "…" + piece;
      assertThat(answer).as(first).matches("(?s)HTTP/1\\.1 [24].*");
    }
  }
}
