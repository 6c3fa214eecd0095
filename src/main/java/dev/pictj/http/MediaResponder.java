package dev.pictj.http;

import dev.pictj.http.MediaReply.Representation;
import dev.pictj.http.MediaReply.Source;
import dev.pictj.store.MissingBlobException;
import io.javalin.http.Context;
import java.io.IOException;
import org.eclipse.jetty.ee10.servlet.HttpOutput;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/** Sends stored bytes from a handler of Javalin's. */
final class MediaResponder {
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
    boolean isGet = ctx.req().getMethod().equals("GET");
    try (MediaReply reply = MediaReply.to(ctx::header, isGet, source, wanted)) {
      ctx.status(reply.status());
      reply.describe(field -> ctx.header(field.getName(), field.getValue()));
      if (reply.hasContent()) {
        ctx.res().setContentLengthLong(reply.length());
        // The way round the servlet's own buffer, of which there would be one more a reader.
        HttpOutput out = (HttpOutput) ctx.res().getOutputStream();
        reply.send(
            (_, bytes) -> {
              if (bytes.hasRemaining()) {
                out.write(bytes);
              }
            },
            ServletContextRequest.getServletContextRequest(ctx.req())
                .getComponents()
                .getByteBufferPool());
      } else {
        // As in StoredMedia: no length in 304.
        ctx.res().flushBuffer();
      }
    }
  }
}
