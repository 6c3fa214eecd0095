package dev.pictj.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page is what the declaration says; {@code -Ddocs.write=true} writes it. */
class FidelityPageTest {
  private static final Path PAGE = Path.of("docs/fidelity.md");

  @Test
  void thePageIsTheDeclaration() throws Exception {
    String page = Page.of(Declaration.rows());
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).content().isEqualTo(page);
  }

  @Test
  void everyPropertyHasRows() {
    assertThat(Declaration.rows()).extracting(row -> row.property).contains(Property.values());
  }
}
