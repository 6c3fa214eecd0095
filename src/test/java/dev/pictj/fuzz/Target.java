package dev.pictj.fuzz;

import dev.pictj.codec.jpeg.ShrunkenJpegFuzz;
import dev.pictj.engine.metadata.StripFuzz;
import dev.pictj.hostile.Corpora;
import dev.pictj.http.AcceptFuzz;
import dev.pictj.http.ChainFuzz;
import dev.pictj.http.FormHeadFuzz;
import dev.pictj.http.RangeFuzz;
import dev.pictj.http.SignedTextFuzz;
import dev.pictj.ingest.fetch.UrlFuzz;
import dev.pictj.media.HeaderFuzz;
import dev.pictj.pictures.Bytes;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The parsers that are fuzzed, and what their fuzzing begins with. */
enum Target {
  RANGE(
      RangeFuzz.class,
      RangeFuzz::fuzzerTestOneInput,
      () ->
          texts(
              2,
              "bytes=0-1",
              "bytes=5-",
              "bytes=-7",
              "bytes = 0 - 99999999999999999999",
              "bytes=0-1,4-5",
              "items=0-1")),
  FORM_HEAD(
      FormHeadFuzz.class,
      FormHeadFuzz::fuzzerTestOneInput,
      () ->
          texts(
              0,
              "multipart/form-data; boundary=abc",
              "multipart/form-data; x=\"a\\\"b; Boundary=c\"; BOUNDARY=\"d\"",
              "C:\\pictures\\cat.jpg",
              "../../etc/passwd",
              "cat 1.jpg")),
  CHAIN(
      ChainFuzz.class,
      ChainFuzz::fuzzerTestOneInput,
      () ->
          texts(
              4,
              "src=a.png&thumbnail=96&resize=40",
              "crop=16x9&blur=0.5&identity=&crop=1x20",
              "resize=%2b7&%74humbnail=1&blur=1e-5&x=%",
              "blur=100.000&blur=.5&resize=0")),
  ACCEPT(
      AcceptFuzz.class,
      AcceptFuzz::fuzzerTestOneInput,
      () ->
          texts(
              0,
              "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
              "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
              "image/webp;x=\"a,\\\"b;q=1\";q=0.4, image/avif;q=0.000",
              "image/jxl;q=1.000;ext=1, image/*;q=0")),
  SIGNED_TEXT(
      SignedTextFuzz.class,
      SignedTextFuzz::fuzzerTestOneInput,
      () ->
          texts(
              0,
              "src=cat.png&thumbnail=256&expires=1796061660&key=site&signature=abc",
              "%73rc=%C3%A4+%2f%zz&&=&a&b=%ff&signature=1&signature",
              "src=a%26b%3Dc;d&x=(~)*!'\u00e4")),
  URL(
      UrlFuzz.class,
      UrlFuzz::fuzzerTestOneInput,
      () ->
          texts(
              0,
              "http://example.org/cat.jpg?size=1#top",
              "https://[2001:db8::1]:8443/%C3%A4",
              "http://user:secret@0x7f.1:80/",
              "//other.example/x",
              "?page=2",
              "../../a b",
              "http://\u00e4.example/\u00e4")),
  HEADER(HeaderFuzz.class, HeaderFuzz::fuzzerTestOneInput, Target::files),
  STRIP(StripFuzz.class, StripFuzz::fuzzerTestOneInput, Target::files),
  JPEG(ShrunkenJpegFuzz.class, ShrunkenJpegFuzz::fuzzerTestOneInput, ShrunkenJpegFuzz::seeds);

  /** Longer seeds are mutated too seldom where it matters. */
  private static final int LONGEST_FILE = 4096;

  private final Class<?> program;
  private final Run run;
  private final Supplier<List<byte[]>> seeds;

  Target(Class<?> program, Run run, Supplier<List<byte[]>> seeds) {
    this.program = program;
    this.run = run;
    this.seeds = seeds;
  }

  /** Reads one input. */
  @FunctionalInterface
  interface Run {
    void on(byte[] input) throws Exception;
  }

  /** The class that the fuzzer calls. */
  String program() {
    return program.getName();
  }

  /** Where inputs that once broke it are kept. */
  String folder() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  void run(byte[] input) throws Exception {
    run.on(input);
  }

  List<byte[]> seeds() {
    return seeds.get();
  }

  private static List<byte[]> texts(int before, String... texts) {
    return Stream.of(texts)
        .map(
            text ->
                Bytes.join(
                    new byte[before], text.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .toList();
  }

  private static List<byte[]> files() {
    return Corpora.small(LONGEST_FILE);
  }
}
