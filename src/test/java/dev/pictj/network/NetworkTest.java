package dev.pictj.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.0/33",
        "::/129",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "10.0.0.0/+8",
        "name/8",
        "10/8",
        "10.0.0.256",
        "0x7f.0.0.1",
        "fe80::1%lo",
        "fe80::%1/10",
        "[::1]",
        "1.2.3.4/8/8"
      })
  void textsAreReadStrictly(String cidr) {
    assertThatThrownBy(() -> Network.of(cidr)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "10.9.9.9/8, 10.1.2.3, true",
    "192.0.2.128/25, 192.0.2.129, true",
    "192.0.2.128/25, 192.0.2.127, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "10.0.0.0/8, ::ffff:10.1.2.3, true",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "::1, ::1, true",
    "::/0, 10.0.0.1, false"
  })
  void aBlockHoldsTheAddressesOfItsPrefix(String cidr, String address, boolean held) {
    InetAddress asked = Network.literal(address);
    assertThat(Network.anyContains(List.of(Network.of(cidr)), asked)).isEqualTo(held);
  }

  @Test
  void blocksWithTheSamePrefixAreTheSame() {
    assertThat(Network.of("10.9.9.9/8"))
        .isEqualTo(Network.of("10.0.0.0/8"))
        .hasSameHashCodeAs(Network.of("10.0.0.0/8"))
        .hasToString("10.0.0.0/8")
        .isNotEqualTo(Network.of("10.0.0.0/9"));
    assertThat(Network.of("::1")).hasToString("0:0:0:0:0:0:0:1/128");
  }
}
