package dev.pictj.adopt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The list of what is to be moved, in a file. So the old server is asked for it once, the number of
 * names is known from the beginning, and even millions take no memory.
 */
final class Listing {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private long names;

  private Listing(Path file) {
    this.file = file;
  }

  /** Lists all pictures that the old server tells of. */
  static Listing of(OldServer old, Path file) throws IOException, InterruptedException {
    Listing listing = new Listing(file);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      old.list(item -> listing.add(item, out));
    }
    return listing;
  }

  /** Lists the names in a file, one a line. */
  static Listing of(BufferedReader given, Path file) throws IOException {
    Listing listing = new Listing(file);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (String line = given.readLine(); line != null; line = given.readLine()) {
        if (!line.isEmpty()) {
          listing.add(Item.named(line), out);
        }
      }
    }
    return listing;
  }

  private void add(Item item, BufferedWriter out) throws IOException {
    ObjectNode line = JSON.createObjectNode();
    ArrayNode aliases = line.putArray("aliases");
    item.aliases().forEach(aliases::add);
    item.content().ifPresent(it -> line.put("sha256", it.sha256()).put("size", it.size()));
    ObjectNode details = line.putObject("details");
    item.details().forEach(details::put);
    out.write(JSON.writeValueAsString(line));
    out.newLine();
    names += item.aliases().size();
  }

  /** How many names there are. */
  long names() {
    return names;
  }

  /** Opens the list at its beginning. */
  Items open() throws IOException {
    return new Items(Files.newBufferedReader(file));
  }

  /** Reads items one after another. */
  record Items(BufferedReader in) implements AutoCloseable {
    /** The next item; null at the end. */
    @Nullable Item next() throws IOException {
      String text = in.readLine();
      if (text == null) {
        return null;
      }
      JsonNode line = JSON.readTree(text);
      List<String> aliases = line.path("aliases").valueStream().map(JsonNode::asText).toList();
      Map<String, String> details = new LinkedHashMap<>();
      line.path("details")
          .propertyStream()
          .forEach(one -> details.put(one.getKey(), one.getValue().asText()));
      return new Item(
          aliases,
          line.has("sha256")
              ? Optional.of(new Content(line.path("sha256").asText(), line.path("size").asLong()))
              : Optional.empty(),
          details);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
