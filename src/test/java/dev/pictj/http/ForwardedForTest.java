package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.network.Network;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a trusted peer names, as proxies write it and as clients forge it. */
class ForwardedForTest {
  private static final List<Network> TRUSTED =
      List.of(Network.of("10.0.0.0/8"), Network.of("fd00::/8"));

  private static Optional<String> client(HttpFields headers) {
    return ForwardedFor.client(headers, TRUSTED).map(InetAddress::getHostAddress);
  }

  private static HttpFields headers(String name, String lines) {
    HttpFields.Mutable headers = HttpFields.build();
    for (String line : lines.split("\\|", -1)) {
      headers.add(name, line);
    }
    return headers;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "192.0.2.1; 192.0.2.1",
        "192.0.2.1:4711; 192.0.2.1",
        "  192.0.2.1 ; 192.0.2.1",
        "2001:db8::1; 2001:db8:0:0:0:0:0:1",
        "[2001:db8::1]; 2001:db8:0:0:0:0:0:1",
        "[2001:db8::1]:443; 2001:db8:0:0:0:0:0:1",
        "::ffff:192.0.2.1; 192.0.2.1",
        // What the client itself wrote stands first, and is not believed.
        "203.0.113.9, 192.0.2.1; 192.0.2.1",
        "203.0.113.9, 192.0.2.1, 10.0.0.2; 192.0.2.1",
        "203.0.113.9, 192.0.2.1, [fd00::2]:80, 10.0.0.2:81; 192.0.2.1",
        "127.0.0.1, 192.0.2.1; 192.0.2.1",
        "junk, 192.0.2.1; 192.0.2.1",
        // Repeated lines are one list.
        "203.0.113.9|192.0.2.1|10.0.0.2; 192.0.2.1",
        "203.0.113.9|192.0.2.1, 10.0.0.3|10.0.0.2; 192.0.2.1",
        ", 192.0.2.1, ,; 192.0.2.1",
        // A client in the proxies' own network.
        "10.0.0.9, 10.0.0.2; 10.0.0.9",
        // Nobody is named.
        "''; ",
        "unknown; ",
        "localhost; ",
        "192.0.2.1, unknown; ",
        "192.0.2.1, junk, 10.0.0.2; ",
        "192.0.2.256; ",
        "192.0.2; ",
        "3221225985; ",
        "0xc0.0.2.1; ",
        "[192.0.2.1; ",
        "[2001:db8::1; ",
        "2001:db8::1]; ",
        "fe80::1%eth0; ",
        "\"192.0.2.1\"; ",
        "192.0.2.1:80:90; "
      })
  void forwardedForIsReadFromTheRight(String lines, String expected) {
    assertThat(client(headers("X-Forwarded-For", lines))).isEqualTo(Optional.ofNullable(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '~',
      value = {
        "for=192.0.2.1! 192.0.2.1",
        "FOR=192.0.2.1;proto=http;by=203.0.113.43! 192.0.2.1",
        "proto=http ; for=192.0.2.1! 192.0.2.1",
        "for=\"192.0.2.1:4711\"! 192.0.2.1",
        "for=\"[2001:db8:cafe::17]:4711\"! 2001:db8:cafe:0:0:0:0:17",
        "for=\"[2001:db8::17]:_port\"! 2001:db8:0:0:0:0:0:17",
        "for=\"192.0.2\\.1\"! 192.0.2.1",
        "host=\"a,b;for=203.0.113.9\";for=192.0.2.1! 192.0.2.1",
        "for=203.0.113.9, for=192.0.2.1, for=10.0.0.2! 192.0.2.1",
        "for=203.0.113.9|for=192.0.2.1|for=10.0.0.2;proto=https! 192.0.2.1",
        "for=\"|for=192.0.2.1! 192.0.2.1",
        // Nobody is named.
        "for=unknown! ",
        "for=_hidden! ",
        "proto=https! ",
        "for=203.0.113.9, proto=https! ",
        "for=192.0.2.1;for=203.0.113.9! ",
        "for=\"192.0.2.1! ",
        "for=\", for=192.0.2.1! ",
        "for! ",
        "for=! ",
        "192.0.2.1! "
      })
  void forwardedIsReadFromTheRight(String lines, String expected) {
    assertThat(client(headers("Forwarded", lines))).isEqualTo(Optional.ofNullable(expected));
  }

  /** A proxy that writes one of the headers lets a client's own copy of the other pass. */
  @Test
  void bothHeadersMustAgree() {
    HttpFields.Mutable headers = HttpFields.build().add("X-Forwarded-For", "192.0.2.1");
    assertThat(client(HttpFields.build(headers).add("Forwarded", "for=192.0.2.1")))
        .contains("192.0.2.1");
    assertThat(client(HttpFields.build(headers).add("Forwarded", "for=203.0.113.9"))).isEmpty();
    assertThat(client(HttpFields.build(headers).add("Forwarded", "for=junk"))).isEmpty();
    assertThat(client(HttpFields.build())).isEmpty();
  }

  /** As large as a head may be; a loop that might go back would take stack for each character. */
  @Test
  void longListsAreRead() {
    String many = "for=\"[2001:db8::1]\";proto=https, ".repeat(30_000) + "for=192.0.2.1";
    assertThat(client(headers("Forwarded", many))).contains("192.0.2.1");
    assertThat(client(headers("Forwarded", "a".repeat(1_000_000)))).isEmpty();
    assertThat(client(headers("X-Forwarded-For", "1.2.3.4,".repeat(100_000) + "192.0.2.1")))
        .contains("192.0.2.1");
  }
}
