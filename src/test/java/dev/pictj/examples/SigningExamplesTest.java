package dev.pictj.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pictj.JarProcess;
import dev.pictj.config.SigningKey;
import dev.pictj.http.UrlSignature;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples that sign URLs sign them as the server does. */
final class SigningExamplesTest {
  private static final Path EXAMPLES = JarProcess.baseFolder().resolve("client-examples");

  @ParameterizedTest
  @CsvSource({
    "python3, python/sign.py, http://localhost:8080/image/process.webp?src=a.png&thumbnail=9",
    "python3, python/sign.py, https://x.test/p/image/auto?src=a%20b.png&x=%C3%A4+(~)*!%27%22&y",
    "python3, python/sign.py, http://localhost:8080/image/details/process.jpeg?src=a&resize=9",
    "node, javascript/sign.mjs, http://localhost:8080/image/process.webp?src=a.png&thumbnail=9",
    "node, javascript/sign.mjs, https://x.test/p/image/auto?src=a%20b.png&x=%C3%A4+(~)*!%27%22&y",
    "node, javascript/sign.mjs, http://localhost:8080/image/details/process.jpeg?src=a&resize=9",
  })
  void signsAsTheServerDoes(String program, String script, String url) throws Exception {
    SigningKey key = new SigningKey("site", "s:".repeat(16));
    assertThat(signed(key, program, EXAMPLES.resolve(script).toString(), url))
        .isEqualTo(UrlSignature.signed(url, key, Optional.empty()));
    String ends = signed(key, program, EXAMPLES.resolve(script).toString(), url, "60");
    Instant end = Instant.ofEpochSecond(Long.parseLong(ends.replaceAll(".*expires=|&key.*", "")));
    assertThat(ends).isEqualTo(UrlSignature.signed(url, key, Optional.of(end)));
    assertThat(end).isCloseTo(Instant.now().plusSeconds(60), within(50, ChronoUnit.SECONDS));
  }

  private static String signed(SigningKey key, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PICTRS_SIGNING_KEYS", key.id() + ":" + key.secret());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.strip();
  }
}
