package dev.pictj.http;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.http.jetty.ConnectionMemory;
import dev.pictj.media.Details;
import dev.pictj.process.Variants;
import dev.pictj.store.Blob;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.MissingBlobException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;

/**
 * The answer to a GET or HEAD of stored bytes: the one owner of ranges and validators. To be closed
 * when it is sent.
 */
record MediaReply(
    Representation wanted,
    Validators validators,
    Optional<Blob> blob,
    ByteRange.Part part,
    Kind kind,
    boolean isGet,
    int buffer,
    ConnectionMemory.Share memory,
    Dialect dialect)
    implements Closeable {
  /** What it is, and the status that says so. */
  private enum Kind {
    WHOLE(200),
    PART(206),
    NOT_MODIFIED(304),
    /** The picture that stands for one that does not exist: 404. */
    PLACEHOLDER(404),
    /** A range outside of the content was asked for: 416. */
    BEYOND(416);

    private final int status;

    Kind(int status) {
      this.status = status;
    }
  }

  private static final ByteRange.Part EMPTY_PART = new ByteRange.Part(0, -1);

  private static final HttpField ACCEPT_RANGES =
      new PreEncodedHttpField(HttpHeader.ACCEPT_RANGES, "bytes");

  /** Size of the buffer for content that is too long for one, which is filled repeatedly. */
  private static final int STREAMING_BUFFER = 128 * 1024;

  /** Size of buffers while many clients are served: slower, but a thousand of them take 8 MB. */
  static final int MIN_BUFFER = 8 * 1024;

  /** The pool of buffers rounds sizes up to multiples of this. */
  private static final int PAGE = 4096;

  /** Stored bytes and what is known about them. */
  record Representation(BlobName name, String hash, long size, Details details) {
    static Representation of(Media media) {
      return new Representation(
          BlobName.original(media.filename()), media.hash(), media.size(), media.details());
    }

    static Representation of(Media media, Variant variant) {
      return new Representation(
          Variants.blobName(media, variant), variant.hash(), variant.size(), variant.details());
    }
  }

  /**
   * The place of stored bytes.
   *
   * @param memory what sending them is paid from
   */
  record Source(BlobStore store, Catalog catalog, ConnectionMemory memory, Dialect dialect) {
    /**
     * Opens the bytes. The media may have been deleted since the look-up: then they are not lost.
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

  /**
   * The client has hung up, or has not read for too long. Jetty ends the connection and does not
   * log it as a failure of ours, since every client could have as many lines as it likes.
   */
  static final class ReaderGoneException extends IOException implements QuietException {
    private static final long serialVersionUID = 1;

    ReaderGoneException(IOException cause) {
      super("the client does not read what it has asked for", cause);
    }
  }

  /**
   * The answer to a request.
   *
   * @param isGet and not HEAD
   * @throws MissingBlobException when the bytes are lost or have another length than they had
   * @throws ApiException when no part of the range exists, the client has another content in mind,
   *     or there is no memory to send by
   */
  static MediaReply to(HttpFields request, boolean isGet, Source source, Representation wanted)
      throws IOException {
    Validators validators = Validators.of(wanted.hash(), wanted.details().createdAt());
    ConnectionMemory.Share memory = source.memory().open();
    if (validators.failed(
        request.get(HttpHeader.IF_MATCH), request.get(HttpHeader.IF_UNMODIFIED_SINCE))) {
      throw new ApiException(
          ErrorCode.PRECONDITION_FAILED, "The content is not the one that the conditions name");
    }
    if (validators.notModified(
        request.get(HttpHeader.IF_NONE_MATCH), request.get(HttpHeader.IF_MODIFIED_SINCE))) {
      return without(wanted, validators, Kind.NOT_MODIFIED, isGet, source, memory);
    }
    long size = wanted.size();
    // A Range on HEAD has no meaning (RFC 9110, section 14.2).
    ByteRange range =
        (isGet || source.dialect().hasRangesOfHead())
                && validators.rangeApplies(request.get("If-Range"))
            ? ByteRange.parse(
                request.get(HttpHeader.RANGE), size, source.dialect().readsRangeUnitsInAnyCase())
            : new ByteRange.Whole();
    if (range instanceof ByteRange.Unsatisfiable(boolean isBeyond)) {
      if (isBeyond && source.dialect().describesWhatRangesMiss()) {
        return without(wanted, validators, Kind.BEYOND, isGet, source, memory);
      }
      throw new ApiException(
          ErrorCode.RANGE_NOT_SATISFIABLE,
          "Range header not satisfiable",
          Map.of("Content-Range", "bytes */" + size));
    }
    return range instanceof ByteRange.Part part
        ? with(wanted, validators, part, Kind.PART, isGet, source, memory)
        : with(wanted, validators, all(wanted), Kind.WHOLE, isGet, source, memory);
  }

  /**
   * The answer where something else is shown in place of what is not there: all of it, whatever the
   * request's conditions, for they are about what is not there.
   */
  static MediaReply placeholder(boolean isGet, Source source, Representation shown)
      throws IOException {
    Validators validators = Validators.of(shown.hash(), shown.details().createdAt());
    ConnectionMemory.Share memory = source.memory().open();
    return with(shown, validators, all(shown), Kind.PLACEHOLDER, isGet, source, memory);
  }

  private static ByteRange.Part all(Representation wanted) {
    return new ByteRange.Part(0, wanted.size() - 1);
  }

  private static MediaReply without(
      Representation wanted,
      Validators validators,
      Kind kind,
      boolean isGet,
      Source source,
      ConnectionMemory.Share memory) {
    return new MediaReply(
        wanted, validators, Optional.empty(), EMPTY_PART, kind, isGet, 0, memory, source.dialect());
  }

  private static MediaReply with(
      Representation wanted,
      Validators validators,
      ByteRange.Part part,
      Kind kind,
      boolean isGet,
      Source source,
      ConnectionMemory.Share memory)
      throws IOException {
    int buffer = isGet ? buffer(part.length(), memory) : 0;
    try {
      Blob blob = source.open(wanted.name(), wanted.size(), buffer < part.length() && buffer > 0);
      return new MediaReply(
          wanted,
          validators,
          Optional.of(blob),
          part,
          kind,
          isGet,
          buffer,
          memory,
          source.dialect());
    } catch (Throwable e) {
      memory.close();
      throw e;
    }
  }

  /**
   * The size of the buffer for so much content. A slow client keeps its buffer all the time, so as
   * many clients have large buffers as there is room for, and the others have small ones.
   */
  private static int buffer(long length, ConnectionMemory.Share memory) {
    int wanted = (int) (length <= ConnectionMemory.MAX_BUFFER ? length : STREAMING_BUFFER);
    if (wanted > MIN_BUFFER && memory.takeForSpeed(pages(wanted))) {
      return wanted;
    }
    int small = Math.min(wanted, MIN_BUFFER);
    if (!memory.take(pages(small))) {
      throw Errors.tooManyConnections();
    }
    return small;
  }

  private static long pages(int bytes) {
    return (bytes + PAGE - 1L) / PAGE * PAGE;
  }

  int status() {
    return kind.status;
  }

  /** Tells all header fields; 304 has neither type nor length. */
  void describe(HttpFields.Mutable headers) {
    if (kind == Kind.PLACEHOLDER) {
      ReplyHeaders.placeholder(headers);
    } else {
      headers.put(HttpHeader.ETAG, validators.etag());
      headers.put(HttpHeader.LAST_MODIFIED, validators.httpDate());
      ReplyHeaders.media(headers, dialect);
      headers.put(ACCEPT_RANGES);
    }
    if (kind != Kind.NOT_MODIFIED) {
      headers.put(HttpHeader.CONTENT_TYPE, wanted.details().type().contentType());
      headers.put(HttpHeader.CONTENT_LENGTH, part.length());
    }
    if (kind == Kind.PART) {
      headers.put(
          HttpHeader.CONTENT_RANGE,
          "bytes %d-%d/%d".formatted(part.first(), part.last(), wanted.size()));
    } else if (kind == Kind.BEYOND) {
      headers.put(HttpHeader.CONTENT_RANGE, "bytes */" + wanted.size());
    }
  }

  /** Sends what is to be sent, which is nothing where there is no content. */
  void send(Content.Sink sink, ByteBufferPool pool) throws IOException {
    long all = isGet ? part.length() : 0;
    Optional<ByteBuffer> whole = blob.flatMap(Blob::inMemory);
    if (whole.isPresent() || all == 0) {
      // 304 is sent before its end is known, or Jetty would add a length of 0, which would be said
      // of the picture (RFC 9110, section 8.6).
      write(
          sink,
          kind != Kind.NOT_MODIFIED,
          all == 0 ? BufferUtil.EMPTY_BUFFER : whole.get().slice((int) part.first(), (int) all));
      return;
    }
    RetainableByteBuffer retainable = pool.acquire(buffer, true);
    try {
      ByteBuffer bytes = retainable.getByteBuffer();
      for (long sent = 0; sent < all; sent += bytes.position()) {
        bytes.clear().limit((int) Math.min(buffer, all - sent));
        read(bytes, part.first() + sent);
        bytes.flip();
        int now = bytes.remaining();
        write(sink, sent + now == all, bytes);
        bytes.position(now);
      }
    } finally {
      retainable.release();
    }
  }

  /** Writes bytes, and returns when the buffer can be used again. */
  private static void write(Content.Sink sink, boolean last, ByteBuffer bytes)
      throws ReaderGoneException {
    try {
      Content.Sink.write(sink, last, bytes);
    } catch (IOException e) {
      throw new ReaderGoneException(e);
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
