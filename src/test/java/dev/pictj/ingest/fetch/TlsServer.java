package dev.pictj.ingest.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;

/** An https server on loopback whose certificate is for one name. */
final class TlsServer implements AutoCloseable {
  private static final String PASSWORD = "changeit";

  private final HttpsServer server;
  private final KeyStore keys;
  private final List<String> names = new CopyOnWriteArrayList<>();

  private TlsServer(HttpsServer server, KeyStore keys) {
    this.server = server;
    this.keys = keys;
  }

  static TlsServer start(Path folder, String name, Map<String, String> pages) throws Exception {
    KeyStore keys = makeKeys(folder.resolve("keys.p12"), name);
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpsServer https = HttpsServer.create(anyPort, 0);
    https.setHttpsConfigurator(new HttpsConfigurator(context));
    TlsServer server = new TlsServer(https, keys);
    pages.forEach((path, text) -> https.createContext(path, http -> server.answer(http, text)));
    https.start();
    return server;
  }

  /** A self-signed certificate. The JDK makes one with its own tool only. */
  private static KeyStore makeKeys(Path file, String name) throws Exception {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process process =
        new ProcessBuilder(
                List.of(
                    keytool,
                    "-genkeypair",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    PASSWORD,
                    "-alias",
                    "server",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=" + name,
                    "-ext",
                    "san=dns:" + name))
            .inheritIO()
            .start();
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException("keytool failed");
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private void answer(HttpExchange http, String text) throws IOException {
    if (((HttpsExchange) http).getSSLSession() instanceof ExtendedSSLSession session) {
      session
          .getRequestedServerNames()
          .forEach(name -> names.add(((SNIHostName) name).getAsciiName()));
    }
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try (http) {
      http.sendResponseHeaders(200, body.length);
      http.getResponseBody().write(body);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** The server names clients asked for in their TLS hello (SNI). */
  List<String> names() {
    return names;
  }

  /** A client that stays on loopback and trusts this server's certificate only. */
  Supplier<OkHttpClient> trusting(LoopbackOnly here) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", keys.getCertificate("server"));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    X509TrustManager trust = (X509TrustManager) managers.getTrustManagers()[0];
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, new TrustManager[] {trust}, null);
    return () -> here.client().newBuilder().sslSocketFactory(tls.getSocketFactory(), trust).build();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
