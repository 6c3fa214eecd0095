package dev.pictj.http;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.http.MediaReply.Representation;
import dev.pictj.http.MediaReply.Source;
import dev.pictj.process.ChainParser;
import dev.pictj.process.Variants;
import dev.pictj.store.BlobName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Serves what is stored already, before servlets and routes are asked: originals and variants that
 * exist. Everything else, and everything that is not as it should be, goes on to the routes, which
 * know all answers; nothing has been said by then.
 */
final class StoredMedia extends Handler.Wrapper {
  private static final String ORIGINAL = "/image/original/";
  private static final String PROCESS = "/image/process.";

  private final Catalog catalog;
  private final ChainParser parser;
  private final Variants variants;
  private final Source source;

  StoredMedia(Catalog catalog, ChainParser parser, Variants variants, Source source) {
    this.catalog = catalog;
    this.parser = parser;
    this.variants = variants;
    this.source = source;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    boolean isGet = request.getMethod().equals("GET");
    if (!isGet && !request.getMethod().equals("HEAD")) {
      return super.handle(request, response, callback);
    }
    Optional<MediaReply> found = reply(request, isGet);
    if (found.isEmpty()) {
      return super.handle(request, response, callback);
    }
    try (MediaReply reply = found.get()) {
      HttpFields.Mutable headers = response.getHeaders();
      response.setStatus(reply.status());
      reply.describe(headers::put);
      if (reply.hasContent()) {
        headers.put(HttpHeader.CONTENT_LENGTH, reply.length());
        send(reply, response, request.getComponents().getByteBufferPool());
      } else {
        // Sent before its end is known, or Jetty would add a length of 0, which in 304 would be
        // said of the picture (RFC 9110, section 8.6).
        Content.Sink.write(response, false, BufferUtil.EMPTY_BUFFER);
      }
    }
    callback.succeeded();
    return true;
  }

  private Optional<MediaReply> reply(Request request, boolean isGet) {
    try {
      Optional<Representation> found = find(request);
      return found.isEmpty()
          ? Optional.empty()
          : Optional.of(MediaReply.to(request.getHeaders()::get, isGet, source, found.get()));
    } catch (Exception _) {
      // The routes will find out as well, and say it.
      return Optional.empty();
    }
  }

  private Optional<Representation> find(Request request) throws Exception {
    String path = request.getHttpURI().getPath();
    if (path == null) {
      return Optional.empty();
    }
    if (path.startsWith(ORIGINAL)) {
      String alias = path.substring(ORIGINAL.length());
      return isPlain(alias) ? catalog.find(alias).map(StoredMedia::original) : Optional.empty();
    }
    return path.startsWith(PROCESS)
        ? variant(path.substring(PROCESS.length()), request.getHttpURI().getQuery())
        : Optional.empty();
  }

  private Optional<Representation> variant(String extension, String rawQuery) throws Exception {
    QueryString query = QueryString.parse(rawQuery);
    Optional<String> alias = query.last("src");
    Optional<Media> media = alias.isPresent() ? catalog.find(alias.get()) : Optional.empty();
    if (media.isEmpty()) {
      return Optional.empty();
    }
    Optional<Variant> variant =
        variants.find(media.get(), parser.parse(query.parameters()), Processing.target(extension));
    return variant.map(found -> variant(media.get(), found));
  }

  static Representation original(Media media) {
    return new Representation(
        BlobName.original(media.filename()), media.hash(), media.size(), media.details());
  }

  static Representation variant(Media media, Variant variant) {
    return new Representation(
        Variants.blobName(media, variant), variant.hash(), variant.size(), variant.details());
  }

  /** What stands for itself in a path; what is encoded in another way the routes decode. */
  private static boolean isPlain(String segment) {
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return !segment.isEmpty();
  }

  private static void send(MediaReply reply, Response response, ByteBufferPool pool)
      throws IOException {
    Optional<ByteBuffer> whole = reply.inMemory();
    if (whole.isPresent()) {
      write(response, true, whole.get());
      return;
    }
    long length = reply.toSend();
    int size = reply.buffer();
    RetainableByteBuffer retainable = pool.acquire(size, true);
    try {
      ByteBuffer buffer = retainable.getByteBuffer();
      long sent = 0;
      do {
        buffer.clear().limit((int) Math.min(size, length - sent));
        if (buffer.hasRemaining()) {
          reply.read(buffer, sent);
        }
        buffer.flip();
        sent += buffer.remaining();
        write(response, sent == length, buffer);
      } while (sent < length);
    } finally {
      retainable.release();
    }
  }

  private static void write(Response response, boolean last, ByteBuffer bytes)
      throws ReaderGoneException {
    try {
      Content.Sink.write(response, last, bytes);
    } catch (IOException e) {
      throw new ReaderGoneException(e);
    }
  }

  /**
   * The client has hung up, or has not read for too long. Quiet: Jetty ends the connection and does
   * not report it as a failure of ours, of which everybody could have as many in the log as he
   * likes.
   */
  private static final class ReaderGoneException extends IOException implements QuietException {
    private static final long serialVersionUID = 1;

    ReaderGoneException(IOException cause) {
      super("the client does not read what it has asked for", cause);
    }
  }
}
