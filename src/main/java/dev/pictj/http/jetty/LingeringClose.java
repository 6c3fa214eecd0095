package dev.pictj.http.jetty;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections whose clients are still sending what nobody wants any more (RFC 9112, section
 * 9.6). A plain close would make the kernel answer the next bytes with a reset, upon which a client
 * drops what it has received: many clients would never see why they were refused. So only our side
 * is closed at first, and what comes is read and dropped until the client closes its side.
 *
 * <p>Bounded for each connection in time and bytes, and in number for the whole server. Each costs
 * a virtual thread and a small buffer.
 */
public final class LingeringClose {
  private static final Logger log = LoggerFactory.getLogger(LingeringClose.class);
  private static final int BUFFER_BYTES = 16 * 1024;

  private final Duration time;
  private final long bytes;
  private final int most;
  private final Semaphore places;

  /**
   * Sets the bounds of all lingering connections.
   *
   * @param time the longest that a connection is read from
   * @param bytes the most that is read from one
   * @param most connections at a time; further ones are closed at once
   */
  public LingeringClose(Duration time, long bytes, int most) {
    this.time = time;
    this.bytes = bytes;
    this.most = most;
    this.places = new Semaphore(most);
  }

  /** Takes over a connection that no selector has any more. Returns at once. */
  void close(SocketChannel channel) {
    if (!places.tryAcquire()) {
      closeNow(channel);
      return;
    }
    try {
      Thread.ofVirtual().name("linger").start(() -> linger(channel));
    } catch (Throwable e) {
      places.release();
      closeNow(channel);
      throw e;
    }
  }

  private void linger(SocketChannel channel) {
    try (channel) {
      channel.shutdownOutput();
      channel.configureBlocking(true);
      drop(channel.socket());
    } catch (IOException e) {
      log.debug("the client has gone", e);
    } finally {
      places.release();
    }
  }

  private void drop(Socket socket) throws IOException {
    long deadline = System.nanoTime() + time.toNanos();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[BUFFER_BYTES];
    long dropped = 0;
    while (dropped < bytes) {
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (millis <= 0) {
        return;
      }
      socket.setSoTimeout(Math.toIntExact(millis));
      int read = in.read(buffer);
      if (read < 0) {
        return;
      }
      dropped += read;
    }
  }

  private static void closeNow(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      log.debug("did not close", e);
    }
  }

  /**
   * Waits until the last one has ended.
   *
   * @param longest how long to wait for that
   */
  public void awaitEnd(Duration longest) throws InterruptedException {
    if (places.tryAcquire(most, longest.toNanos(), TimeUnit.NANOSECONDS)) {
      places.release(most);
    }
  }
}
