package dev.pictj.catalog.rocksdb;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.pictj.catalog.CatalogException;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.VerifiedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

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

  /** What an alias points to. */
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
   */
  record MediaRow(
      String filename,
      long size,
      long aliases,
      VariantsRow variants,
      DetailsRow details,
      boolean verified,
      boolean byWorker,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> origins) {
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
          List.of());
    }

    MediaRow withAliases(long count) {
      return new MediaRow(filename, size, count, variants, details, verified, byWorker, origins);
    }

    MediaRow withVariants(VariantsRow changed) {
      return new MediaRow(filename, size, aliases, changed, details, verified, byWorker, origins);
    }

    MediaRow withOrigins(List<String> changed) {
      return new MediaRow(filename, size, aliases, variants, details, verified, byWorker, changed);
    }

    Media media(String hash) {
      VerifiedBy by = byWorker ? VerifiedBy.WORKER : VerifiedBy.NOBODY;
      return new Media(
          hash, filename, size, details.details(), verified ? VerifiedBy.REFERENCE : by);
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
   * @param order grows with the time it was made within its media; 0 when it is not counted
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
