package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.CatalogUnavailableException;
import dev.pictj.config.SettingsLoader;
import dev.pictj.engine.AbandonedWork;
import dev.pictj.engine.Abilities;
import dev.pictj.engine.SingleFlight;
import dev.pictj.engine.StartTask;
import dev.pictj.engine.admission.FailureMemory;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.ingest.Adoption;
import dev.pictj.ingest.Background;
import dev.pictj.ingest.CpuPool;
import dev.pictj.ingest.Downloads;
import dev.pictj.ingest.Ingest;
import dev.pictj.ingest.Names;
import dev.pictj.ingest.Pipelines;
import dev.pictj.ingest.ProxiedMedia;
import dev.pictj.ingest.SharedResults;
import dev.pictj.ingest.SpoolBudget;
import dev.pictj.ingest.Terms;
import dev.pictj.ingest.fetch.FetchLimits;
import dev.pictj.ingest.fetch.RemoteFetcher;
import dev.pictj.observe.Metrics;
import dev.pictj.pictures.Pictures;
import dev.pictj.process.BackgroundVariants;
import dev.pictj.process.Chain;
import dev.pictj.process.MissingPhashes;
import dev.pictj.process.Previews;
import dev.pictj.process.Variants;
import dev.pictj.upkeep.AdminJobs;
import dev.pictj.upkeep.Backup;
import dev.pictj.upkeep.Suspicion;
import dev.pictj.upkeep.Trash;
import io.javalin.http.HandlerType;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A catalog that cannot be asked now: every route that needs it says when to come back. */
@Tag("slow")
class CatalogOutOfReachTest {
  private static final Set<String> WITHOUT_CATALOG =
      Set.of("/limits", "/version", "/internal/stats", "/internal/limits", "/internal/variants");

  private static final String KEY = "key";

  @TempDir private Path data;
  @TempDir private Path backups;

  /** Answers no question; what is told to it is nobody's business here. */
  private static Catalog outOfReach() {
    return (Catalog)
        Proxy.newProxyInstance(
            Catalog.class.getClassLoader(),
            new Class<?>[] {Catalog.class},
            (_, method, _) -> {
              if (method.getName().equals("close")) {
                return null;
              }
              throw new CatalogUnavailableException("out of reach", null);
            });
  }

  private static Backup.Source copyOf(Catalog catalog) {
    return (Backup.Source)
        Proxy.newProxyInstance(
            Backup.Source.class.getClassLoader(),
            new Class<?>[] {Backup.Source.class},
            (_, _, _) -> {
              catalog.check();
              return null;
            });
  }

  @Test
  void everyRouteSaysWhenToComeBack() throws Exception {
    Catalog catalog = outOfReach();
    byte[] png = Pictures.png(20, 20);
    HttpServer remote =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    remote.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, png.length);
          exchange.getResponseBody().write(png);
          exchange.close();
        });
    remote.start();
    SpoolBudget spool = new SpoolBudget(1 << 20, Duration.ofSeconds(20));
    FetchLimits limits =
        new FetchLimits(1 << 20, Duration.ofSeconds(10), Duration.ofSeconds(20), 1, 2, true);
    try (StoredPicture picture = new StoredPicture(data);
        CpuPool cpu = new CpuPool(1, 10);
        RemoteFetcher fetcher = new RemoteFetcher(limits, "0", Optional.empty());
        SharedResults shared =
            new SharedResults(Runnable::run, Duration.ZERO, 0, picture.temporary, spool)) {
      Ingest ingest =
          Pipelines.storing(catalog, picture.files, picture.temporary, cpu, shared, () -> {});
      UploadQuery query = new UploadQuery(StoredPicture.parser(), Terms.StepsBySize.NONE, false);
      Background background =
          new Background(
              new Background.Rules(9, 1 << 20, 1, 3, Duration.ZERO, Duration.ofDays(1)),
              ingest,
              catalog,
              picture.files,
              picture.temporary,
              cpu,
              new Names(new SecureRandom()),
              Clock.systemUTC(),
              () -> {},
              new UploadWords(query, Dialect.V0_3));
      ProxiedMedia proxied =
          new ProxiedMedia(
              new ProxiedMedia.Rules(
                  Duration.ofDays(1),
                  Optional.empty(),
                  Duration.ofHours(1),
                  Duration.ZERO,
                  Duration.ofSeconds(30)),
              Terms.NONE,
              catalog,
              fetcher,
              picture.temporary,
              spool,
              ingest,
              new SingleFlight<>(Runnable::run, AbandonedWork.lasting(Duration.ZERO)),
              Clock.systemUTC(),
              () -> {});
      Variants variants = picture.variants(picture.files);
      Trash trash = new Trash(catalog, picture.files);
      try (dev.pictj.http.HttpServer server =
          new dev.pictj.http.HttpServer(
              new SettingsLoader(
                      Map.of(
                          "path", List.of(data.toString()),
                          "addr", List.of("127.0.0.1:0"),
                          "api-key", List.of(KEY),
                          "export-path", List.of(backups.toString())),
                      Map.of())
                  .load(),
              new dev.pictj.http.HttpServer.Parts(
                  ingest,
                  new Adoption(ingest, catalog, picture.files, cpu, new Names(new SecureRandom())),
                  Optional.empty(),
                  new Downloads(fetcher, picture.temporary, spool, ingest),
                  proxied,
                  background,
                  query,
                  new Presets(StoredPicture.parser(), Map.of()),
                  StoredPicture.UNSIGNED,
                  variants,
                  new BackgroundVariants(variants, catalog, _ -> new Chain(List.of()), 1, 1),
                  new Previews(
                      null,
                      new FailureMemory(1, Duration.ofHours(1)),
                      catalog,
                      picture.files,
                      null,
                      true,
                      true),
                  new MissingPhashes(catalog, null),
                  catalog,
                  picture.files,
                  picture.temporary,
                  trash,
                  spool,
                  new Backup(List.of(data), copyOf(catalog), trash),
                  new AdminJobs(
                      catalog, picture.files, trash, null, Suspicion.DEFAULT, Instant::now),
                  new Metrics(),
                  StartTask.done(Abilities.ALL),
                  Optional.empty()))) {
        server.start();
        RequestSpecification request =
            RestAssured.given()
                .port(server.address().getPort())
                .header("X-Api-Token", KEY)
                .queryParam("src", "a.png")
                .queryParam("id", "sha256:00")
                .queryParam("alias", "a.png")
                .queryParam("sha256", "ab".repeat(32))
                .queryParam("size", "1")
                .queryParam("upload_id", "3b1cf4c2-2d5b-4a3b-9a39-0d6f3a0f8b11")
                .queryParam("path", backups.resolve("backup").toString())
                .queryParam("url", "http://127.0.0.1:" + remote.getAddress().getPort() + "/");
        int routes = 0;
        for (Map.Entry<String, Set<HandlerType>> route : ReplyHeadersIT.routes().entrySet()) {
          for (HandlerType method : route.getValue()) {
            boolean isJson = route.getKey().equals("/internal/set_not_found");
            boolean isForm =
                Stream.of("/image", "/image/backgrounded", "/internal/import")
                    .anyMatch(route.getKey()::equals);
            RequestSpecification sent = RestAssured.given().spec(request);
            if (isJson) {
              sent.contentType("application/json").body("{\"alias\":\"a.png\"}");
            }
            Response response =
                (isForm ? sent.multiPart("images[]", "b.png", png) : sent)
                    .request(method.name(), path(route.getKey()));
            String what = method + " " + route.getKey();
            if (!WITHOUT_CATALOG.contains(route.getKey())) {
              assertThat(response.statusCode()).as(what).isEqualTo(503);
              assertThat(response.header("Retry-After")).as(what).isEqualTo("5");
              routes++;
            }
          }
        }
        assertThat(routes).isGreaterThan(15);
      }
    } finally {
      remote.stop(0);
    }
  }

  private static String path(String route) {
    return route.replace("{ext}", "png").replace("{token}", "t").replace("{alias}", "a.png");
  }
}
