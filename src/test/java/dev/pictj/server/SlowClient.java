package dev.pictj.server;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/** A client that sends a little at a time, and listens in between. */
final class SlowClient {
  private static final int LISTENS_MILLIS = 50;

  /** Longer than any limit of a test's server. */
  private static final int MAX_PIECES = 400;

  private final Socket socket;
  private final PushbackInputStream in;

  SlowClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new PushbackInputStream(socket.getInputStream());
  }

  /**
   * Sends until the server says something or hangs up.
   *
   * @return whether everything was sent before that
   */
  boolean sends(byte[] bytes, int piece) throws IOException {
    OutputStream out = socket.getOutputStream();
    int at = 0;
    try {
      for (int pieces = 0; at < bytes.length && pieces < MAX_PIECES; pieces++) {
        int length = Math.min(piece, bytes.length - at);
        out.write(bytes, at, length);
        out.flush();
        at += length;
        if (at < bytes.length && hears(LISTENS_MILLIS)) {
          return false;
        }
      }
    } catch (SocketException _) {
      // It has hung up.
      return false;
    }
    return true;
  }

  /** Whether the server says something, or hangs up, within a time. */
  boolean hears(int millis) throws IOException {
    int patience = socket.getSoTimeout();
    socket.setSoTimeout(millis);
    try {
      int first = in.read();
      if (first >= 0) {
        in.unread(first);
      }
      return true;
    } catch (SocketTimeoutException _) {
      return false;
    } finally {
      socket.setSoTimeout(patience);
    }
  }

  /** Everything that the server still says. */
  String answer() throws IOException {
    return Wire.text(in.readAllBytes());
  }
}
