package dev.pictj.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chromium without a screen, driven by its DevTools protocol
 * (https://chromedevtools.github.io/devtools-protocol/). It has a profile of its own, which goes
 * with it, and reaches nothing but this machine.
 */
final class Chromium implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Longest wait for one answer of the browser's, on a machine that has other things to do. */
  private static final Duration ANSWER = Duration.ofSeconds(40);

  private final Tool tool;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;

  private Chromium(Tool tool, int port) {
    this.tool = tool;
    this.port = port;
  }

  /** Starts one and waits until it can be driven. */
  static Chromium start() {
    Path profile = Tool.newFolder("chromium");
    // The browser writes its port and a path here.
    Path ready = profile.resolve("DevToolsActivePort");
    Tool tool =
        Tool.start(
                "chromium",
                profile,
                List.of(
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--disable-dev-shm-usage",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--disable-extensions",
                    "--mute-audio",
                    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
                    "--window-size=800,600",
                    "--remote-debugging-port=0",
                    "--user-data-dir=" + profile,
                    "about:blank"))
            .awaitReady(() -> Files.exists(ready) && Files.readString(ready).contains("\n"));
    try {
      return new Chromium(
          tool, Integer.parseInt(Files.readString(ready).lines().findFirst().orElseThrow()));
    } catch (IOException e) {
      tool.close();
      throw new UncheckedIOException(e);
    }
  }

  /** Opens a tab at this address and waits until it has loaded. */
  Tab open(String url) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?about:blank"))
              .PUT(HttpRequest.BodyPublishers.noBody())
              .build();
      JsonNode target = JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
      Tab tab = new Tab(http, target.get("webSocketDebuggerUrl").asText());
      tab.go(url);
      return tab;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
    tool.close();
  }

  /** One tab. */
  static final class Tab implements AutoCloseable, WebSocket.Listener {
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final StringBuilder partial = new StringBuilder();
    private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();

    private Tab(HttpClient http, String address) {
      this.socket = http.newWebSocketBuilder().buildAsync(URI.create(address), this).join();
      for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
        command(domain + ".enable", Map.of());
      }
    }

    /** Goes to an address and waits until it has loaded. */
    void go(String url) {
      loaded = new CompletableFuture<>();
      CompletableFuture<Void> end = loaded;
      JsonNode answer = command("Page.navigate", Map.of("url", url));
      if (answer.has("errorText")) {
        throw new AssertionError(url + ": " + answer.get("errorText").asText());
      }
      end.orTimeout(ANSWER.toSeconds(), TimeUnit.SECONDS).join();
    }

    /**
     * The value of an expression of JavaScript's, that of a promise when it has come; the page's
     * policy does not hold for it.
     *
     * @throws AssertionError when it throws
     */
    JsonNode evaluate(String expression) {
      JsonNode answer =
          command(
              "Runtime.evaluate",
              Map.of(
                  "expression",
                  expression,
                  "awaitPromise",
                  true,
                  "returnByValue",
                  true,
                  "userGesture",
                  true));
      if (answer.has("exceptionDetails")) {
        throw new AssertionError(answer.get("exceptionDetails").toString());
      }
      return answer.get("result").path("value");
    }

    /** What the page looks like, as PNG. */
    byte[] screenshot() {
      JsonNode answer = command("Page.captureScreenshot", Map.of("format", "png"));
      return Base64.getDecoder().decode(answer.get("data").asText());
    }

    /** Everything of one kind that the browser has told of so far, such as Log.entryAdded. */
    List<JsonNode> events(String method) {
      return events.stream()
          .filter(event -> event.get("method").asText().equals(method))
          .map(event -> event.get("params"))
          .toList();
    }

    /** One command of the protocol and its result. */
    JsonNode command(String method, Map<String, ?> parameters) {
      int id = ids.incrementAndGet();
      CompletableFuture<JsonNode> answer = new CompletableFuture<>();
      waiting.put(id, answer);
      String text =
          JSON.valueToTree(Map.of("id", id, "method", method, "params", parameters)).toString();
      socket.sendText(text, true).join();
      JsonNode message = answer.orTimeout(ANSWER.toSeconds(), TimeUnit.SECONDS).join();
      if (message.has("error")) {
        throw new AssertionError(method + ": " + message.get("error"));
      }
      return message.get("result");
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        take(partial.toString());
        partial.setLength(0);
      }
      webSocket.request(1);
      return CompletableFuture.completedStage(null);
    }

    private void take(String text) {
      try {
        JsonNode message = JSON.readTree(text);
        if (message.has("id")) {
          waiting.remove(message.get("id").asInt()).complete(message);
          return;
        }
        events.add(message);
        if (message.get("method").asText().equals("Page.loadEventFired")) {
          loaded.complete(null);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      command("Page.close", Map.of());
      socket.abort();
    }
  }
}
