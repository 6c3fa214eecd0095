package dev.pictj.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pictj.AheadClock;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract through a memory, and what only the memory does. */
@Timeout(60)
class CachedCatalogTest extends CatalogContract {
  private final AheadClock clock = new AheadClock();
  private final Catalog real = new MemoryCatalog(clock, System::nanoTime);
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Runnable afterRemoval = () -> {};
  private volatile Runnable afterFind = () -> {};

  @Override
  protected Catalog open() {
    return new CachedCatalog(recording(real), 100, false, clock);
  }

  private Catalog recording(Catalog real) {
    return (Catalog)
        Proxy.newProxyInstance(
            Catalog.class.getClassLoader(),
            new Class<?>[] {Catalog.class},
            (_, method, arguments) -> {
              asked.add(method.getName());
              Object result;
              try {
                result = method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (method.getName().equals("unlink") || method.getName().equals("purge")) {
                afterRemoval.run();
              } else if (method.getName().equals("find")) {
                afterFind.run();
              }
              return result;
            });
  }

  @Test
  void whatWasFoundOnceIsFoundWithoutTheDatabase() throws Exception {
    linked(List.of(link("a.png", "file1.png")));
    Media media = catalog.find("a.png").orElseThrow();
    Variant variant = new Variant("k.1.webp", "cd".repeat(32), 9, media.details());
    assertThat(catalog.variant(VariantKey.of(media, "k.webp"))).isEmpty();
    catalog.addVariant(VariantKey.of(media, "k.webp"), variant, 10);
    assertThat(catalog.variant(VariantKey.of(media, "k.webp"))).contains(variant);

    asked.clear();
    assertThat(catalog.find("a.png")).contains(media);
    assertThat(catalog.variant(VariantKey.of(media, "k.webp"))).contains(variant);
    assertThat(asked).isEmpty();
  }

  @Test
  void whatWasAskedForIsWrittenDownOnce() throws Exception {
    Media media = added("a.png", "file1.png", 2, 9);
    VariantKey first = VariantKey.of(media, "k-0.webp");
    for (int i = 0; i < 3; i++) {
      assertThat(catalog.variant(first)).isPresent();
      assertThat(catalog.variant(VariantKey.of(media, "unknown"))).isEmpty();
    }
    asked.clear();
    ((CachedCatalog) catalog).writeAsked();
    ((CachedCatalog) catalog).writeAsked();
    assertThat(asked).containsExactly("asked");
    assertThat(catalog.dropVariants(Instant.now().plusSeconds(60), 1, 9).variants())
        .containsExactly(VariantKey.of(media, "k-1.webp"));
  }

  /** However short a time ago, and however often it was asked for before. */
  @Test
  void whatWasAskedForLastIsNotWhatMakesRoom() throws Exception {
    Media media = added("a.png", "file1.png", 3, 9);
    for (int i : List.of(0, 1, 2, 0)) {
      clock.pass(Duration.ofSeconds(60));
      assertThat(catalog.variant(VariantKey.of(media, "k-" + i + ".webp"))).isPresent();
    }
    assertThat(evicted(media, "l.webp", "l.0.webp", 3)).contains(List.of("k-1.webp"));
    clock.pass(Duration.ofSeconds(60));
    assertThat(catalog.variant(VariantKey.of(media, "k-2.webp"))).isPresent();
    assertThat(catalog.dropVariants(Instant.MAX, 1, 9).variants())
        .doesNotContain(VariantKey.of(media, "k-2.webp"));
    assertThat(catalog.variant(VariantKey.of(media, "k-2.webp"))).isPresent();
  }

  @Test
  void whatIsAskedForIsWrittenDownAlsoWhereNothingIsRemembered() throws Exception {
    try (CachedCatalog forgetful = new CachedCatalog(recording(real), 0, false, clock)) {
      VariantKey first = VariantKey.of(added("a.png", "file1.png", 1, 9), "k-0.webp");
      assertThat(forgetful.variant(first)).isPresent();
      asked.clear();
      forgetful.writeAsked();
      assertThat(asked).containsExactly("asked");
    }
  }

  @Test
  void whatIsNotThereIsAskedForAgain() throws Exception {
    assertThat(catalog.find("a.png")).isEmpty();
    linked(List.of(link("a.png", "file1.png")));
    assertThat(catalog.find("a.png")).isPresent();
  }

  /** A failed delete may have been done all the same, so what was remembered cannot be trusted. */
  @Test
  void aDeleteThatFailsAfterItWasDoneIsSeen() throws Exception {
    linked(List.of(link("a.png", "file1.png")));
    assertThat(catalog.find("a.png")).isPresent();
    afterRemoval =
        () -> {
          throw new CatalogException("the disk is gone");
        };
    assertThatThrownBy(() -> catalog.unlink("a.png", "token-a.png"))
        .isInstanceOf(CatalogException.class);
    assertThat(catalog.find("a.png")).isEmpty();
  }

  @Test
  void aLookUpThatADeleteOvertakesIsNotRemembered() throws Exception {
    overtakeALookUpBy(() -> catalog.unlink("a.png", "token-a.png"));
  }

  @Test
  void aLookUpThatAPurgeOvertakesIsNotRemembered() throws Exception {
    overtakeALookUpBy(() -> catalog.purge(HASH));
  }

  /** One reads the row, the other removes it and is done, and only then the first remembers it. */
  private void overtakeALookUpBy(Runnable removal) throws Exception {
    linked(List.of(link("a.png", "file1.png")));
    CountDownLatch read = new CountDownLatch(1);
    CountDownLatch removed = new CountDownLatch(1);
    Thread reader =
        Thread.ofPlatform().unstarted(() -> assertThat(catalog.find("a.png")).isPresent());
    Thread remover = Thread.ofPlatform().unstarted(removal);
    afterFind =
        () -> {
          if (Thread.currentThread() == reader) {
            read.countDown();
            try {
              removed.await();
              awaitPauseOf(remover);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
        };
    reader.start();
    read.await();
    // The database has removed it, and the entry is not there yet.
    afterRemoval = removed::countDown;
    remover.start();
    assertThat(remover.join(Duration.ofSeconds(30))).isTrue();
    reader.join();
    assertThat(catalog.find("a.png")).isEmpty();
  }

  /** Until a removal that waits for the reader does so, and one that does not is over. */
  private static void awaitPauseOf(Thread remover) {
    await()
        .until(
            () ->
                switch (remover.getState()) {
                  case BLOCKED, WAITING, TIMED_WAITING, TERMINATED -> true;
                  default -> false;
                });
  }

  @Test
  void itForgetsWhatIsTooMuch() throws Exception {
    for (int i = 0; i < 500; i++) {
      linked(List.of(link("a" + i, "file1.png")));
      assertThat(catalog.find("a" + i)).isPresent();
    }
    asked.clear();
    for (int i = 0; i < 500; i++) {
      assertThat(catalog.find("a" + i)).isPresent();
    }
    assertThat(asked).hasSizeGreaterThanOrEqualTo(400);
  }
}
