package dev.pictj.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.media.MediaType;
import dev.pictj.process.ChainRules;
import dev.pictj.process.Operation;
import io.javalin.http.Context;

/**
 * What a client may send and ask for, to be read by programs, so that they need not try. Sizes are
 * in bytes, sides in pixels; a largest value is allowed itself.
 */
final class ServerLimits {
  private final ObjectNode body;

  ServerLimits(ObjectNode body) {
    this.body = body;
  }

  /** Those of these settings and rules. */
  static ServerLimits of(Settings settings, ChainRules rules) {
    ObjectNode body = Json.object();
    body.put("dialect", settings.get(SettingsCatalogue.DIALECT).word());
    uploads(body.putObject("upload"), settings.uploads());
    ObjectNode picture = body.putObject("picture");
    pictures(picture, settings.image());
    picture.put("larger_stills_are_shrunk", settings.get(SettingsCatalogue.FIT_LARGE_IMAGES));
    ObjectNode process = body.putObject("process");
    process(process, rules);
    process.put("max_variants_kept", settings.get(SettingsCatalogue.MAX_VARIANTS_PER_MEDIA));
    ObjectNode download = body.putObject("download");
    download.put("max_redirects", settings.download().maxRedirects());
    download.put("max_at_a_time", settings.get(SettingsCatalogue.MAX_DOWNLOADS));
    download.put("timeout_seconds", settings.download().timeout().toSeconds());
    return new ServerLimits(body);
  }

  private static void uploads(ObjectNode upload, Settings.Uploads limits) {
    for (MediaType type : MediaType.values()) {
      upload.withArray("types").add(type.contentType());
    }
    upload.put("max_file_size", limits.maxFileSize());
    upload.put("max_files", limits.maxFiles());
    upload.put("stills_become", limits.format().orElse(null));
  }

  private static void pictures(ObjectNode picture, Settings.Image limits) {
    picture.put("max_width", limits.maxWidth());
    picture.put("max_height", limits.maxHeight());
    picture.put("max_area", limits.maxArea());
    picture.put("max_frames", limits.maxFrames());
  }

  private static void process(ObjectNode process, ChainRules rules) {
    ObjectNode targets = process.putObject("extensions");
    Processing.TARGETS.forEach((extension, type) -> targets.put(extension, type.contentType()));
    process.put("max_operations", rules.maxOperations());
    ObjectNode operations = process.putObject("operations");
    for (Operation.Kind kind : Operation.KINDS) {
      if (rules.permits(kind.name())) {
        ObjectNode operation = operations.putObject(kind.name());
        kind.range().under(rules).forEach(bound -> operation.put(bound.name(), bound.value()));
      }
    }
  }

  /** GET /limits. */
  void serve(Context ctx) {
    ReplyHeaders.revalidated(ctx);
    Json.send(ctx, 200, body);
  }
}
