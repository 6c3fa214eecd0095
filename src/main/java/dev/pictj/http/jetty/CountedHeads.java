package dev.pictj.http.jetty;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Makes connections whose request heads are counted while they arrive. A limit of bytes alone is
 * none: of six thousand fields {@code a:b} Jetty makes objects of a megabyte, and of thirty
 * kilobytes of text one of thirty.
 */
public final class CountedHeads extends HttpConnectionFactory {
  /** Bytes of heap for a field beside its text: three objects, and their place in a list. */
  private static final int FIELD_OVERHEAD = 150;

  private final int maxFields;
  private final ConnectionMemory memory;

  /**
   * Connections.
   *
   * @param maxFields of one head, or of the trailers of one body; more answer 431
   * @param memory of all heads together; beyond it 503 is answered
   */
  public CountedHeads(HttpConfiguration configuration, int maxFields, ConnectionMemory memory) {
    super(configuration);
    this.maxFields = maxFields;
    this.memory = memory;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    Counted connection = new Counted(getHttpConfiguration(), connector, endPoint);
    connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
    return configure(connection, connector, endPoint);
  }

  /** One connection, and what the head of its request takes until the request ends. */
  public final class Counted extends HttpConnection {
    private final ConnectionMemory.Share head = memory.open();
    private int fields;

    private Counted(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
      super(configuration, connector, endPoint);
    }

    /** Its head is needed no more. */
    void requestEnds() {
      head.giveBack();
    }

    @Override
    public void onClose(Throwable cause) {
      head.close();
      super.onClose(cause);
    }

    private void count(HttpField field) {
      if (++fields > maxFields) {
        throw new HttpException.RuntimeException(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431);
      }
      take(field.getName().length() + (field.getValue() == null ? 0 : field.getValue().length()));
    }

    private void take(long text) {
      if (!head.take(FIELD_OVERHEAD + text)) {
        throw new HttpException.RuntimeException(HttpStatus.SERVICE_UNAVAILABLE_503);
      }
    }

    @Override
    protected RequestHandler newRequestHandler() {
      return new RequestHandler() {
        @Override
        public void startRequest(String method, String uri, HttpVersion version) {
          fields = 0;
          take(uri.length());
          super.startRequest(method, uri, version);
        }

        @Override
        public void parsedHeader(HttpField field) {
          count(field);
          super.parsedHeader(field);
        }

        @Override
        public void parsedTrailer(HttpField field) {
          count(field);
          super.parsedTrailer(field);
        }
      };
    }
  }
}
