package dev.pictj.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.pictj.config.Preset;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.engine.Abilities;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.StartTask;
import dev.pictj.engine.admission.AdmissionLimits;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.media.KindLimits;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaType;
import dev.pictj.media.MediaType.Trait;
import dev.pictj.process.ChainRules;
import dev.pictj.process.Operation;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a client may send and ask for, to be read by programs, so that they need not try. Sizes are
 * in bytes, sides in pixels; a largest value is allowed itself.
 *
 * @param saysOk whether the reply has {@code msg: "ok"}
 */
record ServerLimits(StartTask.Work<ServerLimits.Reply> reply, boolean saysOk) {
  /**
   * The limits that follow from these settings and rules.
   *
   * @param abilities what can be done at all, known a little after the start
   */
  static ServerLimits of(Settings settings, ChainRules rules, StartTask<Abilities> abilities) {
    return new ServerLimits(
        () -> reply(settings, rules, abilities.await()),
        Dialect.of(settings.get(SettingsCatalogue.DIALECT)).saysOkEverywhere());
  }

  private static Reply reply(Settings settings, ChainRules rules, Abilities abilities) {
    KindLimits limits = PictureRules.limits(settings);
    return new Reply(
        settings.get(SettingsCatalogue.DIALECT).toString(),
        new Upload(
            types(settings, abilities),
            settings.get(SettingsCatalogue.MAX_FILE_SIZE),
            settings.get(SettingsCatalogue.MAX_FILES),
            settings.get(SettingsCatalogue.FORMAT).map(MediaType::extension).orElse(null),
            settings
                .get(SettingsCatalogue.ANIMATION_FORMAT)
                .map(MediaType::extension)
                .orElse(null)),
        new Picture(
            limits.still().maxWidth(),
            limits.still().maxHeight(),
            limits.still().maxArea(),
            limits.animation().maxFrames(),
            bytes(settings, limits.stillBytes()),
            settings.get(SettingsCatalogue.FIT_LARGE_IMAGES)),
        Moving.of(limits.animation(), bytes(settings, limits.animationBytes())),
        taken(settings, abilities).anyMatch(type -> type.has(Trait.VIDEO))
            ? Moving.of(limits.video(), bytes(settings, limits.videoBytes()))
            : null,
        formats(settings, abilities),
        new Processed(
            extensions(abilities),
            rules.maxOperations(),
            maxCost(settings),
            operations(rules),
            presets(settings),
            settings.get(SettingsCatalogue.MAX_VARIANTS_PER_MEDIA)),
        new Download(
            settings.get(SettingsCatalogue.DOWNLOAD_MAX_REDIRECTS),
            settings.get(SettingsCatalogue.MAX_DOWNLOADS),
            settings.get(SettingsCatalogue.DOWNLOAD_TIMEOUT).toSeconds()));
  }

  /**
   * The reply.
   *
   * @param picture limits of stills, but for the frames, which are those of animations
   * @param video null where none is taken
   * @param formats by their names
   */
  record Reply(
      String dialect,
      Upload upload,
      Picture picture,
      Moving animation,
      @Nullable Moving video,
      Map<String, Format> formats,
      Processed process,
      Download download) {}

  /** The reply of dialects in which every reply in JSON has {@code msg: "ok"}. */
  private record OkReply(@JsonUnwrapped Reply reply, String msg) {}

  private record Upload(
      List<String> types,
      long maxFileSize,
      int maxFiles,
      @Nullable String stillsBecome,
      @Nullable String animationsBecome) {}

  private record Picture(
      int maxWidth,
      int maxHeight,
      long maxArea,
      int maxFrames,
      long maxFileSize,
      boolean largerStillsAreShrunk) {}

  private record Moving(
      int maxWidth, int maxHeight, long maxArea, int maxFrames, long maxFileSize) {
    static Moving of(Limits limits, long bytes) {
      return new Moving(
          limits.maxWidth(), limits.maxHeight(), limits.maxArea(), limits.maxFrames(), bytes);
    }
  }

  /**
   * What can be done with a format on this machine.
   *
   * @param in whether it may be uploaded, be it as an animation alone
   * @param out whether pictures can be asked for in it
   * @param moves whether it is a video, or its animations keep their frames in variants
   */
  private record Format(String type, boolean in, boolean out, boolean moves) {}

  /**
   * What may be made of a picture, and how.
   *
   * @param maxCost in megapixels of a plain picture decoded; null for any
   */
  private record Processed(
      Map<String, String> extensions,
      int maxOperations,
      @Nullable Long maxCost,
      Map<String, Map<String, Integer>> operations,
      Map<String, String> presets,
      int maxVariantsKept) {}

  private record Download(
      int maxRedirects, @JsonProperty("max_at_a_time") int maxAtATime, long timeoutSeconds) {}

  /** The largest file of a kind, which is never larger than the largest upload. */
  private static long bytes(Settings settings, long ofKind) {
    return Math.min(settings.get(SettingsCatalogue.MAX_FILE_SIZE), ofKind);
  }

  private static @Nullable Long maxCost(Settings settings) {
    long work = AdmissionLimits.maxImageWork(settings);
    return work == Long.MAX_VALUE ? null : (Long) (work / 1_000_000);
  }

  private static Stream<MediaType> taken(Settings settings, Abilities abilities) {
    return Stream.of(MediaType.values())
        .filter(abilities.read()::contains)
        .filter(type -> !type.has(Trait.VIDEO) || settings.get(SettingsCatalogue.ACCEPT_VIDEO));
  }

  private static List<String> types(Settings settings, Abilities abilities) {
    return taken(settings, abilities).map(MediaType::contentType).toList();
  }

  private static Map<String, Format> formats(Settings settings, Abilities abilities) {
    Set<MediaType> in = taken(settings, abilities).collect(Collectors.toSet());
    Map<String, Format> formats = new LinkedHashMap<>();
    for (MediaType type : MediaType.values()) {
      formats.put(
          type.extension(),
          new Format(
              type.contentType(),
              in.contains(type),
              abilities.made().contains(type),
              type.has(Trait.VIDEO) || abilities.moves(type, type)));
    }
    return formats;
  }

  private static Map<String, String> extensions(Abilities abilities) {
    Map<String, String> types = new LinkedHashMap<>();
    MediaType.byExtension()
        .forEach(
            (extension, type) -> {
              if (abilities.made().contains(type)) {
                types.put(extension, type.contentType());
              }
            });
    return types;
  }

  /** The bounds of each operation that may be asked for, by their names. */
  private static Map<String, Map<String, Integer>> operations(ChainRules rules) {
    Map<String, Map<String, Integer>> operations = new LinkedHashMap<>();
    for (Operation.Kind kind : Operation.KINDS) {
      if (rules.permits(kind.name())) {
        Map<String, Integer> bounds = new LinkedHashMap<>();
        kind.range().under(rules).forEach(bound -> bounds.put(bound.name(), bound.value()));
        operations.put(kind.name(), bounds);
      }
    }
    return operations;
  }

  /** The operations of each preset, by its name. */
  private static Map<String, String> presets(Settings settings) {
    Map<String, String> presets = new LinkedHashMap<>();
    for (Preset preset : settings.get(SettingsCatalogue.PRESETS)) {
      presets.put(preset.name(), preset.operations());
    }
    return presets;
  }

  /** GET /limits. */
  void serve(Context ctx) throws EngineException, InterruptedException {
    Reply told = reply.result();
    ReplyHeaders.revalidated(ctx);
    Json.send(ctx, 200, saysOk ? new OkReply(told, "ok") : told);
  }
}
