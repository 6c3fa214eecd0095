package dev.pictj.catalog.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.Media;
import dev.pictj.catalog.rocksdb.Rows.AliasRow;
import dev.pictj.catalog.rocksdb.Rows.DetailsRow;
import dev.pictj.catalog.rocksdb.Rows.FactsRow;
import dev.pictj.catalog.rocksdb.Rows.MediaRow;
import dev.pictj.catalog.rocksdb.Rows.PreviewRow;
import dev.pictj.catalog.rocksdb.Rows.RemovedRow;
import dev.pictj.catalog.rocksdb.Rows.VariantRow;
import dev.pictj.catalog.rocksdb.Rows.VariantsRow;
import dev.pictj.media.VerifiedBy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
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

  /** A key that is called otherwise is not found in what older versions have written. */
  @Test
  void theKeysOfRowsStayAsTheyAre() {
    Instant moment = Instant.parse("2026-01-02T03:04:05Z");
    DetailsRow details = new DetailsRow(4, 3, "image/png", 1, moment);
    String detailsText =
        "{'width':4,'height':3,'content_type':'image/png','frames':1,'created':'2026-01-02T03:04:05Z'}";
    assertWritten(
        new AliasRow("ab", "secret", moment),
        "{'hash':'ab','delete_token':'secret','created':'2026-01-02T03:04:05Z'}");
    assertWritten(
        new MediaRow(
            "a.png",
            5,
            1,
            new VariantsRow(2, 3, 4),
            details,
            true,
            true,
            List.of("o"),
            new PreviewRow("L0", new FactsRow("t", "#0", "p"))),
        "{'filename':'a.png','size':5,'aliases':1,'variants':{'count':2,'oldest':3,'next':4},"
            + "'details':"
            + detailsText
            + ",'verified':true,'by_worker':true,'origins':['o'],'preview':{'blurhash':'L0',"
            + "'facts':{'thumbhash':'t','dominant_color':'#0','phash':'p'}}}");
    assertWritten(
        new MediaRow("a.png", 5, 1, VariantsRow.NONE, details, false, false, List.of(), null),
        "{'filename':'a.png','size':5,'aliases':1,'variants':{'count':0,'oldest':0,'next':1},"
            + "'details':"
            + detailsText
            + ",'verified':false,'by_worker':false}");
    assertWritten(
        new VariantRow("b.webp", "cd", 6, 7, 8, details),
        "{'blob':'b.webp','hash':'cd','size':6,'order':7,'last_asked':8,'details':"
            + detailsText
            + "}");
    assertWritten(new RemovedRow(moment, true), "{'since':'2026-01-02T03:04:05Z','aliases':true}");
  }

  private static void assertWritten(Record row, String json) {
    assertThat(Rows.text(Rows.write(row))).isEqualTo(json.replace('\'', '"'));
    assertThat(Rows.read(Rows.write(row), row.getClass()).toString()).isEqualTo(row.toString());
  }
}
