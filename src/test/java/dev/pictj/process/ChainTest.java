package dev.pictj.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.engine.RenderStep;
import dev.pictj.media.Dimensions;
import dev.pictj.store.BlobName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChainTest {
  private static Chain chain(Operation... operations) {
    return new Chain(List.of(operations));
  }

  private static Operation.Blur blur(String sigma) {
    return new Operation.Blur(new BigDecimal(sigma));
  }

  @Test
  void everyStepStartsFromTheSizeThatTheLastOneLeft() {
    Chain.Plan plan =
        chain(
                new Operation.Crop(1, 1),
                new Operation.Resize(300, false, RenderStep.Quality.LANCZOS2, Rounding.DOWN),
                new Operation.Crop(2, 1))
            .plan(new Dimensions(1600, 900));
    assertThat(plan.steps())
        .containsExactly(
            new RenderStep.Crop(new Dimensions(900, 900), 350, 0),
            new RenderStep.Shrink(new Dimensions(300, 300), RenderStep.Quality.LANCZOS2),
            new RenderStep.Crop(new Dimensions(300, 150), 0, 75));
    assertThat(plan.result()).isEqualTo(new Dimensions(300, 150));
    assertThat(plan.key()).isEqualTo("crop-1x1_resize-300_crop-2x1");
  }

  @Test
  void orderMakesAnotherPicture() {
    Dimensions source = new Dimensions(1600, 900);
    Chain.Plan shrunkFirst =
        chain(new Operation.Thumbnail(160, Rounding.DOWN), new Operation.Crop(1, 1)).plan(source);
    Chain.Plan croppedFirst =
        chain(new Operation.Crop(1, 1), new Operation.Thumbnail(160, Rounding.DOWN)).plan(source);
    assertThat(shrunkFirst.result()).isEqualTo(new Dimensions(90, 90));
    assertThat(croppedFirst.result()).isEqualTo(new Dimensions(160, 160));
    assertThat(shrunkFirst.key()).isNotEqualTo(croppedFirst.key());
  }

  @Test
  void thumbnailAndResizeOfOneSizeAreTwoVariants() {
    Dimensions source = new Dimensions(640, 360);
    assertThat(chain(new Operation.Thumbnail(96, Rounding.DOWN)).plan(source).key())
        .isEqualTo("thumbnail-96");
    assertThat(
            chain(new Operation.Resize(96, false, RenderStep.Quality.LANCZOS2, Rounding.DOWN))
                .plan(source)
                .key())
        .isEqualTo("resize-96");
  }

  @Test
  void anEmptyChainIsIdentity() {
    assertThat(chain().plan(new Dimensions(3, 4)))
        .isEqualTo(new Chain.Plan(List.of(), new Dimensions(3, 4), "identity"))
        .isEqualTo(chain(new Operation.Identity()).plan(new Dimensions(3, 4)));
  }

  @Test
  void laterOperationsThatChangeNothingAreLeftOutToo() {
    Chain.Plan plan =
        chain(
                new Operation.Crop(1, 1),
                new Operation.Crop(4, 4),
                new Operation.Thumbnail(360, Rounding.DOWN))
            .plan(new Dimensions(640, 360));
    assertThat(plan.key()).isEqualTo("crop-1x1");
    assertThat(plan.steps()).hasSize(1);
  }

  @Test
  void blurAlwaysCountsAndKeepsTheSize() {
    Chain.Plan plan = chain(blur("3"), blur("3")).plan(new Dimensions(7, 5));
    assertThat(plan.steps()).containsExactly(new RenderStep.Blur(3), new RenderStep.Blur(3));
    assertThat(plan.result()).isEqualTo(new Dimensions(7, 5));
    assertThat(plan.key()).isEqualTo("blur-3_blur-3");
  }

  @Test
  void theWayASigmaIsWrittenMakesNoOtherVariant() {
    for (String same : List.of("10", "10.0", "10.00", "1E+1")) {
      assertThat(chain(blur(same)).plan(new Dimensions(9, 9)).key()).isEqualTo("blur-10");
    }
  }

  @Test
  void longKeysAreHashedAndStayDifferent() {
    Dimensions source = new Dimensions(100, 100);
    List<Operation> many = new ArrayList<>(Collections.nCopies(10, blur("99.99")));
    String one = new Chain(many).plan(source).key();
    many.set(9, blur("99.98"));
    String other = new Chain(many).plan(source).key();
    assertThat(one).matches("chain-[0-9a-f]{64}");
    assertThat(other).matches("chain-[0-9a-f]{64}").isNotEqualTo(one);
  }

  @Test
  void theListOfAChainIsItsOwn() {
    List<Operation> given = new ArrayList<>(List.of(blur("1")));
    Chain chain = new Chain(given);
    given.clear();
    assertThat(chain.operations()).hasSize(1);
  }

  @Test
  void everyKeyIsAFileNameAndStandsForOneListOfSteps() {
    Random random = new Random(23);
    Dimensions source = new Dimensions(4000, 2500);
    Map<String, List<RenderStep>> seen = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      List<Operation> operations = new ArrayList<>();
      for (int n = random.nextInt(11); n > 0; n--) {
        operations.add(any(random));
      }
      Chain.Plan plan = new Chain(operations).plan(source);
      String blob = plan.key() + ".0123abcd.webp";
      assertThat(BlobName.variant("abcdefghij.jpg", blob).variant()).isEqualTo(blob);
      List<RenderStep> before = seen.putIfAbsent(plan.key(), plan.steps());
      assertThat(before == null || before.equals(plan.steps())).as(plan.key()).isTrue();
    }
  }

  private static Operation any(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> new Operation.Identity();
      case 1 -> new Operation.Thumbnail(1 + random.nextInt(10_000), Rounding.DOWN);
      case 2 ->
          new Operation.Resize(
              1 + random.nextInt(10_000), false, RenderStep.Quality.LANCZOS2, Rounding.DOWN);
      case 3 -> new Operation.Crop(1 + random.nextInt(20), 1 + random.nextInt(20));
      default -> new Operation.Blur(BigDecimal.valueOf(1 + random.nextInt(10_000), 2));
    };
  }
}
