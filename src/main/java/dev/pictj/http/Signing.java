package dev.pictj.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.config.SigningKey;
import dev.pictj.config.Unsigned;
import dev.pictj.http.dialect.ErrorCode;
import dev.pictj.media.Excerpt;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Which variants a request may ask for: every route that could make one asks here, before it looks
 * for the picture.
 *
 * @param keys none where signatures mean nothing
 * @param unsigned what may be asked for without one
 */
public record Signing(List<SigningKey> keys, Unsigned unsigned, InstantSource clock) {
  /**
   * Reads what an administrator has set for signed URLs.
   *
   * @throws InvalidSettingsException where nobody could ask for anything
   */
  public static Signing of(Settings settings, InstantSource clock) throws InvalidSettingsException {
    List<SigningKey> keys = settings.get(SettingsCatalogue.SIGNING_KEYS);
    Unsigned unsigned = settings.get(SettingsCatalogue.UNSIGNED);
    if (keys.isEmpty() && unsigned == Unsigned.NONE) {
      throw new InvalidSettingsException(
          List.of(
              settings.where(SettingsCatalogue.UNSIGNED) + " is none, which needs --signing-keys"));
    }
    if (keys.isEmpty()
        && unsigned == Unsigned.PRESETS
        && settings.get(SettingsCatalogue.PRESETS).isEmpty()) {
      throw new InvalidSettingsException(
          List.of(
              settings.where(SettingsCatalogue.UNSIGNED)
                  + " is presets, which needs --presets or --signing-keys"));
    }
    return new Signing(keys, unsigned, clock);
  }

  /**
   * Checks a request for a variant.
   *
   * @param extension as it was asked for
   * @return how long it may be asked for yet, where that has an end
   * @throws ApiException when it may not be
   */
  Optional<Duration> require(String extension, QueryString query) {
    Optional<String> signature =
        keys.isEmpty() ? Optional.empty() : query.given(UrlSignature.SIGNATURE);
    if (signature.isPresent()) {
      verify(extension, query, signature.get());
      return query.given(UrlSignature.EXPIRES).map(this::left);
    }
    switch (unsigned) {
      case ALL -> {}
      case PRESETS -> {
        if (!Presets.isNamedIn(query)) {
          throw new ApiException(
              ErrorCode.SIGNATURE_REQUIRED,
              keys.isEmpty()
                  ? "Pictures are made of presets only here"
                  : "Pictures are made of presets, or by signed URLs, only here");
        }
      }
      case NONE ->
          throw new ApiException(
              ErrorCode.SIGNATURE_REQUIRED, "Pictures are made by signed URLs only here");
    }
    return Optional.empty();
  }

  private void verify(String extension, QueryString query, String signature) {
    // Each may stand once: they are not signed, so repetitions would give a URL endless spellings.
    if (query.count(UrlSignature.SIGNATURE) > 1) {
      throw invalid("A URL has one signature, and not several");
    }
    String id =
        query
            .given(UrlSignature.KEY)
            .orElseThrow(() -> invalid("A signature needs the id of its key in `key`"));
    SigningKey key =
        keys.stream()
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElseThrow(
                () -> invalid("There is no signing key `%s`".formatted(Excerpt.ofLine(id))));
    String right = UrlSignature.of(key, extension, query);
    if (!MessageDigest.isEqual(right.getBytes(US_ASCII), signature.getBytes(UTF_8))) {
      throw invalid("The signature is not that of this URL");
    }
  }

  private Duration left(String expires) {
    Instant end;
    try {
      end = Instant.ofEpochSecond(Long.parseLong(expires));
    } catch (NumberFormatException | DateTimeException _) {
      throw new ApiException(
          ErrorCode.INVALID_QUERY, "Query parameter `expires` must be in seconds since 1970");
    }
    Duration left = Duration.between(clock.instant(), end);
    if (!left.isPositive()) {
      throw new ApiException(ErrorCode.SIGNATURE_EXPIRED, "This URL has expired at " + end);
    }
    return left;
  }

  private static ApiException invalid(String message) {
    return new ApiException(ErrorCode.INVALID_SIGNATURE, message);
  }
}
