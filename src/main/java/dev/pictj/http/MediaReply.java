package dev.pictj.http;

import dev.pictj.catalog.Catalog;
import dev.pictj.media.Details;
import dev.pictj.media.MediaType;
import dev.pictj.store.Blob;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.MissingBlobException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;

/**
 * What a GET or HEAD of stored bytes is answered with, whoever writes it: the one owner of ranges,
 * validators and caching. To be closed when it is sent.
 */
final class MediaReply implements Closeable {
  /** Seven days, exactly as pict-rs writes it. Content under a name never changes. */
  private static final HttpField CACHE_CONTROL =
      new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "public, max-age=604800, immutable");

  private static final HttpField ACCEPT_RANGES =
      new PreEncodedHttpField(HttpHeader.ACCEPT_RANGES, "bytes");

  private static final Map<MediaType, HttpField> CONTENT_TYPES =
      Arrays.stream(MediaType.values())
          .collect(
              Collectors.toMap(
                  Function.identity(),
                  type -> new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, type.contentType()),
                  (one, _) -> one,
                  () -> new EnumMap<>(MediaType.class)));

  /** Up to this size one read and one write are fastest. */
  private static final int SMALL = 256 * 1024;

  /** What goes round where there is more. */
  private static final int BUFFER = 128 * 1024;

  /** The most that {@link #buffer} ever wants, in bytes. */
  static final int LARGEST_BUFFER = SMALL;

  private final Validators validators;
  private final MediaType type;
  private final Optional<Blob> blob;
  private final Optional<String> contentRange;
  private final long offset;
  private final long length;
  private final boolean isGet;

  private MediaReply(
      Validators validators,
      MediaType type,
      Optional<Blob> blob,
      Optional<String> contentRange,
      long offset,
      long length,
      boolean isGet) {
    this.validators = validators;
    this.type = type;
    this.blob = blob;
    this.contentRange = contentRange;
    this.offset = offset;
    this.length = length;
    this.isGet = isGet;
  }

  /** Stored bytes and what is known about them. */
  record Representation(BlobName name, String hash, long size, Details details) {}

  /** Where bytes come from. */
  @FunctionalInterface
  interface Opening {
    /** Opens bytes of this length. */
    Blob open(BlobName name, long size) throws IOException;
  }

  /** Where bytes are and whether they may be missing. */
  record Source(BlobStore store, Catalog catalog) implements Opening {
    /** Between the look-up and here the media may have been deleted, and then nothing is lost. */
    @Override
    public Blob open(BlobName name, long size) throws IOException {
      try {
        return store.open(name, size);
      } catch (MissingBlobException e) {
        if (catalog.findByFilename(name.filename()).isEmpty()) {
          throw Errors.aliasNotFound();
        }
        throw e;
      }
    }
  }

  /**
   * The answer to a request.
   *
   * @param header values of its header fields, null where there is none
   * @param isGet and not HEAD
   * @throws MissingBlobException when the bytes are lost or have another length than they had
   * @throws ApiException when no part of the range exists
   */
  static MediaReply to(
      UnaryOperator<String> header, boolean isGet, Opening source, Representation wanted)
      throws IOException {
    MediaType type = wanted.details().type();
    Validators validators = Validators.of(wanted.hash(), wanted.details().createdAt());
    if (validators.notModified(header.apply("If-None-Match"), header.apply("If-Modified-Since"))) {
      return new MediaReply(validators, type, Optional.empty(), Optional.empty(), 0, 0, isGet);
    }
    long size = wanted.size();
    Blob blob = source.open(wanted.name(), size);
    try {
      // A Range on HEAD has no meaning (RFC 9110, section 14.2).
      ByteRange range =
          isGet && validators.rangeApplies(header.apply("If-Range"))
              ? ByteRange.parse(header.apply("Range"), size)
              : new ByteRange.Whole();
      return switch (range) {
        case ByteRange.Unsatisfiable _ ->
            throw new ApiException(
                ErrorCode.RANGE_NOT_SATISFIABLE,
                "Range header not satisfiable",
                Map.of("Content-Range", "bytes */" + size));
        case ByteRange.Whole _ ->
            new MediaReply(validators, type, Optional.of(blob), Optional.empty(), 0, size, isGet);
        case ByteRange.Part part ->
            new MediaReply(
                validators,
                type,
                Optional.of(blob),
                Optional.of("bytes " + part.first() + "-" + part.last() + "/" + size),
                part.first(),
                part.length(),
                isGet);
      };
    } catch (Throwable e) {
      blob.close();
      throw e;
    }
  }

  /** 200, 206 or 304. */
  int status() {
    return blob.isEmpty() ? 304 : contentRange.isPresent() ? 206 : 200;
  }

  /** Tells all header fields but the length. */
  void describe(Consumer<HttpField> header) {
    header.accept(new HttpField(HttpHeader.ETAG, validators.etag()));
    header.accept(new HttpField(HttpHeader.LAST_MODIFIED, validators.httpDate()));
    header.accept(CACHE_CONTROL);
    header.accept(ACCEPT_RANGES);
    if (hasContent()) {
      header.accept(CONTENT_TYPES.get(type));
      contentRange.ifPresent(
          range -> header.accept(new HttpField(HttpHeader.CONTENT_RANGE, range)));
    }
  }

  /** Whether it has a length and a type, which 304 has not. */
  boolean hasContent() {
    return blob.isPresent();
  }

  /** Bytes that a GET is sent, and that a HEAD is told of. */
  long length() {
    return length;
  }

  /** Bytes that are sent. */
  long toSend() {
    return isGet ? length : 0;
  }

  /** All that is sent, where it is in memory already. */
  Optional<ByteBuffer> inMemory() {
    return blob.flatMap(Blob::inMemory).map(all -> all.slice((int) offset, (int) toSend()));
  }

  /** How large a buffer to send it by. */
  int buffer() {
    return (int) (toSend() <= SMALL ? toSend() : BUFFER);
  }

  /**
   * Reads what comes next into all that remains of a buffer.
   *
   * @param done how much of {@link #toSend} has been read before
   */
  void read(ByteBuffer buffer, long done) throws IOException {
    long at = offset + done;
    while (buffer.hasRemaining()) {
      int read = blob.orElseThrow().read(buffer, at);
      if (read < 0) {
        throw new IOException("stored bytes end early");
      }
      at += read;
    }
  }

  @Override
  public void close() throws IOException {
    if (blob.isPresent()) {
      blob.get().close();
    }
  }
}
