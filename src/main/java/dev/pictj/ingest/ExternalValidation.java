package dev.pictj.ingest;

import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.ingest.ValidationException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a server of the administrator's whether a file may be stored: it is sent the bytes that
 * would be, with their type, and any 2xx accepts them. Its address is the administrator's, so the
 * guard of what strangers have fetched does not hold for it; it leads nowhere else, for no redirect
 * is followed.
 */
public final class ExternalValidation implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ExternalValidation.class);

  private final URI address;
  private final Duration timeout;
  private final boolean failOpen;
  private final HttpClient client;

  /**
   * Makes a validation by the server at an address.
   *
   * @param timeout of one answer
   * @param failOpen whether a file is taken when there is no answer
   */
  ExternalValidation(URI address, Duration timeout, boolean failOpen) {
    this.address = address;
    this.timeout = timeout;
    this.failOpen = failOpen;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  /** The validation that an administrator has set; empty where there is none. */
  public static Optional<ExternalValidation> of(Settings settings) {
    return settings
        .get(SettingsCatalogue.EXTERNAL_VALIDATION)
        .map(
            address ->
                new ExternalValidation(
                    address,
                    settings.get(SettingsCatalogue.EXTERNAL_VALIDATION_TIMEOUT),
                    settings.get(SettingsCatalogue.EXTERNAL_VALIDATION_FAIL_OPEN)));
  }

  /**
   * Requires that a file is accepted.
   *
   * @throws ValidationException when it is not, or when nobody says so and that counts as a refusal
   */
  void requireAccepted(Normal normal)
      throws IOException, InterruptedException, ValidationException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(timeout)
            .header("Content-Type", normal.probed().type().contentType())
            .POST(BodyPublishers.ofFile(normal.file().path()))
            .build();
    int status;
    try {
      HttpResponse<InputStream> reply = client.send(request, BodyHandlers.ofInputStream());
      // Only the status counts, so the body is not read.
      reply.body().close();
      status = reply.statusCode();
    } catch (HttpTimeoutException e) {
      unanswered(
          new ValidationException(
              Reason.TIMEOUT,
              "The external validation did not answer within %d s".formatted(timeout.toSeconds()),
              e));
      return;
    } catch (IOException e) {
      unanswered(
          new ValidationException(
              Reason.UNREACHABLE, "The external validation could not be asked", e));
      return;
    }
    if (status < 200 || status >= 300) {
      log.info("the external validation refused a file with status {}", status);
      throw new ValidationException(Reason.REFUSED, "Failed external validation", null);
    }
  }

  private void unanswered(ValidationException failure) throws ValidationException {
    log.warn(
        "{}: {}; the file is {}",
        failure.getMessage(),
        String.valueOf(failure.getCause()),
        failOpen ? "taken" : "refused");
    if (!failOpen) {
      throw failure;
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
