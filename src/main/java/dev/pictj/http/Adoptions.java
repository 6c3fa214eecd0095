package dev.pictj.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.pictj.http.FormParts.FilePart;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.ingest.Adoption;
import dev.pictj.ingest.Adoption.Adopted;
import dev.pictj.ingest.Ingest;
import dev.pictj.ingest.Past;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaType;
import dev.pictj.media.Orientation;
import dev.pictj.media.Probed;
import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The route by which {@code pictj adopt} brings names and pictures of another server. */
record Adoptions(MultipartReader multipart, Ingest ingest, Adoption adoption) {
  private static final int MAX_ALIAS = 255;

  private static final String FORM = "multipart/";

  /**
   * What became of a name, in the same words in every dialect.
   *
   * @param objection what an upload would have been refused for
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Reply(
      String outcome, @Nullable String deleteToken, @Nullable String objection, String msg) {
    static Reply of(Adopted adopted) {
      return new Reply(
          adopted.outcome().name().toLowerCase(Locale.ROOT),
          adopted.deleteToken().orElse(null),
          adopted.objection().orElse(null),
          "ok");
    }
  }

  /**
   * POST /internal/adopt: without a body a name of a picture that may be here, by its hash and
   * size; with one, the picture.
   */
  void adopt(Context ctx) throws Exception {
    QueryString query = QueryString.parse(ctx.queryString());
    String alias = query.required("alias");
    if (alias.length() > MAX_ALIAS || alias.chars().anyMatch(Character::isISOControl)) {
      throw new ApiException(
          ErrorCode.INVALID_QUERY,
          "An alias has at most %d characters, none of which controls anything"
              .formatted(MAX_ALIAS));
    }
    Optional<String> hash = query.last("sha256").map(text -> text.toLowerCase(Locale.ROOT));
    if (hash.filter(text -> !text.matches("[0-9a-f]{64}")).isPresent()) {
      throw new ApiException(
          ErrorCode.INVALID_QUERY, "Query parameter `sha256` must have 64 hexadecimal digits");
    }
    Past past = new Past(query.last("delete_token"), createdAt(query), header(query));
    if (String.valueOf(ctx.req().getContentType()).toLowerCase(Locale.ROOT).startsWith(FORM)) {
      Json.send(ctx, 200, Reply.of(store(ctx, alias, hash, past)));
      return;
    }
    long size = number(query.required("size"), "size");
    Json.send(
        ctx,
        200,
        Reply.of(
            adoption.name(
                alias, hash.orElseGet(() -> query.required("sha256")), size, past.deleteToken())));
  }

  private Adopted store(Context ctx, String alias, Optional<String> hash, Past past)
      throws Exception {
    ingest.requireWritable();
    List<FilePart> parts = multipart.read(ctx.req());
    try {
      return adoption.store(parts.getFirst().file().path(), alias, hash, past);
    } finally {
      parts.forEach(part -> part.file().close());
    }
  }

  private static Optional<Instant> createdAt(QueryString query) {
    try {
      return query
          .last("created_at")
          .map(text -> OffsetDateTime.parse(text.replace(' ', '+')).toInstant());
    } catch (DateTimeException _) {
      throw new ApiException(
          ErrorCode.INVALID_QUERY, "created_at must be a time as RFC 3339 writes it");
    }
  }

  /**
   * What the other server says; nothing where it says not all of it, or names a type of its own.
   */
  private static Optional<Probed> header(QueryString query) {
    Optional<MediaType> type = query.last("content_type").flatMap(MediaType::ofContentType);
    Optional<String> width = query.last("width");
    Optional<String> height = query.last("height");
    return type.isEmpty() || width.isEmpty() || height.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Probed(
                type.get(),
                new Dimensions(
                    (int) number(width.get(), "width"), (int) number(height.get(), "height")),
                (int) Math.max(1, number(query.last("frames").orElse("1"), "frames")),
                Orientation.UPRIGHT,
                false));
  }

  private static long number(String text, String name) {
    if (!text.matches(name.equals("size") ? "[0-9]{1,15}" : "[0-9]{1,9}")) {
      throw new ApiException(
          ErrorCode.INVALID_QUERY, "Query parameter `%s` must be a whole number".formatted(name));
    }
    return Long.parseLong(text);
  }
}
