package dev.pictj.http.jetty;

import dev.pictj.ingest.SpoolBudget;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;

/**
 * One request and its reply. A reply that is sent before the body was read to its end tells the
 * client that the connection closes, and {@link LingeringClose} gives the client time to read it.
 */
public final class Exchange extends HttpStream.Wrapper {
  /** The request's attribute where it is. */
  public static final String NAME = Exchange.class.getName();

  private final SpoolBudget.Share share;
  private final CountedHeads.Counted connection;
  private final TimedEndPoint endPoint;
  private boolean unread;
  private long sent;

  /**
   * Begins with the request's head.
   *
   * @param hasBody whether a body follows it
   * @param share what its body takes of the disk
   * @param connection what counts its head
   * @param endPoint its connection
   */
  public Exchange(
      HttpStream stream,
      boolean hasBody,
      SpoolBudget.Share share,
      CountedHeads.Counted connection,
      TimedEndPoint endPoint) {
    super(stream);
    this.unread = hasBody;
    this.share = share;
    this.connection = connection;
    this.endPoint = endPoint;
  }

  /** Bytes of the answer's content that the connection has taken. */
  public long sent() {
    return sent;
  }

  @Override
  public Content.Chunk read() {
    Content.Chunk chunk = super.read();
    if (chunk != null && chunk.isLast() && !Content.Chunk.isFailure(chunk)) {
      unread = false;
    }
    return chunk;
  }

  /** The rest of a short body has often arrived; then the connection can be used again. */
  @Override
  public void prepareResponse(HttpFields.Mutable headers) {
    if (unread) {
      unread = consumeAvailable() != null;
    }
    if (unread) {
      headers.put(HttpFields.CONNECTION_CLOSE);
    }
    super.prepareResponse(headers);
  }

  @Override
  public void send(
      MetaData.Request request,
      MetaData.Response response,
      boolean last,
      ByteBuffer content,
      Callback callback) {
    int length = content == null ? 0 : content.remaining();
    if (length == 0 || request.getMethod().equals("HEAD")) {
      super.send(request, response, last, content, callback);
      return;
    }
    super.send(
        request,
        response,
        last,
        content,
        new Callback.Nested(callback) {
          @Override
          public void succeeded() {
            sent += length;
            super.succeeded();
          }

          @Override
          public void failed(Throwable failure) {
            sent += length - content.remaining();
            super.failed(failure);
          }
        });
  }

  @Override
  public void succeeded() {
    end();
    super.succeeded();
    if (unread) {
      connection.getEndPoint().close();
    }
  }

  @Override
  public void failed(Throwable failure) {
    end();
    super.failed(failure);
  }

  private void end() {
    share.close();
    connection.requestEnds();
    if (unread) {
      endPoint.answeredEarly();
    }
    endPoint.requestEnds();
  }
}
