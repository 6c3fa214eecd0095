package dev.pictj;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.regex.Pattern.DOTALL;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.pictj.app.Backends;
import dev.pictj.media.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The floors of the house: arrows go down only. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.pictj");

  @Test
  void arrowsGoDown() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("root")
        .definedBy("dev.pictj")
        .layer("cli")
        .definedBy("dev.pictj.cli..")
        .layer("app")
        .definedBy("dev.pictj.app..")
        .layer("observe")
        .definedBy("dev.pictj.observe..")
        .layer("http")
        .definedBy("dev.pictj.http..")
        .layer("ingest")
        .definedBy("dev.pictj.ingest..")
        .layer("process")
        .definedBy("dev.pictj.process..")
        .layer("upkeep")
        .definedBy("dev.pictj.upkeep..")
        .layer("adopt")
        .definedBy("dev.pictj.adopt..")
        .layer("engine")
        .definedBy("dev.pictj.engine..")
        .layer("codec")
        .definedBy("dev.pictj.codec..")
        .layer("catalog")
        .definedBy("dev.pictj.catalog..")
        .layer("store")
        .definedBy("dev.pictj.store..")
        .layer("media")
        .definedBy("dev.pictj.media..")
        .layer("config")
        .definedBy("dev.pictj.config..")
        .layer("network")
        .definedBy("dev.pictj.network..")
        .layer("nativecode")
        .definedBy("dev.pictj.nativecode..")
        .whereLayer("root")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("cli")
        .mayOnlyBeAccessedByLayers("root")
        .whereLayer("app")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("observe")
        .mayOnlyBeAccessedByLayers("root", "cli", "app", "http")
        .whereLayer("observe")
        .mayNotAccessAnyLayer()
        .whereLayer("http")
        .mayOnlyBeAccessedByLayers("app", "cli")
        .whereLayer("ingest")
        .mayOnlyBeAccessedByLayers("app", "http")
        .whereLayer("adopt")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("adopt")
        .mayOnlyAccessLayers("store")
        .whereLayer("process")
        .mayOnlyBeAccessedByLayers("app", "http")
        .whereLayer("upkeep")
        .mayOnlyBeAccessedByLayers("app", "cli", "http")
        .whereLayer("engine")
        .mayOnlyBeAccessedByLayers("app", "http", "ingest", "process")
        .whereLayer("catalog")
        .mayOnlyBeAccessedByLayers("app", "cli", "http", "ingest", "process", "upkeep")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("app", "cli", "adopt", "http", "ingest", "process", "upkeep")
        .whereLayer("config")
        .mayOnlyBeAccessedByLayers("app", "cli", "http", "ingest", "process", "upkeep", "engine")
        .whereLayer("engine")
        .mayOnlyAccessLayers("config", "media", "codec", "nativecode")
        .whereLayer("codec")
        .mayOnlyBeAccessedByLayers("engine")
        .whereLayer("codec")
        .mayOnlyAccessLayers("media", "nativecode")
        .whereLayer("catalog")
        .mayOnlyAccessLayers("media")
        .whereLayer("media")
        .mayNotAccessAnyLayer()
        .whereLayer("store")
        .mayOnlyAccessLayers("nativecode")
        .whereLayer("config")
        .mayOnlyAccessLayers("media", "network")
        .whereLayer("network")
        .mayNotAccessAnyLayer()
        .whereLayer("nativecode")
        .mayNotAccessAnyLayer()
        .whereLayer("nativecode")
        .mayOnlyBeAccessedByLayers("app", "engine", "codec", "store")
        .check(CLASSES);
  }

  @Test
  void noCycles() {
    slices().matching("dev.pictj.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  /** Top-level classes with all that is nested in them. */
  @Test
  void noCirclesOfClasses() {
    assertThat(circles()).isEmpty();
  }

  /** The classes that are in circles, and whom they use. */
  private static Map<String, Set<String>> circles() {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass one : CLASSES) {
      Set<String> used = uses.computeIfAbsent(topLevel(one), _ -> new TreeSet<>());
      for (Dependency dependency : one.getDirectDependenciesFromSelf()) {
        String other = topLevel(dependency.getTargetClass().getBaseComponentType());
        if (dependency.getTargetClass().getBaseComponentType().getName().startsWith("dev.pictj.")
            && !other.equals(topLevel(one))) {
          used.add(other);
        }
      }
    }
    // What is used by nobody, or uses nobody, is in no circle; then the next ones are.
    boolean smaller = true;
    while (smaller) {
      Set<String> used = uses.values().stream().flatMap(Set::stream).collect(toSet());
      smaller = uses.keySet().removeIf(name -> uses.get(name).isEmpty() || !used.contains(name));
      uses.values().forEach(names -> names.retainAll(uses.keySet()));
    }
    return uses;
  }

  private static String topLevel(JavaClass one) {
    return one.getName().replaceFirst("^dev\\.pictj\\.", "").replaceFirst("\\$.*", "");
  }

  /**
   * They hand on what they catch, to whoever throws it again; {@code Background} to those who find
   * the words for it, which end the process.
   */
  private static final Set<String> HANDING_ON =
      Set.of("Background.java", "NativeFunction.java", "SingleFlight.java");

  /**
   * What they begin on another thread they wait for, all the time; {@code BackgroundVariants} and
   * {@code Mezzanines} are told by a flight, which throws an Error to its thread as well. The
   * others of the server have a {@code PoolTask}.
   */
  private static final Set<String> WAITING_TO_THE_END =
      Set.of(
          "BackgroundVariants.java",
          "BackupCommand.java",
          "Database.java",
          "FileBlobStore.java",
          "Mezzanines.java",
          "Move.java",
          "Server.java",
          "SharedSync.java");

  /** Nobody completes what they wait for by a failure, or a {@code PoolTask} has told of it. */
  private static final Set<String> NEVER_FAILED = Set.of("Background.java", "JobThreads.java");

  /**
   * An {@code OutOfMemoryError} that is taken for something else leaves a server that is broken.
   */
  @Test
  void nobodySwallowsErrors() throws IOException {
    Pattern block =
        Pattern.compile(
            "catch \\((?:final )?(?:\\w+ \\| )*(?:Throwable|Error) (\\w+)\\) \\{(.*?)\\n    *\\}",
            DOTALL);
    Set<String> needless = new TreeSet<>(HANDING_ON);
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        for (MatchResult found : block.matcher(Files.readString(file)).results().toList()) {
          needless.remove(file.getFileName().toString());
          boolean thrown = found.group(2).contains("throw " + found.group(1) + ";");
          assertThat(thrown || HANDING_ON.contains(file.getFileName().toString()))
              .as("%s: %s", file, found.group())
              .isTrue();
        }
      }
    }
    assertThat(needless).isEmpty();
  }

  /** Wrapped, it is one no less. */
  @Test
  void nobodyKeepsAnErrorWrapped() throws IOException {
    Pattern block =
        Pattern.compile(
            "\n( +)\\} catch \\((?:\\w+ \\| )*(?:Execution|Completion)Exception[^)]*\\) \\{"
                + "(.*?)\n\\1\\}",
            DOTALL);
    Pattern kept =
        Pattern.compile(
            "\\.submit\\(|ScheduledExecutor|ScheduledThread|new FutureTask|"
                + "(supply|run|then\\w+|handle)Async\\(|whenComplete\\(|exceptionally\\(");
    Set<String> needless = new TreeSet<>(WAITING_TO_THE_END);
    needless.addAll(NEVER_FAILED);
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String name = file.getFileName().toString();
        String text = Files.readString(file);
        for (MatchResult found : block.matcher(text).results().toList()) {
          if (NEVER_FAILED.contains(name)) {
            needless.remove(name);
          } else {
            assertThat(found.group()).as(name).containsPattern("(case|instanceof) Error \\w+");
          }
        }
        if (kept.matcher(text).find()) {
          assertThat(WAITING_TO_THE_END).as("who gets the Error?").contains(name);
          needless.remove(name);
        }
      }
    }
    assertThat(needless).isEmpty();
  }

  @Test
  void everyLibraryHasOneRoom() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.pictj.engine.child..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.im4java..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.pictj.nativecode")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java.lang.foreign.(Linker|SymbolLookup).*|java.lang.invoke.MethodHandle")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.pictj.nativecode",
            "dev.pictj.codec..",
            "dev.pictj.engine.vips..",
            "dev.pictj.store.file")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.pictj.catalog.rocksdb..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.rocksdb..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.pictj.http..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.javalin..", "jakarta.servlet..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.pictj.http.jetty..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.javalin..", "jakarta.servlet..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.pictj.http..", "dev.pictj.ingest.fetch..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.jetty..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.pictj.ingest.fetch")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("okhttp3..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.pictj.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "me.tongfei.progressbar..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.pictj.observe")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ch.qos.logback..", "io.micrometer..")
        .check(CLASSES);
  }

  @Test
  void oneClassNamesTheImplementationsOfCatalogAndStore() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.pictj.catalog.rocksdb..", "dev.pictj.store.file..")
        .and(not(belongToAnyOf(Backends.class)))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.pictj.catalog.rocksdb..", "dev.pictj.store.file..")
        .check(CLASSES);
  }

  /**
   * What the server has to say goes to the log; only the command line speaks to its user. The last
   * words of a process without memory cannot wait for the log's thread.
   */
  @Test
  void onlyTheCommandLinePrints() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.pictj", "dev.pictj.cli..")
        .and()
        .doNotHaveSimpleName("OutOfMemory")
        .should(ACCESS_STANDARD_STREAMS)
        .check(CLASSES);
  }

  /** A switch over an enum is compiled to a call of its {@code ordinal}. */
  @Test
  void onlyEnginesAskWhichFormatItIs() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.pictj.media..", "dev.pictj.engine..", "dev.pictj.codec..")
        .should()
        .callMethod(MediaType.class, "ordinal")
        .check(CLASSES);
  }

  /**
   * What is made on the way is of a format that somebody chose: a first frame is PNG, a mezzanine
   * JPEG or WebP.
   */
  private static final String CHOOSING = "dev\\.pictj\\.process\\.(Renderer|Mezzanine)(\\$.*)?";

  @Test
  void onlyEnginesNameFormats() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.pictj.media..", "dev.pictj.engine..", "dev.pictj.codec..")
        .and()
        .haveNameNotMatching(CHOOSING)
        .should()
        .accessFieldWhere(targetOwner(type(MediaType.class)))
        .check(CLASSES);
  }

  @Test
  void namesSayWhatThingsAre() {
    noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)").check(CLASSES);
  }
}
