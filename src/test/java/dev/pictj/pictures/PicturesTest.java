package dev.pictj.pictures;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PicturesTest {
  @Test
  void stillsDecodeToTheSizeAskedFor() throws IOException {
    for (byte[] still :
        List.of(
            Pictures.jpeg(40, 30),
            Pictures.jpegProgressive(40, 30),
            Pictures.jpegRestarts(40, 30),
            Pictures.png(40, 30),
            Pictures.pngAlpha(40, 30),
            Pictures.pngInterlaced(40, 30),
            Pictures.pngBilevel(40, 30),
            Pictures.pngPalette(40, 30),
            Pictures.pngGrey16(40, 30),
            Pictures.gif(40, 30, 1),
            Pictures.webp(40, 30),
            Pictures.webpLossless(40, 30),
            Pictures.webpAlpha(40, 30))) {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(still));
      assertThat(image.getWidth()).isEqualTo(40);
      assertThat(image.getHeight()).isEqualTo(30);
    }
  }

  @Test
  void theSameArgumentsGiveTheSameBytes() {
    assertThat(Pictures.jpeg(33, 21)).isEqualTo(Pictures.jpeg(33, 21));
    assertThat(Pictures.gif(33, 21, 3)).isEqualTo(Pictures.gif(33, 21, 3));
  }

  @Test
  void filmsAreWhatTheyAreCalled() {
    assertThat(Bytes.find(Pictures.animatedWebp(40, 30, 3), "ANMF")).isPositive();
    assertThat(Bytes.find(Pictures.mp4(40, 30, 3), "ftypisom")).isEqualTo(4);
    assertThat(Bytes.find(Pictures.mp4WithSound(40, 30, 3), "soun")).isPositive();
    assertThat(Bytes.find(Pictures.mp4Fragmented(40, 30, 3), "moof")).isPositive();
    assertThat(Bytes.find(Pictures.mov(40, 30, 3), "ftypqt")).isEqualTo(4);
  }
}
