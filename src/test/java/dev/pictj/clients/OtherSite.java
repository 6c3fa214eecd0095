package dev.pictj.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Pages of somebody else's. It is called localhost, which to a browser is another site than
 * 127.0.0.1, not only another origin of the same.
 */
final class OtherSite implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Page> pages = new ConcurrentHashMap<>();

  private record Page(String html, Map<String, String> headers) {}

  OtherSite() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/",
        exchange -> {
          Page page = pages.get(exchange.getRequestURI().getPath());
          byte[] body = page == null ? new byte[0] : page.html().getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
          if (page != null) {
            page.headers().forEach(exchange.getResponseHeaders()::set);
          }
          exchange.sendResponseHeaders(
              page == null ? 404 : 200, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  /** Its origin, as a browser writes it. */
  String origin() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  /** Where a page is that is put up here. */
  String page(String html) {
    return page(html, Map.of());
  }

  /** The same with header fields beside the type. */
  String page(String html, Map<String, String> headers) {
    String path = "/" + pages.size() + ".html";
    pages.put(path, new Page("<!doctype html>" + html, headers));
    return origin() + path;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
