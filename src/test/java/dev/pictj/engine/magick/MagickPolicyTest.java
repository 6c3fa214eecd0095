package dev.pictj.engine.magick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.child.ChildCommand;
import dev.pictj.engine.child.ChildResult;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandbox;
import dev.pictj.engine.child.Sandboxes;
import dev.pictj.media.Limits;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What ImageMagick is famous for doing when asked, refused by the policy alone: these runs have no
 * {@code bwrap} around them.
 */
@Tag("slow")
class MagickPolicyTest {
  private static final Limits MEDIA = new Limits(5000, 5000, 20_000_000, 50);
  private static final Duration MAX_TIME = Duration.ofSeconds(20);

  private static MagickTools tools;
  private static Sandbox sandbox;

  @TempDir Path folder;
  private Path policies;
  private Path picture;

  @BeforeAll
  static void find() throws Exception {
    tools = MagickTools.find(List.of(Path.of("/usr/bin")));
    sandbox = Sandboxes.withoutBwrap(Path.of("/tmp"));
  }

  @BeforeEach
  void prepare() throws Exception {
    policies = Files.createDirectory(folder.resolve("policies"));
    MagickPolicy.write(policies, UsualLimits.ofMagick(), MEDIA, MAX_TIME);
    picture = Files.writeString(folder.resolve("p.pgm"), "P2\n1 1\n255\n0\n");
    assertThat(convert(Map.of(), "pgm:" + picture, "png:" + folder.resolve("p.png")).exitCode())
        .isZero();
    picture = folder.resolve("p.png");
  }

  private ChildResult convert(Map<String, String> environment, String... words) throws Exception {
    return new ChildRunner(folder, sandbox)
        .run(
            new ChildCommand(tools.tool(), List.of(words), environment),
            UsualLimits.ofMagick().of(MAX_TIME));
  }

  private ChildResult underPolicy(String... words) throws Exception {
    return convert(Map.of("MAGICK_CONFIGURE_PATH", policies.toString()), words);
  }

  @Test
  void theFourFormatsAreAllowed() throws Exception {
    for (String format : List.of("jpeg", "png", "webp", "gif")) {
      Path file = folder.resolve("f." + format);
      assertThat(underPolicy("png:" + picture, format + ":" + file).errors()).isEmpty();
      assertThat(underPolicy(format + ":" + file, "info:-").errors()).isEmpty();
      assertThat(file).isNotEmptyFile();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "svg",
        "msvg",
        "mvg",
        "msl",
        "ps",
        "eps",
        "pdf",
        "xps",
        "text",
        "txt",
        "ephemeral",
        "http",
        "https",
        "ftp",
        "url",
        "file",
        "tiff",
        "bmp",
        "pgm",
        "psd",
        "ico",
        "dng",
        "mpc",
        "mpr",
        "miff",
        "fd",
        "inline",
        "x",
        "plasma",
        "xc",
        "gradient",
        "label",
        "caption",
        "pango",
        "tile",
        "vid",
        "clipboard",
        "scan",
        "mp4",
        "heic",
        "avif",
        "jxl"
      })
  void everyOtherCoderIsRefused(String coder) throws Exception {
    Path out = folder.resolve("out.png");

    ChildResult result = underPolicy(coder + ":" + picture, "png:" + out);

    assertThat(result.exitCode()).isNotZero();
    assertThat(result.errors()).containsPattern("security policy|no decode delegate|no images");
    assertThat(out).doesNotExist();
    assertThat(picture).as("ephemeral: removes what it has read").exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"png:@%s", "@%s", "label:@%s", "text:%s", "caption:@%s", "info:%s"})
  void noFileIsReadAsText(String word) throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), picture + "\n");
    Path out = folder.resolve("out.png");

    ChildResult result = underPolicy(word.formatted(secret), "png:" + out);

    assertThat(result.exitCode()).isNotZero();
    assertThat(out).doesNotExist();
  }

  @Test
  void noProgramIsStarted() throws Exception {
    Path mark = folder.resolve("started");
    Path delegates =
        Files.writeString(
            policies.resolve("delegates.xml"),
            "<delegatemap><delegate decode=\"png\" command=\"touch " + mark + "\"/></delegatemap>");

    underPolicy("|touch " + mark, "png:" + folder.resolve("out.png"));
    underPolicy("png:|touch " + mark, "png:" + folder.resolve("out.png"));
    underPolicy("png:" + picture, "png:|touch " + mark);
    underPolicy("png:" + delegates, "png:" + folder.resolve("out.png"));

    assertThat(mark).doesNotExist();
  }

  @Test
  void noPictureReachesTheNetwork() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(200);
      String address = "//127.0.0.1:" + server.getLocalPort() + "/x.png";
      Path svg =
          Files.writeString(
              folder.resolve("a.svg"),
              """
              <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
                width="9" height="9"><image xlink:href="http:%s" width="9" height="9"/></svg>
              """
                  .formatted(address));
      Path mvg =
          Files.writeString(
              folder.resolve("a.mvg"),
              "push graphic-context\nimage over 0,0 9,9 'http:%s'\npop graphic-context\n"
                  .formatted(address));
      Path msl =
          Files.writeString(
              folder.resolve("a.msl"),
              "<?xml version=\"1.0\"?><image><read filename=\"http:%s\"/></image>"
                  .formatted(address));

      for (String word :
          List.of(
              "http:" + address,
              "https:" + address,
              "url:http:" + address,
              "svg:" + svg,
              svg.toString(),
              "mvg:" + mvg,
              mvg.toString(),
              "msl:" + msl,
              "png:http:" + address)) {
        assertThat(underPolicy(word, "png:" + folder.resolve("o.png")).exitCode())
            .as(word)
            .isNotZero();
      }

      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }
}
