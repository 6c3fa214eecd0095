package dev.pictj.http.jetty;

import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.http.jetty.PemPair.PemException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS 1.2 and 1.3 with the certificate and the key that two files hold. They are read anew again
 * and again: a renewal is used by the connections that begin after it was seen, and no other one
 * notices. Whatever cannot be used leaves in use what was.
 *
 * <p>It is the contents that are compared, which are small, and not times: those of a link that is
 * turned to other files, as ACME clients do it, may be older than what they replace.
 */
public final class Tls {
  private static final Logger log = LoggerFactory.getLogger(Tls.class);
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /** Some kilobytes each. Clients of TLS 1.3 keep theirs themselves. */
  private static final int MAX_SESSIONS = 1000;

  private static final int SESSION_SECONDS = 3600;

  private final Path certificateFile;
  private final Path keyFile;
  private final InstantSource clock;
  private volatile InUse inUse;
  private @Nullable Object refused;
  private boolean told;
  private boolean expiryTold;

  private record Contents(String certificate, String key) {}

  private record InUse(Contents contents, SSLContext context, X509Certificate certificate) {}

  /**
   * Reads both files.
   *
   * @param where they are named
   * @throws InvalidSettingsException that names the file which cannot be used, and says why
   */
  Tls(Path certificateFile, Path keyFile, String where, InstantSource clock)
      throws InvalidSettingsException {
    this.certificateFile = certificateFile;
    this.keyFile = keyFile;
    this.clock = clock;
    try {
      this.inUse = made(contents());
    } catch (PemException e) {
      throw new InvalidSettingsException(List.of("%s: %s".formatted(where, e.getMessage())));
    }
  }

  /**
   * TLS as the settings have it; nothing where they have none.
   *
   * @throws InvalidSettingsException that names the setting or the file, and says what is wrong
   */
  public static Optional<Tls> of(Settings settings, InstantSource clock)
      throws InvalidSettingsException {
    Optional<Path> certificate = settings.get(SettingsCatalogue.TLS_CERTIFICATE);
    Optional<Path> key = settings.get(SettingsCatalogue.TLS_KEY);
    if (certificate.isPresent() != key.isPresent()) {
      throw new InvalidSettingsException(
          List.of(
              "%s is given, but not %s, which it needs"
                  .formatted(
                      settings.where(
                          key.isPresent()
                              ? SettingsCatalogue.TLS_KEY
                              : SettingsCatalogue.TLS_CERTIFICATE),
                      key.isPresent() ? "--tls-certificate" : "--tls-key")));
    }
    if (certificate.isEmpty()) {
      return Optional.empty();
    }
    String where =
        "%s and %s"
            .formatted(
                settings.where(SettingsCatalogue.TLS_CERTIFICATE),
                settings.where(SettingsCatalogue.TLS_KEY));
    return Optional.of(new Tls(certificate.get(), key.orElseThrow(), where, clock));
  }

  /** For a new connection of a client. */
  SSLEngine newEngine() {
    SSLEngine engine = inUse.context().createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setCipherSuites(
        Arrays.stream(parameters.getCipherSuites())
            .filter(Tls::isAuthenticated)
            .toArray(String[]::new));
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** Encrypts and authenticates at once (AEAD). What does not is in TLS 1.2 only. */
  private static boolean isAuthenticated(String suite) {
    return suite.contains("_GCM_") || suite.contains("_CHACHA20_");
  }

  /**
   * Uses what the files hold now. A renewal replaces one after the other, so that what cannot be
   * used is an error only when it is found again, and is told once.
   */
  public synchronized void look() {
    Object found;
    String problem;
    try {
      Contents contents = contents();
      found = contents;
      try {
        if (!contents.equals(inUse.contents())) {
          inUse = made(contents);
          expiryTold = false;
          announce();
        }
        refused = null;
        warnOfExpiry();
        return;
      } catch (PemException e) {
        problem = String.valueOf(e.getMessage());
      }
    } catch (PemException e) {
      problem = String.valueOf(e.getMessage());
      found = problem;
    }
    if (!found.equals(refused)) {
      refused = found;
      told = false;
    } else if (!told) {
      told = true;
      log.error("TLS: the certificate of before stays in use: {}", problem);
    }
  }

  private Contents contents() throws PemException {
    return new Contents(PemPair.text(certificateFile), PemPair.text(keyFile));
  }

  private InUse made(Contents contents) throws PemException {
    PemPair pair = PemPair.of(certificateFile, contents.certificate(), keyFile, contents.key());
    try {
      char[] password = "none".toCharArray();
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry("pictj", pair.key(), password, pair.chain().toArray(X509Certificate[]::new));
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      SSLSessionContext sessions = context.getServerSessionContext();
      sessions.setSessionCacheSize(MAX_SESSIONS);
      sessions.setSessionTimeout(SESSION_SECONDS);
      return new InUse(contents, context, pair.chain().getFirst());
    } catch (GeneralSecurityException | IOException e) {
      throw new PemException(certificateFile, "cannot be used: " + e.getMessage());
    }
  }

  /** Logs which certificate is in use, and warns where it is out of date. */
  public void announce() {
    X509Certificate certificate = inUse.certificate();
    log.info(
        "TLS: the certificate {} of {}, valid until {}, is in use",
        certificate.getSerialNumber().toString(16),
        certificate.getSubjectX500Principal(),
        certificate.getNotAfter().toInstant());
    warnOfExpiry();
  }

  private void warnOfExpiry() {
    Instant now = clock.instant();
    Instant begin = inUse.certificate().getNotBefore().toInstant();
    Instant end = inUse.certificate().getNotAfter().toInstant();
    if (!expiryTold && (now.isAfter(end) || now.isBefore(begin))) {
      expiryTold = true;
      log.warn(
          "TLS: the certificate in {} is valid from {} until {} only, and clients will refuse it",
          certificateFile,
          begin,
          end);
    }
  }
}
