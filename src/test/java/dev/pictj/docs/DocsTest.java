package dev.pictj.docs;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pictj.cli.Commands;
import dev.pictj.config.PictrsKeys;
import dev.pictj.config.Setting;
import dev.pictj.config.SettingsCatalogue;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages name exists: files, headings, settings, variables, and options of commands. */
class DocsTest {
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z0-9-]+");
  private static final Pattern VARIABLE = Pattern.compile("PICTRS_[A-Z0-9_]+|PICTJ_[A-Z_]+");
  private static final Pattern SCRIPT =
      Pattern.compile("(?<![\\w/])((?:script|docker|packaging|\\.ci)/[\\w./-]*\\w)");

  /** A command of pictj: by its name, by the jar, or in a container. */
  private static final Pattern PICTJ =
      Pattern.compile(
          "(?:^|\\s)(?:pictj|\\S*pictj\\.jar|/opt/pictj/start)(?: (?<word>[a-z]+))?\\b");

  private static final List<String> SUBCOMMANDS =
      List.of("check", "backup", "adopt", "sign", "config");

  /** Variables that no setting has: of the scripts, and examples of what is not understood. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of(
          "PICTJ_HEAP",
          "PICTJ_JDK_API",
          "PICTJ_PORT",
          "PICTJ_JAVA_OPTS",
          "PICTJ_ADOPT_API_KEY",
          "PICTJ_ADOPT_REPO");

  /** Options of other people's programs, and of earlier versions, that sentences name. */
  private static final Set<String> OTHER_OPTIONS =
      Set.of("--build", "--processes", "--write-behind", "--heap-slack", "--save-to");

  private static final Set<String> SCRIPTS =
      Stream.of(Objects.requireNonNull(MarkdownPage.file("script").toFile().listFiles()))
          .filter(File::isFile)
          .map(File::getName)
          .collect(toSet());

  /** The options of a command or script, by its name; asking for help takes a while. */
  private static final Map<String, Set<String>> UNDERSTOOD = new HashMap<>();

  private static Stream<MarkdownPage> pages() throws IOException {
    return MarkdownPage.all().stream();
  }

  @Test
  void theFrontPageIsReadInTwoMinutes() {
    assertThat(MarkdownPage.of("README.md").text().getBytes(StandardCharsets.UTF_8))
        .hasSizeBetween(6 * 1024, 9 * 1024);
  }

  @Test
  void everyPageIsInTheIndex() throws IOException {
    Set<String> linked = new HashSet<>();
    for (MarkdownPage page : MarkdownPage.all()) {
      page.links().forEach(link -> linked.add(target(page, link).toString()));
    }
    assertThat(MarkdownPage.all())
        .extracting(MarkdownPage::toString)
        .allMatch(page -> page.equals("README.md") || linked.contains(page));
  }

  private static Path target(MarkdownPage page, String link) {
    String file = link.replaceFirst("#.*", "");
    Path path = page.path();
    return file.isEmpty() ? path : path.resolveSibling(file).normalize();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsSomewhere(MarkdownPage page) {
    for (String link : page.links()) {
      if (link.matches("(https?|mailto):.*")) {
        continue;
      }
      Path target = target(page, link);
      assertThat(MarkdownPage.file(target.toString())).as("%s: %s", page, link).exists();
      if (link.contains("#")) {
        assertThat(MarkdownPage.of(target.toString()).anchors())
            .as("%s: %s", page, link)
            .contains(link.replaceFirst(".*#", ""));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyScriptExists(MarkdownPage page) {
    for (String command : page.commands()) {
      SCRIPT
          .matcher(command)
          .results()
          .map(found -> found.group(1))
          .filter(path -> !path.contains("/volumes"))
          .forEach(
              path -> assertThat(MarkdownPage.file(path)).as("%s: %s", page, command).exists());
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyVariableIsRead(MarkdownPage page) {
    Set<String> known = new HashSet<>(OTHER_VARIABLES);
    SettingsCatalogue.all().forEach(setting -> known.addAll(setting.environment()));
    PictrsKeys.all().forEach(key -> known.add(key.variable()));
    known.add("PICTRS_API_KEY_FILE");
    known.add("PICTRS_SIGNING_KEYS_FILE");
    assertThat(VARIABLE.matcher(page.text()).results().map(found -> found.group()))
        .allMatch(name -> name.endsWith("_") || known.contains(name));
  }

  /** Those of scripts and commands are looked for in just these; other people's are theirs. */
  @ParameterizedTest
  @MethodSource("pages")
  void everyOptionIsUnderstood(MarkdownPage page) {
    for (String whole : page.commands()) {
      // What stands before a lone -- is of another program, which starts what follows.
      String command = whole.replaceFirst("^.* -- ", "");
      Set<String> known = known(command);
      if (known.isEmpty()) {
        continue;
      }
      // What follows a # is a remark.
      assertThat(OPTION.matcher(command.replaceFirst("\\s#\\s.*", "")).results())
          .extracting(found -> found.group())
          .as("%s: %s", page, command)
          .isSubsetOf(known);
    }
  }

  private static Set<String> known(String command) {
    var script = Pattern.compile("(?:^|[\\s./])script/([a-z]+)\\b").matcher(command);
    var pictj = PICTJ.matcher(command);
    if (script.find()) {
      return script.group(1).equals("server") ? help("--help-all") : ofScript(script.group(1));
    }
    if (pictj.find()) {
      String word = Objects.requireNonNullElse(pictj.group("word"), "");
      return SUBCOMMANDS.contains(word) && !word.equals("config")
          ? help(word, "--help")
          : help("--help-all");
    }
    return command.startsWith("--") ? ofAnything() : Set.of();
  }

  private static Set<String> ofAnything() {
    Set<String> all = new HashSet<>(OTHER_OPTIONS);
    PictrsKeys.all().stream()
        .flatMap(key -> key.option().stream())
        .forEach(option -> all.addAll(option.names()));
    all.addAll(help("--help-all"));
    all.addAll(help("check", "--help"));
    all.addAll(help("backup", "--help"));
    all.addAll(help("adopt", "--help"));
    all.addAll(help("sign", "--help"));
    SCRIPTS.forEach(name -> all.addAll(ofScript(name)));
    return all;
  }

  /** What a script understands stands in it, or in the Python that it starts. */
  private static Set<String> ofScript(String name) {
    return UNDERSTOOD.computeIfAbsent(
        "script/" + name,
        _ ->
            Stream.of(name, name + ".py")
                .filter(SCRIPTS::contains)
                .flatMap(file -> options(MarkdownPage.of("script/" + file).text()).stream())
                .collect(toSet()));
  }

  private static Set<String> help(String... command) {
    String name = String.join(" ", command);
    Set<String> known = UNDERSTOOD.get(name);
    if (known == null) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
      new Commands(stream, stream, Map.of()).run(command);
      known = options(out.toString(StandardCharsets.UTF_8));
      UNDERSTOOD.put(name, known);
    }
    return known;
  }

  private static Set<String> options(String text) {
    return OPTION.matcher(text).results().map(found -> found.group()).collect(toSet());
  }

  @Test
  void settingsOfExamplesExist() throws IOException {
    Set<String> names = SettingsCatalogue.all().stream().map(Setting::name).collect(toSet());
    List<String> keys =
        pages()
            .flatMap(page -> page.blocks("toml").stream())
            .flatMap(String::lines)
            .filter(line -> line.matches("[a-z-]+ = .*"))
            .map(line -> line.replaceFirst(" =.*", ""))
            .toList();
    assertThat(keys).isNotEmpty().isSubsetOf(names);
  }

  /** As {@code process/Chain} or {@code process/Chain.plan}, and tests by their names alone. */
  @ParameterizedTest
  @MethodSource("pages")
  void everyClassExists(MarkdownPage page) throws IOException {
    Set<String> tests = new HashSet<>();
    try (Stream<Path> files = Files.walk(MarkdownPage.file("src/test/java"))) {
      files.forEach(file -> tests.add(file.getFileName().toString().replace(".java", "")));
    }
    for (String code : page.inline()) {
      Path main = MarkdownPage.file("src/main/java/dev/pictj");
      if (code.matches("[a-z]+(/[a-z]+)*/[A-Z]\\w+(\\.\\w+)?")
          && Files.isDirectory(main.resolve(code.replaceFirst("/.*", "")))) {
        assertThat(main.resolve(code.replaceFirst("\\.\\w+$", "") + ".java"))
            .as("%s: %s", page, code)
            .exists();
      } else if (code.matches("[A-Z][a-z]\\w+(Test|IT|Contract|Fuzz)")) {
        assertThat(tests).as("%s: %s", page, code).contains(code);
      }
    }
  }
}
