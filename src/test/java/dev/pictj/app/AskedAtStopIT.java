package dev.pictj.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.ProxiedUrls.Proxied;
import dev.pictj.catalog.rocksdb.Catalogs;
import dev.pictj.catalog.rocksdb.RocksCatalog;
import dev.pictj.config.SettingsLoader;
import dev.pictj.pictures.Pictures;
import io.restassured.RestAssured;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was asked for since the last look is not forgotten by an orderly stop. */
class AskedAtStopIT {
  @TempDir private Path data;
  @TempDir private Path scratch;

  private final List<String> calls = new CopyOnWriteArrayList<>();

  private Catalog recorded(Catalog catalog) {
    return (Catalog)
        Proxy.newProxyInstance(
            Catalog.class.getClassLoader(),
            new Class<?>[] {Catalog.class},
            (_, method, arguments) -> {
              calls.add(method.getName());
              return method.invoke(catalog, arguments);
            });
  }

  @Test
  void aStopWritesDownWhatWasAskedFor() throws Exception {
    HttpServer origin =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] picture = Pictures.png(20, 20);
    origin.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, picture.length);
          exchange.getResponseBody().write(picture);
          exchange.close();
        });
    origin.start();
    Map<String, List<String>> given = new HashMap<>();
    given.put("path", List.of(data.toString()));
    given.put("addr", List.of("127.0.0.1:0"));
    given.put("dialect", List.of("0.5"));
    given.put("engine", List.of("imagemagick"));
    given.put("download-allow-private", List.of("true"));
    given.put("variant-upkeep-interval", List.of("3600"));
    try (Application application = new Application(System.getenv("PATH"))) {
      application.start(new SettingsLoader(given, Map.of()).load(), this::recorded, store -> store);
      String base = "http://127.0.0.1:" + application.address().getPort();
      String source = "proxy=http://127.0.0.1:" + origin.getAddress().getPort() + "/a";
      for (int i = 0; i < 2; i++) {
        RestAssured.get(base + "/image/process.png?thumbnail=8&" + source).then().statusCode(200);
      }
      assertThat(calls).doesNotContain("asked");
    } finally {
      origin.stop(0);
    }
    assertThat(calls).contains("asked");
    try (RocksCatalog catalog = Catalogs.open(data.resolve("catalog"), scratch)) {
      Proxied one = catalog.proxied().leastAsked(Optional.empty(), 1).getFirst();
      assertThat(one.asked()).isAfter(one.checked());
    }
  }
}
