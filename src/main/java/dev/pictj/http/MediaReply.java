package dev.pictj.http;

import dev.pictj.catalog.Catalog;
import dev.pictj.http.jetty.ConnectionMemory;
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
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;

/**
 * What a GET or HEAD of stored bytes is answered with, whoever writes it: the one owner of ranges
 * and validators. To be closed when it is sent.
 */
final class MediaReply implements Closeable {
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

  /** What goes round where there is more. */
  private static final int USUAL_BUFFER = 128 * 1024;

  /** What goes round where many are served at once: slower, but a thousand of them are 8 MB. */
  static final int SMALLEST_BUFFER = 8 * 1024;

  /** What the pool rounds sizes up to. */
  private static final int PAGE = 4096;

  private final Validators validators;
  private final MediaType type;
  private final Optional<Blob> blob;
  private final Optional<String> contentRange;
  private final long offset;
  private final long length;
  private final boolean isGet;
  private final int buffer;
  private final ConnectionMemory.Share memory;

  private MediaReply(
      Validators validators,
      MediaType type,
      Optional<Blob> blob,
      Optional<String> contentRange,
      long offset,
      long length,
      boolean isGet,
      int buffer,
      ConnectionMemory.Share memory) {
    this.validators = validators;
    this.type = type;
    this.blob = blob;
    this.contentRange = contentRange;
    this.offset = offset;
    this.length = length;
    this.isGet = isGet;
    this.buffer = buffer;
    this.memory = memory;
  }

  /** Stored bytes and what is known about them. */
  record Representation(BlobName name, String hash, long size, Details details) {}

  /**
   * Where bytes are.
   *
   * @param memory what sending them is paid from
   */
  record Source(BlobStore store, Catalog catalog, ConnectionMemory memory) {
    /**
     * Between the look-up and here the media may have been deleted, and then nothing is lost.
     *
     * @param fromFile rather than from a memory that a slow reader would hold on to
     */
    private Blob open(BlobName name, long size, boolean fromFile) throws IOException {
      try {
        return fromFile ? store.openFile(name, size) : store.open(name, size);
      } catch (MissingBlobException e) {
        if (catalog.findByFilename(name.filename()).isEmpty()) {
          throw Errors.aliasNotFound();
        }
        throw e;
      }
    }
  }

  /** Where bytes go to. */
  @FunctionalInterface
  interface Sink {
    /** Returns when they are on their way and the buffer can be used again. */
    void write(boolean last, ByteBuffer bytes) throws IOException;
  }

  /**
   * The answer to a request.
   *
   * @param header values of its header fields, null where there is none
   * @param isGet and not HEAD
   * @throws MissingBlobException when the bytes are lost or have another length than they had
   * @throws ApiException when no part of the range exists, or there is no memory to send by
   */
  static MediaReply to(
      UnaryOperator<String> header, boolean isGet, Source source, Representation wanted)
      throws IOException {
    MediaType type = wanted.details().type();
    Validators validators = Validators.of(wanted.hash(), wanted.details().createdAt());
    ConnectionMemory.Share memory = source.memory().open();
    if (validators.notModified(header.apply("If-None-Match"), header.apply("If-Modified-Since"))) {
      return new MediaReply(
          validators, type, Optional.empty(), Optional.empty(), 0, 0, isGet, 0, memory);
    }
    long size = wanted.size();
    // A Range on HEAD has no meaning (RFC 9110, section 14.2).
    ByteRange range =
        isGet && validators.rangeApplies(header.apply("If-Range"))
            ? ByteRange.parse(header.apply("Range"), size)
            : new ByteRange.Whole();
    if (range instanceof ByteRange.Unsatisfiable) {
      throw new ApiException(
          ErrorCode.RANGE_NOT_SATISFIABLE,
          "Range header not satisfiable",
          Map.of("Content-Range", "bytes */" + size));
    }
    ByteRange.Part part =
        range instanceof ByteRange.Part one ? one : new ByteRange.Part(0, size - 1);
    int buffer = isGet ? buffer(part.length(), memory) : 0;
    try {
      Blob blob = source.open(wanted.name(), size, buffer < part.length() && buffer > 0);
      return new MediaReply(
          validators,
          type,
          Optional.of(blob),
          range instanceof ByteRange.Part
              ? Optional.of("bytes " + part.first() + "-" + part.last() + "/" + size)
              : Optional.empty(),
          part.first(),
          part.length(),
          isGet,
          buffer,
          memory);
    } catch (Throwable e) {
      memory.close();
      throw e;
    }
  }

  /**
   * How large a buffer to send so much by. A reader who is slow keeps it all the time, so large
   * ones are for as many as there is room for and the others have small ones.
   */
  private static int buffer(long length, ConnectionMemory.Share memory) {
    int wanted = (int) (length <= ConnectionMemory.LARGEST_BUFFER ? length : USUAL_BUFFER);
    if (wanted > SMALLEST_BUFFER && memory.takeForSpeed(pages(wanted))) {
      return wanted;
    }
    int small = Math.min(wanted, SMALLEST_BUFFER);
    if (!memory.take(pages(small))) {
      throw Errors.tooManyConnections();
    }
    return small;
  }

  private static long pages(int bytes) {
    return (bytes + PAGE - 1L) / PAGE * PAGE;
  }

  /** 200, 206 or 304. */
  int status() {
    return blob.isEmpty() ? 304 : contentRange.isPresent() ? 206 : 200;
  }

  /** Tells all header fields but the length. */
  void describe(Consumer<HttpField> header) {
    header.accept(new HttpField(HttpHeader.ETAG, validators.etag()));
    header.accept(new HttpField(HttpHeader.LAST_MODIFIED, validators.httpDate()));
    ReplyHeaders.media(header);
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

  /** Sends what is to be sent, which is nothing where there is no content. */
  void send(Sink sink, ByteBufferPool pool) throws IOException {
    long all = isGet ? length : 0;
    Optional<ByteBuffer> whole = blob.flatMap(Blob::inMemory);
    if (whole.isPresent() || all == 0) {
      sink.write(
          true, all == 0 ? BufferUtil.EMPTY_BUFFER : whole.get().slice((int) offset, (int) all));
      return;
    }
    RetainableByteBuffer retainable = pool.acquire(buffer, true);
    try {
      ByteBuffer bytes = retainable.getByteBuffer();
      for (long sent = 0; sent < all; sent += bytes.position()) {
        bytes.clear().limit((int) Math.min(buffer, all - sent));
        read(bytes, offset + sent);
        bytes.flip();
        int now = bytes.remaining();
        sink.write(sent + now == all, bytes);
        bytes.position(now);
      }
    } finally {
      retainable.release();
    }
  }

  private void read(ByteBuffer buffer, long from) throws IOException {
    long at = from;
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
    memory.close();
    if (blob.isPresent()) {
      blob.get().close();
    }
  }
}
