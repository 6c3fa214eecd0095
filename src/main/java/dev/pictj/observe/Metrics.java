package dev.pictj.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is measured while the server runs, told in two forms: in Prometheus's text format, and as
 * figures for people. Names are Micrometer's, with dots: {@code pictj.image.jobs.running} is {@code
 * pictj_image_jobs_running} for Prometheus.
 *
 * <p>Safe for use by many threads.
 */
public final class Metrics implements AutoCloseable {
  private static final Duration[] LATENCIES =
      Stream.of(1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  /** The pictures, what was asked for them, the work that makes, and what it is done with. */
  private static final List<String> FIRST =
      List.of(
          "pictj.media",
          "pictj.aliases",
          "pictj.variants",
          "pictj.stored.bytes",
          "pictj.http.requests",
          "pictj.image.jobs.running",
          "pictj.image.jobs.ended",
          "pictj.image.jobs.busy.seconds",
          "pictj.image.memory.bytes",
          "pictj.variants.made",
          "pictj.image.jobs.waiting",
          "pictj.background.uploads",
          "pictj.background.bytes",
          "pictj.image.jobs.refused",
          "pictj.blob.cache",
          "pictj.workers.busy",
          "pictj.workers.idle",
          "pictj.workers.started",
          "pictj.disk.free.bytes",
          "pictj.spool.bytes");

  private static final Comparator<String> FOR_PEOPLE =
      Comparator.comparingInt(Metrics::place).thenComparing(Comparator.naturalOrder());

  /** The largest whole number up to which a double has all of them. */
  private static final double MAX_EXACT = 1L << 53;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<Answer, Timer> answers = new ConcurrentHashMap<>();
  private @Nullable JvmGcMetrics collections;

  /** The tags of requests; each has few values, whatever clients send. */
  private record Answer(String method, String route, int status) {}

  /**
   * Registers a value that goes up and down.
   *
   * @param owner is asked for it each time
   * @param tags names and values in turns
   */
  public <T> void gauge(
      String name, String help, T owner, ToDoubleFunction<T> value, String... tags) {
    Gauge.builder(name, owner, value)
        .description(help)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  /**
   * Registers a value that only goes up while the server runs.
   *
   * @param owner is asked for it each time; to be kept by the caller
   * @param tags names and values in turns
   */
  public <T> void counter(
      String name, String help, T owner, ToDoubleFunction<T> value, String... tags) {
    FunctionCounter.builder(name, owner, value).description(help).tags(tags).register(registry);
  }

  /** Counts an answered request and the time from its first byte to the last of its answer. */
  public void answered(String method, String route, int status, long nanos) {
    answers
        .computeIfAbsent(new Answer(method, route, status), this::timer)
        .record(Duration.ofNanos(nanos));
  }

  private Timer timer(Answer answer) {
    return Timer.builder("pictj.http.requests")
        .description("Requests that were answered, and the time that took")
        .tags(
            "method",
            answer.method(),
            "route",
            answer.route(),
            "status",
            Integer.toString(answer.status()))
        .serviceLevelObjectives(LATENCIES)
        .register(registry);
  }

  /** Adds what the JVM and the system tell of this process. */
  public void addProcess() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    // Micrometer's own figure of that has a name that Prometheus's checker dislikes.
    counter(
        "process.cpu.seconds",
        "Processor time that this process took, without its children",
        ProcessHandle.current(),
        process -> process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    collections = new JvmGcMetrics();
    collections.bindTo(registry);
  }

  /** Everything in Prometheus's text format, version 0.0.4. */
  public String prometheus() {
    return registry.scrape();
  }

  /**
   * Everything for people: by its name a figure, or a list of those that tags tell apart. Of times
   * there are their count, and the sum and the largest of late in seconds. What tells of pictures
   * comes first, the JVM last, and those that tags tell apart are sorted by them.
   */
  public Map<String, Object> figures() {
    Map<String, List<Meter>> byName = new TreeMap<>(FOR_PEOPLE);
    for (Meter meter : registry.getMeters()) {
      byName.computeIfAbsent(meter.getId().getName(), _ -> new ArrayList<>()).add(meter);
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    byName.forEach(
        (name, meters) -> {
          boolean alone = meters.size() == 1 && meters.getFirst().getId().getTags().isEmpty();
          meters.sort(Comparator.comparing(meter -> meter.getId().getTags().toString()));
          figures.put(
              name.replaceFirst("^pictj\\.", "").replace('.', '_'),
              alone ? figure(meters.getFirst()) : meters.stream().map(Metrics::tagged).toList());
        });
    return figures;
  }

  /** Those that have no place of their own follow, those of the JVM last. */
  private static int place(String name) {
    int place = FIRST.indexOf(name);
    if (place >= 0) {
      return place;
    }
    return FIRST.size() + (name.startsWith("pictj.") ? 0 : name.startsWith("jvm.") ? 2 : 1);
  }

  private static Object figure(Meter meter) {
    List<Measurement> measured = new ArrayList<>();
    meter.measure().forEach(measured::add);
    return number(meter, measured.getFirst());
  }

  private static Map<String, Object> tagged(Meter meter) {
    Map<String, Object> told = new LinkedHashMap<>();
    meter.getId().getTags().forEach(tag -> told.put(tag.getKey(), tag.getValue()));
    meter
        .measure()
        .forEach(
            one -> told.put(one.getStatistic().getTagValueRepresentation(), number(meter, one)));
    return told;
  }

  /** Counts and bytes without a point; times keep theirs. */
  private static Number number(Meter meter, Measurement measured) {
    double value = measured.getValue();
    boolean isTime =
        meter.getId().getName().endsWith(".seconds")
            || ("seconds".equals(meter.getId().getBaseUnit())
                && measured.getStatistic() != Statistic.COUNT);
    if (isTime || value != Math.rint(value) || Math.abs(value) > MAX_EXACT) {
      return value;
    }
    return (long) value;
  }

  @Override
  public void close() {
    if (collections != null) {
      collections.close();
    }
    registry.close();
  }
}
