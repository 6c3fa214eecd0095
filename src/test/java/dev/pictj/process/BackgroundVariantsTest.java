package dev.pictj.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MemoryCatalog;
import dev.pictj.catalog.OwedWork.Task;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of variants that a server has left, none is forgotten, and none ends servers for ever. */
class BackgroundVariantsTest {
  private static final int ATTEMPTS = 3;

  private final MemoryCatalog catalog = new MemoryCatalog();

  @BeforeEach
  void link() throws Exception {
    Details details = new Details(new Dimensions(4, 3), MediaType.PNG, 1, Instant.EPOCH);
    Media media = new Media("ab".repeat(32), "a.png", 1, details);
    catalog.announce(List.of(media.filename()));
    catalog.link(List.of(new Link("alias.png", "t", media, true)));
  }

  private void owe(String id, int attempts) {
    catalog.owedWork().owe(new Task("variant", id, "webp?resize=" + attempts, attempts));
  }

  private List<Task> owed() {
    return catalog.owedWork().owed("variant");
  }

  private BackgroundVariants variants(BackgroundVariants.Operations operations) {
    return new BackgroundVariants(null, catalog, operations, 10, ATTEMPTS);
  }

  @Test
  void oneWithWhichServersEndIsGivenUpAndTheOthersAreNot() {
    owe("a.png/resize-0.webp", ATTEMPTS - 1);
    owe("a.png/resize-1.webp", ATTEMPTS);
    owe("gone.png/resize-2.webp", 0);
    StringBuffer read = new StringBuffer();
    try (BackgroundVariants variants =
        variants(
            query -> {
              read.append(query).append(';');
              throw new InvalidChainException("as if the rules had changed");
            })) {
      variants.start();
      await().atMost(Duration.ofSeconds(5)).until(() -> owed().isEmpty());
    }
    assertThat(read).hasToString("resize=2;");
  }

  @Test
  void anAttemptCountsUntilTheServerIsStoppedInOrder() throws Exception {
    owe("a.png/resize-0.webp", 1);
    CountDownLatch begun = new CountDownLatch(1);
    try (BackgroundVariants variants =
        variants(
            _ -> {
              begun.countDown();
              new CountDownLatch(1).await();
              throw new IllegalStateException("nobody opens it");
            })) {
      variants.start();
      begun.await();
      // Here a kill would leave it.
      assertThat(owed()).extracting(Task::attempts).containsExactly(2);
    }
    assertThat(owed()).extracting(Task::attempts).containsExactly(1);
  }
}
