package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Pictures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Filters that {@code resize} can be told, in both engines. */
class FiltersIT {
  private static final List<String> FILTERS =
      List.of(
          "Lanczos", "LanczosSharp", "Lanczos2", "Lanczos2Sharp", "Mitchell", "RobidouxSharp", "");

  @Test
  void bothEnginesShrinkWithThemAndLookAlike() throws Exception {
    byte[] picture = Pictures.png(640, 480);
    try (RunningServer fast = RunningServer.start("dialect", "0.5");
        RunningServer reference = RunningServer.start("dialect", "0.5", "engine", "imagemagick")) {
      String one = fast.accepted(picture);
      String other = reference.accepted(picture);
      for (String filter : FILTERS) {
        for (String size : List.of("150", "a10000")) {
          String query = "/image/process.png?resize=%s.%s&src=".formatted(filter, size);
          BufferedImage here = shown(fast, query + one);
          BufferedImage there = shown(reference, query + other);
          assertThat(here.getWidth()).isEqualTo(size.equals("150") ? 150 : 115);
          assertThat(here.getHeight()).isEqualTo(size.equals("150") ? 113 : 87);
          assertThat(apart(here, there)).as(query).isBetween(0.0, 4.0);
        }
      }
      assertThat(
              apart(
                  shown(reference, "/image/process.png?resize=Mitchell.150&src=" + other),
                  shown(reference, "/image/process.png?resize=Lanczos.150&src=" + other)))
          .isPositive();
      assertThat(
              apart(
                  shown(fast, "/image/process.png?resize=Mitchell.150&src=" + one),
                  shown(fast, "/image/process.png?resize=Lanczos.150&src=" + one)))
          .isPositive();
    }
  }

  private static BufferedImage shown(RunningServer server, String path) throws Exception {
    var reply = server.request().get(path);
    assertThat(reply.statusCode()).as(path).isEqualTo(200);
    return ImageIO.read(new ByteArrayInputStream(reply.asByteArray()));
  }

  /** The mean difference of a channel. */
  private static double apart(BufferedImage one, BufferedImage other) {
    assertThat(other.getWidth()).isEqualTo(one.getWidth());
    assertThat(other.getHeight()).isEqualTo(one.getHeight());
    long sum = 0;
    for (int y = 0; y < one.getHeight(); y++) {
      for (int x = 0; x < one.getWidth(); x++) {
        for (int shift = 0; shift < 24; shift += 8) {
          sum += Math.abs((one.getRGB(x, y) >> shift & 255) - (other.getRGB(x, y) >> shift & 255));
        }
      }
    }
    return sum / (3.0 * one.getWidth() * one.getHeight());
  }
}
