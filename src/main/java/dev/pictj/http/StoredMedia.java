package dev.pictj.http;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.http.MediaReply.Representation;
import dev.pictj.http.MediaReply.Source;
import dev.pictj.media.MediaType;
import dev.pictj.process.Chain;
import dev.pictj.process.ChainParser;
import dev.pictj.process.Variants;
import dev.pictj.store.BlobName;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.QuietException;
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
        reply.send(
            (last, bytes) -> write(response, last, bytes),
            request.getComponents().getByteBufferPool());
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
      Optional<String> alias = decoded(path.substring(ORIGINAL.length()));
      return alias.isPresent()
          ? catalog.find(alias.get()).map(StoredMedia::original)
          : Optional.empty();
    }
    Optional<String> extension =
        path.startsWith(PROCESS) ? decoded(path.substring(PROCESS.length())) : Optional.empty();
    return extension.isPresent()
        ? variant(extension.get(), request.getHttpURI().getQuery())
        : Optional.empty();
  }

  private Optional<Representation> variant(String extension, String rawQuery) throws Exception {
    QueryString query = QueryString.parse(rawQuery);
    Optional<String> alias = query.last("src");
    Optional<Media> media = alias.isPresent() ? catalog.find(alias.get()) : Optional.empty();
    if (media.isEmpty()) {
      return Optional.empty();
    }
    Chain chain = parser.parse(query.parameters());
    MediaType target = Processing.target(extension);
    if (Variants.changesNothing(media.get(), chain, target)) {
      return media.map(StoredMedia::original);
    }
    Optional<Variant> variant = variants.find(media.get(), chain, target);
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

  /**
   * A segment of a path as the routes decode it; nothing where it cannot be, or is more than one
   * segment.
   */
  static Optional<String> decoded(String segment) {
    if (segment.isEmpty() || segment.indexOf('/') >= 0 || segment.indexOf(';') >= 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          segment.indexOf('%') < 0
              ? segment
              : URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
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
