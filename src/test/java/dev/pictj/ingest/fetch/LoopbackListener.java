package dev.pictj.ingest.fetch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Accepts connections on loopback and serves each on a thread of its own, until it is closed. */
final class LoopbackListener implements AutoCloseable {
  /** Serves a connection, which is closed then. An exception, as when a side hangs up, ends it. */
  @FunctionalInterface
  interface Service {
    void serve(Socket client) throws IOException, InterruptedException;
  }

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private final Service service;

  LoopbackListener(Service service) throws IOException {
    this.service = service;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many connections have not been closed by either side. */
  int openConnections() {
    return open.get();
  }

  /** Waits until the other side hangs up, but no longer than this; whether it has. */
  static boolean hangsUp(Socket client, int millis) throws IOException {
    client.setSoTimeout(millis);
    try {
      return client.getInputStream().read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    }
  }

  /** Sends a little again and again, until the other side hangs up. */
  static void trickle(Socket client, byte[] piece, int millis) throws IOException {
    while (!hangsUp(client, millis)) {
      client.getOutputStream().write(piece);
    }
  }

  /** This one is closed with the listener too. */
  void own(Socket socket) {
    sockets.add(socket);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        own(socket);
        open.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      if (!listener.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      service.serve(socket);
    } catch (IOException | InterruptedException e) {
      // Somebody hung up, which some tests are about.
    } finally {
      open.decrementAndGet();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
