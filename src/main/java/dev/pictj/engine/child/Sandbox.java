package dev.pictj.engine.child;

import dev.pictj.config.SandboxMode;
import dev.pictj.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The layers that the kernel puts around a child, as far as they work on this machine: {@code
 * prlimit} for its own limits, {@code bwrap} for what it sees. Which ones do is found out by trying
 * once, with a real run of a real tool: containers, security modules and old kernels each forbid
 * something else, and none of them can be asked.
 */
public final class Sandbox {
  /** Where programs are that every system has. */
  private static final List<Path> PROGRAM_FOLDERS = List.of(Path.of("/usr/bin"), Path.of("/bin"));

  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private static final Path CHOOM = Path.of("/usr/bin/choom");

  /**
   * On the kernel's scale to 1000: where memory runs out it ends a child, which costs one picture.
   */
  private static final int OOM_SCORE_ADJUSTMENT = 500;

  /** Files that a tool may hold open: pictures are few, but so are libraries. */
  private static final int MAX_OPEN_FILES = 256;

  private static final String NOT_INSTALLED = "is not installed";
  private static final Path KERNEL_SWITCHES = Path.of("/proc/sys");

  /** The C library's words for ENOSYS, which a filter of system calls answers, not this kernel. */
  private static final String NO_SUCH_CALL = "Function not implemented";

  private static final Path PACKAGED_PAGE = Path.of("/usr/share/doc/pictj/docs/security.md");

  /** Where the reader of the log has it. */
  private static final String SECURITY_PAGE =
      Files.exists(PACKAGED_PAGE) ? PACKAGED_PAGE.toString() : "docs/security.md";

  private static final String FILTERED =
      "A filter of system calls, of the service or the container, forbids what bwrap needs: let it"
          + " pass, under systemd without RestrictSUIDSGID (openat2) and with @mount in"
          + " SystemCallFilter; see "
          + SECURITY_PAGE;

  private final Optional<Path> prlimit;
  private final Optional<Bubblewrap> bwrap;
  private final List<String> regrets;
  private final boolean session = Files.isExecutable(SETSID);
  private final boolean firstToGo =
      Files.isExecutable(CHOOM) && Files.isWritable(Path.of("/proc/self/oom_score_adj"));

  private Sandbox(
      Optional<Path> prlimit, Optional<Path> bwrap, List<Path> hidden, List<String> regrets) {
    this.prlimit = prlimit;
    this.bwrap = bwrap.map(program -> new Bubblewrap(program, hidden));
    this.regrets = List.copyOf(regrets);
  }

  /** Runs tools and finds out whether they work in a sandbox. */
  @FunctionalInterface
  public interface Trial {
    /**
     * Runs a tool once in a sandbox.
     *
     * @return empty when it worked, else the error message
     */
    Optional<String> failure(Sandbox sandbox) throws EngineException, InterruptedException;
  }

  /** A sandbox without any layer. */
  public static Sandbox none() {
    return new Sandbox(Optional.empty(), Optional.empty(), List.of(), List.of());
  }

  /**
   * Finds out which layers work.
   *
   * @param folders where {@code prlimit} and {@code bwrap} may be, before the usual places
   * @param hidden folders that no child may see but for the files it is given
   * @throws EngineException when all is required and something does not work
   */
  public static Sandbox choose(SandboxMode mode, List<Path> folders, List<Path> hidden, Trial trial)
      throws EngineException, InterruptedException {
    if (mode == SandboxMode.OFF) {
      return none();
    }
    List<String> regrets = new ArrayList<>();
    Optional<Path> prlimit = program("prlimit", "util-linux", folders, regrets);
    Optional<Path> bwrap = program("bwrap", "bubblewrap", folders, regrets);
    if (prlimit.isPresent() && bwrap.isPresent()) {
      // Mostly both work, and then one run is enough.
      Sandbox whole = new Sandbox(prlimit, bwrap, hidden, List.of());
      if (trial.failure(whole).isEmpty()) {
        return whole;
      }
    }
    Optional<Path> limits =
        working(
            prlimit,
            regrets,
            found -> new Sandbox(Optional.of(found), Optional.empty(), hidden, List.of()),
            trial);
    Optional<Path> isolation =
        working(
            bwrap,
            regrets,
            found -> new Sandbox(limits, Optional.of(found), hidden, List.of()),
            trial);
    if (mode == SandboxMode.REQUIRED && !regrets.isEmpty()) {
      throw new EngineException(
          "the sandbox is required but incomplete: %s; install what is missing or allow it, or start with --sandbox auto"
              .formatted(String.join("; ", regrets)));
    }
    return new Sandbox(limits, isolation, hidden, regrets);
  }

  private static Optional<Path> program(
      String name, String debianPackage, List<Path> folders, List<String> regrets) {
    Optional<Path> program =
        Programs.named(name, Stream.concat(folders.stream(), PROGRAM_FOLDERS.stream()).toList())
            .stream()
            .findFirst();
    if (program.isEmpty()) {
      regrets.add("no %s (%s %s)".formatted(name, debianPackage, NOT_INSTALLED));
    }
    return program;
  }

  private static Optional<Path> working(
      Optional<Path> program, List<String> regrets, Function<Path, Sandbox> layer, Trial trial)
      throws EngineException, InterruptedException {
    if (program.isEmpty()) {
      return program;
    }
    Optional<String> failure = trial.failure(layer.apply(program.get()));
    if (failure.isPresent()) {
      regrets.add("no %s (%s)".formatted(program.get().getFileName(), failure.get()));
      return Optional.empty();
    }
    return program;
  }

  /** Whether children see only what they are given, and no network. */
  public boolean isolates() {
    return bwrap.isPresent();
  }

  /** A text for the log: the active layers, and why others are not active. */
  public String describe() {
    List<String> words = new ArrayList<>();
    prlimit.ifPresent(_ -> words.add("prlimit"));
    bwrap.ifPresent(_ -> words.add("bwrap (no network, read-only root)"));
    String active = words.isEmpty() ? "off" : String.join(", ", words);
    return regrets.isEmpty() ? active : active + "; " + String.join("; ", regrets);
  }

  /**
   * What keeps layers from working and what an administrator can do about it, in sentences without
   * the last full stop; empty where all work.
   */
  public Optional<String> advice() {
    return advice(regrets, KERNEL_SWITCHES);
  }

  static Optional<String> advice(List<String> regrets, Path switches) {
    List<String> steps = new ArrayList<>();
    if (regrets.stream().anyMatch(regret -> regret.contains(NOT_INSTALLED))) {
      steps.add("Install what is missing");
    }
    if (isForbidden("prlimit", regrets)) {
      steps.add("Raise the hard limits of the user that pictj runs as, which ulimit -Ha shows");
    }
    if (isForbidden("bwrap", regrets)) {
      steps.add(
          regrets.stream().anyMatch(regret -> regret.contains(NO_SUCH_CALL))
              ? FILTERED
              : userNamespaces(switches));
    }
    return steps.isEmpty() ? Optional.empty() : Optional.of(String.join(". ", steps));
  }

  private static boolean isForbidden(String name, List<String> regrets) {
    return regrets.stream()
        .anyMatch(regret -> regret.startsWith("no " + name) && !regret.contains(NOT_INSTALLED));
  }

  /** What keeps {@code bwrap} from making user namespaces, and what lets it. */
  static String userNamespaces(Path switches) {
    if (isSet(switches.resolve("kernel/apparmor_restrict_unprivileged_userns"), "1")) {
      return "AppArmor keeps bwrap from user namespaces, as on Ubuntu since 23.10: give it the"
          + " profile of "
          + SECURITY_PAGE
          + ", or set kernel.apparmor_restrict_unprivileged_userns to 0 with sysctl";
    }
    if (isSet(switches.resolve("kernel/unprivileged_userns_clone"), "0")) {
      return "The kernel keeps bwrap from user namespaces: set kernel.unprivileged_userns_clone to"
          + " 1 with sysctl";
    }
    if (isSet(switches.resolve("user/max_user_namespaces"), "0")) {
      return "The kernel keeps bwrap from user namespaces: set user.max_user_namespaces to 1000"
          + " with sysctl";
    }
    return "bwrap needs user namespaces, which containers forbid by default: see " + SECURITY_PAGE;
  }

  private static boolean isSet(Path kernelSwitch, String value) {
    try {
      return Files.readString(kernelSwitch).strip().equals(value);
    } catch (IOException _) {
      // This kernel does not have the switch.
      return false;
    }
  }

  /** The arguments before the command line of the tool. */
  List<String> words(ChildCommand command, ChildLimits limits, Path scratch) {
    List<String> line = new ArrayList<>();
    if (session) {
      // Ctrl-C in the server's terminal is for the server, which lets its children finish.
      line.add(SETSID.toString());
    }
    if (firstToGo) {
      line.addAll(List.of(CHOOM.toString(), "-n", Integer.toString(OOM_SCORE_ADJUSTMENT), "--"));
    }
    if (prlimit.isPresent()) {
      line.add(prlimit.get().toString());
      line.add("--core=0");
      line.add("--fsize=" + limits.fileBytes());
      line.add("--cpu=" + Math.max(1, limits.cpu().toSeconds()));
      line.add("--as=" + limits.memoryBytes());
      // Not --nproc: it counts all processes and threads of the user, the server's among them.
      line.add("--nofile=" + MAX_OPEN_FILES);
    }
    bwrap.ifPresent(found -> line.addAll(found.words(command, scratch)));
    return line;
  }
}
