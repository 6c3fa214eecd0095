package dev.pictj.ingest.fetch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A raw server on loopback that answers each path with whatever bytes it was told to. */
public final class HostileServer implements AutoCloseable {
  /** Writes an answer. An exception, as when the other side hangs up, ends the connection. */
  @FunctionalInterface
  public interface Answer {
    /** Writes it. */
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  private final LoopbackListener listener;
  private final Map<String, LoopbackListener.Service> answers = new ConcurrentHashMap<>();
  private final List<List<String>> requests = new CopyOnWriteArrayList<>();

  /** Listens at once; every path is to be told what to answer. */
  public HostileServer() throws IOException {
    this.listener = new LoopbackListener(this::serve);
  }

  /** Where it listens. */
  public int port() {
    return listener.port();
  }

  /** The URL of a path on this server, by the given host name. */
  public String url(String host, String path) {
    return "http://" + host + ":" + port() + path;
  }

  /** The URL of a path on this server. */
  public String url(String path) {
    return url("127.0.0.1", path);
  }

  /** Answers so. */
  public void on(String path, Answer answer) {
    answers.put(
        path,
        client -> {
          answer.write(client.getOutputStream());
          client.getOutputStream().flush();
        });
  }

  /** Answers with a head of these lines and this body, and nothing else. */
  public void on(String path, String head, byte[] body) {
    on(
        path,
        out -> {
          out.write((head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
          out.write(body);
        });
  }

  /** Sends this text, then nothing more until the client hangs up. */
  public void stallAfter(String path, String text) {
    answers.put(
        path,
        client -> {
          client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
          int end = client.getInputStream().read();
          assert end < 0;
        });
  }

  /** Sends this text, then a letter every so often until the client hangs up. */
  void trickleAfter(String path, String text, int millis) {
    answers.put(
        path,
        client -> {
          client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
          LoopbackListener.trickle(client, new byte[] {'x'}, millis);
        });
  }

  /** Sends this text to whoever waits for so long, and nothing else. */
  void onLate(String path, int millis, String text) {
    answers.put(
        path,
        client -> {
          if (!LoopbackListener.hangsUp(client, millis)) {
            client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
          }
        });
  }

  /** The heads received so far, each a list of lines. */
  public List<List<String>> requests() {
    return requests;
  }

  /** How many connections have not been closed by either side. */
  public int openConnections() {
    return listener.openConnections();
  }

  private void serve(Socket client) throws IOException, InterruptedException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
    List<String> head = new ArrayList<>();
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      head.add(line);
    }
    if (head.isEmpty()) {
      return;
    }
    requests.add(head);
    answers.get(head.getFirst().split(" ", -1)[1]).serve(client);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
