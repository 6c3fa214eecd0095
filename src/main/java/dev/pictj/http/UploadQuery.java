package dev.pictj.http;

import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.ingest.Kind;
import dev.pictj.ingest.Terms;
import dev.pictj.media.Limits;
import dev.pictj.process.Chain;
import dev.pictj.process.ChainParser;
import dev.pictj.process.InvalidChainException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what the query of an upload asks for: stricter limits, what is allowed, and operations,
 * which take the place of those that the administrator has set.
 *
 * @param parser of operations
 * @param usual operations, where a query names none
 * @param isRead whether queries say anything; in the dialect 0.3 they do not
 */
public record UploadQuery(ChainParser parser, Terms.StepsBySize usual, boolean isRead) {
  private static final long MIB = 1 << 20;

  /** Parameters of the routes themselves, which are no operations. */
  private static final Set<String> OF_ROUTES = Set.of("url", "backgrounded");

  private static final Map<String, Kind> KINDS =
      Map.of(
          "allow_image", Kind.IMAGE,
          "allow_animation", Kind.ANIMATION,
          "allow_video", Kind.VIDEO);

  private static final Set<String> LIMITS =
      Set.of("max_width", "max_height", "max_area", "max_frame_count", "max_file_size");

  /**
   * Reads what an administrator has set for uploads.
   *
   * @param isRead whether what a query says of an upload counts
   * @throws InvalidSettingsException when the usual operations are none
   */
  public static UploadQuery of(Settings settings, ChainParser parser, boolean isRead)
      throws InvalidSettingsException {
    Optional<String> steps = settings.get(SettingsCatalogue.PREPROCESS_STEPS);
    if (steps.isEmpty()) {
      return new UploadQuery(parser, Terms.StepsBySize.NONE, isRead);
    }
    try {
      Chain chain = parser.parseStrictly(QueryString.parse(steps.get()).parameters());
      return new UploadQuery(parser, operations(chain), isRead);
    } catch (InvalidChainException e) {
      throw new InvalidSettingsException(
          List.of(settings.where(SettingsCatalogue.PREPROCESS_STEPS) + ": " + e.getMessage()));
    }
  }

  private static Terms.StepsBySize operations(Chain chain) {
    return size -> chain.plan(size).steps();
  }

  /** The terms of an upload whose query says nothing. */
  public Terms usualTerms() {
    Terms none = Terms.NONE;
    return new Terms(none.limits(), none.maxBytes(), none.allowed(), usual);
  }

  /**
   * The terms of a request. What is no operation is told by them, for it does not matter to a
   * video.
   *
   * @param query as it was written
   * @throws ApiException when a limit is none
   */
  public Terms terms(String query) {
    return terms(QueryString.parse(query));
  }

  /** Does {@link #terms(String)} for a query that is parsed already. */
  Terms terms(QueryString query) {
    if (!isRead) {
      return usualTerms();
    }
    EnumSet<Kind> allowed = EnumSet.allOf(Kind.class);
    KINDS.forEach(
        (name, kind) -> {
          if (!query.flag(name, true)) {
            allowed.remove(kind);
          }
        });
    Limits limits =
        new Limits(
            (int) number(query, "max_width", Integer.MAX_VALUE),
            (int) number(query, "max_height", Integer.MAX_VALUE),
            number(query, "max_area", Long.MAX_VALUE),
            (int) number(query, "max_frame_count", Integer.MAX_VALUE));
    long mebibytes = number(query, "max_file_size", Long.MAX_VALUE);
    long bytes = mebibytes > Long.MAX_VALUE / MIB ? Long.MAX_VALUE : mebibytes * MIB;
    List<Map.Entry<String, String>> rest = new ArrayList<>(query.parameters());
    rest.removeIf(
        one ->
            OF_ROUTES.contains(one.getKey())
                || LIMITS.contains(one.getKey())
                || KINDS.containsKey(one.getKey()));
    return new Terms(limits, bytes, allowed, rest.isEmpty() ? usual : operations(rest));
  }

  private Terms.StepsBySize operations(List<Map.Entry<String, String>> parameters) {
    try {
      return operations(parser.parseStrictly(parameters));
    } catch (InvalidChainException e) {
      return new Terms.Senseless(() -> new InvalidChainException(String.valueOf(e.getMessage())));
    }
  }

  /** A limit of the query: none where it is left out, and the largest where it is too large. */
  private static long number(QueryString query, String name, long most) {
    Optional<String> value = query.given(name);
    if (value.isEmpty()) {
      return most;
    }
    if (!value.get().matches("[0-9]{1,18}")) {
      throw new ApiException(
          ErrorCode.INVALID_QUERY, "Query parameter `%s` must be a whole number".formatted(name));
    }
    return Math.min(most, Long.parseLong(value.get()));
  }
}
