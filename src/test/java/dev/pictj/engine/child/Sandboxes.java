package dev.pictj.engine.child;

import dev.pictj.config.SandboxMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The sandboxes that work on this machine, found as the server finds them. */
public final class Sandboxes {
  private Sandboxes() {}

  /** With every layer that works. */
  public static Sandbox best(Path temp) throws Exception {
    return Sandbox.choose(SandboxMode.AUTO, List.of(), List.of(), trial(temp));
  }

  /** Whether the kernel limits memory, processor time and files. */
  public static boolean limits(Sandbox sandbox) {
    return sandbox.describe().startsWith("prlimit");
  }

  /** With every layer that works but {@code bwrap}. */
  public static Sandbox withoutBwrap(Path temp) throws Exception {
    return Sandbox.choose(
        SandboxMode.AUTO,
        List.of(),
        List.of(),
        sandbox -> sandbox.isolates() ? Optional.of("not wanted") : trial(temp).failure(sandbox));
  }

  /** With and without {@code bwrap}; once where it does not work. */
  public static List<Sandbox> with(Path temp) throws Exception {
    Sandbox best = best(temp);
    return best.isolates() ? List.of(best, withoutBwrap(temp)) : List.of(best);
  }

  /** Those that show a child no more than it needs; none where {@code bwrap} does not work. */
  public static List<Sandbox> isolating(Path temp) throws Exception {
    return Stream.of(best(temp)).filter(Sandbox::isolates).toList();
  }

  static Sandbox.Trial trial(Path temp) {
    return sandbox ->
        new ChildRunner(temp, sandbox)
            .run(
                new ChildCommand(Path.of("/bin/sh"), List.of("-c", "exit 0"), Map.of()),
                ChildLimits.of(java.time.Duration.ofSeconds(10)))
            .failure();
  }
}
