package dev.pictj.cli;

import dev.pictj.config.InvalidSettingsException;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.config.SettingsLoader;
import dev.pictj.config.SigningKey;
import dev.pictj.http.UrlSignature;
import java.io.IOException;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pictj sign}: signs the URL of a variant. Asks no server. */
@Command(
    name = "sign",
    sortOptions = false,
    description = {
      "Signs the URL of a variant, for a server with --signing-keys, and prints it.",
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:it is printed",
      "1:there is no key, or it is not the URL of a variant",
      "2:the command line is wrong",
    })
final class SignCommand implements Callable<Integer> {
  private final PrintStream out;
  private final Map<String, String> environment;
  private final InstantSource clock;

  @Parameters(
      paramLabel = "<url>",
      description = "Such as http://localhost:8080/image/process.webp?src=ALIAS&thumbnail=256")
  private String url;

  @Option(
      names = "--key",
      paramLabel = "<key>",
      description = {
        "The key, as --signing-keys has it, or the id of one of those in the environment;",
        "the first of those when not given [env: PICTRS_SIGNING_KEYS, PICTRS_SIGNING_KEYS_FILE]"
      })
  private @Nullable String key;

  @Option(
      names = "--expires-in",
      paramLabel = "<seconds>",
      description = "Time from now after which it is refused; it is good for ever when not given")
  private @Nullable Long seconds;

  /** Makes the command. */
  @SuppressWarnings("NullAway.Init") // picocli sets what is required.
  SignCommand(PrintStream out, Map<String, String> environment, InstantSource clock) {
    this.out = out;
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public Integer call() throws IOException, InvalidSettingsException {
    if (seconds != null && seconds < 1) {
      throw new IOException("--expires-in must be a number of seconds from 1");
    }
    try {
      out.println(
          UrlSignature.signed(
              url, key(), Optional.ofNullable(seconds).map(clock.instant()::plusSeconds)));
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage());
    }
    return 0;
  }

  private SigningKey key() throws IOException, InvalidSettingsException {
    if (key != null && key.indexOf(':') >= 0) {
      return keys(Map.of("signing-keys", List.of(key))).getFirst();
    }
    List<SigningKey> keys = keys(Map.of());
    return keys.stream()
        .filter(one -> key == null || one.id().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new IOException(
                    key == null
                        ? "a key is needed: set PICTRS_SIGNING_KEYS or give --key"
                        : "there is no key %s in PICTRS_SIGNING_KEYS".formatted(key)));
  }

  /** The keys in options, or else in the environment, read as a server reads them. */
  private List<SigningKey> keys(Map<String, List<String>> options) throws InvalidSettingsException {
    Map<String, List<String>> all = new HashMap<>(options);
    all.put("path", List.of("."));
    Map<String, String> variables = new HashMap<>(environment);
    variables.keySet().removeIf(name -> !name.matches("PICTRS__?SIGNING_KEYS(_FILE)?"));
    Settings settings = new SettingsLoader(all, variables).load();
    return settings.get(SettingsCatalogue.SIGNING_KEYS);
  }
}
