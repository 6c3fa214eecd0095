package dev.pictj.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.CatalogException;
import dev.pictj.engine.EngineException;
import dev.pictj.process.InvalidChainException;
import dev.pictj.store.StoreReadOnlyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorsTest {
  private static final String FULL = "No space left on device";

  @Test
  void aFullDiskIsReadOnlyWhoeverMeetsIt() {
    for (Throwable met :
        List.of(
            new StoreReadOnlyException("too little"),
            new FileSystemException("/data/x", null, FULL),
            new UncheckedIOException(new IOException(FULL)),
            new CatalogException("the catalog failed: While appending: " + FULL),
            new EngineException("ImageMagick: " + FULL))) {
      ApiException answer = Errors.translate(met);
      assertThat(answer.code()).as(met.toString()).isEqualTo(ErrorCode.READ_ONLY);
      assertThat(answer.headers()).containsKey("Retry-After");
    }
    assertThat(Errors.translate(new IOException("other")).code())
        .isEqualTo(ErrorCode.INTERNAL_ERROR);
  }

  @Test
  void aClientThatSpeaksOfAFullDiskIsToldItsOwnMistake() {
    assertThat(Errors.translate(new InvalidChainException("blur=" + FULL + " is not")).code())
        .isEqualTo(ErrorCode.INVALID_PROCESS_PATH);
  }
}
