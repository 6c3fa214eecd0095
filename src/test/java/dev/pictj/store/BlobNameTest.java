package dev.pictj.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobNameTest {
  @Test
  void whatIsWrittenCanBeRead() {
    BlobName original = BlobName.original("aB3dE6gH9k.jpg");
    BlobName variant = BlobName.variant("aB3dE6gH9k.jpg", "crop-16x9_blur-2.5.0123abcd.webp");
    assertThat(original).hasToString("aB3dE6gH9k.jpg");
    assertThat(BlobName.parse(original.toString())).contains(original);
    assertThat(BlobName.parse(variant.toString())).contains(variant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "..",
        "../abcd.jpg",
        "/etc/abcd.jpg",
        "abcd.jpg/",
        "abcd.jpg/..",
        "abcd.jpg/../x.jpg",
        "abcd.jpg/a/b.jpg",
        "abcd.jpg/.hidden.jpg",
        "abc.jpg",
        "abcd",
        "abcd.",
        "abcd.jpg\n",
        "ab cd.jpg",
        "ab\u0000cd.jpg",
        "\u00e4bcde.jpg",
        "abcd.jp\u00e9",
        "abcd.jpg/k\\..webp"
      })
  void othersAreNoNames(String text) {
    assertThat(BlobName.parse(text)).isEmpty();
  }

  @Test
  void lengthsEndWhereFileSystemsEndThem() {
    assertThat(BlobName.parse("a".repeat(64) + ".jpg")).isPresent();
    assertThat(BlobName.parse("a".repeat(65) + ".jpg")).isEmpty();
    assertThat(BlobName.parse("abcd.jpg/" + "k".repeat(120) + ".webp")).isPresent();
    assertThat(BlobName.parse("abcd.jpg/" + "k".repeat(121) + ".webp")).isEmpty();
  }

  @Test
  void noTextLeadsOutOfItsFolder() {
    Pattern shape =
        Pattern.compile(
            "[A-Za-z0-9]{4,64}\\.[a-z0-9]{1,8}(/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,119}\\.[a-z0-9]{1,8})?");
    Random random = new Random(5);
    String letters = "aZ0./.-_\\ %\u0000~x";
    Path root = Path.of("/some/folder");
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "abcd.jpg/" : "");
      for (int n = random.nextInt(12); n > 0; n--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      assertThat(BlobName.parse(text.toString()).isPresent())
          .as(text.toString())
          .isEqualTo(shape.matcher(text).matches());
      BlobName.parse(text.toString())
          .ifPresent(
              name -> {
                assertThat(name).hasToString(text.toString());
                Path path = root.resolve(name.toString());
                assertThat(path.normalize()).isEqualTo(path);
                assertThat(path.startsWith(root)).isTrue();
              });
    }
  }
}
