package dev.pictj.http.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.SettingsLoader;
import dev.pictj.server.Certificates;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Which pairs of files are taken, what is said of others, and when a new one is in use. */
@Tag("slow")
class TlsTest {
  @TempDir private static Path made;
  private static Certificates first;
  private static Certificates second;

  @TempDir private Path folder;
  private Path certificate;
  private Path key;
  private Instant now = Instant.now().plusSeconds(3600);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeAll
  static void make() throws Exception {
    first = Certificates.made(made, "EC");
    second = Certificates.made(made, "EC");
  }

  @BeforeEach
  void write() throws Exception {
    certificate = Files.writeString(folder.resolve("fullchain.pem"), first.certificatePem());
    key = Files.writeString(folder.resolve("privkey.pem"), first.keyPem());
    log.start();
    ((Logger) LoggerFactory.getLogger(Tls.class)).addAppender(log);
  }

  @AfterEach
  void detach() {
    ((Logger) LoggerFactory.getLogger(Tls.class)).detachAppender(log);
  }

  private Tls tls() throws InvalidSettingsException {
    Tls tls = new Tls(certificate, key, "both", () -> now);
    tls.announce();
    return tls;
  }

  private List<String> said(Level level) {
    return log.list.stream()
        .filter(event -> event.getLevel() == level)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  /** What a new connection is shown. */
  private static X509Certificate shown(Tls tls) throws Exception {
    SSLEngine client = Certificates.trusting().createSSLEngine();
    client.setUseClientMode(true);
    SSLEngine[] sides = {client, tls.newEngine()};
    ByteBuffer[] sent = {ByteBuffer.allocate(70_000), ByteBuffer.allocate(70_000)};
    ByteBuffer content = ByteBuffer.allocate(70_000);
    for (SSLEngine side : sides) {
      side.beginHandshake();
    }
    for (int step = 0; step < 200; step++) {
      SSLEngine side = sides[step % 2];
      switch (side.getHandshakeStatus()) {
        case NEED_TASK -> side.getDelegatedTask().run();
        case NEED_WRAP -> side.wrap(ByteBuffer.allocate(0), sent[step % 2]);
        case NEED_UNWRAP -> {
          ByteBuffer received = sent[1 - step % 2].flip();
          side.unwrap(received, content);
          received.compact();
        }
        default -> {}
      }
      if (client.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING) {
        return (X509Certificate) client.getSession().getPeerCertificates()[0];
      }
    }
    throw new AssertionError("no handshake");
  }

  private void refused(Path file, String why) {
    assertThatThrownBy(this::tls)
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageStartingWith("both: " + file + " " + why);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void eachKindOfKeyIsTaken(String algorithm) throws Exception {
    Certificates pair = Certificates.made(made, algorithm);
    Files.writeString(certificate, "Some words.\n" + pair.certificatePem());
    Files.writeString(key, pair.keyPem());
    assertThat(shown(tls())).isEqualTo(pair.certificate());
  }

  /** What PKCS#8 wraps: behind the version and the algorithm, in a string of octets. */
  private static byte[] unwrapped(Key key) {
    ByteBuffer in = ByteBuffer.wrap(key.getEncoded());
    skipHead(in);
    in.position(in.position() + 3);
    int algorithm = skipHead(in);
    in.position(in.position() + algorithm);
    byte[] inner = new byte[skipHead(in)];
    in.get(inner);
    return inner;
  }

  private static int skipHead(ByteBuffer in) {
    in.get();
    int length = in.get() & 0xFF;
    return switch (length) {
      case 0x81 -> in.get() & 0xFF;
      case 0x82 -> in.getShort() & 0xFFFF;
      default -> length;
    };
  }

  @Test
  void keysAsOpensslWroteThemAreTaken() throws Exception {
    Files.writeString(
        key,
        Certificates.pem("EC PARAMETERS", new byte[] {1})
            + Certificates.pem("EC PRIVATE KEY", unwrapped(first.key())));
    assertThat(shown(tls())).isEqualTo(first.certificate());

    Certificates rsa = Certificates.made(made, "RSA");
    Files.writeString(certificate, rsa.certificatePem());
    Files.writeString(key, Certificates.pem("RSA PRIVATE KEY", unwrapped(rsa.key())));
    assertThat(shown(tls())).isEqualTo(rsa.certificate());
  }

  @Test
  void whatCannotBeUsedIsNamed() throws Exception {
    Files.writeString(key, second.keyPem());
    refused(key, "is not the private key of the first certificate in " + certificate);
    Files.writeString(key, Certificates.made(made, "RSA").keyPem());
    refused(key, "has no readable EC key, as that of the first certificate in");
    Files.writeString(key, first.certificatePem());
    refused(key, "has no private key in PEM");
    Files.writeString(key, Certificates.pem("ENCRYPTED PRIVATE KEY", new byte[9]));
    refused(key, "is encrypted");
    Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n");
    refused(key, "is damaged");
    Files.write(key, new byte[(1 << 20) + 1]);
    refused(key, "is larger than 1048576 bytes");
    Files.delete(key);
    refused(key, "does not exist");
    Files.createDirectory(key);
    refused(key, "is not a file");
    Files.writeString(certificate, first.keyPem());
    key = certificate;
    refused(certificate, "has no certificate in PEM");
    Files.writeString(certificate, Certificates.pem("CERTIFICATE", new byte[9]));
    refused(certificate, "has a certificate that is damaged");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tls-certificate", "tls-key"})
  void oneAloneIsRefused(String given) {
    assertThatThrownBy(
            () ->
                Tls.of(
                    new SettingsLoader(
                            Map.of("path", List.of("/d"), given, List.of("/x")), Map.of())
                        .load(),
                    () -> now))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessage(
            "--%s is given, but not %s, which it needs"
                .formatted(given, given.equals("tls-key") ? "--tls-certificate" : "--tls-key"));
  }

  @Test
  void aRenewalOfOneFileAfterTheOtherIsUsedWhenBothAreThere() throws Exception {
    Tls tls = tls();
    Files.writeString(certificate, second.certificatePem());
    tls.look();
    assertThat(shown(tls)).isEqualTo(first.certificate());
    Files.writeString(key, second.keyPem());
    tls.look();
    assertThat(shown(tls)).isEqualTo(second.certificate());
    assertThat(said(Level.ERROR)).isEmpty();
  }

  /** As certbot and Kubernetes do it; the new files are older than the first ones. */
  @Test
  void aLinkThatIsTurnedToOtherFilesIsFollowed() throws Exception {
    Path live = Files.createDirectory(folder.resolve("live"));
    List<Path> olds = List.of(certificate, key);
    certificate = Files.createSymbolicLink(live.resolve("fullchain.pem"), olds.getFirst());
    key = Files.createSymbolicLink(live.resolve("privkey.pem"), olds.getLast());
    Tls tls = tls();
    Path other = Files.createDirectory(folder.resolve("archive"));
    Path newCertificate = Files.writeString(other.resolve("2.pem"), second.certificatePem());
    Path newKey = Files.writeString(other.resolve("key2.pem"), second.keyPem());
    for (Path file : List.of(newCertificate, newKey)) {
      Files.setLastModifiedTime(file, Files.getLastModifiedTime(olds.getFirst()));
    }
    Files.delete(certificate);
    Files.delete(key);
    tls.look();
    Files.createSymbolicLink(certificate, newCertificate);
    Files.createSymbolicLink(key, newKey);
    tls.look();
    assertThat(shown(tls)).isEqualTo(second.certificate());
    assertThat(said(Level.ERROR)).isEmpty();
  }

  @Test
  void whatStaysBrokenIsToldOnceAndWhatWasStaysInUse() throws Exception {
    Tls tls = tls();
    Files.writeString(key, "nothing");
    List<Integer> told = new ArrayList<>();
    for (int look = 0; look < 4; look++) {
      tls.look();
      told.add(said(Level.ERROR).size());
    }
    assertThat(told).containsExactly(0, 1, 1, 1);
    assertThat(said(Level.ERROR).getFirst()).contains(key.toString(), "has no private key");
    assertThat(shown(tls)).isEqualTo(first.certificate());
    Files.delete(key);
    tls.look();
    tls.look();
    assertThat(said(Level.ERROR)).hasSize(2);
    Files.writeString(key, first.keyPem());
    tls.look();
    tls.look();
    assertThat(said(Level.ERROR)).hasSize(2);
    assertThat(shown(tls)).isEqualTo(first.certificate());
  }

  @Test
  void anExpiredOneIsUsedAndWarnedOfOnce() throws Exception {
    Tls tls = tls();
    tls.look();
    assertThat(said(Level.WARN)).isEmpty();
    now = first.certificate().getNotAfter().toInstant().plusSeconds(1);
    tls.look();
    tls.look();
    assertThat(said(Level.WARN)).hasSize(1);
    assertThat(said(Level.WARN).getFirst()).contains(certificate.toString());
    assertThat(shown(tls())).isEqualTo(first.certificate());
    assertThat(said(Level.WARN)).hasSize(2);
  }

  @Test
  void onlyProtocolsAndSuitesOfTodayAreSpoken() throws Exception {
    SSLEngine engine = tls().newEngine();
    assertThat(engine.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    assertThat(engine.getEnabledCipherSuites())
        .hasSizeGreaterThan(3)
        .allMatch(suite -> suite.contains("GCM") || suite.contains("CHACHA20"));
    assertThat(Arrays.asList(engine.getEnabledCipherSuites())).contains("TLS_AES_128_GCM_SHA256");
  }
}
