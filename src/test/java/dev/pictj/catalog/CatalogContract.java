package dev.pictj.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.catalog.BackgroundUploads.Outcome;
import dev.pictj.catalog.BackgroundUploads.Upload;
import dev.pictj.catalog.OwedWork.Task;
import dev.pictj.catalog.ProxiedUrls.Proxied;
import dev.pictj.media.Details;
import dev.pictj.media.Dimensions;
import dev.pictj.media.Facts;
import dev.pictj.media.MediaType;
import dev.pictj.media.Phash;
import dev.pictj.media.Preview;
import dev.pictj.media.VerifiedBy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
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

  protected static Variant variant(String blob) {
    return new Variant(blob, "cd".repeat(32), 9, media(HASH, "x").details());
  }

  protected Media added(String alias, String filename, int variants, int most) throws Exception {
    Media media = media(HASH, filename);
    linked(List.of(link(alias, filename)));
    for (int i = 0; i < variants; i++) {
      assertThat(
              catalog.addVariant(
                  VariantKey.of(media, "k-" + i + ".webp"), variant("k-" + i + ".0.webp"), most))
          .isPresent();
    }
    return media;
  }

  /**
   * Adds a variant and returns the names of those that went for it; empty when the media is gone.
   */
  protected Optional<List<String>> evicted(Media media, String name, String blob, int most) {
    return catalog
        .addVariant(VariantKey.of(media, name), variant(blob), most)
        .map(added -> added.evicted().stream().map(VariantKey::name).toList());
  }

  /** Notes that these are asked for now, one after the other. */
  private void asked(VariantKey... variants) {
    Map<VariantKey, Instant> times = new LinkedHashMap<>();
    for (VariantKey one : variants) {
      times.put(one, Instant.now());
    }
    catalog.asked(times);
  }

  /** Adds a variant that others are made from; empty when the media is gone. */
  private Optional<Variant> intermediate(VariantKey key, Variant variant) {
    return catalog.addVariant(key, variant, Catalog.NOT_COUNTED).map(Catalog.Added::winner);
  }

  /** What is left to do behind the replies. */
  private void clear() {
    boolean more = true;
    while (more) {
      more = catalog.clearRemoved();
    }
  }

  /** As uploads do it: what is to be stored is announced first. */
  protected final List<Media> linked(List<Link> links)
      throws AliasTakenException, MediaVanishedException {
    catalog.announce(links.stream().filter(Link::fresh).map(l -> l.media().filename()).toList());
    return catalog.link(links);
  }

  protected List<String> trash() {
    return catalog.journal().discarded("", 10_000);
  }

  private List<String> unaccounted(String... blobs) {
    return catalog.journal().unaccounted(new TreeSet<>(List.of(blobs)));
  }

  @Test
  void whoHasVerifiedAMediaIsRemembered() throws Exception {
    for (VerifiedBy by : VerifiedBy.values()) {
      Media plain = media(by.name(), by + "0000.png");
      Media media = new Media(plain.hash(), plain.filename(), 123, plain.details(), by);
      linked(List.of(new Link("alias-" + by, "token", media, true)));

      assertThat(catalog.findByHash(by.name())).contains(media);
    }
  }

  @Test
  void aLinkedAliasIsFoundEveryWayAndAfterReopening() throws Exception {
    assertThat(linked(List.of(link("a.png", "file1.png"))))
        .containsExactly(media(HASH, "file1.png"));
    catalog.close();
    catalog = open();
    assertThat(catalog.find("a.png")).contains(media(HASH, "file1.png"));
    assertThat(catalog.findByFilename("file1.png")).contains(media(HASH, "file1.png"));
    assertThat(catalog.findByHash(HASH)).contains(media(HASH, "file1.png"));
    assertThat(unaccounted("file1.png")).isEmpty();
    assertThat(catalog.find("b.png")).isEmpty();
  }

  @Test
  void aKnownHashKeepsItsFirstFile() throws Exception {
    linked(List.of(link("b.png", "file1.png")));
    assertThat(linked(List.of(link("a.png", "file2.png"), link("c.png", "file3.png"))))
        .containsExactly(media(HASH, "file1.png"), media(HASH, "file1.png"));
    assertThat(catalog.aliases(HASH)).containsExactly("b.png", "a.png", "c.png");
    catalog.abandon(List.of("file1.png", "file2.png", "file3.png"));
    assertThat(trash()).containsExactly("file2.png", "file3.png");
  }

  @Test
  void oneTakenAliasUndoesTheWholeRequest() throws Exception {
    linked(List.of(link("a.png", "file1.png")));
    Link other = new Link("new.png", "t", media("cd".repeat(32), "file9.png"), true);
    assertThatThrownBy(() -> linked(List.of(other, link("a.png", "file2.png"))))
        .isInstanceOf(AliasTakenException.class)
        .extracting("alias")
        .isEqualTo("a.png");
    assertThat(catalog.find("new.png")).isEmpty();
    catalog.journal().expireAnnounced(Duration.ZERO);
    assertThat(unaccounted("file9.png")).containsExactly("file9.png");
  }

  @Test
  void aMediaThatWentCannotBeJoined() {
    Link stale = new Link("a.png", "t", media(HASH, "file1.png"), false);
    assertThatThrownBy(() -> linked(List.of(stale))).isInstanceOf(MediaVanishedException.class);
    assertThat(catalog.find("a.png")).isEmpty();
  }

  @Test
  void aFilenameIsNamedOnlyWhileItIsAnnouncedAndOnce() throws Exception {
    assertThatThrownBy(() -> catalog.link(List.of(link("a.png", "file1.png"))))
        .isInstanceOf(MediaVanishedException.class);
    catalog.announce(List.of("file1.png"));
    catalog.link(List.of(link("a.png", "file1.png")));
    catalog.purge(HASH);
    assertThatThrownBy(() -> catalog.link(List.of(link("a.png", "file1.png"))))
        .isInstanceOf(MediaVanishedException.class);
    catalog.announce(List.of("file2.png"));
    assertThat(unaccounted("file1.png", "file2.png", "file3.png")).containsExactly("file3.png");
    catalog.journal().expireAnnounced(Duration.ofMinutes(10));
    assertThat(unaccounted("file2.png")).isEmpty();
    catalog.journal().expireAnnounced(Duration.ZERO);
    assertThatThrownBy(() -> catalog.link(List.of(link("a.png", "file2.png"))))
        .isInstanceOf(MediaVanishedException.class);
    assertThat(unaccounted("file2.png")).containsExactly("file2.png");
  }

  @Test
  void lostBytesComeBackUnderAnotherFilenameForEveryAlias() throws Exception {
    linked(List.of(link("a.png", "file1.png"), link("b.png", "file1.png")));
    catalog.addVariant(VariantKey.of(media(HASH, "file1.png"), "k.webp"), variant("k.1.webp"), 9);
    assertThat(catalog.find("a.png")).contains(media(HASH, "file1.png"));
    Media again = media(HASH, "file2.png");
    Link restores = new Link("c.png", "t", again, true, Optional.of("file1.png"));
    assertThat(linked(List.of(restores))).containsExactly(again);
    for (String alias : List.of("a.png", "b.png", "c.png")) {
      assertThat(catalog.find(alias)).contains(again);
    }
    assertThat(catalog.aliases(HASH)).containsExactly("a.png", "b.png", "c.png");
    assertThat(catalog.findByFilename("file1.png")).isEmpty();
    assertThat(catalog.findByFilename("file2.png")).contains(again);
    assertThat(catalog.variant(VariantKey.of(again, "k.webp"))).isEmpty();
    assertThat(
            catalog.addVariant(
                VariantKey.of(media(HASH, "file1.png"), "k.webp"), variant("k.2.webp"), 9))
        .isEmpty();
    clear();
    assertThat(trash()).containsExactly("file1.png", "file1.png/k.1.webp");
    // Whoever found the same bytes lost, and comes later, joins.
    Link late = new Link("d.png", "t", media(HASH, "file3.png"), true, Optional.of("file1.png"));
    assertThat(linked(List.of(late))).containsExactly(again);
    catalog.abandon(List.of("file3.png"));
    assertThat(trash()).contains("file3.png");
    assertThat(catalog.purge(HASH)).hasSize(4);
    // And where the media went meanwhile, its bytes are as good as new.
    Link after = new Link("e.png", "t", media(HASH, "file4.png"), true, Optional.of("file2.png"));
    assertThat(linked(List.of(after))).containsExactly(media(HASH, "file4.png"));
  }

  @Test
  void whatHasANameAfterAllIsTakenByNobody() throws Exception {
    linked(List.of(link("a.png", "file1.png")));
    catalog.addVariant(VariantKey.of(media(HASH, "file1.png"), "k.webp"), variant("k.1.webp"), 9);
    catalog.announce(List.of("file2.png"));
    List<String> found =
        List.of("file1.png", "file1.png/k.1.webp", "file1.png/k.2.webp", "file2.png", "file3.png");
    catalog.journal().note(BlobJournal.Place.STORED, found);
    assertThat(catalog.journal().noted(BlobJournal.Place.STORED, Duration.ZERO, "", 9))
        .isEqualTo(found);
    assertThat(catalog.journal().noted(BlobJournal.Place.STORED, Duration.ZERO, "file1.png", 2))
        .containsExactly("file1.png/k.1.webp", "file1.png/k.2.webp");
    assertThat(catalog.journal().noted(BlobJournal.Place.STORED, Duration.ofHours(1), "", 9))
        .isEmpty();
    assertThat(catalog.journal().take(found)).containsExactly("file3.png");
    assertThat(catalog.journal().noted(BlobJournal.Place.STORED, Duration.ZERO, "", 9))
        .containsExactly("file3.png");
    assertThat(trash()).containsExactly("file1.png/k.2.webp");
    // The same variant is named in the last moment.
    catalog.addVariant(VariantKey.of(media(HASH, "file1.png"), "l.webp"), variant("k.2.webp"), 9);
    assertThat(trash()).isEmpty();
  }

  @Test
  void theTrashIsReadInPagesHoweverManyOfThemHaveANameAfterAll() throws Exception {
    Media media = added("a.png", "file1.png", 0, 9);
    List<String> blobs = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      blobs.add("file1.png/k.%d.webp".formatted(i));
    }
    assertThat(catalog.journal().take(blobs)).isEmpty();
    for (int i = 0; i < 6; i++) {
      catalog.addVariant(VariantKey.of(media, "k-" + i), variant("k.%d.webp".formatted(i)), 9);
    }
    assertThat(catalog.journal().discarded("", 2)).containsExactlyElementsOf(blobs.subList(6, 8));
    assertThat(catalog.journal().discarded(blobs.get(7), 2)).containsExactly(blobs.get(8));
    assertThat(catalog.journal().discarded(blobs.get(8), 2)).isEmpty();
  }

  @Test
  void unlinkNeedsTheTokenAndTheLastOneTakesTheMedia() throws Exception {
    linked(List.of(link("a.png", "file1.png"), link("b.png", "file1.png")));
    assertThat(
            catalog.addVariant(
                VariantKey.of(media(HASH, "file1.png"), "identity.webp"),
                variant("identity.0.webp"),
                9))
        .isPresent();
    assertThat(catalog.variant(VariantKey.of(media(HASH, "file1.png"), "identity.webp")))
        .isPresent();
    assertThat(catalog.find("a.png")).isEqualTo(catalog.find("b.png")).isPresent();
    assertThat(unaccounted("file1.png/identity.0.webp", "file1.png/identity.1.webp"))
        .containsExactly("file1.png/identity.1.webp");
    assertThat(catalog.unlink("a.png", "wrong")).isEqualTo(Unlinked.WRONG_TOKEN);
    assertThat(catalog.unlink("x.png", "wrong")).isEqualTo(Unlinked.UNKNOWN_ALIAS);
    assertThat(catalog.unlink("a.png", "token-a.png")).isEqualTo(Unlinked.ALIAS_REMOVED);
    assertThat(catalog.unlink("a.png", "token-a.png")).isEqualTo(Unlinked.UNKNOWN_ALIAS);
    assertThat(trash()).isEmpty();
    assertThat(catalog.unlink("b.png", "token-b.png")).isEqualTo(Unlinked.MEDIA_REMOVED);
    assertThat(trash()).containsExactly("file1.png");
    clear();
    assertThat(trash()).containsExactlyInAnyOrder("file1.png", "file1.png/identity.0.webp");
    assertThat(catalog.findByHash(HASH)).isEmpty();
    assertThat(catalog.variant(VariantKey.of(media(HASH, "file1.png"), "identity.webp"))).isEmpty();
    assertThat(
            catalog.addVariant(
                VariantKey.of(media(HASH, "file1.png"), "identity.webp"), variant("late.webp"), 9))
        .isEmpty();
    catalog.journal().forgetDiscarded(trash());
    assertThat(trash()).isEmpty();
  }

  @Test
  void variantsThatNobodyAskedForTheLongestGoFirst() throws Exception {
    Media media = added("a.png", "file1.png", 5, 9);
    VariantKey still = VariantKey.of(media, "still.jpg");
    assertThat(intermediate(still, variant("s.jpg"))).isPresent();
    List<VariantKey> keys = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      keys.add(VariantKey.of(media, "k-" + i + ".webp"));
      assertThat(catalog.variant(keys.get(i))).isPresent();
    }
    asked(keys.get(1), VariantKey.of(media, "unknown"));
    catalog.close();
    catalog = open();
    asked(keys.get(0));
    assertThat(catalog.dropVariants(Instant.EPOCH, 1000, 9).variants()).isEmpty();

    Instant later = Instant.now().plusSeconds(60);
    assertThat(catalog.dropVariants(later, 10, 9))
        .isEqualTo(new Catalog.Dropped(keys.subList(2, 4), 18));
    assertThat(catalog.variant(keys.get(2))).isEmpty();
    assertThat(trash()).containsExactly("file1.png/k-2.0.webp", "file1.png/k-3.0.webp");
    assertThat(catalog.totals()).isEqualTo(new Totals(1, 1, 4, 123, 36));
    assertThat(catalog.dropVariants(later, 1000, 1).variants()).containsExactly(keys.get(4));
    assertThat(catalog.dropVariants(later, 1000, 9).variants())
        .containsExactly(still, keys.get(1), keys.get(0));
    assertThat(catalog.dropVariants(later, 1000, 9).variants()).isEmpty();
    assertThat(catalog.totals()).isEqualTo(new Totals(1, 1, 0, 123, 0));
    // One that is made again is one like any other.
    assertThat(evicted(media, "k-2.webp", "k-2.1.webp", 1)).contains(List.of());
    assertThat(catalog.variant(keys.get(2))).isPresent();
  }

  @Test
  void uploadsAreListedTheLatestFirst() throws Exception {
    List<Media> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Details details =
          new Details(new Dimensions(4, 3), MediaType.PNG, 1, Instant.ofEpochSecond(1000 - i));
      Media media = new Media(("a" + i).repeat(32), "file" + i + ".png", 1, details);
      all.add(media);
      linked(List.of(new Link(i + ".png", "t", media, true), new Link("b" + i, "t", media, true)));
    }
    assertThat(catalog.uploads("", 9)).isEqualTo(all);
    assertThat(catalog.uploads("", 2)).isEqualTo(all.subList(0, 2));
    // The place of one that is gone is where it was.
    assertThat(catalog.purge(all.get(1).hash())).hasSize(2);
    assertThat(catalog.uploads(all.get(1).place(), 2)).isEqualTo(all.subList(2, 4));
    assertThat(catalog.uploads(all.get(4).place(), 2)).isEmpty();
    assertThat(catalog.uploads("", 9)).hasSize(4).doesNotContain(all.get(1));
  }

  @Test
  void uploadsBeforeAPlaceAreListedTheNearestFirst() throws Exception {
    List<Media> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Details details =
          new Details(new Dimensions(4, 3), MediaType.PNG, 1, Instant.ofEpochSecond(1000 - i));
      all.add(new Media(("a" + i).repeat(32), "file" + i + ".png", 1, details));
      linked(List.of(new Link(i + ".png", "t", all.getLast(), true)));
    }
    assertThat(catalog.uploadsBefore(all.get(3).place(), 2))
        .containsExactly(all.get(2), all.get(1));
    assertThat(catalog.uploadsBefore(all.get(3).place(), 9))
        .containsExactly(all.get(2), all.get(1), all.get(0));
    assertThat(catalog.uploadsBefore(all.get(0).place(), 9)).isEmpty();
    assertThat(catalog.uploadsBefore(all.get(3).place(), 0)).isEmpty();
    // A place that is nobody's.
    assertThat(catalog.uploadsBefore(Media.place(Instant.EPOCH, "~"), 1))
        .containsExactly(all.get(4));
    assertThat(catalog.uploadsBefore(Media.place(Instant.ofEpochSecond(9999), "~"), 1)).isEmpty();
  }

  @Test
  void anAdministratorNeedsNoToken() throws Exception {
    Media media = media("cd".repeat(32), "file1.png");
    linked(List.of(new Link("a.png", "t", media, true), new Link("b.png", "u", media, true)));
    assertThat(catalog.unlink("none.png")).isEqualTo(Unlinked.UNKNOWN_ALIAS);
    assertThat(catalog.unlink("a.png")).isEqualTo(Unlinked.ALIAS_REMOVED);
    assertThat(catalog.find("a.png")).isEmpty();
    assertThat(catalog.find("b.png")).contains(media);
    assertThat(catalog.unlink("b.png")).isEqualTo(Unlinked.MEDIA_REMOVED);
    assertThat(catalog.findByHash(media.hash())).isEmpty();
  }

  @Test
  void anAliasMayGetAnotherToken() throws Exception {
    assertThat(catalog.deleteToken("a.png")).isEmpty();
    assertThat(catalog.setDeleteToken("a.png", "new")).isFalse();
    Media media = linked(List.of(link("a.png", "file.png"), link("b.png", "file.png"))).getFirst();
    String before = catalog.deleteToken("a.png").orElseThrow();
    assertThat(catalog.setDeleteToken("a.png", "new")).isTrue();
    catalog.close();
    catalog = open();
    assertThat(catalog.deleteToken("a.png")).contains("new");
    assertThat(catalog.find("a.png")).contains(media);
    assertThat(catalog.unlink("a.png", before)).isEqualTo(Unlinked.WRONG_TOKEN);
    assertThat(catalog.unlink("a.png", "new")).isEqualTo(Unlinked.ALIAS_REMOVED);
    assertThat(catalog.purge(media.hash())).containsExactly("b.png");
    assertThat(catalog.deleteToken("b.png")).isEmpty();
    assertThat(catalog.setDeleteToken("b.png", "new")).isFalse();
  }

  @Test
  void namesAreKeptAwayForGood() throws Exception {
    assertThat(catalog.isKeptAway("a.png")).isFalse();
    catalog.keepAway("a.png");
    catalog.close();
    catalog = open();
    assertThat(catalog.isKeptAway("a.png")).isTrue();
    assertThat(catalog.isKeptAway("a")).isFalse();
    assertThat(catalog.find("a.png")).isEmpty();
  }

  @Test
  void thePictureForWhatIsNotThereIsRemembered() {
    assertThat(catalog.notFound()).isEmpty();
    catalog.setNotFound("a.png");
    catalog.setNotFound("b.png");
    catalog.close();
    catalog = open();
    assertThat(catalog.notFound()).contains("b.png");
  }

  @Test
  void totalsAreWhatThereIs() throws Exception {
    assertThat(catalog.totals()).isEqualTo(new Totals(0, 0, 0, 0, 0));
    Media first = added("a.png", "file1.png", 3, 2);
    linked(List.of(link("b.png", "file2.png")));
    Media other = media("cd".repeat(32), "file3.png");
    linked(List.of(new Link("c.png", "t", other, true)));
    assertThat(intermediate(VariantKey.of(other, "still.jpg"), variant("s.jpg"))).isPresent();
    assertThat(catalog.totals()).isEqualTo(new Totals(3, 2, 3, 246, 27));
    // Nothing of these changes anything.
    assertThat(catalog.addVariant(VariantKey.of(first, "k-2.webp"), variant("no.webp"), 2))
        .isPresent();
    catalog.removeVariant(VariantKey.of(first, "k-1.webp"), variant("no.webp"));
    catalog.addOrigin(first, "origin");
    assertThat(catalog.unlink("a.png", "wrong")).isEqualTo(Unlinked.WRONG_TOKEN);
    catalog.close();
    catalog = open();
    assertThat(catalog.totals()).isEqualTo(new Totals(3, 2, 3, 246, 27));

    catalog.removeVariant(VariantKey.of(first, "k-1.webp"), variant("k-1.0.webp"));
    assertThat(catalog.totals()).isEqualTo(new Totals(3, 2, 2, 246, 18));
    // Bytes that were lost come back under another name.
    catalog.announce(List.of("file4.png"));
    catalog.link(
        List.of(new Link("d.png", "t", media(HASH, "file4.png"), true, Optional.of("file1.png"))));
    clear();
    assertThat(catalog.totals()).isEqualTo(new Totals(4, 2, 1, 246, 9));
    assertThat(catalog.unlink("c.png", "t")).isEqualTo(Unlinked.MEDIA_REMOVED);
    assertThat(catalog.totals().media()).isEqualTo(1);
    assertThat(catalog.purge(HASH)).hasSize(3);
    assertThat(catalog.totals().aliases()).isZero();
    // An alias that the purge has left behind.
    linked(List.of(new Link("a.png", "t", media("ef".repeat(32), "file5.png"), true)));
    clear();
    assertThat(catalog.totals()).isEqualTo(new Totals(1, 1, 0, 123, 0));
  }

  @Test
  void purgeTakesAllAliases() throws Exception {
    linked(List.of(link("b.png", "file1.png"), link("a.png", "file1.png")));
    assertThat(catalog.find("a.png")).isPresent();
    assertThat(catalog.purge(HASH)).containsExactly("b.png", "a.png");
    assertThat(catalog.find("a.png")).isEmpty();
    assertThat(catalog.purge(HASH)).isEmpty();
    assertThat(trash()).containsExactly("file1.png");
  }

  @Test
  void aVariantIsRememberedUntilItIsForgotten() throws Exception {
    linked(List.of(link("a.png", "file1.png")));
    catalog.addVariant(VariantKey.of(media(HASH, "file1.png"), "k.webp"), variant("k.1.webp"), 9);
    assertThat(catalog.variant(VariantKey.of(media(HASH, "file1.png"), "k.webp")))
        .contains(variant("k.1.webp"));
    catalog.removeVariant(VariantKey.of(media(HASH, "file1.png"), "k.webp"), variant("k.1.webp"));
    assertThat(catalog.variant(VariantKey.of(media(HASH, "file1.png"), "k.webp"))).isEmpty();
    assertThat(trash()).containsExactly("file1.png/k.1.webp");
  }

  @Test
  void onlyTheVariantThatWasLostIsForgotten() throws Exception {
    linked(List.of(link("a.png", "file1.png")));
    catalog.addVariant(VariantKey.of(media(HASH, "file1.png"), "k.webp"), variant("k.2.webp"), 9);
    catalog.removeVariant(VariantKey.of(media(HASH, "file0.png"), "k.webp"), variant("k.1.webp"));
    assertThat(catalog.variant(VariantKey.of(media(HASH, "file1.png"), "k.webp")))
        .contains(variant("k.2.webp"));
    assertThat(trash()).isEmpty();
  }

  @Test
  void aVariantOfContentThatWentAndCameBackIsNobodys() throws Exception {
    linked(List.of(link("a.png", "file1.png")));
    catalog.purge(HASH);
    linked(List.of(link("a.png", "file2.png")));
    assertThat(
            catalog.addVariant(
                VariantKey.of(media(HASH, "file1.png"), "k.webp"), variant("k.1.webp"), 9))
        .isEmpty();
    assertThat(catalog.variant(VariantKey.of(media(HASH, "file2.png"), "k.webp"))).isEmpty();
  }

  @Test
  void theOldestMadeGoWhenThereAreTooManyButNothingThatOthersAreMadeFrom() throws Exception {
    linked(List.of(link("a.png", "file1.png")));
    Media media = media(HASH, "file1.png");
    assertThat(intermediate(VariantKey.of(media, "still.jpg"), variant("still.0.jpg")))
        .contains(variant("still.0.jpg"));
    for (int i = 0; i < 20; i++) {
      assertThat(evicted(media, "k-" + i + ".webp", "k-" + i + ".0.webp", 3))
          .contains(i < 3 ? List.of() : List.of("k-" + (i - 3) + ".webp"));
      assertThat(catalog.variant(VariantKey.of(media, "k-" + (i - 3) + ".webp"))).isEmpty();
    }
    // One that is made again is the youngest.
    catalog.removeVariant(VariantKey.of(media, "k-17.webp"), variant("k-17.0.webp"));
    assertThat(evicted(media, "k-17.webp", "k-17.1.webp", 3)).contains(List.of());
    assertThat(evicted(media, "k-20.webp", "k-20.0.webp", 3)).contains(List.of("k-18.webp"));
    assertThat(catalog.variant(VariantKey.of(media, "still.jpg"))).contains(variant("still.0.jpg"));
    assertThat(trash()).hasSize(19).contains("file1.png/k-17.0.webp", "file1.png/k-18.0.webp");
    assertThat(intermediate(VariantKey.of(media(HASH, "file2.png"), "still.jpg"), variant("s.jpg")))
        .isEmpty();
  }

  /** They may be noted long after they were asked for, when others were asked for already. */
  @Test
  void whenVariantsWereAskedForCountsAndNotWhenThatIsNoted() throws Exception {
    Media media = added("a.png", "file1.png", 3, 9);
    Instant made = Instant.now();
    while (!Instant.now().isAfter(made.plusMillis(1))) {
      // Everything of it is over.
      Thread.onSpinWait();
    }
    Map<VariantKey, Instant> late = new LinkedHashMap<>();
    for (int i : List.of(1, 2, 0)) {
      late.put(VariantKey.of(media, "k-" + i + ".webp"), made.plusNanos(900_000 - 200_000L * i));
    }
    catalog.asked(late);
    // Told too late: what is known is later.
    catalog.asked(Map.of(VariantKey.of(media, "k-2.webp"), made.plusNanos(1_000)));
    assertThat(evicted(media, "l.webp", "l.0.webp", 3)).contains(List.of("k-2.webp"));
    assertThat(catalog.dropVariants(made.plusNanos(800_000), 1000, 9).variants())
        .containsExactly(VariantKey.of(media, "k-1.webp"));
  }

  @Test
  void thoseGoFirstThatNobodyHasAskedForTheLongest() throws Exception {
    Media media = added("a.png", "file1.png", 4, 4);
    VariantKey first = VariantKey.of(media, "k-0.webp");
    asked(first, VariantKey.of(media, "k-2.webp"), VariantKey.of(media, "gone"));
    assertThat(evicted(media, "l.webp", "l.0.webp", 4)).contains(List.of("k-1.webp"));
    assertThat(evicted(media, "m.webp", "m.0.webp", 4)).contains(List.of("k-3.webp"));
    asked(first);
    catalog.close();
    catalog = open();
    assertThat(evicted(media, "n.webp", "n.0.webp", 4)).contains(List.of("k-2.webp"));
    assertThat(evicted(media, "o.webp", "o.0.webp", 4)).contains(List.of("l.webp"));
    assertThat(catalog.variant(first)).isPresent();
    catalog.removeVariant(first, variant("k-0.0.webp"));
    assertThat(evicted(media, "p.webp", "p.0.webp", 4)).contains(List.of());
    assertThat(evicted(media, "q.webp", "q.0.webp", 4)).contains(List.of("m.webp"));
  }

  /** As where two servers have made the same variant at the same time. */
  @Test
  void theFirstOfTwoVariantsOfOneKeyWins() throws Exception {
    Media media = added("a.png", "file1.png", 0, 9);
    VariantKey key = VariantKey.of(media, "k.webp");
    assertThat(catalog.addVariant(key, variant("k.1.webp"), 1))
        .contains(new Catalog.Added(variant("k.1.webp"), List.of()));
    assertThat(catalog.addVariant(key, variant("k.2.webp"), 1))
        .contains(new Catalog.Added(variant("k.1.webp"), List.of()));
    assertThat(catalog.variant(key)).contains(variant("k.1.webp"));
    assertThat(trash()).containsExactly("file1.png/k.2.webp");
    // The same once more, as after an answer that was lost.
    assertThat(catalog.addVariant(key, variant("k.1.webp"), 1)).isPresent();
    assertThat(trash()).containsExactly("file1.png/k.2.webp");
    VariantKey still = VariantKey.of(media, "frame.png");
    assertThat(intermediate(still, variant("f.1.png"))).contains(variant("f.1.png"));
    assertThat(intermediate(still, variant("f.2.png"))).contains(variant("f.1.png"));
    assertThat(trash()).containsExactly("file1.png/f.2.png", "file1.png/k.2.webp");
    // It is not one more.
    assertThat(evicted(media, "l.webp", "l.1.webp", 2)).contains(List.of());
    assertThat(evicted(media, "m.webp", "m.1.webp", 2)).contains(List.of("k.webp"));
  }

  /** As after a start with a lower bound. */
  @Test
  void manyMoreThanAreAllowedGoWithFewOfTheNext() throws Exception {
    Media media = added("a.png", "file1.png", 30, 100);
    List<String> gone = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      gone.addAll(evicted(media, "n-" + i + ".webp", "n-" + i + ".0.webp", 5).get());
    }
    assertThat(gone).hasSize(31).startsWith("k-0.webp", "k-1.webp").doesNotContain("n-5.webp");
    assertThat(catalog.variant(VariantKey.of(media, "n-5.webp"))).isPresent();
  }

  @Test
  void whatWasLeftToDoIsDoneAfterReopening() throws Exception {
    added("a.png", "file1.png", 250, 1000);
    catalog.unlink("a.png", "token-a.png");
    assertThat(catalog.clearRemoved()).isTrue();
    assertThat(trash()).hasSizeLessThan(250);
    catalog.close();
    catalog = open();
    clear();
    assertThat(trash()).hasSize(251);
    assertThat(catalog.clearRemoved()).isFalse();
  }

  @Test
  void contentThatComesBackSeesNothingOfWhatIsNotClearedYet() throws Exception {
    Media before = added("a.png", "file1.png", 150, 1000);
    catalog.purge(HASH);
    Media after = added("b.png", "file2.png", 1, 1000);
    assertThat(catalog.aliases(HASH)).containsExactly("b.png");
    assertThat(catalog.find("a.png")).isEmpty();
    assertThat(catalog.variant(VariantKey.of(after, "k-1.webp"))).isEmpty();
    assertThat(catalog.variant(VariantKey.of(before, "k-1.webp"))).isEmpty();
    catalog.purge(HASH);
    added("c.png", "file3.png", 1, 1000);
    clear();
    assertThat(catalog.variant(VariantKey.of(media(HASH, "file3.png"), "k-0.webp"))).isPresent();
    assertThat(catalog.aliases(HASH)).containsExactly("c.png");
    assertThat(catalog.find("c.png")).contains(media(HASH, "file3.png"));
    assertThat(trash()).hasSize(2 + 150 + 1);
  }

  @Test
  void aPurgeIsWholeAtOnceAndItsAliasesAreFree() throws Exception {
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < 350; i++) {
      links.add(link("a" + i, "file1.png"));
    }
    linked(links);
    catalog.find("a7");
    assertThat(catalog.purge(HASH)).hasSize(350).startsWith("a0", "a1");
    assertThat(links).allSatisfy(link -> assertThat(catalog.find(link.alias())).isEmpty());
    assertThat(catalog.aliases(HASH)).isEmpty();
    assertThat(catalog.unlink("a5", "token-a5")).isEqualTo(Unlinked.UNKNOWN_ALIAS);
    assertThat(catalog.unlink("a5", "wrong")).isEqualTo(Unlinked.UNKNOWN_ALIAS);
    // A name is given to other content, and another one to the same.
    Media other = media("cd".repeat(32), "file9.png");
    linked(List.of(new Link("a7", "t", other, true)));
    assertThat(catalog.find("a7")).contains(other);
    assertThat(catalog.find("a8")).isEmpty();
    linked(List.of(link("a9", "file2.png")));
    assertThat(catalog.find("a8")).isEmpty();
    clear();
    assertThat(catalog.find("a7")).contains(other);
    assertThat(catalog.find("a8")).isEmpty();
    assertThat(catalog.aliases(HASH)).containsExactly("a9");
    assertThat(trash()).containsExactly("file1.png");
  }

  /** Alias and media are two rows, and the other one may take both away between two reads. */
  @Test
  void ofManyWhoTakeTheSameAliasOneSucceedsAndTheOthersFindNothing() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      for (int round = 0; round < 60; round++) {
        linked(List.of(link("a.png", "file" + round + ".png")));
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
                    linked(List.of(link(alias, "f" + filenames.incrementAndGet() + ".png")));
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
    assertThat(catalog.totals()).isEqualTo(new Totals(40, 1, 0, 123, 0));
    Media kept = catalog.findByHash(HASH).orElseThrow();
    assertThat(trash()).doesNotContain(kept.filename());
    assertThat(catalog.purge(HASH)).hasSize(40);
    assertThat(trash()).contains(kept.filename());
    catalog.check();
  }

  @Test
  void whatAMediaWasMadeOfIsRememberedAsLongAsTheMedia() throws Exception {
    Media first = added("a", "one", 0, 10);
    assertThat(catalog.findByOrigin("o")).isEmpty();
    catalog.addOrigin(first, "o");
    assertThat(catalog.findByOrigin("o")).contains(first);
    catalog.close();
    catalog = open();
    assertThat(catalog.findByOrigin("o")).contains(first);

    for (int i = 0; i < 20; i++) {
      catalog.addOrigin(first, "more-" + i);
    }
    assertThat(catalog.findByOrigin("o")).isEmpty();
    assertThat(catalog.findByOrigin("more-19")).contains(first);

    assertThat(catalog.unlink("a", "token-a")).isEqualTo(Unlinked.MEDIA_REMOVED);
    assertThat(catalog.findByOrigin("more-19")).isEmpty();
    Media second = added("b", "two", 0, 10);
    catalog.addOrigin(first, "late");
    assertThat(catalog.findByOrigin("late")).isEmpty();
    assertThat(catalog.findByOrigin("more-19")).isEmpty();
    catalog.addOrigin(second, "late");
    assertThat(catalog.findByOrigin("late")).contains(second);
  }

  private static Upload upload(String id) {
    return new Upload(
        id, "raw" + id + ".bin", "ef".repeat(32), 7, "resize=9&x=%C3%A4", Instant.ofEpochSecond(9));
  }

  private void accepted(Upload... uploads) throws Exception {
    catalog.announce(Stream.of(uploads).map(Upload::filename).toList());
    catalog.background().accept(List.of(uploads));
  }

  @Test
  void anUploadInTheBackgroundWaitsAndItsBytesAreNamedMeanwhile() throws Exception {
    accepted(upload("1"), upload("2"), upload("3"));
    catalog.journal().expireAnnounced(Duration.ZERO);
    assertThat(catalog.background().find("2")).contains(upload("2"));
    assertThat(catalog.background().claim("2")).contains(upload("2"));
    assertThat(catalog.background().waiting("", 2)).containsExactly(upload("1"), upload("2"));
    assertThat(catalog.background().waiting("2", 2)).containsExactly(upload("3"));
    assertThat(unaccounted("raw1.bin", "rawx.bin")).containsExactly("rawx.bin");
    assertThat(catalog.journal().take(List.of("raw1.bin"))).isEmpty();
    assertThat(catalog.background().unclaimed(Instant.MAX.minusSeconds(1L << 40), 9)).isEmpty();
  }

  @Test
  void onlyAnnouncedBytesAreAccepted() {
    catalog.announce(List.of("raw1.bin"));
    assertThatThrownBy(() -> catalog.background().accept(List.of(upload("1"), upload("2"))))
        .isInstanceOf(MediaVanishedException.class);
    assertThat(catalog.background().waiting("", 9)).isEmpty();
    assertThat(unaccounted("raw1.bin")).isEmpty();
  }

  @Test
  void whatCameOfAnUploadIsClaimedOnce() throws Exception {
    accepted(upload("1"));
    catalog.announce(List.of("file1.png"));
    Link link =
        new Link(
            "a.png",
            "t",
            media(HASH, "file1.png"),
            true,
            Optional.empty(),
            Optional.of(new Link.Purpose.Upload("1")));
    linked(List.of(link));
    assertThat(catalog.find("a.png")).isPresent();
    assertThat(catalog.background().waiting("", 9)).isEmpty();
    assertThat(catalog.background().begin("1")).isEmpty();
    assertThat(catalog.journal().discarded("", 9)).containsExactly("raw1.bin");
    assertThat(catalog.background().claim("1").flatMap(Upload::outcome))
        .contains(new Outcome.Stored("a.png", "t"));
    assertThat(catalog.background().claim("1")).isEmpty();
    assertThat(catalog.background().unclaimed(clockNow(), 9)).isEmpty();
    assertThat(catalog.find("a.png")).isPresent();
  }

  private void stored(String id, String alias, String filename) throws Exception {
    accepted(upload(id));
    catalog.announce(Set.of(filename));
    linked(
        List.of(
            new Link(
                alias,
                "t",
                media(HASH, filename),
                true,
                Optional.empty(),
                Optional.of(new Link.Purpose.Upload(id)))));
  }

  @Test
  void whatNobodyClaimsIsGivenUpWithItsAlias() throws Exception {
    stored("1", "a.png", "file1.png");
    linked(List.of(link("b.png", "file2.png")));
    assertThat(catalog.find("a.png")).isPresent();
    assertThat(catalog.expire("1")).isEqualTo(Unlinked.ALIAS_REMOVED);
    assertThat(catalog.find("a.png")).isEmpty();
    assertThat(catalog.find("b.png")).isPresent();
    assertThat(catalog.background().claim("1")).isEmpty();
    assertThat(catalog.background().unclaimed(clockNow(), 9)).isEmpty();
    assertThat(catalog.expire("1")).isEqualTo(Unlinked.UNKNOWN_ALIAS);
    assertThat(catalog.unlink("b.png", "token-b.png")).isEqualTo(Unlinked.MEDIA_REMOVED);

    stored("2", "c.png", "file3.png");
    assertThat(catalog.expire("2")).isEqualTo(Unlinked.MEDIA_REMOVED);
    assertThat(catalog.findByHash(HASH)).isEmpty();
  }

  @Test
  void whatWaitsOrIsClaimedIsNotGivenUp() throws Exception {
    accepted(upload("1"));
    assertThat(catalog.expire("1")).isEqualTo(Unlinked.UNKNOWN_ALIAS);
    assertThat(catalog.background().waiting("", 9)).containsExactly(upload("1"));
    stored("2", "a.png", "file1.png");
    assertThat(catalog.background().claim("2")).isPresent();
    assertThat(catalog.expire("2")).isEqualTo(Unlinked.UNKNOWN_ALIAS);
    assertThat(catalog.find("a.png")).isPresent();
  }

  @Test
  void whatHasNoAliasIsGivenUpToo() throws Exception {
    accepted(upload("1"));
    catalog.background().refuse("1", new Outcome.Refused("too-bad", "It is too bad"));
    stored("2", "a.png", "file1.png");
    assertThat(catalog.unlink("a.png", "t")).isEqualTo(Unlinked.MEDIA_REMOVED);
    assertThat(catalog.expire("1")).isEqualTo(Unlinked.UNKNOWN_ALIAS);
    assertThat(catalog.expire("2")).isEqualTo(Unlinked.UNKNOWN_ALIAS);
    assertThat(catalog.background().unclaimed(clockNow(), 9)).isEmpty();
    assertThat(catalog.expire("never")).isEqualTo(Unlinked.UNKNOWN_ALIAS);
  }

  @Test
  void whatIsClaimedWhileItIsGivenUpHasItsAliasOrWasNotClaimed() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 60; round++) {
        String id = "%04d".formatted(round);
        String alias = "a" + round + ".png";
        stored(id, alias, "file" + round + ".png");
        CyclicBarrier both = new CyclicBarrier(2);
        Future<Optional<Upload>> claim =
            pool.submit(
                () -> {
                  both.await();
                  return catalog.background().claim(id);
                });
        Future<Unlinked> expire =
            pool.submit(
                () -> {
                  both.await();
                  return catalog.expire(id);
                });
        boolean claimed = claim.get().isPresent();
        assertThat(expire.get() == Unlinked.UNKNOWN_ALIAS).isEqualTo(claimed);
        assertThat(catalog.find(alias).isPresent()).isEqualTo(claimed);
        assertThat(catalog.background().find(id)).isEmpty();
      }
    }
  }

  private static Instant clockNow() {
    return Instant.now().plusSeconds(1L << 33);
  }

  @Test
  void whatIsOwedIsRememberedUntilItIsSettled() {
    OwedWork work = catalog.owedWork();
    Task first = new Task("make", "file.png/1", "how", 0);
    work.owe(new Task("make", "file.png/2", "how else", 0));
    work.owe(first);
    work.owe(new Task("making", "file.png/1", "of another kind", 0));
    catalog.close();
    catalog = open();
    work = catalog.owedWork();
    assertThat(work.owed("make")).extracting(Task::id).containsExactly("file.png/1", "file.png/2");
    work.count(first.withAttempts(2));
    catalog.close();
    catalog = open();
    work = catalog.owedWork();
    assertThat(work.owed("make")).contains(first.withAttempts(2));
    work.settle(first);
    assertThat(work.owed("make")).extracting(Task::text).containsExactly("how else");
    work.count(first.withAttempts(3));
    work.settle(first);
    assertThat(work.owed("make")).hasSize(1);
    assertThat(work.owed("making")).hasSize(1);
    assertThat(work.owed("mak")).isEmpty();
    // They are none of the uploads.
    assertThat(catalog.background().waiting("", 9)).isEmpty();
    assertThat(catalog.background().unclaimed(Instant.MAX.minusSeconds(1L << 40), 9)).isEmpty();
  }

  @Test
  void whatHasTakenThePlaceOfWorkIsStillOwed() {
    OwedWork work = catalog.owedWork();
    Task before = new Task("drop", "", "at one", 0);
    Task after = new Task("drop", "", "at two", 0);
    work.owe(before);
    work.owe(after);
    work.settle(before);
    work.count(before.withAttempts(7));
    assertThat(work.owed("drop")).containsExactly(after);
  }

  @Test
  void anUploadThatIsRefusedSaysWhyAndCountsItsAttempts() throws Exception {
    accepted(upload("1"), upload("2"));
    assertThat(catalog.background().begin("1")).map(Upload::attempts).contains(1);
    assertThat(catalog.background().begin("1")).map(Upload::attempts).contains(2);
    catalog.background().takeBack("1");
    assertThat(catalog.background().find("1")).map(Upload::attempts).contains(1);
    catalog.background().takeBack("1");
    catalog.background().takeBack("1");
    assertThat(catalog.background().find("1")).contains(upload("1"));
    catalog.background().takeBack("never");
    catalog.background().refuse("1", new Outcome.Refused("too-bad", "It is too bad"));
    catalog.background().takeBack("1");
    catalog.background().refuse("1", new Outcome.Refused("other", "again"));
    assertThat(catalog.journal().discarded("", 9)).containsExactly("raw1.bin");
    assertThat(catalog.background().unclaimed(Instant.EPOCH, 9)).isEmpty();
    assertThat(catalog.background().unclaimed(clockNow(), 9))
        .extracting(Upload::id)
        .containsExactly("1");
    assertThat(catalog.background().waiting("", 9)).containsExactly(upload("2"));
    assertThat(catalog.background().claim("1").flatMap(Upload::outcome))
        .contains(new Outcome.Refused("too-bad", "It is too bad"));
    assertThat(catalog.background().claim("1")).isEmpty();
    assertThat(catalog.background().begin("never")).isEmpty();
  }

  private static final ProxiedUrls.Origin ORIGIN =
      new ProxiedUrls.Origin(Optional.of("\"v1\""), Optional.empty(), false);

  private Proxied proxied(String url, String alias, String filename, ProxiedUrls.Origin origin)
      throws Exception {
    catalog.announce(List.of(filename));
    linked(
        List.of(
            new Link(
                alias,
                "t-" + alias,
                media("%064x".formatted(filename.hashCode()), filename),
                true,
                Optional.empty(),
                Optional.of(new Link.Purpose.Url(url, origin)))));
    return catalog.proxied().find(url).orElseThrow();
  }

  @Test
  void aUrlStandsForItsAlias() throws Exception {
    Proxied one = proxied("http://a/b?c=d", "a.png", "file1.png", ORIGIN);
    assertThat(one.name()).isEqualTo(new ProxiedUrls.Name("a.png", "t-a.png"));
    assertThat(one.origin()).isEqualTo(ORIGIN);
    assertThat(one.size()).isEqualTo(123);
    assertThat(one.replaced()).isEmpty();
    assertThat(catalog.proxied().bytes()).isEqualTo(123);
    assertThat(catalog.proxied().find("http://a/b")).isEmpty();
    ProxiedUrls.Origin other =
        new ProxiedUrls.Origin(Optional.empty(), Optional.of("yesterday"), false);
    catalog.proxied().checked(one, other, Instant.ofEpochSecond(99));
    assertThat(catalog.proxied().find(one.url())).map(Proxied::origin).contains(other);
    assertThat(catalog.proxied().find(one.url()))
        .map(Proxied::checked)
        .contains(Instant.ofEpochSecond(99));
    catalog.proxied().forget(one);
    assertThat(catalog.proxied().find(one.url())).isEmpty();
    assertThat(catalog.proxied().leastAsked(Optional.empty(), 9)).isEmpty();
    assertThat(catalog.proxied().bytes()).isZero();
    assertThat(catalog.find("a.png")).isPresent();
  }

  @Test
  void whatAUrlStoodForBeforeIsRememberedUntilItIsDeleted() throws Exception {
    Proxied old = proxied("http://a/", "a.png", "file1.png", ORIGIN);
    Proxied one = proxied("http://a/", "b.png", "file2.png", ORIGIN);
    assertThat(one.replaced()).containsExactly(old.name());
    Proxied next = proxied("http://a/", "c.png", "file3.png", ORIGIN);
    assertThat(next.replaced()).containsExactly(old.name(), one.name());
    catalog.proxied().forget(old);
    catalog.proxied().checked(old, ORIGIN, Instant.EPOCH);
    catalog.proxied().forgetReplaced(next);
    assertThat(catalog.proxied().find("http://a/")).map(Proxied::replaced).contains(List.of());
    assertThat(catalog.proxied().find("http://a/")).map(Proxied::name).contains(next.name());
    assertThat(catalog.proxied().leastAsked(Optional.empty(), 9)).hasSize(1);
  }

  @Test
  void urlsAreInTheOrderInWhichTheyWereAskedForAndWhatNobodyMayKeepIsFirst() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      proxied("http://" + name, name + ".png", "file" + name + ".png", ORIGIN);
    }
    ProxiedUrls.Origin noStore = new ProxiedUrls.Origin(Optional.empty(), Optional.empty(), true);
    proxied("http://d", "d.png", "filed.png", noStore);
    Instant now = Instant.now();
    catalog.proxied().asked(Map.of("http://a", now, "http://d", now, "http://gone", now));
    assertThat(catalog.proxied().leastAsked(Optional.empty(), 9))
        .extracting(Proxied::url)
        .containsExactly("http://d", "http://b", "http://c", "http://a");
    List<Proxied> first = catalog.proxied().leastAsked(Optional.empty(), 2);
    assertThat(first).extracting(Proxied::url).containsExactly("http://d", "http://b");
    catalog.proxied().forget(first.getLast());
    assertThat(catalog.proxied().leastAsked(Optional.of(first.getLast()), 9))
        .extracting(Proxied::url)
        .containsExactly("http://c", "http://a");
    assertThat(catalog.proxied().leastAsked(Optional.of(first.getFirst()), 1))
        .extracting(Proxied::url)
        .containsExactly("http://c");
  }

  @Test
  void aPreviewIsRememberedAsLongAsTheMedia() throws Exception {
    Media first = added("a", "one", 0, 10);
    assertThat(first.preview()).isEmpty();
    catalog.addOrigin(first, "o");
    catalog.addPreview(first, new Preview("L1"));
    catalog.close();
    catalog = open();
    for (Optional<Media> found :
        List.of(
            catalog.find("a"),
            catalog.findByHash(first.hash()),
            catalog.findByFilename(first.filename()),
            catalog.findByOrigin("o"))) {
      assertThat(found.flatMap(Media::preview)).contains(new Preview("L1"));
    }
    assertThat(catalog.uploads("", 1).getFirst().preview()).contains(new Preview("L1"));
    Preview whole = new Preview("L2", Optional.of(new Facts("t", "#000000", "0f")));
    catalog.addPreview(first, whole);
    assertThat(catalog.find("a").flatMap(Media::preview)).contains(whole);

    assertThat(catalog.unlink("a", "token-a")).isEqualTo(Unlinked.MEDIA_REMOVED);
    Media second = added("b", "two", 0, 10);
    catalog.addPreview(first, new Preview("L3"));
    assertThat(catalog.findByHash(second.hash()).flatMap(Media::preview)).isEmpty();
  }

  @Test
  void aMediaMayComeWithItsPreview() throws Exception {
    Media bare = media(HASH, "file1.png");
    Media seen =
        new Media(
            HASH,
            "file1.png",
            bare.size(),
            bare.details(),
            bare.verifiedBy(),
            Optional.of(new Preview("L1")));
    linked(List.of(new Link("a.png", "t", seen, true)));
    assertThat(catalog.find("a.png")).contains(seen);
  }

  private static Preview looks(long phash) {
    return new Preview("L1", Optional.of(new Facts("t", "#000000", new Phash(phash).toString())));
  }

  /** Half of its bits are set. */
  private static final long LOOK = 0x0f0f_3333_5555_6666L;

  private static Media looking(int number, long phash) {
    Media bare = media("%064x".formatted(number), "file" + number + ".png");
    return new Media(
        bare.hash(),
        bare.filename(),
        bare.size(),
        bare.details(),
        bare.verifiedBy(),
        Optional.of(looks(phash)));
  }

  private void addLooking(int number, long phash) throws Exception {
    linked(List.of(new Link("look-" + number, "t", looking(number, phash), true)));
  }

  /** Number and distance of each. */
  private List<String> similar(long phash, int distance) {
    return catalog.similar(new Phash(phash), distance, "", 1000).media().stream()
        .map(one -> Long.parseLong(one.media().hash(), 16) + ":" + one.distance())
        .toList();
  }

  @Test
  void whatLooksAlikeIsFoundTheNearestFirstAndInPages() throws Exception {
    addLooking(1, LOOK ^ 0x8000_0000_0000_01ffL);
    addLooking(2, LOOK ^ 0x8001_0000_8001_8001L);
    addLooking(3, LOOK);
    addLooking(4, ~LOOK);
    addLooking(5, LOOK ^ 0xffL);
    addLooking(6, LOOK);
    linked(List.of(new Link("none", "t", media("ff".repeat(32), "none.png"), true)));
    for (int i = 0; i < 2; i++) {
      assertThat(similar(LOOK, 8)).containsExactly("3:0", "6:0", "2:6", "5:8");
      assertThat(similar(LOOK, 7)).containsExactly("3:0", "6:0", "2:6");
      assertThat(similar(LOOK, 0)).containsExactly("3:0", "6:0");
      assertThat(similar(~LOOK, 0)).containsExactly("4:0");
      assertThat(catalog.similar(new Phash(LOOK), 8, "", 1).lacking()).isEqualTo(1);
      List<String> paged = new ArrayList<>();
      String after = "";
      List<Similar.Match> page;
      do {
        page = catalog.similar(new Phash(LOOK), 8, after, 1).media();
        for (Similar.Match one : page) {
          paged.add(one.media().filename());
          after = one.place();
        }
      } while (!page.isEmpty());
      assertThat(paged).containsExactly("file3.png", "file6.png", "file2.png", "file5.png");
      catalog.close();
      catalog = open();
    }
  }

  @Test
  void whatIsGoneOrLooksOtherwiseNowIsNotFoundAnyMore() throws Exception {
    assertThat(similar(LOOK, 8)).isEmpty();
    for (int i = 1; i <= 5; i++) {
      addLooking(i, LOOK ^ i);
    }
    assertThat(similar(LOOK, 8)).hasSize(5);
    assertThat(catalog.unlink("look-1")).isEqualTo(Unlinked.MEDIA_REMOVED);
    assertThat(catalog.purge(looking(2, 0).hash())).containsExactly("look-2");
    catalog.addPreview(looking(3, 0), looks(~LOOK));
    catalog.addPreview(looking(4, 0), new Preview("L2"));
    assertThat(similar(LOOK, 8)).containsExactly("5:2");
    assertThat(similar(~LOOK, 8)).containsExactly("3:0");
    assertThat(catalog.similar(new Phash(LOOK), 8, "", 1).lacking()).isEqualTo(1);
    addLooking(1, LOOK ^ 1);
    assertThat(similar(LOOK, 8)).containsExactly("1:1", "5:2");
    catalog.close();
    catalog = open();
    assertThat(similar(LOOK, 8)).containsExactly("1:1", "5:2");
    assertThat(similar(~LOOK, 8)).containsExactly("3:0");
  }

  @Test
  void plainPicturesAreAlikeToNone() throws Exception {
    addLooking(1, 0);
    addLooking(2, 0x7ffL);
    addLooking(3, 0xfffL);
    for (long plain : List.of(0L, 0x7ffL)) {
      assertThat(similar(plain, 8)).isEmpty();
    }
    assertThat(similar(0xfffL, 8)).containsExactly("3:0");
    assertThat(catalog.similar(new Phash(0), 8, "", 1).lacking()).isZero();
  }

  /** Media of the same looks come and go while others look. */
  @Test
  void whoHasAddedFindsItWhateverGoesMeanwhile() throws Exception {
    int threads = 6;
    CyclicBarrier start = new CyclicBarrier(threads);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int number = t + 1;
        all.add(
            executor.submit(
                () -> {
                  start.await();
                  boolean found = true;
                  for (int i = 0; i < 30; i++) {
                    addLooking(number * 100 + i, LOOK ^ i % 3);
                    found &=
                        similar(LOOK, 2).contains(number * 100 + i + ":" + Long.bitCount(i % 3));
                    catalog.unlink("look-" + (number * 100 + i));
                    found &=
                        !similar(LOOK, 2).contains(number * 100 + i + ":" + Long.bitCount(i % 3));
                  }
                  return found;
                }));
      }
      for (Future<Boolean> one : all) {
        assertThat(one.get()).isTrue();
      }
    }
    assertThat(similar(LOOK, 8)).isEmpty();
  }

  private static final Instant DENIED_AT = Instant.parse("2026-01-02T03:04:05Z");

  private static Denied deniedBytes(String hash) {
    return Denied.bytes(hash, DENIED_AT, "note").orElseThrow();
  }

  private static Denied deniedLook(long phash, int distance) {
    return Denied.look(new Phash(phash), distance, DENIED_AT, "");
  }

  @Test
  void whatIsDeniedIsFoundListedAndRemoved() {
    DenyList list = catalog.denied();
    assertThat(list.now().hasBytes()).isFalse();
    assertThat(list.now().looks()).isEmpty();
    Denied bytes = deniedBytes("AB".repeat(32));
    Denied look = deniedLook(LOOK, 4);
    Denied more = deniedBytes("cd".repeat(32));
    list.add(List.of(bytes, look));
    list.add(List.of(more));
    for (int i = 0; i < 2; i++) {
      list = catalog.denied();
      assertThat(list.find("ab".repeat(32))).contains(bytes);
      assertThat(list.find("00".repeat(32))).isEmpty();
      assertThat(list.now().hasBytes()).isTrue();
      assertThat(list.now().looks()).containsExactly(look);
      assertThat(list.now().find(new Phash(LOOK ^ 0xf))).contains(look);
      assertThat(list.now().find(new Phash(LOOK ^ 0x1f))).isEmpty();
      assertThat(list.list("", 10)).containsExactly(look, bytes, more);
      assertThat(list.list("", 2)).containsExactly(look, bytes);
      assertThat(list.list(bytes.id(), 2)).containsExactly(more);
      catalog.close();
      catalog = open();
    }
    list = catalog.denied();
    Denied wider = deniedLook(LOOK, 8);
    list.add(List.of(wider));
    assertThat(list.now().looks()).containsExactly(wider);
    assertThat(list.remove(look.id())).isTrue();
    assertThat(list.remove(look.id())).isFalse();
    assertThat(list.now().looks()).isEmpty();
    assertThat(list.remove(bytes.id())).isTrue();
    assertThat(list.remove(more.id())).isTrue();
    assertThat(list.now().hasBytes()).isFalse();
    assertThat(list.list("", 10)).isEmpty();
  }

  private Link judged(String alias, Media media, long version) {
    catalog.announce(List.of(media.filename()));
    return new Link(alias, "t", media, true, Optional.empty(), Optional.empty(), version);
  }

  @Test
  void nothingGetsANameByAListThatHasChangedSince() throws Exception {
    long before = catalog.denied().now().version();
    catalog.link(List.of(judged("a", media(HASH, "one.png"), before)));
    assertThat(catalog.purge(HASH, List.of(deniedBytes(HASH)))).containsExactly("a");
    assertThatThrownBy(() -> catalog.link(List.of(judged("b", media(HASH, "two.png"), before))))
        .isInstanceOf(MediaVanishedException.class);
    assertThat(catalog.find("b")).isEmpty();
    assertThat(catalog.denied().find(HASH)).isPresent();
    catalog.link(List.of(judged("b", media(HASH, "two.png"), catalog.denied().now().version())));
    long now = catalog.denied().now().version();
    assertThat(catalog.denied().remove(deniedBytes(HASH).id())).isTrue();
    assertThatThrownBy(() -> catalog.link(List.of(judged("c", media(HASH, "x.png"), now))))
        .isInstanceOf(MediaVanishedException.class);
  }

  @Test
  void aPurgeDeniesAlsoWhatTheMediaWasMadeOf() throws Exception {
    String received = "ef".repeat(32);
    Media media = added("a", "one.png", 0, 10);
    catalog.addOrigin(media, "mp4-2/x/" + received);
    catalog.addOrigin(media, "of something else");
    assertThat(catalog.purge(HASH, List.of(deniedBytes(HASH), deniedLook(LOOK, 8))))
        .containsExactly("a");
    assertThat(catalog.denied().find(received)).contains(deniedBytes(received));
    assertThat(catalog.denied().list("", 10)).hasSize(3);
    assertThat(catalog.purge("00".repeat(32), List.of(deniedBytes("00".repeat(32))))).isEmpty();
    assertThat(catalog.denied().find("00".repeat(32))).isPresent();
  }

  /** Whoever looked at the list before a purge has its media purged, or gets no name. */
  @Test
  void aPurgeNamesAllThatWentAndNothingComesBackWhoeverUploadsMeanwhile() throws Exception {
    for (int round = 0; round < 10; round++) {
      String hash = "%064x".formatted(0xabc00 + round);
      int threads = 4;
      CyclicBarrier start = new CyclicBarrier(threads + 1);
      Set<String> linked = ConcurrentHashMap.newKeySet();
      int number = round;
      try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
        List<Future<Boolean>> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          int thread = t;
          all.add(
              executor.submit(
                  () -> {
                    start.await();
                    for (int i = 0; ; i++) {
                      String name = number + "-" + thread + "-" + i;
                      DenyList.State state = catalog.denied().now();
                      if (catalog.denied().find(hash).isPresent()) {
                        return true;
                      }
                      try {
                        catalog.link(
                            List.of(judged(name, media(hash, name + ".png"), state.version())));
                        linked.add(name);
                      } catch (MediaVanishedException _) {
                        // Looks again.
                      }
                    }
                  }));
        }
        start.await();
        while (linked.size() < threads) {
          Thread.onSpinWait();
        }
        List<String> gone = catalog.purge(hash, List.of(deniedBytes(hash)));
        for (Future<Boolean> one : all) {
          assertThat(one.get()).isTrue();
        }
        assertThat(catalog.findByHash(hash)).isEmpty();
        assertThat(gone).containsExactlyInAnyOrderElementsOf(linked);
      }
    }
  }
}
