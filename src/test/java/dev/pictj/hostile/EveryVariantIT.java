package dev.pictj.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.OddJpegs;
import dev.pictj.pictures.OddPngs;
import dev.pictj.pictures.OddStills;
import dev.pictj.pictures.Pictures;
import dev.pictj.server.RunningServer;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever still an upload of which answered 201, every variant of it can be made. */
class EveryVariantIT {
  private static final long SEED = Long.getLong("pictj.seed", 3);

  /** Of each kind of damage. */
  private static final int EACH = Integer.getInteger("pictj.each", 2);

  private static final List<String> CHAINS =
      List.of(
          "",
          "&thumbnail=16",
          "&resize=20",
          "&crop=4x3",
          "&blur=1.5",
          "&crop=1x1&resize=9&blur=0.4&thumbnail=3");

  private final List<String> failures = new ArrayList<>();
  private int accepted;
  private String engine;

  @ParameterizedTest
  @ValueSource(strings = {"auto", "imagemagick"})
  void ofTheSmallestAndTheNarrowest(String engine) throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int height : new int[] {1, 3000}) {
      int width = 1;
      String name = width + "x" + height;
      files.put("PNG " + name, Pictures.png(width, height));
      files.put("transparent PNG " + name, Pictures.pngAlpha(width, height));
      files.put("JPEG " + name, Pictures.jpeg(width, height));
      files.put("WebP " + name, Pictures.webp(width, height));
      files.put("GIF " + name, Pictures.gif(width, height, 1));
    }
    ask(engine, files);
    assertThat(accepted).isEqualTo(files.size());
  }

  @Tag("pictures")
  @ParameterizedTest
  @ValueSource(strings = {"auto", "imagemagick"})
  void ofEveryOddPicture(String engine) throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.putAll(OddJpegs.readable());
    files.putAll(OddPngs.shown());
    files.putAll(OddStills.webps());
    ask(engine, files);
    assertThat(accepted).isEqualTo(files.size());
  }

  @Tag("pictures")
  @ParameterizedTest
  @ValueSource(strings = {"auto", "imagemagick"})
  void ofEveryDamagedPictureThatIsAccepted(String engine) throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (HostileFile file : Corpus.sample(SEED, EACH)) {
      if (!file.format().equals("movie")) {
        files.put(file.name(), file.bytes());
      }
    }
    ask(engine, files);
    System.out.printf("%d of %d files accepted by %s%n", accepted, files.size(), engine);
    assertThat(accepted).isGreaterThan(files.size() / 10);
  }

  private void ask(String engine, Map<String, byte[]> files) throws Exception {
    this.engine = engine;
    try (RunningServer server = RunningServer.start("engine", engine)) {
      files.forEach((name, bytes) -> ask(server, name, bytes));
    }
    assertThat(failures).isEmpty();
  }

  private void ask(RunningServer server, String name, byte[] bytes) {
    Response upload = server.upload(bytes);
    if (upload.statusCode() != 201) {
      if (upload.statusCode() >= 500) {
        failures.add(name + ": " + upload.asString());
      }
      return;
    }
    accepted++;
    String alias = upload.path("files[0].file");
    for (String chain : CHAINS) {
      for (String extension : List.of("jpg", "png", "webp")) {
        String variant = "process." + extension + "?src=" + alias + chain;
        Response made = server.request().get("/image/" + variant);
        if (made.statusCode() != 200 && !isMotionThatOnlyLibvipsRenders(made)) {
          failures.add("%s: %s gives %s".formatted(name, variant, made.asString()));
        }
      }
    }
  }

  /** What ImageMagick alone may refuse, and says so. */
  private boolean isMotionThatOnlyLibvipsRenders(Response made) {
    return engine.equals("imagemagick")
        && made.statusCode() == 422
        && made.path("msg").toString().startsWith("This animation can only be rendered by libvips");
  }
}
