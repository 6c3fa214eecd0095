package dev.pictj.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.pictures.Pictures;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a running server does by itself with variants that take too much room. */
class VariantUpkeepIT {
  /** Noise, so that one variant alone is larger than the budget. */
  private static byte[] noise(int side) {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, side, side, new Random(1).ints((long) side * side).toArray(), 0, side);
    return Pictures.written(image, "png");
  }

  @Test
  void itLooksForThemOnceInTheIntervalThatIsSet() throws Exception {
    try (RunningServer server =
        RunningServer.start("variant-budget", "1", "variant-upkeep-interval", "1")) {
      String url = "/image/process.png?src=" + server.accepted(noise(900)) + "&resize=800";
      int size = server.request().get(url).asByteArray().length;
      assertThat(size).isGreaterThan(1 << 20);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> server.admin().get("/internal/stats").<Integer>path("variants") == 0);
      assertThat(server.request().get(url).asByteArray()).hasSize(size);
    }
  }
}
