package dev.pictj.catalog.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.Media;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.media.VerifiedBy;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What other versions have written, or will read. */
class RowsTest {
  private static Media media(String verified) {
    String json =
        """
        {"filename":"a.png","size":5,"aliases":1,"details":{"width":4,"height":3,
        "content_type":"image/png","frames":1,"created":"2026-01-02T03:04:05Z"}%s}
        """
            .formatted(verified);
    return Rows.read(json.getBytes(StandardCharsets.UTF_8), MediaRow.class).media("ab");
  }

  @Test
  void oldRecordsOfWhatWasVerifiedMeanImageMagick() {
    assertThat(media("").verifiedBy()).isEqualTo(VerifiedBy.NOBODY);
    assertThat(media(",\"verified\":false").verifiedBy()).isEqualTo(VerifiedBy.NOBODY);
    assertThat(media(",\"verified\":true").verifiedBy()).isEqualTo(VerifiedBy.REFERENCE);
  }

  /** Older programs would decode it in the server. */
  @Test
  void whatAWorkerHasVerifiedIsNotVerifiedForOlderPrograms() {
    Media media = media(",\"verified\":false,\"by_worker\":true");
    assertThat(media.verifiedBy()).isEqualTo(VerifiedBy.WORKER);
    assertThat(MediaRow.of(media).verified()).isFalse();
  }
}
