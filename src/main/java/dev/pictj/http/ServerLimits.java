package dev.pictj.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.pictj.config.Preset;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.engine.Abilities;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.StartTask;
import dev.pictj.media.MediaType;
import dev.pictj.process.ChainRules;
import dev.pictj.process.Operation;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a client may send and ask for, to be read by programs, so that they need not try. Sizes are
 * in bytes, sides in pixels; a largest value is allowed itself.
 */
record ServerLimits(StartTask.Work<ServerLimits.Reply> reply) {
  /**
   * The limits that follow from these settings and rules.
   *
   * @param abilities what can be done at all, known a little after the start
   */
  static ServerLimits of(Settings settings, ChainRules rules, StartTask<Abilities> abilities) {
    return new ServerLimits(() -> reply(settings, rules, abilities.await()));
  }

  private static Reply reply(Settings settings, ChainRules rules, Abilities abilities) {
    return new Reply(
        settings.get(SettingsCatalogue.DIALECT).toString(),
        new Upload(
            types(settings, abilities),
            settings.get(SettingsCatalogue.MAX_FILE_SIZE),
            settings.get(SettingsCatalogue.MAX_FILES),
            settings.get(SettingsCatalogue.FORMAT).map(MediaType::extension).orElse(null)),
        new Picture(
            settings.get(SettingsCatalogue.MAX_IMAGE_WIDTH),
            settings.get(SettingsCatalogue.MAX_IMAGE_HEIGHT),
            settings.get(SettingsCatalogue.MAX_IMAGE_AREA),
            settings.get(SettingsCatalogue.MAX_IMAGE_FRAMES),
            settings.get(SettingsCatalogue.FIT_LARGE_IMAGES)),
        new Processed(
            extensions(abilities),
            rules.maxOperations(),
            operations(rules),
            presets(settings),
            settings.get(SettingsCatalogue.MAX_VARIANTS_PER_MEDIA)),
        new Download(
            settings.get(SettingsCatalogue.DOWNLOAD_MAX_REDIRECTS),
            settings.get(SettingsCatalogue.MAX_DOWNLOADS),
            settings.get(SettingsCatalogue.DOWNLOAD_TIMEOUT).toSeconds()));
  }

  record Reply(
      String dialect, Upload upload, Picture picture, Processed process, Download download) {}

  private record Upload(
      List<String> types, long maxFileSize, int maxFiles, @Nullable String stillsBecome) {}

  private record Picture(
      int maxWidth, int maxHeight, long maxArea, int maxFrames, boolean largerStillsAreShrunk) {}

  private record Processed(
      Map<String, String> extensions,
      int maxOperations,
      Map<String, Map<String, Integer>> operations,
      Map<String, String> presets,
      int maxVariantsKept) {}

  private record Download(
      int maxRedirects, @JsonProperty("max_at_a_time") int maxAtATime, long timeoutSeconds) {}

  private static List<String> types(Settings settings, Abilities abilities) {
    return Stream.of(MediaType.values())
        .filter(abilities.read()::contains)
        .filter(
            type ->
                !type.has(MediaType.Trait.VIDEO) || settings.get(SettingsCatalogue.ACCEPT_VIDEO))
        .map(MediaType::contentType)
        .toList();
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

  /** What each stands for, by their names. */
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
    Json.send(ctx, 200, told);
  }
}
