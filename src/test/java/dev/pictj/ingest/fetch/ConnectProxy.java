package dev.pictj.ingest.fetch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy on loopback that knows CONNECT only, tunnels for real, and misbehaves when told to. */
public final class ConnectProxy implements AutoCloseable {
  private static final String MADE = "HTTP/1.1 200 Connection established\r\n\r\n";

  /** What to answer instead of making a tunnel. */
  @FunctionalInterface
  public interface Misbehaviour {
    /**
     * Answers a request.
     *
     * @return whether the tunnel is to be made all the same
     */
    boolean answer(List<String> head, OutputStream out) throws IOException, InterruptedException;
  }

  private final LoopbackListener listener;
  private final List<List<String>> heads = new CopyOnWriteArrayList<>();

  /** A proxy that does as it should. */
  public ConnectProxy() throws IOException {
    this(
        (_, out) -> {
          out.write(MADE.getBytes(StandardCharsets.ISO_8859_1));
          return true;
        });
  }

  /** A proxy that answers as it is told. */
  public ConnectProxy(Misbehaviour misbehaviour) throws IOException {
    this.listener = new LoopbackListener(client -> serve(client, misbehaviour));
  }

  private ConnectProxy(LoopbackListener.Service service) throws IOException {
    this.listener = new LoopbackListener(service);
  }

  /** A proxy that answers every request with this text and hangs up. */
  public static ConnectProxy saying(String text) throws IOException {
    return new ConnectProxy(
        (_, out) -> {
          out.write(text.getBytes(StandardCharsets.ISO_8859_1));
          return false;
        });
  }

  /** A proxy that sends this text, and then a little every so often, for ever. */
  static ConnectProxy trickling(String text, byte[] piece, int millis) throws IOException {
    return new ConnectProxy(
        client -> {
          head(client.getInputStream());
          client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
          LoopbackListener.trickle(client, piece, millis);
        });
  }

  /** Where it listens. */
  public int port() {
    return listener.port();
  }

  /** The heads of the requests so far, each a list of lines. */
  public List<List<String>> heads() {
    return heads;
  }

  /** What tunnels were asked for. */
  public List<String> targets() {
    return heads.stream().map(head -> head.getFirst().split(" ", -1)[1]).toList();
  }

  /** How many connections have not been closed by either side. */
  public int openConnections() {
    return listener.openConnections();
  }

  private void serve(Socket client, Misbehaviour misbehaviour)
      throws IOException, InterruptedException {
    List<String> head = head(client.getInputStream());
    heads.add(head);
    OutputStream out = client.getOutputStream();
    boolean tunnels = misbehaviour.answer(head, out);
    out.flush();
    if (tunnels) {
      // Only the syntax of the authority is wanted of this URI.
      URI target = URI.create("tunnel://" + head.getFirst().split(" ", -1)[1]);
      InetAddress address = InetAddress.ofLiteral(target.getHost().replaceAll("^\\[|]$", ""));
      if (!address.isLoopbackAddress()) {
        throw new IOException("a test's proxy may connect to loopback only");
      }
      try (Socket server = new Socket(address, target.getPort())) {
        listener.own(server);
        Thread.ofVirtual().start(() -> pump(server, client));
        client.getInputStream().transferTo(server.getOutputStream());
      }
    }
  }

  private static void pump(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Either side hung up.
    }
  }

  /** Byte by byte, for what follows the head is not ours. */
  private static List<String> head(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      text.append((char) next);
    }
    return text.toString().lines().filter(line -> !line.isEmpty()).toList();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
