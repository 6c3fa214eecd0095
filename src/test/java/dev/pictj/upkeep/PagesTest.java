package dev.pictj.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.catalog.BlobJournal;
import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MemoryCatalog;
import dev.pictj.catalog.Variant;
import dev.pictj.catalog.VariantKey;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.Durability;
import dev.pictj.store.ForwardingBlobStore;
import dev.pictj.store.MemoryBlobStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many names and small pages: trash and sweep never hold more names than a page has. */
class PagesTest {
  private static final int PAGE = 7;
  private static final int NAMES = 300;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Sweep.Rules RULES =
      new Sweep.Rules(HOUR, HOUR.multipliedBy(10), new Suspicion(Integer.MAX_VALUE, 100));

  @TempDir private Path folder;

  private final AtomicLong ticks = new AtomicLong();
  private final MemoryCatalog catalog = new MemoryCatalog(Clock.systemUTC(), ticks::get);
  private final MemoryBlobStore blobs = new MemoryBlobStore();
  private final List<String> deleted = new ArrayList<>();

  private final BlobStore store =
      new ForwardingBlobStore(blobs) {
        @Override
        public void list(int atOnce, Pages<Listed> pages) throws IOException {
          assertThat(atOnce).isLessThanOrEqualTo(PAGE);
          super.list(atOnce, pages);
        }

        @Override
        public void listSetAside(int atOnce, Pages<String> pages) throws IOException {
          assertThat(atOnce).isLessThanOrEqualTo(PAGE);
          super.listSetAside(atOnce, pages);
        }

        @Override
        public void delete(BlobName name) throws IOException {
          deleted.add(name.toString());
          super.delete(name);
        }
      };

  private final Trash trash = new Trash(watched(), store, PAGE);

  /** The catalog, whose journal is never asked about more than a page, nor answers more. */
  private Catalog watched() {
    BlobJournal journal =
        proxy(
            BlobJournal.class,
            (method, arguments) -> {
              for (Object argument : arguments == null ? new Object[0] : arguments) {
                requirePage(argument);
              }
              Object answer = method.invoke(catalog, arguments);
              requirePage(answer);
              return answer;
            });
    return proxy(
        Catalog.class,
        (method, arguments) ->
            method.getName().equals("journal") ? journal : method.invoke(catalog, arguments));
  }

  private static void requirePage(Object value) {
    if (value instanceof Collection<?> names) {
      assertThat(names).hasSizeLessThanOrEqualTo(PAGE);
    }
  }

  private interface Answer {
    Object to(java.lang.reflect.Method method, Object[] arguments)
        throws ReflectiveOperationException;
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              try {
                return answer.to(method, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @AfterEach
  void close() {
    trash.close();
  }

  private void put(String name) throws IOException {
    blobs.put(
        Map.of(BlobName.parse(name).orElseThrow(), Files.writeString(folder.resolve("in"), "x")),
        Durability.REMADE_IF_LOST);
  }

  private static String name(int number) {
    return "name%06d.png".formatted(number);
  }

  private Media named(int number) throws Exception {
    Details details = new Details(new Dimensions(1, 1), MediaType.PNG, 1, Instant.EPOCH);
    Media media = new Media("hash" + number, name(number), 1, details);
    catalog.announce(List.of(media.filename()));
    put(media.filename());
    catalog.link(List.of(new Link("alias" + number, "token", media, true)));
    put(media.filename() + "/k.0.webp");
    catalog.addVariant(
        VariantKey.of(media, "k.webp"), new Variant("k.0.webp", "00", 1, details), 9);
    return media;
  }

  private List<String> listed() throws IOException {
    List<String> names = new ArrayList<>();
    blobs.list(PAGE, page -> page.forEach(one -> names.add(one.name().toString())));
    return names;
  }

  private int setAside() throws IOException {
    List<String> names = new ArrayList<>();
    blobs.listSetAside(PAGE, names::addAll);
    return names.size();
  }

  @Test
  void aLongTrashJournalIsEmptiedInNameOrder() throws Exception {
    for (int i = 0; i < NAMES; i++) {
      Media media = named(i);
      if (i % 3 != 0) {
        catalog.purge(media.hash());
      }
    }
    trash.empty();
    assertThat(catalog.discarded("", 1)).isEmpty();
    assertThat(deleted).hasSize(2 * (NAMES - NAMES / 3)).isSorted();
    assertThat(listed()).hasSize(2 * NAMES / 3).allMatch(one -> number(one) % 3 == 0);
  }

  private static int number(String blob) {
    return Integer.parseInt(blob.substring(4, 10));
  }

  @Test
  void manyFilesWithoutANameAreFoundAndGo() throws Exception {
    for (int i = 0; i < NAMES; i++) {
      if (i % 3 == 0) {
        Media media = named(i);
        put(media.filename() + "/stray.0.webp");
      } else {
        put(name(i));
      }
    }
    // What is newer than the newest name would be left.
    named(NAMES);
    catalog.restart();
    Sweep sweep = new Sweep(watched(), store, trash, RULES, PAGE);
    assertThat(sweep.run().setAside()).isZero();
    ticks.addAndGet(HOUR.toNanos());
    Sweep.Report report = sweep.run();
    trash.empty();
    assertThat(report.setAside()).isEqualTo(setAside()).isEqualTo(NAMES - NAMES / 3);
    assertThat(report.discarded()).isEqualTo(NAMES / 3);
    assertThat(listed()).hasSize(2 * (NAMES / 3 + 1)).noneMatch(one -> one.contains("stray"));
    sweep.run();
    ticks.addAndGet(HOUR.multipliedBy(10).toNanos());
    sweep.run();
    assertThat(setAside()).isZero();
    assertThat(listed()).hasSize(2 * (NAMES / 3 + 1));
  }
}
