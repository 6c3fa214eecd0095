package dev.pictj.app;

import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Totals;
import dev.pictj.engine.admission.ImageAdmission;
import dev.pictj.engine.admission.Lane;
import dev.pictj.engine.vips.VipsEngine;
import dev.pictj.engine.vips.Workshop.Workers;
import dev.pictj.ingest.Background;
import dev.pictj.ingest.SpoolBudget;
import dev.pictj.observe.Metrics;
import dev.pictj.process.Variants;
import dev.pictj.store.CachedBlobStore;
import dev.pictj.upkeep.Backup;
import java.io.File;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Registers the metrics of all components; each value is read when it is asked for. */
record Measured(Metrics metrics) {
  private static final double NANOS_A_SECOND = 1e9;

  void version(String version) {
    metrics.gauge("pictj.build.info", "1, with the version", 1, _ -> 1, "version", version);
  }

  void admission(ImageAdmission admission) {
    for (Lane lane : Lane.values()) {
      String[] tag = {"lane", lane.name().toLowerCase(Locale.ROOT)};
      metrics.gauge(
          "pictj.image.jobs.running",
          "Pictures and videos that are worked on",
          admission,
          owner -> owner.load(lane).running(),
          tag);
      metrics.gauge(
          "pictj.image.jobs.waiting",
          "Pictures and videos that wait to be worked on",
          admission,
          owner -> owner.load(lane).waiting(),
          tag);
      metrics.gauge(
          "pictj.image.memory.bytes",
          "Memory that jobs under way are predicted to need",
          admission,
          owner -> owner.load(lane).bytes(),
          tag);
      metrics.counter(
          "pictj.image.jobs.ended",
          "Pictures and videos that were worked on",
          admission,
          owner -> owner.load(lane).ended(),
          tag);
      metrics.counter(
          "pictj.image.jobs.busy.seconds",
          "Time that was worked on pictures and videos",
          admission,
          owner -> owner.load(lane).busyNanos() / NANOS_A_SECOND,
          tag);
      metrics.counter(
          "pictj.image.jobs.refused",
          "Pictures and videos that were refused because too many waited",
          admission,
          owner -> owner.load(lane).refused(),
          tag);
    }
  }

  void workers(VipsEngine engine) {
    workers(engine, VipsEngine::renderers, "render");
    workers(engine, VipsEngine::verifiers, "verify");
  }

  private void workers(VipsEngine engine, Function<VipsEngine, Workers> kind, String name) {
    ToDoubleFunction<VipsEngine> idle = owner -> kind.apply(owner).idle();
    ToDoubleFunction<VipsEngine> busy = owner -> kind.apply(owner).busy();
    metrics.gauge(
        "pictj.workers.idle", "Worker processes without work", engine, idle, "kind", name);
    metrics.gauge("pictj.workers.busy", "Worker processes at work", engine, busy, "kind", name);
    metrics.counter(
        "pictj.workers.started",
        "Worker processes that were started",
        engine,
        owner -> kind.apply(owner).started(),
        "kind",
        name);
  }

  void variants(Variants variants) {
    metrics.counter("pictj.variants.made", "Variants that were made", variants, Variants::made);
  }

  /** The totals are read for each figure, which takes microseconds. */
  void stored(Catalog catalog) {
    total("pictj.aliases", "Names that uploads have", catalog, Totals::aliases);
    total("pictj.media", "Different files that were uploaded", catalog, Totals::media);
    total("pictj.variants", "Pictures made of them and kept", catalog, Totals::variants);
    String help = "Size of all uploads, and of the pictures made of them";
    total("pictj.stored.bytes", help, catalog, Totals::originalBytes, "kind", "original");
    total("pictj.stored.bytes", help, catalog, Totals::variantBytes, "kind", "variant");
  }

  private void total(
      String name, String help, Catalog catalog, ToDoubleFunction<Totals> part, String... tags) {
    metrics.gauge(name, help, catalog, owner -> part.applyAsDouble(owner.totals()), tags);
  }

  void backup(Backup backup) {
    metrics.gauge(
        "pictj.backup.files",
        "Files that the backup under way has done with; 0 while there is none",
        backup,
        Backup::copied);
  }

  void cache(CachedBlobStore store) {
    String help = "Stored files that were asked for, by whether they were in memory";
    metrics.counter("pictj.blob.cache", help, store, CachedBlobStore::hits, "result", "hit");
    metrics.counter("pictj.blob.cache", help, store, CachedBlobStore::misses, "result", "miss");
  }

  void disk(File data, SpoolBudget spool) {
    metrics.gauge(
        "pictj.disk.free.bytes", "Room on the disk of the data folder", data, File::getUsableSpace);
    metrics.gauge(
        "pictj.spool.bytes", "Unfinished uploads and downloads", spool, SpoolBudget::held);
  }

  /** What waits in the background. */
  void background(Background background) {
    metrics.gauge(
        "pictj.background.uploads",
        "Uploads in the background that wait",
        background,
        Background::waiting);
    metrics.gauge("pictj.background.bytes", "Size of them", background, Background::waitingBytes);
  }
}
