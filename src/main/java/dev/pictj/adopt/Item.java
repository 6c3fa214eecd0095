package dev.pictj.adopt;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A picture of the old server with all of its names, or one name of which nothing else is known.
 *
 * @param content of its bytes, where that is told
 * @param details what the old server says of it, by the names that the new one takes it by
 */
record Item(List<String> aliases, Optional<Content> content, Map<String, String> details) {
  Item {
    aliases = List.copyOf(aliases);
    details = Map.copyOf(details);
  }

  /** A name and its delete token. */
  static Item named(String alias) {
    return new Item(List.of(alias), Optional.empty(), Map.of());
  }
}
