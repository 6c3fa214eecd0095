package dev.pictj.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.pictj.fidelity.Format.Property;
import dev.pictj.fidelity.Seen.Frame;
import dev.pictj.pictures.Bytes;
import dev.pictj.pictures.Exif;
import dev.pictj.pictures.JpegSegments;
import dev.pictj.pictures.Profiles;
import dev.pictj.server.RunningServer;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * What each format can, as it was seen: what comes out is looked at by decoders that have no part
 * in the making, and either is as it should be, or has lost what its format cannot have, or was
 * refused. All that is found goes into docs/formats.md, a section for each release of Debian, and
 * has to be what stands there; {@code -Ddocs.write=true} writes the section of this machine.
 */
@Tag("pictures")
class FormatsIT {
  private static final Path PAGE = Path.of("docs/formats.md");
  private static final List<String> ENGINES = List.of("auto", "imagemagick");
  private static final String NONE = "–";
  private static final String KEPT = "kept";

  private static final Map<String, RunningServer> SERVERS = new HashMap<>();
  private static final Map<List<Object>, String> CELLS = new LinkedHashMap<>();

  @BeforeAll
  static void start() {
    for (String engine : ENGINES) {
      SERVERS.put(engine, RunningServer.start("engine", engine, "dialect", "0.5"));
    }
  }

  @AfterAll
  static void stop() throws IOException {
    for (RunningServer server : SERVERS.values()) {
      server.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> everyFormat() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String engine : ENGINES) {
      Side side = new Side(SERVERS.get(engine));
      for (Format format : Format.values()) {
        tests.add(found(engine, format, "in", () -> side.stored(format)));
        tests.add(found(engine, format, "out", () -> side.made(format)));
        for (Property property : Property.values()) {
          tests.add(found(engine, format, property, () -> side.both(format, property)));
        }
      }
    }
    tests.add(dynamicTest("the page", FormatsIT::thePageSaysSo));
    return tests.stream();
  }

  private interface Looking {
    String at() throws IOException;
  }

  private static DynamicTest found(String engine, Format format, Object column, Looking looking) {
    return dynamicTest(
        "%s: %s of %s".formatted(engine, column, format.title),
        () -> CELLS.put(List.of(engine, format, column), looking.at()));
  }

  // -------------------------------------------------------------------------------- the server

  /** What one server does. */
  private record Side(RunningServer server) {
    /** An answer, or why there is none. */
    private record Answer(byte[] file, String refused) {
      boolean isRefused() {
        return !refused.isEmpty();
      }
    }

    private static Answer of(Response response) {
      int status = response.statusCode();
      if (status / 100 == 2) {
        return new Answer(response.asByteArray(), "");
      }
      // A server that fails has not refused.
      assertThat(status).as(response.asString()).isBetween(400, 499);
      assertThat((String) response.path("msg")).isNotBlank();
      return new Answer(new byte[0], "refused");
    }

    private Answer original(String alias) {
      return of(server.request().get("/image/original/" + alias));
    }

    private Answer process(String alias, String extension) {
      return of(server.request().get("/image/process." + extension + "?src=" + alias));
    }

    private Optional<String> uploaded(byte[] file) {
      Response response = server.upload(file);
      return of(response).isRefused()
          ? Optional.empty()
          : Optional.of(response.path("files[0].file"));
    }

    /** What an upload becomes, with its pixels as they were. */
    String stored(Format format) {
      Optional<String> alias = uploaded(format.plain());
      if (alias.isEmpty()) {
        return "refused";
      }
      near(Decoders.seen(original(alias.get()).file), 24, shown(Colours.SRGB));
      return alias.get().substring(alias.get().lastIndexOf('.') + 1);
    }

    /** Whether a variant is made. */
    String made(Format format) {
      if (format.extension.isEmpty()) {
        return NONE;
      }
      Answer made = process(uploaded(Format.PNG.plain()).orElseThrow(), format.extension);
      if (made.isRefused()) {
        return made.refused;
      }
      near(Decoders.seen(made.file), 24, shown(Colours.SRGB));
      return "yes";
    }

    /** What becomes of a property in and out. */
    String both(Format format, Property property) {
      return "%s / %s".formatted(in(format, property), out(format, property));
    }

    /** Of what is read: in the original, and in a variant that can have it. */
    private String in(Format format, Property property) {
      Optional<byte[]> file = format.having(property);
      if (file.isEmpty()) {
        return NONE;
      }
      Optional<String> alias = uploaded(file.get());
      if (alias.isEmpty()) {
        return "refused";
      }
      byte[] original = original(alias.get()).file;
      if (property == Property.METADATA) {
        requireNoMark(original);
        requireNoMark(process(alias.get(), "jpg").file);
        return "removed";
      }
      if (property == Property.ANIMATED) {
        double[] times =
            Decoders.seen(file.get()).frames().stream().mapToDouble(Frame::millis).toArray();
        return motion(Decoders.seen(original), times);
      }
      String kept = what(property, original);
      Answer png = process(alias.get(), "png");
      assertThat(png.refused).isEmpty();
      String shown = what(property, png.file);
      return shown.equals(kept) ? kept : "%s, as PNG %s".formatted(kept, shown);
    }

    /** Of what is made from formats that have it, a still and an animation. */
    private String out(Format format, Property property) {
      if (format.extension.isEmpty()) {
        return NONE;
      }
      String moving = out(format, property, Format.APNG);
      if (property == Property.ANIMATED) {
        return moving;
      }
      String still = out(format, property, Format.PNG);
      return still.equals(moving) ? still : "%s, of APNG %s".formatted(still, moving);
    }

    private String out(Format format, Property property, Format from) {
      Optional<String> alias = uploaded(from.having(property).orElseThrow());
      if (alias.isEmpty()) {
        return "refused";
      }
      Answer made = process(alias.get(), format.extension);
      if (made.isRefused()) {
        return made.refused;
      }
      if (property == Property.METADATA) {
        requireNoMark(made.file);
        return "removed";
      }
      return property == Property.ANIMATED
          ? motion(
              Decoders.seen(made.file), Arrays.stream(Format.MILLIS).asDoubleStream().toArray())
          : what(property, made.file);
    }
  }

  // ----------------------------------------------------------------------------- what is there

  private static String what(Property property, byte[] file) {
    Seen seen = Decoders.seen(file);
    return switch (property) {
      case ALPHA -> alpha(seen);
      case PROFILE -> profile(seen);
      case DEPTH -> depth(seen);
      case ORIENTATION -> orientation(seen);
      case ANIMATED, METADATA -> throw new IllegalArgumentException();
    };
  }

  private static String motion(Seen seen, double[] millis) {
    for (int i = 0; i < seen.frames().size(); i++) {
      requireColour(seen.frames().get(i), 0.5, 0.5, Format.CORNERS[i], 40);
    }
    if (seen.frames().size() == 1) {
      return "first frame";
    }
    assertThat(seen.frames()).hasSize(millis.length);
    for (int i = 0; i < millis.length; i++) {
      assertThat(seen.frames().get(i).millis()).isBetween(millis[i] - 5, millis[i] + 5);
    }
    return seen.format().equals("mp4") ? "film" : KEPT;
  }

  private static String alpha(Seen seen) {
    Frame frame = seen.first();
    double[] left = frame.at(0.1, 0.5);
    double[] middle = frame.at(0.5, 0.5);
    requireColour(frame, 0.9, 0.5, 0xFF0000FF, 40);
    if (left[3] > 250) {
      // On white.
      assertThat(left[0] + left[1] + left[2]).isGreaterThan(3 * 245);
      return "on white";
    }
    assertThat(left[3]).isLessThan(8);
    boolean half = middle[3] > 110 && middle[3] < 146;
    assertThat(half || middle[3] < 8 || middle[3] > 250).isTrue();
    return half ? KEPT : "all or nothing";
  }

  /** The colours of a profile, whatever profile there is now. */
  private static String profile(Seen seen) {
    near(seen, 16, shown(Colours.of(Optional.of(Profiles.p3()), 3)));
    return KEPT;
  }

  private static double[][] shown(Colours colours) {
    return Arrays.stream(Format.COLOURS)
        .mapToObj(
            argb ->
                Arrays.stream(
                        colours.shown(
                            new double[] {
                              (argb >> 16 & 0xFF) / 255.0,
                              (argb >> 8 & 0xFF) / 255.0,
                              (argb & 0xFF) / 255.0
                            }))
                    .map(value -> 255 * value)
                    .toArray())
        .toArray(double[][]::new);
  }

  private static void near(Seen seen, double within, double[][] colours) {
    for (int i = 0; i < colours.length; i++) {
      double[] found = seen.first().at((i + 0.5) / colours.length, 0.5);
      for (int c = 0; c < 3; c++) {
        assertThat(found[c])
            .as("stripe %d of %s, not %s", i, Arrays.toString(found), Arrays.toString(colours[i]))
            .isBetween(colours[i][c] - within, colours[i][c] + within);
      }
    }
  }

  /** How many bits there are, of which all are used. */
  private static String depth(Seen seen) {
    Frame frame = seen.first();
    long distinct =
        IntStream.range(0, frame.width())
            .mapToLong(x -> Math.round(65535 * frame.samples()[frame.height() / 2][x][0]))
            .distinct()
            .count();
    double[] ends = {frame.at(0, 0.5)[0], frame.at(1, 0.5)[0]};
    double[] wanted = {
      Format.DARKEST / 257.0, (Format.DARKEST + Format.STEP * (Format.WIDTH - 1)) / 257.0
    };
    assertThat(ends[0]).isBetween(wanted[0] - 3, wanted[0] + 3);
    assertThat(ends[1]).isBetween(wanted[1] - 3, wanted[1] + 3);
    if (seen.depth() > 8) {
      // As many as 10 bits can tell apart, less what is lost in coding.
      assertThat(distinct).isGreaterThan(48);
    }
    return seen.depth() + " bits";
  }

  private static String orientation(Seen seen) {
    Frame frame = seen.first();
    assertThat(frame.width()).isEqualTo(Format.HEIGHT);
    assertThat(frame.height()).isEqualTo(Format.WIDTH);
    int[] turned = {2, 0, 3, 1};
    for (int i = 0; i < 4; i++) {
      requireColour(
          frame, 0.25 + 0.5 * (i % 2), 0.25 + 0.5 * (i / 2), Format.CORNERS[turned[i]], 40);
    }
    return KEPT;
  }

  private static void requireColour(Frame frame, double x, double y, int argb, double within) {
    double[] found = frame.at(x, y);
    for (int c = 0; c < 3; c++) {
      double wanted = argb >> 16 - 8 * c & 0xFF;
      assertThat(found[c])
          .as("%s, not %08x", Arrays.toString(found), argb)
          .isBetween(wanted - within, wanted + within);
    }
  }

  private static void requireNoMark(byte[] file) {
    for (String mark : List.of(Exif.CAMERA, Exif.GPS_MARK, JpegSegments.SECRET)) {
      assertThat(Bytes.find(file, mark)).as(mark).isEqualTo(-1);
    }
  }

  // ---------------------------------------------------------------------------------- the page

  private static void thePageSaysSo() throws IOException {
    Properties release = new Properties();
    try (Reader in = Files.newBufferedReader(Path.of("/etc/os-release"))) {
      release.load(in);
    }
    String name = release.getProperty("PRETTY_NAME").replaceAll("[\"/]", "");
    // Debian 12 of "Debian GNU/Linux 12 (bookworm)".
    String title = "\n## %s\n".formatted(name.replaceAll("GNULinux | \\(.*", ""));
    String page = Files.readString(PAGE);
    int at = page.indexOf(title);
    if (at < 0 && !Boolean.getBoolean("docs.write")) {
      // Of other systems the page says nothing.
      return;
    }
    int from = at < 0 ? page.length() : at;
    int next = at < 0 ? -1 : page.indexOf("\n## ", at + 1);
    int to = next < 0 ? page.length() : next;
    String section = title + tables();
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, page.substring(0, from) + section + page.substring(to));
    } else {
      assertThat(page.substring(from, to)).isEqualTo(section);
    }
  }

  private static String tables() {
    StringBuilder tables = new StringBuilder();
    for (String engine : ENGINES) {
      tables.append("\nWith `--engine %s`:\n\n".formatted(engine));
      tables.append(
          "| | in | out | animated | alpha | profile | depth | orientation | metadata |\n");
      tables.append("| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
      for (Format format : Format.values()) {
        tables.append("| ").append(format.title);
        Stream.concat(Stream.of("in", "out"), Arrays.stream(Property.values()))
            .map(column -> CELLS.get(List.of(engine, format, column)))
            .forEach(cell -> tables.append(" | ").append(cell));
        tables.append(" |\n");
      }
    }
    return tables.toString();
  }
}
