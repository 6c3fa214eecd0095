package dev.pictj.http;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpURI;

/**
 * The target of a request as it may be logged. Delete tokens are masked however the path is
 * spelled, also where no route would answer it: a typing mistake is no reason to write down a
 * secret. Queries are left out, since remote URLs may hold secrets, but for those of process;
 * there, values that look like secrets are masked.
 */
final class LoggedTarget {
  private static final String MASK = "***";

  /** The usual spelling of a deletion: only the token is secret, and the alias may be logged. */
  private static final Pattern PLAIN_DELETE =
      Pattern.compile("/image/delete/[A-Za-z0-9]+(/[A-Za-z0-9_-][A-Za-z0-9._-]*)");

  /** Any spelling, decoded: with parameters of path segments and slashes of either kind. */
  private static final Pattern DELETE =
      Pattern.compile("(?:^|[/\\\\])delete(?=[/\\\\;]|$)", Pattern.CASE_INSENSITIVE);

  private static final Pattern ESCAPE =
      Pattern.compile("%(?:u([0-9a-f]{4})|([0-9a-f]{2}))", Pattern.CASE_INSENSITIVE);

  /** Parts of names whose values are not shown. */
  private static final List<String> SECRETS =
      List.of("token", "key", "secret", "pass", "auth", "sig");

  /** Escapes inside escapes, which some proxy may have decoded once. */
  private static final int MAX_DECODINGS = 3;

  private LoggedTarget() {}

  static String of(HttpURI uri) {
    String path = path(String.valueOf(uri.getPath()));
    boolean isProcess =
        path.startsWith("/image/process.")
            || path.startsWith("/image/details/process.")
            || path.equals("/image/auto");
    return isProcess && uri.getQuery() != null ? path + "?" + query(uri.getQuery()) : path;
  }

  /** Most paths delete nothing, and are seen to do so without a regular expression. */
  static String path(String path) {
    if (path.indexOf('%') < 0 && !path.toLowerCase(Locale.ROOT).contains("delete")) {
      return path;
    }
    Matcher plain = PLAIN_DELETE.matcher(path);
    if (plain.matches()) {
      return "/image/delete/" + MASK + plain.group(1);
    }
    String decoded = path;
    for (int i = 0; i <= MAX_DECODINGS; i++) {
      Matcher delete = DELETE.matcher(decoded);
      if (delete.find()) {
        return decoded.substring(0, delete.end()) + "/" + MASK;
      }
      decoded =
          ESCAPE
              .matcher(decoded)
              .replaceAll(
                  found ->
                      Matcher.quoteReplacement(
                          Character.toString(
                              Integer.parseInt(
                                  found.group(1) == null ? found.group(2) : found.group(1), 16))));
    }
    return path;
  }

  /** Masks the token of a deletion in any spelling. */
  private static boolean isSecret(String name) {
    return QueryString.parse(name).parameters().stream()
        .anyMatch(parameter -> mentionsSecret(parameter.getKey()));
  }

  private static boolean mentionsSecret(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (String secret : SECRETS) {
      if (lower.contains(secret)) {
        return true;
      }
    }
    return false;
  }

  private static String query(String query) {
    if (query.indexOf('%') < 0 && !mentionsSecret(query)) {
      return query;
    }
    return Arrays.stream(query.split("&", -1))
        .map(
            pair -> {
              int equals = pair.indexOf('=');
              return equals >= 0 && isSecret(pair.substring(0, equals))
                  ? pair.substring(0, equals + 1) + MASK
                  : pair;
            })
        .collect(Collectors.joining("&"));
  }
}
