package dev.pictj.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pictj.app.Backends;
import dev.pictj.catalog.Flaw;
import dev.pictj.catalog.Inspection;
import dev.pictj.store.BlobStore;
import dev.pictj.store.TempFolder;
import dev.pictj.upkeep.ConsistencyCheck;
import dev.pictj.upkeep.ConsistencyCheck.Finding;
import dev.pictj.upkeep.ConsistencyCheck.Report;
import dev.pictj.upkeep.Suspicion;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pictj check}: compares the catalog and the files of a stopped server. */
@Command(
    name = "check",
    sortOptions = false,
    description = {
      "Compares the catalog and the stored files of a stopped server, both ways.",
      "Changes nothing unless told to repair.",
    },
    exitCodeOnExecutionException = CheckCommand.FAILED,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:nothing is wrong, or all of it was repaired or set aside",
      "1:something is wrong",
      "2:the check could not be made",
    })
final class CheckCommand implements Callable<Integer> {
  private static final int FLAWED = 1;
  private static final int MAX_SHOWN_ALIASES = 10;
  static final int FAILED = 2;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;

  @Option(
      names = {"-p", "--path"},
      required = true,
      paramLabel = "<path>",
      defaultValue = "${env:PICTRS__STORE__PATH:-${env:PICTRS_PATH}}",
      description = "The data folder [env: PICTRS_PATH]")
  private Path path;

  @Option(
      names = "--repair",
      description = "Mend what can be mended without losing anything that could still be had")
  private boolean repair;

  @Option(names = "--deep", description = "Read every stored byte and compare its hash")
  private boolean deep;

  @Option(names = "--json", description = "Print the report as JSON")
  private boolean json;

  /**
   * Makes the command.
   *
   * @param err where progress is shown
   * @param terminal whether somebody watches that
   */
  @SuppressWarnings("NullAway.Init") // picocli sets what is required.
  CheckCommand(PrintStream out, PrintStream err, boolean terminal) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Path scratch = Files.createTempDirectory("pictj-check-");
    try {
      Report report = check(path.toAbsolutePath().normalize(), scratch);
      out.println(json ? inJson(report) : inWords(report));
      return report.sound() ? 0 : FLAWED;
    } finally {
      TempFolder.remove(scratch);
    }
  }

  private Report check(Path root, Path scratch) throws IOException {
    BlobStore store = Backends.store(root);
    try (Inspection inspection = Backends.inspection(root, scratch, repair);
        Progress progress = Progress.of("check", inspection.rows(), err, terminal)) {
      return new ConsistencyCheck(inspection, store, deep, repair, Suspicion.DEFAULT).run(progress);
    }
  }

  private String inWords(Report report) {
    StringBuilder text = new StringBuilder();
    for (Finding finding : report.findings()) {
      String subject = finding.path() == null ? finding.subject() : finding.path();
      text.append("%s: %s%n".formatted(finding.flaw().meaning(), subject));
      if (!finding.aliases().isEmpty()) {
        text.append("  aliases: %s%n".formatted(some(finding.aliases())));
      }
      if (finding.repaired()) {
        text.append("  repaired: %s%n".formatted(finding.flaw().repair()));
      }
      if (finding.next() != null) {
        text.append("  next: %s%n".formatted(finding.next()));
      }
    }
    text.append(
        "%d originals, %d variants, %d bytes; %d waiting in the trash"
            .formatted(report.originals(), report.variants(), report.bytes(), report.trash()));
    text.append(System.lineSeparator()).append(conclusion(report.findings()));
    return text.toString();
  }

  private String conclusion(List<Finding> findings) {
    if (findings.isEmpty()) {
      return deep ? "all is well" : "all is well (lengths compared; --deep compares the bytes)";
    }
    long repaired = findings.stream().filter(Finding::repaired).count();
    long repairable =
        findings.stream().filter(one -> !one.repaired() && one.flaw().repairable()).count();
    long aside = findings.stream().filter(one -> one.flaw() == Flaw.FILE_SET_ASIDE).count();
    return "%d %s found, %d repaired%s%s"
        .formatted(
            findings.size(),
            findings.size() == 1 ? "flaw" : "flaws",
            repaired,
            aside > 0 ? ", %d set aside by an earlier repair".formatted(aside) : "",
            repairable > 0 ? "; --repair would repair %d".formatted(repairable) : "");
  }

  private static String some(List<String> aliases) {
    String first =
        String.join(", ", aliases.subList(0, Math.min(MAX_SHOWN_ALIASES, aliases.size())));
    int more = aliases.size() - MAX_SHOWN_ALIASES;
    return more > 0 ? "%s and %d more".formatted(first, more) : first;
  }

  private record JsonReport(
      boolean sound,
      long originals,
      long variants,
      long bytes,
      long trash,
      List<JsonFinding> findings) {}

  private record JsonFinding(
      String flaw,
      String subject,
      @Nullable String path,
      List<String> aliases,
      boolean repairable,
      boolean repaired,
      @Nullable String next) {}

  private static String inJson(Report report) throws IOException {
    return new ObjectMapper()
        .writeValueAsString(
            new JsonReport(
                report.sound(),
                report.originals(),
                report.variants(),
                report.bytes(),
                report.trash(),
                report.findings().stream().map(CheckCommand::inJson).toList()));
  }

  private static JsonFinding inJson(Finding finding) {
    return new JsonFinding(
        finding.flaw().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        finding.subject(),
        finding.path(),
        finding.aliases(),
        finding.flaw().repairable(),
        finding.repaired(),
        finding.next());
  }
}
