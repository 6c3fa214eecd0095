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
    body.put("dialect", settings.get(SettingsCatalogue.DIALECT).toString());
    uploads(body.putObject("upload"), settings);
    ObjectNode picture = body.putObject("picture");
    pictures(picture, settings);
    picture.put("larger_stills_are_shrunk", settings.get(SettingsCatalogue.FIT_LARGE_IMAGES));
    ObjectNode process = body.putObject("process");
    process(process, rules);
    process.put("max_variants_kept", settings.get(SettingsCatalogue.MAX_VARIANTS_PER_MEDIA));
    ObjectNode download = body.putObject("download");
    download.put("max_redirects", settings.get(SettingsCatalogue.DOWNLOAD_MAX_REDIRECTS));
    download.put("max_at_a_time", settings.get(SettingsCatalogue.MAX_DOWNLOADS));
    download.put("timeout_seconds", settings.get(SettingsCatalogue.DOWNLOAD_TIMEOUT).toSeconds());
    return new ServerLimits(body);
  }

  private static void uploads(ObjectNode upload, Settings settings) {
    for (MediaType type : MediaType.values()) {
      upload.withArray("types").add(type.contentType());
    }
    upload.put("max_file_size", settings.get(SettingsCatalogue.MAX_FILE_SIZE));
    upload.put("max_files", settings.get(SettingsCatalogue.MAX_FILES));
    upload.put(
        "stills_become",
        settings.get(SettingsCatalogue.FORMAT).map(MediaType::extension).orElse(null));
  }

  private static void pictures(ObjectNode picture, Settings settings) {
    picture.put("max_width", settings.get(SettingsCatalogue.MAX_IMAGE_WIDTH));
    picture.put("max_height", settings.get(SettingsCatalogue.MAX_IMAGE_HEIGHT));
    picture.put("max_area", settings.get(SettingsCatalogue.MAX_IMAGE_AREA));
    picture.put("max_frames", settings.get(SettingsCatalogue.MAX_IMAGE_FRAMES));
  }

  private static void process(ObjectNode process, ChainRules rules) {
    ObjectNode targets = process.putObject("extensions");
    MediaType.byExtension()
        .forEach((extension, type) -> targets.put(extension, type.contentType()));
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
