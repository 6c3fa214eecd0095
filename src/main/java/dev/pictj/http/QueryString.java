package dev.pictj.http;

import dev.pictj.http.dialect.ErrorCode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a query in request order, repeated ones kept: application/x-www-form-urlencoded
 * as the WHATWG URL standard parses it, except that a broken percent sign leaves its text as it
 * stands.
 *
 * @param parameters decoded names and values
 */
record QueryString(List<Map.Entry<String, String>> parameters) {
  /** Reads a raw query; null is an empty one. */
  static QueryString parse(String raw) {
    List<Map.Entry<String, String>> parameters = new ArrayList<>();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        if (!pair.isEmpty()) {
          int equals = pair.indexOf('=');
          parameters.add(
              Map.entry(
                  decoded(equals < 0 ? pair : pair.substring(0, equals)),
                  equals < 0 ? "" : decoded(pair.substring(equals + 1))));
        }
      }
    }
    return new QueryString(List.copyOf(parameters));
  }

  private static String decoded(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return text;
    }
  }

  /** The last value of a name, as pict-rs takes it, which may be empty. */
  Optional<String> given(String name) {
    for (int i = parameters.size() - 1; i >= 0; i--) {
      if (parameters.get(i).getKey().equals(name)) {
        return Optional.of(parameters.get(i).getValue());
      }
    }
    return Optional.empty();
  }

  /** How often a name is there. */
  long count(String name) {
    return parameters.stream().filter(parameter -> parameter.getKey().equals(name)).count();
  }

  /** The last value of a name; empty values count as absent. */
  Optional<String> last(String name) {
    return given(name).filter(value -> !value.isEmpty());
  }

  /** Whether a parameter is {@code true}; nothing but that and {@code false} may be written. */
  boolean flag(String name, boolean otherwise) {
    return given(name)
        .map(
            value ->
                switch (value) {
                  case "true" -> true;
                  case "false" -> false;
                  default ->
                      throw new ApiException(
                          ErrorCode.INVALID_QUERY,
                          "Query parameter `%s` must be true or false".formatted(name));
                })
        .orElse(otherwise);
  }

  /** The last value of a name; a request without one is answered 400. */
  String required(String name) {
    return last(name)
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.INVALID_QUERY,
                    "Query parameter `%s` is missing or empty".formatted(name)));
  }
}
