package dev.pictj.http;

import dev.pictj.engine.Caller;
import dev.pictj.http.MediaReply.Representation;
import dev.pictj.http.MediaReply.Source;
import dev.pictj.store.MissingBlobException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * A GET or HEAD of media, which sends its answer.
 *
 * @param segment what the path names, as it is written there
 */
record MediaRequest(Request request, Response response, Source source, String segment) {
  /** The handler of a route of media. */
  @FunctionalInterface
  interface Route {
    /** Sends the answer, or throws what {@link Errors} turns into one. */
    void serve(MediaRequest request) throws Exception;
  }

  /** The decoded segment; a plus sign stands for itself in a path. */
  String name() {
    return segment.indexOf('%') < 0
        ? segment
        : URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  QueryString query() {
    return QueryString.parse(request.getHttpURI().getQuery());
  }

  Acceptable acceptable() {
    return Acceptable.of(request.getHeaders().getValuesList(HttpHeader.ACCEPT));
  }

  Caller caller() {
    return Presence.of(request);
  }

  /**
   * Sends stored bytes, or what the conditions of the request ask for instead.
   *
   * @param keepable how long they may be kept at most, zero for not at all; empty for as long as
   *     all media
   * @throws dev.pictj.store.MissingBlobException before anything is sent
   */
  void send(Representation wanted, Optional<Duration> keepable) throws IOException {
    try (MediaReply reply = MediaReply.to(request.getHeaders(), isGet(), source, wanted)) {
      send(reply, keepable);
    }
  }

  /** Sends stored bytes in place of those that are not there. */
  void sendPlaceholder(Representation shown) throws IOException {
    try (MediaReply reply = MediaReply.placeholder(isGet(), source, shown)) {
      send(reply, Optional.empty());
    } catch (MissingBlobException _) {
      throw Errors.aliasNotFound();
    }
  }

  /** Whether the method is GET, and not HEAD. */
  boolean isGet() {
    return request.getMethod().equals("GET");
  }

  private void send(MediaReply reply, Optional<Duration> keepable) throws IOException {
    response.setStatus(reply.status());
    reply.describe(response.getHeaders());
    keepable.ifPresent(
        most -> ReplyHeaders.keepable(response.getHeaders(), source.dialect(), most));
    reply.send(response, request.getComponents().getByteBufferPool());
  }
}
