package dev.pictj.adopt;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;

/**
 * A server that is asked over HTTP, and asked again where it is busy, slow or away for a while.
 * When it says how long it wants to be left alone it is.
 */
final class Server implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Statuses of a busy server, and of a proxy before a server that is away. */
  private static final Set<Integer> BUSY = Set.of(429, 502, 503, 504);

  private static final Duration MAX_PAUSE = Duration.ofMinutes(5);

  private final URI base;
  private final Rules rules;
  private final Pauses pauses;
  private final HttpClient http;
  private final ExecutorService exchanges = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Limits and times of requests.
   *
   * @param timeout of one exchange, body included
   * @param retries how often it is asked again
   * @param pause before it is asked again where it does not say; twice as long each time
   */
  record Rules(Duration timeout, int retries, Duration pause) {}

  /**
   * Makes a client of a server.
   *
   * @param trust says whom to trust; whom Java trusts when empty
   */
  Server(URI base, Rules rules, Optional<SSLContext> trust, Pauses.Ticker ticker) {
    this.base = base;
    this.rules = rules;
    this.pauses = new Pauses(ticker);
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(rules.timeout())
            .followRedirects(HttpClient.Redirect.NORMAL);
    trust.ifPresent(client::sslContext);
    this.http = client.build();
  }

  /** Escapes a text as a part of a URL. */
  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  /** Writes a query. */
  static String query(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(one -> one.getKey() + "=" + encoded(one.getValue()))
        .collect(Collectors.joining("&"));
  }

  /** Begins a request to the server. */
  HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(URI.create(base.toString().replaceFirst("/+$", "") + target));
  }

  /**
   * Sends a request until it is answered.
   *
   * @throws AwayException when it was not
   */
  <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> body)
      throws AwayException, InterruptedException {
    for (int attempt = 0; ; attempt++) {
      pauses.await();
      Duration pause = rules.pause().multipliedBy(1L << Math.min(attempt, 20));
      try {
        HttpResponse<T> response = once(request, body);
        if (!BUSY.contains(response.statusCode())) {
          return response;
        }
        if (attempt == rules.retries()) {
          throw new AwayException("%s answers %d".formatted(base, response.statusCode()));
        }
        pause =
            response.headers().firstValue("Retry-After").flatMap(Server::retryAfter).orElse(pause);
      } catch (AwayException e) {
        throw e;
      } catch (SSLHandshakeException e) {
        throw new AwayException(
            "no TLS with %s: %s; --ca names a file with certificates to trust"
                .formatted(base, e.getMessage()),
            e);
      } catch (IOException | TimeoutException e) {
        if (attempt == rules.retries()) {
          throw new AwayException(
              switch (e) {
                case ConnectException _ -> "no server answers at " + base;
                case TimeoutException _ ->
                    "%s did not answer within %d s".formatted(base, rules.timeout().toSeconds());
                default -> "%s broke off: %s".formatted(base, e.getMessage());
              },
              e);
        }
      }
      pauses.begin(pause.compareTo(MAX_PAUSE) < 0 ? pause : MAX_PAUSE);
    }
  }

  /** The client's own timeout ends when the body begins. */
  private <T> HttpResponse<T> once(HttpRequest request, BodyHandler<T> body)
      throws IOException, TimeoutException, InterruptedException {
    Future<HttpResponse<T>> exchange = exchanges.submit(() -> http.send(request, body));
    try {
      return exchange.get(rules.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
    } finally {
      exchange.cancel(true);
    }
  }

  static Optional<Duration> retryAfter(String text) {
    if (text.matches("[0-9]{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration until = Duration.between(Instant.now(), then);
      return Optional.of(until.isNegative() ? Duration.ZERO : until);
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /** Reads a JSON body; empty where it is not JSON. */
  static JsonNode json(String body) {
    try {
      JsonNode read = JSON.readTree(body);
      return read == null ? MissingNode.getInstance() : read;
    } catch (JsonProcessingException _) {
      return MissingNode.getInstance();
    }
  }

  /** The message of a reply that is no success. */
  static String said(int status, String body) {
    String words = json(body).path("msg").asText("");
    return words.isEmpty() ? Integer.toString(status) : status + ", " + words;
  }

  @Override
  public String toString() {
    return base.toString();
  }

  @Override
  public void close() {
    exchanges.shutdownNow();
    http.shutdownNow();
  }
}
