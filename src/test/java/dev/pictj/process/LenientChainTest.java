package dev.pictj.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pictj.engine.RenderStep;
import dev.pictj.engine.RenderStep.Quality;
import dev.pictj.media.Dimensions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations as pict-rs 0.5.23 was recorded to read them. */
class LenientChainTest {
  private static final Dimensions STILL = new Dimensions(640, 480);

  private static ChainParser parser(boolean later, Set<String> whitelist) {
    return new ChainParser(
        new ChainRules(
            10_000,
            10,
            20,
            100,
            later ? Rounding.NEAREST : Rounding.DOWN,
            later,
            Optional.of(whitelist)));
  }

  private static ChainParser later() {
    return parser(true, Set.of("thumbnail", "resize", "crop", "blur", "identity"));
  }

  private static Chain chain(ChainParser parser, String query) throws InvalidChainException {
    List<Map.Entry<String, String>> parameters = new ArrayList<>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      parameters.add(
          equals < 0
              ? Map.entry(pair, "")
              : Map.entry(pair.substring(0, equals), pair.substring(equals + 1)));
    }
    return parser.parse(parameters);
  }

  @ParameterizedTest
  @CsvSource({
    "resize=50,50x38",
    "resize=200,200x150",
    "resize=2000,640x480",
    "resize=99999999999,640x480",
    "resize=lanczos.200,200x150",
    "resize=Lanczos2Sharp.200,200x150",
    "resize=.200,200x150",
    "resize=nofilter.200,200x150",
    "resize=.a10000,115x87",
    "resize=mitchell.a10000,115x87",
    "resize=.a999999999,640x480",
    "resize=.a0,1x1",
    "resize=1.5,5x4",
    "resize=+5,5x4",
    "resize=0,1x1",
    "thumbnail=0,1x1",
    "thumbnail=64,64x48",
    "thumbnail=5000,640x480",
    "crop=1x1,480x480",
    "crop=16x9,640x360",
    "crop=20x1,640x32",
    "crop=1x20,24x480",
    "crop=1x1x1,480x480",
    "crop=1x1&resize=96,96x96",
    "resize=96&crop=1x1,72x72",
    "resize=300&resize=100,100x75",
    "blur=2.5,640x480",
    "blur=0,640x480",
    "identity=true,640x480",
    "identity,640x480",
    "rotate=90,640x480",
    "quality=10,640x480",
    "thumbnail=64&blur=1&crop=2x1,64x32"
  })
  void sizesAreThoseOfTheRecording(String query, String size) throws Exception {
    assertThat(chain(later(), query).plan(STILL).result().toString()).isEqualTo(size);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resize=abc", "resize=", "resize=-5", "resize=a10000", "resize=1.5.7", "resize=.",
            "resize=.a",
        "thumbnail=abc", "thumbnail=-1", "crop=abc", "crop=0x1", "crop=21x1", "crop=1", "blur=abc",
        "blur=", "blur=-1", "blur=NaN", "blur=inf", "blur=101", "Resize=50", "RESIZE=50"
      })
  void whatItRefusedIsRefused(String query) {
    assertThatThrownBy(() -> chain(later(), query)).isInstanceOf(InvalidChainException.class);
  }

  @Test
  void aBlurOf0IsNotRefusedInWordsEither() {
    assertThatThrownBy(() -> chain(later(), "blur=-1")).hasMessageContaining("a number from 0 ");
    assertThatThrownBy(() -> chain(parser(false, Set.of("blur")), "blur=0"))
        .hasMessageContaining("a number above 0 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"resize=abc", "Resize=50", "crop=0x1"})
  void whatIsNotPermittedIsNotEvenLookedAt(String query) throws Exception {
    assertThat(chain(parser(true, Set.of("blur")), query).operations()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "resize=Lanczos.100,LANCZOS",
    "resize=lanczossharp.100,LANCZOS_SHARP",
    "resize=LANCZOS2.100,LANCZOS2",
    "resize=lanczos2sharp.100,LANCZOS2_SHARP",
    "resize=Mitchell.100,MITCHELL",
    "resize=robidouxSharp.100,ROBIDOUX_SHARP",
    "resize=100,LANCZOS2",
    "resize=.100,LANCZOS2"
  })
  void filtersAreKnownInEveryLine(String query, Quality quality) throws Exception {
    for (boolean line : List.of(true, false)) {
      Chain chain = chain(parser(line, Set.of("resize")), query);
      assertThat(chain.plan(STILL).steps())
          .containsExactly(new RenderStep.Shrink(new Dimensions(100, 75), quality));
    }
  }

  @Test
  void theOlderLineKnowsNoFilterByAnotherName() {
    assertThatThrownBy(() -> chain(parser(false, Set.of("resize")), "resize=nofilter.100"))
        .isInstanceOf(InvalidChainException.class)
        .hasMessageContaining("RobidouxSharp");
  }

  /** The data folder may have been another dialect's: one key, one look. */
  @Test
  void aKeyStandsForOneResultInEveryLine() throws Exception {
    Random random = new Random(20);
    List<String> filters = List.of("", ".", "mitchell.", "Lanczos.", "nofilter.");
    for (int i = 0; i < 3000; i++) {
      Dimensions from = new Dimensions(1 + random.nextInt(300), 1 + random.nextInt(300));
      Map<String, Chain.Plan> known = new HashMap<>();
      Set<List<RenderStep>> results = new HashSet<>();
      for (int j = 0; j < 20; j++) {
        int number = 1 + random.nextInt(90);
        String filter = filters.get(random.nextInt(filters.size()));
        String query =
            switch (random.nextInt(4)) {
              case 0 -> "thumbnail=" + number;
              case 1 -> "resize=" + (filter.isEmpty() ? ".a" : filter + "a") + number * 50;
              case 2 -> "thumbnail=" + 3 * number + "&resize=" + filter + number;
              default -> "resize=" + filter + number;
            };
        for (boolean line : List.of(true, false)) {
          if (!line && query.contains("nofilter")) {
            continue;
          }
          Chain.Plan plan = chain(parser(line, Set.of("thumbnail", "resize")), query).plan(from);
          Chain.Plan same = known.putIfAbsent(plan.key(), plan);
          if (same != null) {
            assertThat(plan.steps()).as(plan.key()).isEqualTo(same.steps());
          } else {
            assertThat(plan.key()).matches("[A-Za-z0-9_.-]+");
            results.add(plan.steps());
          }
        }
      }
      assertThat(results).hasSizeLessThanOrEqualTo(known.size());
    }
  }

  @Test
  void keysOfTheOlderLineAreWhatTheyWere() throws Exception {
    ChainParser old = parser(false, Set.of("thumbnail", "resize", "crop", "blur"));
    assertThat(chain(old, "thumbnail=50&crop=1x1&blur=2.5&resize=9").plan(STILL).key())
        .isEqualTo("thumbnail-50_crop-1x1_blur-2.5_resize-9");
    assertThat(chain(later(), "resize=50").plan(STILL).key()).isEqualTo("resize-50r");
    assertThat(chain(later(), "resize=64").plan(STILL).key()).isEqualTo("resize-64");
    assertThat(chain(later(), "resize=.a10000").plan(STILL).key()).isEqualTo("resize-a10000r");
    assertThat(chain(later(), "resize=mitchell.64").plan(STILL).key())
        .isEqualTo("resize-mitchell.64");
  }
}
