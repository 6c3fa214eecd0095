package dev.pictj.http.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection that can be asked whether the client still talks to us.
 *
 * <p>While a handler works Jetty does not read, and so does not notice the end of the stream. A
 * look takes one byte from the socket, since Java knows no peeking; a byte of a pipelined request
 * that is found so is handed to Jetty first when it reads again.
 *
 * <p>A client of TLS says farewell before it closes its side. A look takes as much as that has, and
 * no more.
 */
public class WatchedEndPoint extends SocketChannelEndPoint {
  /** Bytes of a record's head, the last two of which are the length of the rest (RFC 8446, 5.1). */
  private static final int RECORD_HEAD = 5;

  private static final byte ALERT = 21;
  private static final byte APPLICATION_DATA = 23;

  /**
   * The most that an alert has in TLS 1.3: its two bytes, the one that says what it is, the tag of
   * AEAD, and 16 more by which Java's clients hide its length. No request of HTTP/1.1 is so short.
   */
  private static final int MAX_ALERT_BYTES = 2 + 1 + 16 + 16;

  /** More than two of them have. */
  private static final int MAX_PEEKED_BYTES = 100;

  private final ByteBuffer early = ByteBuffer.allocate(MAX_PEEKED_BYTES).flip();

  WatchedEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
    super(channel, selector, key, scheduler);
  }

  /**
   * Whether the client has closed its side of the connection, or all of it. False as long as bytes
   * are there that nobody has read.
   */
  public boolean ended() {
    synchronized (early) {
      if (!isOpen()) {
        return true;
      }
      int most = isEncrypted() ? MAX_PEEKED_BYTES : 1;
      if (early.remaining() >= most) {
        return false;
      }
      early.compact().limit(most);
      int read;
      try {
        do {
          read = getChannel().read(early);
        } while (read > 0 && early.hasRemaining());
      } catch (IOException _) {
        return true;
      } finally {
        early.flip();
      }
      return read < 0 && isFarewell(early);
    }
  }

  /** Whether these are alerts and nothing else; some clients send two. */
  private static boolean isFarewell(ByteBuffer bytes) {
    ByteBuffer rest = bytes.duplicate();
    while (rest.remaining() >= RECORD_HEAD) {
      byte type = rest.get(rest.position());
      int length = rest.getShort(rest.position() + RECORD_HEAD - 2);
      if (type != ALERT && !(type == APPLICATION_DATA && length <= MAX_ALERT_BYTES)) {
        return false;
      }
      if (length < 0 || length > rest.remaining() - RECORD_HEAD) {
        return false;
      }
      rest.position(rest.position() + RECORD_HEAD + length);
    }
    return !rest.hasRemaining();
  }

  /** The one of the socket, below one of TLS. */
  public static EndPoint ofSocket(EndPoint endPoint) {
    return endPoint instanceof EndPoint.Wrapper tls ? tls.unwrap() : endPoint;
  }

  /** Whether what it reads is TLS. */
  final boolean isEncrypted() {
    return getConnection() instanceof SslConnection;
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    synchronized (early) {
      if (early.hasRemaining() && BufferUtil.space(buffer) > 0) {
        notIdle();
        return BufferUtil.append(buffer, early);
      }
      return super.fill(buffer);
    }
  }
}
