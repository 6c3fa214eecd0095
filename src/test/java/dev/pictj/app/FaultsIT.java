package dev.pictj.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.app.Faults.Moment;
import dev.pictj.catalog.rocksdb.DataFolder;
import dev.pictj.config.SettingsLoader;
import dev.pictj.pictures.Pictures;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every step of every kind of write fails once, before and after it took effect. The request may
 * then fail, but must not lie: what it acknowledged is so, what it did not is wholly there or
 * wholly not, the next request works, and a restart leaves nothing that contradicts anything.
 */
final class FaultsIT {
  private static final String KEY = "faults-key";

  @TempDir private Path data;
  @TempDir private Path scratch;

  private final Faults faults = new Faults();
  private final Set<String> struck = new HashSet<>();
  private Application application;
  private int size = 16;

  @BeforeEach
  void start() throws Exception {
    Map<String, List<String>> given = new HashMap<>();
    given.put("path", List.of(data.toString()));
    given.put("addr", List.of("127.0.0.1:0"));
    given.put("api-key", List.of(KEY));
    given.put("skip-validate-imports", List.of(""));
    // Its steps are the same as those of libvips, and it starts sooner.
    given.put("engine", List.of("imagemagick"));
    application = new Application(System.getenv("PATH"));
    application.start(new SettingsLoader(given, Map.of()).load(), faults::around, faults::around);
  }

  @AfterEach
  void stop() {
    application.close();
  }

  /** One step of a request: what it needs, what it asks, and whether its effect is there. */
  private interface Scenario {
    void prepare();

    Response act();

    /** Whether all of the effect is there; fails when a part of it is. */
    boolean happened();
  }

  private void everyStepFails(Scenario scenario) throws Exception {
    for (Moment moment : Moment.values()) {
      boolean more = true;
      for (int call = 0; more; call++) {
        scenario.prepare();
        faults.arm(call, moment);
        Response reply = scenario.act();
        String failed = faults.disarm();
        more = failed != null;
        String what = "%s %s, answered %s".formatted(moment, failed, reply.asString());
        if (reply.statusCode() < 400) {
          assertThat(scenario.happened()).as(what).isTrue();
        } else {
          assertThat(failed).as(what).isNotNull();
          assertThat(reply.statusCode()).as(what).isEqualTo(500);
          assertThat(reply.asString()).doesNotContain("injected", "java.", data.toString());
          // Either is right; a half would have failed the look itself.
          scenario.happened();
        }
        if (more) {
          struck.add(moment + " " + failed);
        }
        scenario.prepare();
        assertThat(scenario.act().statusCode()).as("the next one after " + what).isLessThan(400);
      }
    }
    application.close();
    DataFolder.tidy(data, scratch);
    assertThat(DataFolder.faults(data, scratch)).isEmpty();
  }

  @Test
  void anUploadOfSomethingNew() throws Exception {
    everyStepFails(
        new Scenario() {
          private byte[] picture;
          private String alias;

          @Override
          public void prepare() {
            picture = fresh();
            alias = null;
          }

          @Override
          public Response act() {
            Response reply = upload(picture);
            alias = reply.statusCode() == 201 ? reply.path("files[0].file") : null;
            return reply;
          }

          @Override
          public boolean happened() {
            return alias != null && shows(alias, picture);
          }
        });
    assertThat(struck)
        .contains(
            "BEFORE BlobStore.put",
            "AFTER BlobStore.put",
            "BEFORE Catalog.link",
            "AFTER Catalog.link");
  }

  @Test
  void anUploadOfTwoOfWhichOneIsKnown() throws Exception {
    everyStepFails(
        new Scenario() {
          private byte[] known;
          private byte[] other;
          private Response last;

          @Override
          public void prepare() {
            known = fresh();
            other = fresh();
            assertThat(upload(known).statusCode()).isEqualTo(201);
          }

          @Override
          public Response act() {
            last =
                RestAssured.given()
                    .multiPart("images[]", "a", known)
                    .multiPart("images[]", "b", other)
                    .post(url() + "/image");
            return last;
          }

          @Override
          public boolean happened() {
            if (last.statusCode() != 201) {
              return false;
            }
            return shows(last.path("files[0].file"), known)
                && shows(last.path("files[1].file"), other);
          }
        });
  }

  @Test
  void anImport() throws Exception {
    everyStepFails(
        new Scenario() {
          private byte[] picture;

          @Override
          public void prepare() {
            picture = fresh();
          }

          private String name() {
            return "import-" + size + ".png";
          }

          @Override
          public Response act() {
            return RestAssured.given()
                .header("X-Api-Token", KEY)
                .multiPart("images[]", name(), picture)
                .post(url() + "/internal/import");
          }

          @Override
          public boolean happened() {
            return original(name()).statusCode() != 404 && shows(name(), picture);
          }
        });
  }

  @Test
  void aVariant() throws Exception {
    everyStepFails(
        new Scenario() {
          private String alias;

          @Override
          public void prepare() {
            alias = upload(fresh()).path("files[0].file");
          }

          @Override
          public Response act() {
            return RestAssured.get(url() + "/image/process.png?thumbnail=8&src=" + alias);
          }

          @Override
          public boolean happened() {
            return act().statusCode() == 200;
          }
        });
    assertThat(struck).contains("BEFORE Catalog.addVariant", "AFTER Catalog.addVariant");
  }

  @Test
  void aDeleteOfTheLastAlias() throws Exception {
    deletes(1);
  }

  @Test
  void aDeleteOfOneAliasOfTwo() throws Exception {
    deletes(2);
  }

  private void deletes(int aliases) throws Exception {
    everyStepFails(
        new Scenario() {
          private final Response[] uploaded = new Response[aliases];
          private byte[] picture;

          @Override
          public void prepare() {
            picture = fresh();
            for (int i = 0; i < aliases; i++) {
              uploaded[i] = upload(picture);
            }
          }

          private String alias(int index) {
            return uploaded[index].path("files[0].file");
          }

          @Override
          public Response act() {
            String token = uploaded[0].path("files[0].delete_token");
            return RestAssured.delete(url() + "/image/delete/" + token + "/" + alias(0));
          }

          @Override
          public boolean happened() {
            for (int i = 1; i < aliases; i++) {
              assertThat(shows(alias(i), picture)).isTrue();
            }
            return original(alias(0)).statusCode() == 404 || !shows(alias(0), picture);
          }
        });
    assertThat(struck).contains("BEFORE Catalog.unlink", "AFTER Catalog.unlink");
  }

  @Test
  void aPurge() throws Exception {
    everyStepFails(
        new Scenario() {
          private String alias;
          private String other;

          @Override
          public void prepare() {
            byte[] picture = fresh();
            alias = upload(picture).path("files[0].file");
            other = upload(picture).path("files[0].file");
          }

          @Override
          public Response act() {
            return RestAssured.given()
                .header("X-Api-Token", KEY)
                .post(url() + "/internal/purge?alias=" + alias);
          }

          @Override
          public boolean happened() {
            List<Integer> seen =
                List.of(original(alias).statusCode(), original(other).statusCode());
            assertThat(seen).isIn(List.of(200, 200), List.of(404, 404));
            return seen.getFirst() == 404;
          }
        });
    assertThat(struck).contains("BEFORE Catalog.purge", "AFTER Catalog.purge");
  }

  private String url() {
    return "http://127.0.0.1:" + application.address().getPort();
  }

  private byte[] fresh() {
    size++;
    return Pictures.png(16 + size % 50, 16 + size / 50);
  }

  private Response upload(byte[] picture) {
    return RestAssured.given().multiPart("images[]", "a", picture).post(url() + "/image");
  }

  private Response original(String alias) {
    return RestAssured.get(url() + "/image/original/" + alias);
  }

  private boolean shows(String alias, byte[] picture) {
    Response reply = original(alias);
    assertThat(reply.statusCode()).as(alias).isEqualTo(200);
    assertThat(reply.asByteArray()).isEqualTo(picture);
    return true;
  }
}
