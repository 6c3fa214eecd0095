package dev.pictj.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pictj.catalog.Catalog;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.upkeep.AdminJobs;
import dev.pictj.upkeep.AdminJobs.Pruning;
import dev.pictj.upkeep.Backup;
import dev.pictj.upkeep.BackupRefusedException;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The administrator's routes to upkeep, as pict-rs 0.5 has them.
 *
 * @param exports the folder that exports are put in
 * @param maxBody bytes that a body in JSON may have
 */
record AdminWork(
    Catalog catalog,
    AdminJobs jobs,
    Backup backup,
    Optional<Path> exports,
    int maxBody,
    InstantSource clock,
    Dialect dialect) {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Ok(String msg) {}

  private record Pruned(@JsonUnwrapped Pruning pruning, String msg) {}

  /** DELETE /internal/variants. */
  void dropVariants(Context ctx) {
    jobs.dropVariants();
    ctx.status(204);
  }

  /** POST /internal/prune_missing. */
  void prune(Context ctx) {
    Pruning pruning = jobs.prune(QueryString.parse(ctx.queryString()).flag("force", false));
    Json.send(ctx, 200, dialect.saysOkEverywhere() ? new Pruned(pruning, "ok") : pruning);
  }

  /** POST /internal/export: all data, in a folder named by the time. */
  void export(Context ctx) throws Exception {
    Path folder =
        exports.orElseThrow(
            () -> new ApiException(ErrorCode.INVALID_REQUEST, "--export-path is not set"));
    String name = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
    try {
      Files.createDirectories(folder);
    } catch (IOException _) {
      throw new ApiException(
          ErrorCode.INVALID_REQUEST,
          "The folder %s of --export-path cannot be made".formatted(folder));
    }
    try {
      backup.run(folder.resolve(name), true);
    } catch (BackupRefusedException e) {
      throw new ApiException(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
    Json.send(ctx, 201, new Ok("ok"));
  }

  /** POST /internal/set_not_found. */
  void setNotFound(Context ctx) throws IOException {
    JsonNode body = body(ctx);
    if (body.path("proxy").isTextual()) {
      throw new ApiException(
          ErrorCode.PROXY_NOT_ALLOWED, "Only an alias can name the not-found picture");
    }
    if (!body.path("alias").isTextual()) {
      throw invalid("{\"alias\": \"…\"} is expected");
    }
    String alias = body.path("alias").asText();
    if (catalog.find(alias).isEmpty()) {
      throw Errors.aliasNotFound();
    }
    catalog.setNotFound(alias);
    Json.send(ctx, 201, new Ok("ok"));
  }

  private JsonNode body(Context ctx) throws IOException {
    String type = ctx.contentType();
    if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
      throw invalid("the Content-Type must be application/json");
    }
    byte[] body = ctx.req().getInputStream().readNBytes(maxBody + 1);
    if (body.length > maxBody) {
      throw invalid("the body is larger than %d bytes".formatted(maxBody));
    }
    try {
      return JSON.readTree(body);
    } catch (JacksonException _) {
      throw invalid("the body is no JSON");
    }
  }

  private static ApiException invalid(String what) {
    return new ApiException(ErrorCode.INVALID_JSON, "Invalid JSON: " + what);
  }
}
