package dev.pictj.http;

import dev.pictj.catalog.Media;
import dev.pictj.catalog.Variant;
import dev.pictj.engine.Caller;
import dev.pictj.engine.OverloadedException;
import dev.pictj.engine.Party;
import dev.pictj.http.MediaReply.Representation;
import dev.pictj.http.Sources.Found;
import dev.pictj.http.Sources.Named;
import dev.pictj.http.dialect.DetailsShape;
import dev.pictj.http.dialect.Dialect;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.media.Details;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Preview;
import dev.pictj.process.BackgroundVariants;
import dev.pictj.process.Chain;
import dev.pictj.process.Previews;
import dev.pictj.process.Variants;
import dev.pictj.store.MissingBlobException;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The routes of pictures made on request. */
record Processing(
    Sources sources,
    Presets presets,
    Variants variants,
    BackgroundVariants background,
    Previews previews,
    Negotiation negotiation,
    Signing signing,
    Dialect dialect,
    DetailsShape shape) {
  /** How often a variant may vanish between its making and its opening in one request. */
  private static final int MAX_ATTEMPTS = 5;

  /**
   * A variant.
   *
   * @param left how long it may be asked for yet, where that has an end
   */
  private record Wanted(Found source, Chain chain, MediaType target, Optional<Duration> left) {
    Media media() {
      return source.media();
    }

    boolean isForOnce() {
      return source.isForOnce();
    }

    Optional<Duration> keepable() {
      return source.keepable().or(() -> left);
    }

    boolean changesNothing() {
      return Variants.changesNothing(media(), chain, target);
    }
  }

  /** How the format of a variant is found for a picture. */
  @FunctionalInterface
  private interface Target {
    /** The format; a bad extension is reported before bad operations, as by pict-rs. */
    MediaType of(Media media, ChainReader operations) throws Exception;
  }

  /** Reads the operations of a request. */
  @FunctionalInterface
  private interface ChainReader {
    Chain read() throws Exception;
  }

  /** GET /image/process.{ext}. */
  void serve(MediaRequest request) throws Exception {
    serve(request, request.name());
  }

  /** GET /image/auto. */
  void serveAuto(MediaRequest request) throws Exception {
    serve(request, Negotiation.AUTO);
  }

  private void serve(MediaRequest request, String extension) throws Exception {
    QueryString query = request.query();
    Optional<Duration> left = signing.require(extension, query);
    boolean chooses = extension.equals(Negotiation.AUTO);
    Set<MediaType> tooExpensive = EnumSet.noneOf(MediaType.class);
    Target target =
        chooses
            ? (media, operations) ->
                negotiation.choose(media, operations.read(), request.acceptable(), tooExpensive)
            : (_, _) -> target(extension);
    boolean makes = request.isGet() || !dialect.makesVariantsForGetOnly();
    Named source = Sources.named(query, Sources.PROCESSED);
    Caller caller = request.caller();
    Optional<Found> found =
        makes ? sources.fetched(source, caller) : sources.stored(source, caller);
    Optional<Found> shown =
        found.isEmpty() && request.isGet() ? sources.placeholder() : Optional.empty();
    if (shown.isPresent()) {
      sendPlaceholder(request, wanted(shown, query, target, left));
      return;
    }
    while (true) {
      Wanted wanted = wanted(found, query, target, left);
      try {
        send(request, wanted, makes, caller);
        return;
      } catch (MediaException e) {
        if (!chooses
            || e.reason() != MediaException.Reason.TOO_EXPENSIVE
            || !tooExpensive.add(wanted.target())) {
          throw e;
        }
      }
    }
  }

  private void send(MediaRequest request, Wanted wanted, boolean makes, Caller caller)
      throws Exception {
    if (wanted.changesNothing()) {
      request.send(Representation.of(wanted.media()), wanted.keepable());
      return;
    }
    if (!makes || sources.readOnly()) {
      sendKnown(request, wanted);
      return;
    }
    Variant variant = variants.findOrMake(wanted.media(), wanted.chain(), wanted.target(), caller);
    for (int attempt = 1; !sent(request, wanted, variant); attempt++) {
      if (attempt == MAX_ATTEMPTS) {
        throw new OverloadedException(
            "variants go as fast as they are made", Duration.ofSeconds(1));
      }
      // A variant that is lost, or was evicted, can be made again.
      variant = variants.makeAgain(wanted.media(), wanted.chain(), wanted.target(), caller);
    }
  }

  /** Sends this variant of the picture that stands for those that do not exist. */
  private void sendPlaceholder(MediaRequest request, Wanted wanted) throws Exception {
    if (wanted.changesNothing()) {
      request.sendPlaceholder(Representation.of(wanted.media()));
      return;
    }
    Variant variant =
        sources.readOnly()
            ? known(wanted).orElseThrow(Errors::aliasNotFound)
            : variants.makeAgain(wanted.media(), wanted.chain(), wanted.target(), request.caller());
    request.sendPlaceholder(Representation.of(wanted.media(), variant));
  }

  /** GET /image/process_backgrounded.{ext}: the variant is there some time later. */
  void begin(Context ctx) throws Exception {
    Wanted one = begun(ctx);
    if (!one.changesNothing()) {
      if (sources.readOnly()) {
        if (known(one).isEmpty()) {
          throw Errors.readOnlyMode();
        }
      } else {
        Party party =
            Presence.of(ctx).party().orElseGet(() -> Party.ofPicture(one.media().filename()));
        String query = Objects.requireNonNullElse(ctx.queryString(), "");
        background.begin(one.media(), one.chain(), one.target(), query, party);
      }
    }
    if (dialect.saysOkEverywhere()) {
      Json.send(ctx, 202, new Begun("ok"));
    } else {
      ctx.res().setContentLengthLong(0);
      ctx.status(202);
    }
  }

  private record Begun(String msg) {}

  /** The source; one that is not stored is reported like missing bytes. */
  private Wanted begun(Context ctx) throws Exception {
    QueryString query = QueryString.parse(ctx.queryString());
    String extension = ctx.pathParam("ext");
    signing.require(extension, query);
    Named source = Sources.named(query, Sources.PROCESSED);
    boolean bare = ErrorCode.ALIAS_NOT_FOUND.isBareForMedia(dialect);
    Optional<Found> found =
        bare && !sources.isStored(source)
            ? Optional.empty()
            : sources.stored(source, Presence.of(ctx));
    if (bare && found.isEmpty()) {
      throw ProtocolErrors.of(404);
    }
    return wanted(found, query, named(extension), Optional.empty());
  }

  /** Sends a variant that is there already. */
  private void sendKnown(MediaRequest request, Wanted wanted) throws IOException {
    Optional<Variant> variant = known(wanted);
    if (variant.isEmpty() || !sent(request, wanted, variant.get())) {
      throw request.isGet() ? Errors.readOnlyMode() : Errors.aliasNotFound();
    }
  }

  private Optional<Variant> known(Wanted wanted) throws IOException {
    return variants.find(wanted.media(), wanted.chain(), wanted.target());
  }

  /** False when the bytes are gone since they were found. */
  private static boolean sent(MediaRequest request, Wanted wanted, Variant variant)
      throws IOException {
    try {
      request.send(Representation.of(wanted.media(), variant), wanted.keepable());
      return true;
    } catch (MissingBlobException _) {
      return false;
    }
  }

  /** GET /image/details/process.{ext}. */
  void details(Context ctx) throws Exception {
    QueryString query = QueryString.parse(ctx.queryString());
    String extension = ctx.pathParam("ext");
    Optional<Duration> left = signing.require(extension, query);
    Optional<Found> source =
        sources.stored(Sources.named(query, Sources.PROCESSED), Presence.of(ctx));
    Wanted wanted = wanted(source, query, named(extension), left);
    Details details =
        wanted.changesNothing()
            ? wanted.media().details()
            : variant(wanted, Presence.of(ctx)).details();
    Optional<Preview> preview =
        shape.tellsPreviews() ? previews.find(wanted.media(), Presence.of(ctx)) : Optional.empty();
    if (!wanted.isForOnce()) {
      ReplyHeaders.revalidated(ctx);
    }
    Json.send(ctx, 200, shape.detailsReply(details, preview));
  }

  private Variant variant(Wanted wanted, Caller caller) throws Exception {
    return dialect.makesVariantsForGetOnly() || sources.readOnly()
        ? known(wanted).orElseThrow(Errors::aliasNotFound)
        : variants.findOrMake(wanted.media(), wanted.chain(), wanted.target(), caller);
  }

  /**
   * A format by its own name, because the client that asks is not the one that shows the picture.
   */
  private static Target named(String extension) {
    if (extension.equals(Negotiation.AUTO)) {
      throw new ApiException(
          ErrorCode.INVALID_FILE_EXTENSION,
          "The format that auto stands for hangs on who shows the picture; name one here");
    }
    return (_, _) -> target(extension);
  }

  /** Checks in the order of pict-rs: an unknown alias is reported before a bad extension. */
  private Wanted wanted(
      Optional<Found> source, QueryString query, Target target, Optional<Duration> left)
      throws Exception {
    Found found = source.orElseThrow(Errors::aliasNotFound);
    MediaType type = target.of(found.media(), () -> presets.chain(query));
    return new Wanted(found, presets.chain(query), type, left);
  }

  static MediaType target(String extension) {
    MediaType target = MediaType.byExtension().get(extension);
    if (target == null) {
      throw new ApiException(
          ErrorCode.INVALID_FILE_EXTENSION,
          "Unsupported image format; process makes "
              + String.join(", ", MediaType.byExtension().keySet()));
    }
    return target;
  }
}
