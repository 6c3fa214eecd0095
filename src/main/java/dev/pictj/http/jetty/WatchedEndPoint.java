package dev.pictj.http.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection that can be asked whether the client still talks to us.
 *
 * <p>While a handler works Jetty does not read, and so does not notice the end of the stream. A
 * look takes one byte from the socket, since Java knows no peeking; a byte of a pipelined request
 * that is found so is handed to Jetty first when it reads again.
 */
public class WatchedEndPoint extends SocketChannelEndPoint {
  private final ByteBuffer early = ByteBuffer.allocate(1).flip();

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
      if (early.hasRemaining()) {
        return false;
      }
      early.clear();
      try {
        return getChannel().read(early) < 0;
      } catch (IOException _) {
        return true;
      } finally {
        early.flip();
      }
    }
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    synchronized (early) {
      if (early.hasRemaining() && BufferUtil.space(buffer) > 0) {
        notIdle();
        return BufferUtil.append(buffer, early);
      }
    }
    return super.fill(buffer);
  }
}
