package dev.pictj.adopt;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of each name: a line of JSON for each, of which the last one about a name counts.
 * Begun anew, a move goes on in the same file, and finds there what it had moved.
 */
final class Report implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What became of a name. */
  enum Outcome {
    /** The name is on the new server now. */
    MOVED,
    /** The name was there already, with the same bytes. */
    THERE,
    /** The new server has another picture of this name. */
    TAKEN,
    /** The old server does not have the name, or no longer. */
    MISSING,
    /** The name was deleted on the new server. */
    DELETED,
    /** The picture could not be fetched, or the new server refused it. */
    FAILED
  }

  /**
   * A line.
   *
   * @param deleteToken of what has a new one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Line(
      String alias,
      String outcome,
      @Nullable String sha256,
      @Nullable Long size,
      @JsonProperty("delete_token") @Nullable String deleteToken,
      @Nullable String note) {}

  private final BufferedWriter out;

  /** Bytes of the names that are done; one of none where they were not told. */
  private final Map<String, Optional<Content>> done;

  private Report(BufferedWriter out, Map<String, Optional<Content>> done) {
    this.out = out;
    this.done = done;
  }

  /** Goes on with a report, or begins one that only its owner can read: it holds secrets. */
  static Report open(Path file) throws IOException {
    Map<String, Optional<Content>> done = new HashMap<>();
    boolean torn = false;
    if (Files.exists(file)) {
      try (BufferedReader in = Files.newBufferedReader(file)) {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          note(line, done);
        }
      }
      torn = !endsWithLine(file);
    } else {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    BufferedWriter out = Files.newBufferedWriter(file, UTF_8, StandardOpenOption.APPEND);
    if (torn) {
      out.newLine();
    }
    return new Report(out, done);
  }

  /** Reads a line that an earlier run has written; a crash may have cut the last one off. */
  private static void note(String text, Map<String, Optional<Content>> done) {
    try {
      JsonNode line = JSON.readTree(text);
      String alias = line.path("alias").asText();
      switch (line.path("outcome").asText()) {
        case "moved", "there" ->
            done.put(
                alias,
                line.has("sha256")
                    ? Optional.of(
                        new Content(line.path("sha256").asText(), line.path("size").asLong()))
                    : Optional.empty());
        default -> done.remove(alias);
      }
    } catch (JsonProcessingException _) {
      // A line that was cut off counts as not written.
    }
  }

  private static boolean endsWithLine(Path file) throws IOException {
    try (var channel = Files.newByteChannel(file)) {
      if (channel.size() == 0) {
        return true;
      }
      java.nio.ByteBuffer last = java.nio.ByteBuffer.allocate(1);
      channel.position(channel.size() - 1).read(last);
      return last.get(0) == '\n';
    }
  }

  /** The bytes of a name that an earlier run has moved. */
  Optional<Content> known(String alias) {
    return done.getOrDefault(alias, Optional.empty());
  }

  /**
   * Writes what became of a name. That something is there of which an earlier run has said so is
   * not said again.
   */
  synchronized void add(
      String alias,
      Outcome outcome,
      Optional<Content> content,
      Optional<String> newToken,
      Optional<String> note)
      throws IOException {
    if (outcome == Outcome.THERE && done.containsKey(alias)) {
      return;
    }
    out.write(
        JSON.writeValueAsString(
            new Line(
                alias,
                outcome.name().toLowerCase(java.util.Locale.ROOT),
                content.map(Content::sha256).orElse(null),
                content.map(Content::size).orElse(null),
                newToken.orElse(null),
                note.orElse(null))));
    out.newLine();
    // Flushed, because a token in a lost line could not be had again.
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
