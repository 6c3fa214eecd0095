package dev.pictj.engine.magick;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.child.ChildResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MagickVerdictTest {
  private static ChildResult failed(String errors) {
    return new ChildResult(1, "", errors, false, false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "convert-im6.q16: unable to write blob `out': No space left on device @ error/blob.c/1.",
        "convert-im6.q16: Output file write error --- out of disk space? @ error/jpeg.c/1."
      })
  void aFullDiskIsNotThePicturesFault(String errors) {
    assertThatThrownBy(() -> MagickVerdict.require(failed(errors)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("No space left on device");
  }

  @Test
  void aDamagedPictureIs() {
    assertThatThrownBy(
            () -> MagickVerdict.require(failed("convert: corrupt image `x' @ error/png.c/1.")))
        .isInstanceOf(dev.pictj.media.MediaException.class);
  }
}
