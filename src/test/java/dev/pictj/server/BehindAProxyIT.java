package dev.pictj.server;

import static dev.pictj.server.Wire.exchange;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose address the access log shows. All requests of these tests come from the loopback. */
class BehindAProxyIT {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.0/8, X-Forwarded-For: 192.0.2.7, 192.0.2.7",
    "'10.0.0.0/8, 127.0.0.1', 'X-Forwarded-For: 1.2.3.4, 192.0.2.7:99, 10.9.8.7', 192.0.2.7",
    "127.0.0.1/32, 'Forwarded: for=\"[2001:db8::7]:99\"', 2001:db8:0:0:0:0:0:7",
    "127.0.0.1, X-Forwarded-For: nonsense, 127.0.0.1",
    "127.0.0.1, X-Other: 1, 127.0.0.1",
    "::1, X-Forwarded-For: 192.0.2.7, 127.0.0.1",
    "'', X-Forwarded-For: 192.0.2.7, 127.0.0.1",
    "'', Forwarded: for=192.0.2.7, 127.0.0.1"
  })
  void theLogNamesTheClientThatATrustedProxyNames(String trusted, String header, String client)
      throws Exception {
    try (RunningServer server = RunningServer.start("trusted-proxies", trusted);
        LoggedRequests log = LoggedRequests.open()) {
      String head = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + header + "\r\n\r\n";
      assertThat(exchange(server, "GET /healthz" + head, new byte[0])).startsWith("HTTP/1.1 200");
      assertThat(exchange(server, "GET /none" + head, new byte[0])).startsWith("HTTP/1.1 404");
      assertThat(log.lines(2)).allSatisfy(line -> assertThat(line).startsWith(client + " \"GET /"));
    }
  }
}
