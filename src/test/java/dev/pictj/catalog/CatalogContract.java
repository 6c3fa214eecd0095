package dev.pictj.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.VerifiedBy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog does. */
public abstract class CatalogContract {
  protected Catalog catalog;

  /** Opens the catalog of this test; called again it opens the same data. */
  protected abstract Catalog open();

  @BeforeEach
  void start() {
    catalog = open();
  }

  @AfterEach
  void stop() {
    catalog.close();
  }

  protected static final String HASH = "ab".repeat(32);

  protected static Media media(String hash, String filename) {
    return new Media(
        hash,
        filename,
        123,
        new Details(
            new Dimensions(4, 3), MediaType.PNG, 1, Instant.parse("2026-01-02T03:04:05.678Z")));
  }

  protected static Link link(String alias, String filename) {
    return new Link(alias, "token-" + alias, media(HASH, filename), true);
  }

  private static Variant variant(String blob) {
    return new Variant(blob, "cd".repeat(32), 9, media(HASH, "x").details());
  }

  private List<String> trash() {
    List<String> blobs = new ArrayList<>();
    catalog.forEachDiscarded((blob, _) -> blobs.add(blob));
    return blobs;
  }

  @Test
  void whoHasVerifiedAMediaIsRemembered() throws Exception {
    for (VerifiedBy by : VerifiedBy.values()) {
      Media plain = media(by.name(), by + "0000.png");
      Media media = new Media(plain.hash(), plain.filename(), 123, plain.details(), by);
      catalog.link(List.of(new Link("alias-" + by, "token", media, true)));

      assertThat(catalog.findByHash(by.name())).contains(media);
    }
  }

  @Test
  void aLinkedAliasIsFoundEveryWayAndAfterReopening() throws Exception {
    assertThat(catalog.link(List.of(link("a.png", "file1.png"))))
        .containsExactly(media(HASH, "file1.png"));
    catalog.close();
    catalog = open();
    assertThat(catalog.find("a.png")).contains(media(HASH, "file1.png"));
    assertThat(catalog.findByFilename("file1.png")).contains(media(HASH, "file1.png"));
    assertThat(catalog.findByHash(HASH)).contains(media(HASH, "file1.png"));
    assertThat(catalog.names("file1.png", null)).isTrue();
    assertThat(catalog.find("b.png")).isEmpty();
  }

  @Test
  void aKnownHashKeepsItsFirstFile() throws Exception {
    catalog.link(List.of(link("b.png", "file1.png")));
    assertThat(catalog.link(List.of(link("a.png", "file2.png"), link("c.png", "file3.png"))))
        .containsExactly(media(HASH, "file1.png"), media(HASH, "file1.png"));
    assertThat(catalog.aliases(HASH)).containsExactly("b.png", "a.png", "c.png");
    assertThat(catalog.names("file2.png", null)).isFalse();
  }

  @Test
  void oneTakenAliasUndoesTheWholeRequest() throws Exception {
    catalog.link(List.of(link("a.png", "file1.png")));
    Link other = new Link("new.png", "t", media("cd".repeat(32), "file9.png"), true);
    assertThatThrownBy(() -> catalog.link(List.of(other, link("a.png", "file2.png"))))
        .isInstanceOf(AliasTakenException.class)
        .extracting("alias")
        .isEqualTo("a.png");
    assertThat(catalog.find("new.png")).isEmpty();
    assertThat(catalog.names("file9.png", null)).isFalse();
  }

  @Test
  void aMediaThatWentCannotBeJoined() {
    Link stale = new Link("a.png", "t", media(HASH, "file1.png"), false);
    assertThatThrownBy(() -> catalog.link(List.of(stale)))
        .isInstanceOf(MediaVanishedException.class);
    assertThat(catalog.find("a.png")).isEmpty();
  }

  @Test
  void unlinkNeedsTheTokenAndTheLastOneTakesTheMedia() throws Exception {
    catalog.link(List.of(link("a.png", "file1.png"), link("b.png", "file1.png")));
    assertThat(
            catalog.addVariant(
                media(HASH, "file1.png"), "identity.webp", variant("identity.0.webp")))
        .isTrue();
    assertThat(catalog.variant(media(HASH, "file1.png"), "identity.webp")).isPresent();
    assertThat(catalog.find("a.png")).isEqualTo(catalog.find("b.png")).isPresent();
    assertThat(catalog.names("file1.png", "identity.0.webp")).isTrue();
    assertThat(catalog.unlink("a.png", "wrong")).isEqualTo(Unlinked.WRONG_TOKEN);
    assertThat(catalog.unlink("x.png", "wrong")).isEqualTo(Unlinked.UNKNOWN_ALIAS);
    assertThat(catalog.unlink("a.png", "token-a.png")).isEqualTo(Unlinked.ALIAS_REMOVED);
    assertThat(catalog.unlink("a.png", "token-a.png")).isEqualTo(Unlinked.UNKNOWN_ALIAS);
    assertThat(trash()).isEmpty();
    assertThat(catalog.unlink("b.png", "token-b.png")).isEqualTo(Unlinked.MEDIA_REMOVED);
    assertThat(trash()).containsExactlyInAnyOrder("file1.png", "file1.png/identity.0.webp");
    assertThat(catalog.findByHash(HASH)).isEmpty();
    assertThat(catalog.variant(media(HASH, "file1.png"), "identity.webp")).isEmpty();
    assertThat(catalog.addVariant(media(HASH, "file1.png"), "identity.webp", variant("late.webp")))
        .isFalse();
    trash().forEach(catalog::forgetDiscarded);
    assertThat(trash()).isEmpty();
  }

  @Test
  void purgeTakesAllAliases() throws Exception {
    catalog.link(List.of(link("b.png", "file1.png"), link("a.png", "file1.png")));
    assertThat(catalog.find("a.png")).isPresent();
    assertThat(catalog.purge(HASH)).containsExactly("b.png", "a.png");
    assertThat(catalog.find("a.png")).isEmpty();
    assertThat(catalog.purge(HASH)).isEmpty();
    assertThat(trash()).containsExactly("file1.png");
  }

  @Test
  void aVariantIsRememberedUntilItIsForgotten() throws Exception {
    catalog.link(List.of(link("a.png", "file1.png")));
    catalog.addVariant(media(HASH, "file1.png"), "k.webp", variant("k.1.webp"));
    assertThat(catalog.variant(media(HASH, "file1.png"), "k.webp")).contains(variant("k.1.webp"));
    catalog.removeVariant(media(HASH, "file1.png"), "k.webp", variant("k.1.webp"));
    assertThat(catalog.variant(media(HASH, "file1.png"), "k.webp")).isEmpty();
    assertThat(trash()).containsExactly("file1.png/k.1.webp");
  }

  @Test
  void onlyTheVariantThatWasLostIsForgotten() throws Exception {
    catalog.link(List.of(link("a.png", "file1.png")));
    catalog.addVariant(media(HASH, "file1.png"), "k.webp", variant("k.2.webp"));
    catalog.removeVariant(media(HASH, "file0.png"), "k.webp", variant("k.1.webp"));
    assertThat(catalog.variant(media(HASH, "file1.png"), "k.webp")).contains(variant("k.2.webp"));
    assertThat(trash()).isEmpty();
  }

  @Test
  void aVariantOfContentThatWentAndCameBackIsNobodys() throws Exception {
    catalog.link(List.of(link("a.png", "file1.png")));
    catalog.purge(HASH);
    catalog.link(List.of(link("a.png", "file2.png")));
    assertThat(catalog.addVariant(media(HASH, "file1.png"), "k.webp", variant("k.1.webp")))
        .isFalse();
    assertThat(catalog.variant(media(HASH, "file2.png"), "k.webp")).isEmpty();
  }

  /** Alias and media are two rows, and the other one may take both away between two reads. */
  @Test
  void ofManyWhoTakeTheSameAliasOneSucceedsAndTheOthersFindNothing() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      for (int round = 0; round < 60; round++) {
        catalog.link(List.of(link("a.png", "file" + round + ".png")));
        List<Future<Unlinked>> all = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
          all.add(pool.submit(() -> catalog.unlink("a.png", "token-a.png")));
        }
        List<Unlinked> outcomes = new ArrayList<>();
        for (Future<Unlinked> one : all) {
          outcomes.add(one.get());
        }
        assertThat(outcomes).containsOnlyOnce(Unlinked.MEDIA_REMOVED);
        assertThat(outcomes).containsOnly(Unlinked.MEDIA_REMOVED, Unlinked.UNKNOWN_ALIAS);
      }
    }
  }

  @Test
  void eightAtOnceKeepTheInvariants() throws Exception {
    AtomicInteger filenames = new AtomicInteger();
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      List<Future<?>> futures = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        String mine = "t" + t;
        futures.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 25; i++) {
                    String alias = mine + "-" + i + ".png";
                    catalog.link(List.of(link(alias, "f" + filenames.incrementAndGet() + ".png")));
                    assertThat(catalog.find(alias)).isPresent();
                    if (i % 5 != 0) {
                      catalog.unlink(alias, "token-" + alias);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    }
    assertThat(catalog.aliases(HASH)).hasSize(40);
    Media kept = catalog.findByHash(HASH).orElseThrow();
    assertThat(trash()).doesNotContain(kept.filename());
    assertThat(catalog.purge(HASH)).hasSize(40);
    assertThat(catalog.names(kept.filename(), null)).isFalse();
    catalog.check();
  }
}
