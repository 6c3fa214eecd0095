package dev.pictj.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.pictj.JarProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What differs from a recording and is meant to: few lines, each about something and with why. */
class MeantTest {
  private static final Path GOLDEN = JarProcess.baseFolder().resolve("src/test/resources/golden");
  private static final int MOST_LINES = 90;

  @ParameterizedTest
  @CsvSource({
    "meant-0.3.txt, pict-rs-0.3.0-alpha.37.jsonl",
    "meant-0.5.txt, pict-rs-0.5.23.jsonl",
    "meant-0.6.txt, pict-rs-0.6.0-rc.6.jsonl"
  })
  void theLinesAreFewAndSayWhy(String meant, String recording) throws Exception {
    Map<String, Integer> recorded = recorded(recording);
    List<String> lines = Files.readAllLines(GOLDEN.resolve(meant));
    assertThat(lines).hasSizeLessThanOrEqualTo(MOST_LINES);
    Set<String> seen = new HashSet<>();
    for (String line : lines) {
      String[] columns = line.split(" \\| ", -1);
      assertThat(columns).as(line).hasSize(4);
      String exchange = columns[0] + " | " + columns[1];
      assertThat(recorded).as(line).containsKey(exchange);
      assertThat(seen.add(exchange)).as("once: " + line).isTrue();
      assertThat(columns[3].length()).as("a reason: " + line).isGreaterThan(10);
      // What succeeds there succeeds here, or is refused by name; it does not fail.
      assertThat(columns[2]).as(line).matches("[245]\\d\\d|304|\\*");
      boolean fails = columns[2].startsWith("5") && !columns[2].matches("50[234]");
      assertThat(fails).as(line).isFalse();
    }
  }

  private static Map<String, Integer> recorded(String recording) throws IOException {
    JsonMapper json = new JsonMapper();
    Map<String, Integer> recorded = new HashMap<>();
    for (String line : Files.readAllLines(GOLDEN.resolve(recording))) {
      JsonNode one = json.readTree(line);
      recorded.put(
          one.get("phase").asText() + " | " + one.get("what").asText(),
          one.at("/answer/status").asInt());
    }
    return recorded;
  }
}
