package dev.pictj.docs;

import static dev.pictj.docs.MarkdownPage.code;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.media.MediaType;
import dev.pictj.media.MediaType.Trait;
import dev.pictj.process.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of processing knows each operation and each format, and no other. */
class ProcessingPageTest {
  private static final MarkdownPage PAGE = MarkdownPage.of("docs/processing.md");

  @Test
  void everyOperationHasItsRow() {
    assertThat(PAGE.table("## Operations"))
        .extracting(List::getFirst)
        .containsExactlyInAnyOrderElementsOf(
            Operation.KINDS.stream().map(kind -> code(kind.name())).toList());
  }

  @Test
  void everyFormatHasItsRow() {
    List<List<String>> rows =
        Arrays.stream(MediaType.values())
            .map(
                type ->
                    List.of(
                        code(type.contentType()),
                        type.label(),
                        yes(type, Trait.STORED),
                        MediaType.byExtension().entrySet().stream()
                            .filter(made -> made.getValue() == type)
                            .map(Map.Entry::getKey)
                            .map(extension -> code("." + extension))
                            .collect(Collectors.joining(", ")),
                        yes(type, Trait.ALPHA),
                        yes(type, Trait.ANIMATION)))
            .toList();
    assertThat(PAGE.table("## Formats"))
        .extracting(cells -> cells.subList(0, 6))
        .containsExactlyElementsOf(rows);
  }

  private static String yes(MediaType type, Trait trait) {
    return type.has(trait) ? "yes" : "";
  }
}
