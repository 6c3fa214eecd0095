package dev.pictj.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.pictures.Exif;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrientationTest {
  @Test
  void everyTagIsReadInBothByteOrders() {
    for (int tag = 1; tag <= 8; tag++) {
      Orientation expected = Orientation.values()[tag - 1];
      assertThat(Orientation.ofTag(tag)).isEqualTo(expected);
      for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
        assertThat(ExifBlock.orientation(Exif.tiff(tag, order))).isEqualTo(expected);
      }
    }
  }

  @Test
  void tagsOutsideTheRangeMeanUpright() {
    for (int tag : new int[] {-1, 0, 9, 65_535}) {
      assertThat(Orientation.ofTag(tag)).isEqualTo(Orientation.UPRIGHT);
    }
  }

  @Test
  void quarterTurnsSwapTheSides() {
    Dimensions stored = new Dimensions(4, 3);
    assertThat(Orientation.HALF_TURN.upright(stored)).isEqualTo(stored);
    for (int tag = 5; tag <= 8; tag++) {
      assertThat(Orientation.ofTag(tag).upright(stored)).isEqualTo(new Dimensions(3, 4));
    }
  }

  @Test
  void blocksThatPointToThemselvesDoNotHoldTheReader() {
    assertThat(ExifBlock.orientation(Exif.cyclic())).isEqualTo(Orientation.UPRIGHT);
  }

  @Test
  void damagedBlocksNeverThrow() {
    Random random = new Random(11);
    byte[] sound = Exif.tiff(6);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = java.util.Arrays.copyOf(sound, random.nextInt(sound.length + 1));
      for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      assertThat(ExifBlock.orientation(damaged)).isNotNull();
    }
  }
}
