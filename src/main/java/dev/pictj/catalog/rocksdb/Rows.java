package dev.pictj.catalog.rocksdb;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.pictj.catalog.BackgroundUploads.Outcome;
import dev.pictj.catalog.BackgroundUploads.Upload;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.Denied;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.OwedWork.Task;
import dev.pictj.catalog.ProxiedUrls.Name;
import dev.pictj.catalog.ProxiedUrls.Origin;
import dev.pictj.catalog.ProxiedUrls.Proxied;
import dev.pictj.catalog.Variant;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.Facts;
import dev.pictj.media.MediaType;
import dev.pictj.media.Phash;
import dev.pictj.media.Preview;
import dev.pictj.media.VerifiedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The values of the catalog that are records, JSON on disk so that RocksDB's own {@code ldb} tool
 * can show them. The others are plain text. The keys are the names of the components, in snake
 * case: renaming one loses what older versions have written.
 */
final class Rows {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private Rows() {}

  /** An alias. */
  record AliasRow(String hash, String deleteToken, Instant created) {
    @Override
    public String toString() {
      return "AliasRow[" + hash + "]";
    }
  }

  /** Details as they are stored. */
  record DetailsRow(int width, int height, String contentType, int frames, Instant created) {
    static DetailsRow of(Details details) {
      return new DetailsRow(
          details.dimensions().width(),
          details.dimensions().height(),
          details.type().contentType(),
          details.frames(),
          details.createdAt());
    }

    Details details() {
      MediaType type =
          MediaType.ofContentType(contentType)
              .orElseThrow(() -> new CatalogException("catalog holds unknown type " + contentType));
      return new Details(new Dimensions(width, height), type, frames, created);
    }
  }

  /**
   * A media; every link and unlink writes it, so that two of them on one hash conflict. Older
   * records and programs know only whether ImageMagick has verified it.
   *
   * @param variants null in records of before there was a bound
   * @param origins what it was made of, the latest last; null in older records
   * @param preview null where none was made yet
   */
  record MediaRow(
      String filename,
      long size,
      long aliases,
      VariantsRow variants,
      DetailsRow details,
      boolean verified,
      boolean byWorker,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> origins,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable PreviewRow preview) {
    MediaRow {
      variants = variants == null ? VariantsRow.NONE : variants;
      origins = origins == null ? List.of() : List.copyOf(origins);
    }

    static MediaRow of(Media media) {
      return new MediaRow(
          media.filename(),
          media.size(),
          0,
          VariantsRow.NONE,
          DetailsRow.of(media.details()),
          media.verifiedBy() == VerifiedBy.REFERENCE,
          media.verifiedBy() == VerifiedBy.WORKER,
          List.of(),
          media.preview().map(PreviewRow::of).orElse(null));
    }

    MediaRow withAliases(long count) {
      return new MediaRow(
          filename, size, count, variants, details, verified, byWorker, origins, preview);
    }

    MediaRow withVariants(VariantsRow changed) {
      return new MediaRow(
          filename, size, aliases, changed, details, verified, byWorker, origins, preview);
    }

    MediaRow withOrigins(List<String> changed) {
      return new MediaRow(
          filename, size, aliases, variants, details, verified, byWorker, changed, preview);
    }

    MediaRow withPreview(PreviewRow changed) {
      return new MediaRow(
          filename, size, aliases, variants, details, verified, byWorker, origins, changed);
    }

    Optional<Phash> phash() {
      return Phash.of(Optional.ofNullable(preview).map(PreviewRow::preview));
    }

    Media media(String hash) {
      VerifiedBy by = byWorker ? VerifiedBy.WORKER : VerifiedBy.NOBODY;
      return new Media(
          hash,
          filename,
          size,
          details.details(),
          verified ? VerifiedBy.REFERENCE : by,
          Optional.ofNullable(preview).map(PreviewRow::preview));
    }
  }

  /**
   * A preview as it is stored.
   *
   * @param facts null in older records
   */
  record PreviewRow(
      String blurhash, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable FactsRow facts) {
    static PreviewRow of(Preview preview) {
      return new PreviewRow(preview.blurhash(), preview.facts().map(FactsRow::of).orElse(null));
    }

    Preview preview() {
      return new Preview(blurhash, Optional.ofNullable(facts).map(FactsRow::facts));
    }
  }

  /** Facts as they are stored. */
  record FactsRow(String thumbhash, String dominantColor, String phash) {
    static FactsRow of(Facts facts) {
      return new FactsRow(facts.thumbhash(), facts.dominantColor(), facts.phash());
    }

    Facts facts() {
      return new Facts(thumbhash, dominantColor, phash);
    }
  }

  /**
   * The variants of a media that have an order.
   *
   * @param count of them
   * @param oldest no order is lower, so that nobody has to step over what was deleted before it
   * @param next every order is lower
   */
  record VariantsRow(long count, long oldest, long next) {
    static final VariantsRow NONE = new VariantsRow(0, 0, 1);

    VariantsRow withCount(long changed) {
      return new VariantsRow(Math.max(0, changed), oldest, next);
    }
  }

  /**
   * A variant.
   *
   * @param order grows with the time it was made or asked for within its media; 0 when it is not
   *     counted
   * @param lastAsked when it was made or asked for the last time that was noted, in microseconds
   *     since the epoch; 0 in older records
   */
  record VariantRow(
      String blob, String hash, long size, long order, long lastAsked, DetailsRow details) {
    static VariantRow of(Variant variant, long order, Instant made) {
      return new VariantRow(
          variant.blob(),
          variant.hash(),
          variant.size(),
          order,
          micros(made),
          DetailsRow.of(variant.details()));
    }

    VariantRow withOrder(long changed) {
      return new VariantRow(blob, hash, size, changed, lastAsked, details);
    }

    VariantRow asked(Instant moment) {
      return new VariantRow(blob, hash, size, order, micros(moment), details);
    }

    Variant variant() {
      return new Variant(blob, hash, size, details.details());
    }
  }

  /**
   * What a media that is gone has left behind in other families.
   *
   * @param aliases whether there may be some of its aliases, by which nobody finds anything
   */
  record RemovedRow(Instant since, boolean aliases) {
    RemovedRow withoutAliases() {
      return new RemovedRow(since, false);
    }
  }

  /**
   * An upload in the background.
   *
   * @param ended null as long as it waits; then there is an alias with its token, or a code with a
   *     message
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record UploadRow(
      String filename,
      String hash,
      long size,
      String query,
      int attempts,
      Instant accepted,
      @Nullable Instant ended,
      @Nullable String alias,
      @Nullable String deleteToken,
      @Nullable String code,
      @Nullable String message) {
    static UploadRow of(Upload upload) {
      return new UploadRow(
          upload.filename(),
          upload.hash(),
          upload.size(),
          upload.query(),
          upload.attempts(),
          upload.accepted(),
          null,
          null,
          null,
          null,
          null);
    }

    UploadRow withAttempts(int number) {
      return new UploadRow(
          filename, hash, size, query, number, accepted, null, null, null, null, null);
    }

    UploadRow ended(Instant now, Outcome outcome) {
      return switch (outcome) {
        case Outcome.Stored(String name, String token) ->
            new UploadRow(
                filename, hash, size, query, attempts, accepted, now, name, token, null, null);
        case Outcome.Refused(String word, String text) ->
            new UploadRow(
                filename, hash, size, query, attempts, accepted, now, null, null, word, text);
      };
    }

    Upload upload(String id) {
      return new Upload(id, filename, hash, size, query, attempts, accepted, outcome());
    }

    private Optional<Outcome> outcome() {
      if (alias != null && deleteToken != null) {
        return Optional.of(new Outcome.Stored(alias, deleteToken));
      }
      return ended == null
          ? Optional.empty()
          : Optional.of(new Outcome.Refused(String.valueOf(code), message == null ? "" : message));
    }

    @Override
    public String toString() {
      return "UploadRow[" + filename + "]";
    }
  }

  /** Owed work. */
  record TaskRow(String text, int attempts) {
    static TaskRow of(Task task) {
      return new TaskRow(task.text(), task.attempts());
    }

    Task task(String kind, String id) {
      return new Task(kind, id, text, attempts);
    }
  }

  /**
   * A URL that stands for an alias.
   *
   * @param checked when the origin was asked for the last time
   * @param asked when it was asked for the last time that was noted, in microseconds since the
   *     epoch; 0 for what nobody may keep
   * @param replaced aliases that it stood for before, each followed by its token
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ProxiedRow(
      String alias,
      String deleteToken,
      long size,
      @Nullable String etag,
      @Nullable String lastModified,
      boolean noStore,
      Instant checked,
      long asked,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable List<String> replaced) {
    List<Name> replacedNames() {
      List<Name> names = new ArrayList<>();
      List<String> all = replaced == null ? List.of() : replaced;
      for (int i = 0; i + 1 < all.size(); i += 2) {
        names.add(new Name(all.get(i), all.get(i + 1)));
      }
      return names;
    }

    static ProxiedRow of(
        Name name, long size, Origin origin, Instant checked, long asked, List<Name> replaced) {
      return new ProxiedRow(
          name.alias(),
          name.deleteToken(),
          size,
          origin.etag().orElse(null),
          origin.lastModified().orElse(null),
          origin.noStore(),
          checked,
          origin.noStore() ? 0 : asked,
          replaced.stream().flatMap(one -> Stream.of(one.alias(), one.deleteToken())).toList());
    }

    Proxied proxied(String url) {
      return new Proxied(
          url,
          new Name(alias, deleteToken),
          size,
          new Origin(Optional.ofNullable(etag), Optional.ofNullable(lastModified), noStore),
          checked,
          Instant.EPOCH.plus(asked, ChronoUnit.MICROS),
          replacedNames());
    }

    @Override
    public String toString() {
      return "ProxiedRow[" + alias + "]";
    }
  }

  /** An entry of the deny list. */
  record DeniedRow(int distance, Instant added, String note) {
    static DeniedRow of(Denied denied) {
      return new DeniedRow(denied.distance(), denied.added(), denied.note());
    }

    Denied denied(Denied.Kind kind, String hash) {
      return new Denied(kind, hash, distance, added, note);
    }
  }

  /** Microseconds since the epoch. */
  static long micros(Instant moment) {
    return moment.getEpochSecond() * 1_000_000 + moment.getNano() / 1000;
  }

  /** A number as RocksDB adds them up; a negative one is added by the overflow. */
  static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
  }

  /** The number that was written or added up. */
  static long number(byte[] value) {
    return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] write(Record row) {
    try {
      return JSON.writeValueAsBytes(row);
    } catch (JsonProcessingException e) {
      throw new CatalogException("cannot write a catalog row", e);
    }
  }

  /**
   * Reads a row.
   *
   * @throws CatalogException when it is none of that type
   */
  static <T> T read(byte[] value, Class<T> type) {
    try {
      T row = JSON.readValue(value, type);
      if (row == null) {
        throw new IOException("there is nothing in it");
      }
      return row;
    } catch (IOException e) {
      throw new CatalogException("cannot read a catalog row of " + type.getSimpleName(), e);
    }
  }
}
