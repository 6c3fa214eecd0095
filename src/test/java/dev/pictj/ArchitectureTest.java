package dev.pictj;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.pictj.app.Backends;
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
        .mayOnlyBeAccessedByLayers("root", "cli")
        .whereLayer("observe")
        .mayOnlyBeAccessedByLayers("root", "cli", "app")
        .whereLayer("http")
        .mayOnlyBeAccessedByLayers("root", "app")
        .whereLayer("ingest")
        .mayOnlyBeAccessedByLayers("root", "app", "http")
        .whereLayer("process")
        .mayOnlyBeAccessedByLayers("root", "app", "http")
        .whereLayer("upkeep")
        .mayOnlyBeAccessedByLayers("root", "app", "cli", "http")
        .whereLayer("engine")
        .mayOnlyBeAccessedByLayers("root", "app", "http", "ingest", "process")
        .whereLayer("catalog")
        .mayOnlyBeAccessedByLayers("root", "app", "cli", "http", "ingest", "process", "upkeep")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("root", "app", "cli", "http", "ingest", "process", "upkeep")
        .whereLayer("config")
        .mayOnlyBeAccessedByLayers(
            "root", "app", "cli", "http", "ingest", "process", "upkeep", "engine")
        .whereLayer("engine")
        .mayOnlyAccessLayers("config", "media", "nativecode")
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
        .mayOnlyBeAccessedByLayers("app", "engine", "store")
        .check(CLASSES);
  }

  @Test
  void noCycles() {
    slices().matching("dev.pictj.(**)").should().beFreeOfCycles().check(CLASSES);
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
            "dev.pictj.nativecode", "dev.pictj.engine.vips..", "dev.pictj.store.file")
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
        .resideOutsideOfPackages("dev.pictj", "dev.pictj.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.pictj.observe")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ch.qos.logback..")
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
        .resideOutsideOfPackages(
            "dev.pictj", "dev.pictj.app", "dev.pictj.cli..", "dev.pictj.observe")
        .and()
        .doNotHaveSimpleName("OutOfMemory")
        .should(ACCESS_STANDARD_STREAMS)
        .check(CLASSES);
  }

  @Test
  void namesSayWhatThingsAre() {
    noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)").check(CLASSES);
  }
}
