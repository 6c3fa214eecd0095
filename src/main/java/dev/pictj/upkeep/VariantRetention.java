package dev.pictj.upkeep;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Catalog.Dropped;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops variants that were not asked for in a long time, and, where all of them take too much room,
 * those first that have not been asked for the longest. They are made again when a client asks.
 */
public final class VariantRetention {
  private static final Logger log = LoggerFactory.getLogger(VariantRetention.class);
  private static final int VARIANTS_PER_PAGE = 500;

  private final Catalog catalog;
  private final Trash trash;
  private final Rules rules;
  private final InstantSource clock;

  /**
   * What an administrator decides.
   *
   * @param unused time after which a variant goes that nobody asks for; empty for never
   * @param budget size of all variants in bytes; when it is exceeded, so many go that 90 % of it
   *     are left; empty for any size
   */
  public record Rules(Optional<Duration> unused, Optional<Long> budget) {
    /** The rules that an administrator has set. */
    public static Rules of(Settings settings) {
      return new Rules(
          settings.get(SettingsCatalogue.VARIANT_RETENTION),
          settings.get(SettingsCatalogue.VARIANT_BUDGET));
    }
  }

  /** Drops variants of this catalog, whose bytes this trash removes. */
  public VariantRetention(Catalog catalog, Trash trash, Rules rules, InstantSource clock) {
    this.catalog = catalog;
    this.trash = trash;
    this.rules = rules;
    this.clock = clock;
  }

  /** Drops what is to go now. */
  public void run() {
    rules
        .unused()
        .ifPresent(
            time -> drop(clock.instant().minus(time), Long.MAX_VALUE, "nobody asked for them"));
    if (isExceeded()) {
      // What deleted media have left counts until it is cleared.
      trash.empty();
    }
    if (isExceeded()) {
      long left = rules.budget().orElseThrow() / 10 * 9;
      long excess = catalog.totals().variantBytes() - left;
      drop(clock.instant(), excess, "all of them were larger than --variant-budget");
    }
  }

  /**
   * Drops all that were not asked for since.
   *
   * @return false where the thread was interrupted before that was done
   */
  boolean dropAll(Instant askedBefore) {
    return drop(askedBefore, Long.MAX_VALUE, "an administrator wanted it");
  }

  private boolean isExceeded() {
    return rules.budget().filter(most -> catalog.totals().variantBytes() > most).isPresent();
  }

  private boolean drop(Instant askedBefore, long bytes, String why) {
    long count = 0;
    long freed = 0;
    boolean ended;
    do {
      Dropped page = catalog.dropVariants(askedBefore, bytes - freed, VARIANTS_PER_PAGE);
      count += page.variants().size();
      freed += page.bytes();
      if (!page.variants().isEmpty()) {
        trash.emptySoon();
      }
      ended = page.variants().size() < VARIANTS_PER_PAGE || freed >= bytes;
    } while (!ended && !Thread.currentThread().isInterrupted());
    if (count > 0) {
      log.info("{} variants of {} bytes were dropped, because {}", count, freed, why);
    }
    return ended;
  }
}
