package dev.pictj.http;

import dev.pictj.http.MediaReply.Opening;
import dev.pictj.http.MediaReply.Representation;
import dev.pictj.http.MediaReply.Source;
import dev.pictj.store.Blob;
import dev.pictj.store.MissingBlobException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;

/** Sends stored bytes, and those on their way there, from a handler of Javalin's. */
final class MediaResponder {
  /** Bytes that are copied at a time. */
  private static final int PART = 32 * 1024;

  private final Source source;

  MediaResponder(Source source) {
    this.source = source;
  }

  /**
   * Answers GET or HEAD.
   *
   * @throws MissingBlobException before anything is sent
   */
  void respond(Context ctx, Representation wanted) throws IOException {
    respond(ctx, wanted, Optional::empty);
  }

  /**
   * Answers GET or HEAD.
   *
   * @param memory where its bytes may be before they are in the store
   * @throws MissingBlobException before anything is sent
   */
  void respond(Context ctx, Representation wanted, Supplier<Optional<Blob>> memory)
      throws IOException {
    boolean isGet = ctx.req().getMethod().equals("GET");
    Opening opening =
        (name, size) -> {
          Optional<Blob> bytes = memory.get();
          return bytes.isPresent() ? bytes.get() : source.open(name, size);
        };
    try (MediaReply reply = MediaReply.to(ctx::header, isGet, opening, wanted)) {
      ctx.status(reply.status());
      reply.describe(field -> ctx.header(field.getName(), field.getValue()));
      if (reply.hasContent()) {
        ctx.res().setContentLengthLong(reply.length());
        send(ctx, reply);
      } else {
        // As in StoredMedia: no length in 304.
        ctx.res().flushBuffer();
      }
    }
  }

  private static void send(Context ctx, MediaReply reply) throws IOException {
    long length = reply.toSend();
    if (length == 0) {
      return;
    }
    OutputStream out = ctx.res().getOutputStream();
    // What is in memory already is not taken there whole a second time.
    int most = reply.inMemory().isPresent() ? PART : reply.buffer();
    byte[] buffer = new byte[(int) Math.min(most, length)];
    for (long sent = 0; sent < length; ) {
      int wanted = (int) Math.min(buffer.length, length - sent);
      reply.read(ByteBuffer.wrap(buffer, 0, wanted), sent);
      out.write(buffer, 0, wanted);
      sent += wanted;
    }
  }
}
