package dev.pictj.adopt;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The pictj that pictures go to. */
record NewServer(Server server, String key) {
  private static final String BOUNDARY = "5f3c1e9b-pictj-adopt-8d0a";

  /**
   * The answer about a name.
   *
   * @param outcome in the words of the route; {@code refused} where it answers no success
   * @param deleteToken what deletes the name
   * @param note what there is to be said of it
   */
  record Reply(String outcome, Optional<String> deleteToken, Optional<String> note) {}

  /**
   * Gives a picture a name, where it is there.
   *
   * @param deleteToken what shall delete it; empty for a fresh one
   */
  Reply name(String alias, Content content, Optional<String> deleteToken)
      throws IOException, InterruptedException {
    return send(
        query(alias, content, deleteToken, Map.of()), Optional.empty(), BodyPublishers.noBody());
  }

  /** Brings a picture with a name. */
  Reply store(
      String alias,
      Content content,
      Optional<String> deleteToken,
      Map<String, String> details,
      Path file)
      throws IOException, InterruptedException {
    return send(
        query(alias, content, deleteToken, details),
        Optional.of("multipart/form-data; boundary=" + BOUNDARY),
        body(file));
  }

  private static BodyPublisher body(Path file) throws FileNotFoundException {
    return BodyPublishers.concat(
        BodyPublishers.ofString(
            "--%s\r\nContent-Disposition: form-data; name=\"images[]\"; filename=\"a\"\r\n\r\n"
                .formatted(BOUNDARY)),
        BodyPublishers.ofFile(file),
        BodyPublishers.ofString("\r\n--%s--\r\n".formatted(BOUNDARY)));
  }

  private static String query(
      String alias, Content content, Optional<String> deleteToken, Map<String, String> details) {
    Map<String, String> query = new LinkedHashMap<>(details);
    query.put("alias", alias);
    query.put("sha256", content.sha256());
    query.put("size", Long.toString(content.size()));
    deleteToken.ifPresent(token -> query.put("delete_token", token));
    return Server.query(query);
  }

  private Reply send(String query, Optional<String> type, BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        server.request("/internal/adopt?" + query).header("X-Api-Token", key).POST(body);
    type.ifPresent(it -> request.header("Content-Type", it));
    HttpResponse<String> reply = server.send(request.build(), BodyHandlers.ofString());
    JsonNode json = Server.json(reply.body());
    return switch (reply.statusCode()) {
      case 200 ->
          new Reply(
              json.path("outcome").asText(""),
              text(json.path("delete_token")),
              text(json.path("objection")));
      case 401 ->
          throw new IOException(
              "%s says that this is not its key, or has none: see --to-api-key".formatted(server));
      case 404, 405 ->
          throw new IOException("what answers at %s is not this pictj".formatted(server));
      default ->
          new Reply(
              "refused",
              Optional.empty(),
              Optional.of(Server.said(reply.statusCode(), reply.body())));
    };
  }

  private static Optional<String> text(JsonNode node) {
    return node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
  }
}
