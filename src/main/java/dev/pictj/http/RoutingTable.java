package dev.pictj.http;

import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All routes, to be read from top to bottom. What is not here answers 404, or 405 with what is. */
final class RoutingTable {
  private static final List<HandlerType> METHODS =
      List.of(
          HandlerType.GET,
          HandlerType.HEAD,
          HandlerType.POST,
          HandlerType.PUT,
          HandlerType.PATCH,
          HandlerType.DELETE,
          HandlerType.OPTIONS,
          HandlerType.TRACE);

  private static final Set<String> NAMES =
      METHODS.stream().map(HandlerType::name).collect(Collectors.toUnmodifiableSet());

  private final Map<String, Map<HandlerType, Handler>> table = new LinkedHashMap<>();

  /** Routes that have parameters, by what stands before the first. */
  private final Map<String, String> withParameters = new LinkedHashMap<>();

  private final Map<String, MediaRequest.Route> media = new LinkedHashMap<>();

  /**
   * The paths of which other methods are as unknown as other paths are, where a dialect says so.
   */
  private static final Set<String> GUARDED = Set.of("/image", "/image/backgrounded", "/healthz");

  private final Dialect dialect;
  private final boolean readOnly;

  RoutingTable(
      Uploads uploads,
      Adoptions adoptions,
      Originals originals,
      Processing processing,
      ServerLimits limits,
      Internal internal,
      Moderation moderation,
      Hashes hashes,
      AdminWork work,
      Health health,
      BuildInfo build,
      Dialect dialect,
      boolean readOnly) {
    this.dialect = dialect;
    this.readOnly = readOnly;
    post("/image", uploads::upload);
    post("/image/backgrounded", uploads::uploadBehind);
    add(HandlerType.GET, "/image/backgrounded/claim", uploads::claim);
    change("/image/download", uploads::download);
    media("/image/original/{alias}", originals::serve);
    media("/image/original", originals::serveNamed);
    media("/image/process.{ext}", processing::serve);
    media("/image/auto", processing::serveAuto);
    add(HandlerType.GET, "/image/process_backgrounded.{ext}", processing::begin);
    read("/image/details/original/{alias}", originals::details);
    read("/image/details/original", originals::detailsNamed);
    read("/image/blurhash", originals::blurhash);
    read("/image/details/process.{ext}", processing::details);
    change("/image/delete/{token}/{alias}", originals::delete);
    delete("/image/delete/{token}/{alias}", originals::delete);
    read("/limits", limits::serve);
    post("/internal/import", uploads::importNamed);
    post("/internal/adopt", adoptions::adopt);
    post("/internal/purge", moderation::purge);
    read("/internal/purge", moderation::preview);
    read("/internal/similar", moderation::similar);
    post("/internal/phashes", moderation::makePhashes);
    read("/internal/deny", moderation::denied);
    post("/internal/deny", moderation::deny);
    delete("/internal/deny", moderation::allow);
    post("/internal/delete", internal::delete);
    delete("/internal/variants", work::dropVariants);
    post("/internal/prune_missing", work::prune);
    post("/internal/set_not_found", work::setNotFound);
    add(HandlerType.POST, "/internal/export", work::export);
    add(HandlerType.POST, "/internal/backup", internal::backup);
    read("/internal/aliases", internal::aliases);
    read("/internal/identifier", internal::identifier);
    read("/internal/hashes", hashes::list);
    read("/internal/limits", limits::serve);
    read("/internal/media", internal::media);
    read("/internal/filename", internal::filename);
    read("/internal/stats", internal::stats);
    read("/healthz", health::check);
    read("/version", build::serve);
  }

  /** Whether any route could answer this method, if only with 405. */
  static boolean knows(String method) {
    return NAMES.contains(method);
  }

  /** GET, and HEAD where the dialect has it; a body that a handler sets is dropped for HEAD. */
  private void read(String path, Handler handler) {
    add(HandlerType.GET, path, handler);
    if (dialect.hasHeadAndOptions()) {
      add(HandlerType.HEAD, path, handler);
    }
  }

  /** A route of bytes, which {@link MediaHandler} sends before Javalin is asked. */
  private void media(String path, MediaRequest.Route route) {
    media.put(path.indexOf('{') < 0 ? path : path.substring(0, path.indexOf('{')), route);
    add(HandlerType.GET, path, RoutingTable::unreachable);
    add(HandlerType.HEAD, path, RoutingTable::unreachable);
  }

  private static void unreachable(Context ctx) {
    throw new ApiException(ErrorCode.NOT_FOUND, "No such route");
  }

  /**
   * The routes of media by what their paths begin with: a slash or a dot is at the end then; or by
   * the whole of it.
   */
  Map<String, MediaRequest.Route> media() {
    return media;
  }

  /** A GET that changes something and so has no HEAD. */
  private void change(String path, Handler handler) {
    add(HandlerType.GET, path, changing(handler));
  }

  private void post(String path, Handler handler) {
    add(HandlerType.POST, path, changing(handler));
  }

  private void delete(String path, Handler handler) {
    add(HandlerType.DELETE, path, changing(handler));
  }

  /** A route that a read-only server refuses. */
  private Handler changing(Handler handler) {
    return readOnly
        ? _ -> {
          throw Errors.readOnlyMode();
        }
        : handler;
  }

  private void add(HandlerType method, String path, Handler handler) {
    table.computeIfAbsent(path, _ -> new LinkedHashMap<>()).put(method, handler);
    if (path.indexOf('{') >= 0) {
      withParameters.put(path.substring(0, path.indexOf('{')), path);
    }
  }

  /** The paths of all routes, as they are declared, with the methods that are allowed. */
  Map<String, Set<HandlerType>> routes() {
    Map<String, Set<HandlerType>> routes = new LinkedHashMap<>();
    table.forEach((path, methods) -> routes.put(path, Set.copyOf(methods.keySet())));
    return routes;
  }

  /** The route that a path belongs to, as it is declared, whatever its parameters are. */
  Optional<String> routeOf(@Nullable String path) {
    if (path == null || table.containsKey(path)) {
      return Optional.ofNullable(path);
    }
    for (Map.Entry<String, String> route : withParameters.entrySet()) {
      if (path.startsWith(route.getKey())) {
        return Optional.of(route.getValue());
      }
    }
    return Optional.empty();
  }

  /** Registers all routes with Javalin, 405 and OPTIONS of every path included. */
  void register(RoutesConfig routes) {
    table.forEach(
        (path, methods) -> {
          TreeSet<String> allowed = new TreeSet<>();
          methods.keySet().forEach(method -> allowed.add(method.name()));
          if (dialect.hasHeadAndOptions()) {
            allowed.add("OPTIONS");
          }
          String allow = String.join(", ", allowed);
          for (HandlerType method : METHODS) {
            Handler handler = methods.get(method);
            if (handler == null) {
              handler =
                  method.equals(HandlerType.OPTIONS)
                      ? ctx -> options(ctx, path, allow)
                      : ctx -> notAllowed(ctx, path, allow);
            }
            routes.addHttpHandler(method, path, handler);
          }
        });
  }

  /** A browser that asks before it sends something is answered in every dialect. */
  private void options(Context ctx, String path, String allow) {
    if (!dialect.hasHeadAndOptions() && !ReplyHeaders.isAllowedPreflight(ctx)) {
      notAllowed(ctx, path, allow);
    }
    ctx.status(204).header("Allow", allow);
  }

  private void notAllowed(Context ctx, String path, String allow) {
    if (!dialect.hasHeadAndOptions() && GUARDED.contains(path)) {
      throw ProtocolErrors.of(404);
    }
    throw new ApiException(
        ErrorCode.METHOD_NOT_ALLOWED,
        "Method %s is not allowed here".formatted(ctx.req().getMethod()),
        Map.of("Allow", allow));
  }
}
