package dev.pictj.engine.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pictj.config.SandboxMode;
import dev.pictj.engine.EngineException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Children that try to cross each layer. */
@Tag("slow")
class SandboxTest {
  private static final ChildLimits SHORT = ChildLimits.of(Duration.ofSeconds(10));
  private static final Path TEMP = Path.of(System.getProperty("java.io.tmpdir"));
  private static final int MIB = 1 << 20;

  @TempDir Path data;
  private Path temp;

  private static ChildLimits limits(Duration cpu, long tempBytes, long outputBytes) {
    return new ChildLimits(
        SHORT.timeout(), cpu, SHORT.fileBytes(), SHORT.memoryBytes(), tempBytes, outputBytes);
  }

  static List<Sandbox> sandboxes() throws Exception {
    return Sandboxes.with(TEMP);
  }

  static List<Sandbox> limiting() throws Exception {
    return sandboxes().stream().filter(Sandboxes::limits).toList();
  }

  @BeforeEach
  void makeTemp() throws IOException {
    temp = Files.createDirectory(data.resolve("tmp"));
  }

  @AfterEach
  void leavesNoTempFolder() throws IOException {
    try (var left = Files.list(temp)) {
      assertThat(left).isEmpty();
    }
  }

  private static ChildCommand shell(String script) {
    return new ChildCommand(
        Path.of("/bin/bash"), List.of("-c", script), Map.of("PATH", "/usr/bin:/bin"));
  }

  private ChildResult run(Sandbox sandbox, ChildCommand command, ChildLimits limits)
      throws Exception {
    return new ChildRunner(temp, sandbox).run(command, limits);
  }

  @Test
  void theAdviceNamesTheSwitchThatForbidsNamespaces() throws Exception {
    Files.createDirectories(data.resolve("user"));
    Files.createDirectories(data.resolve("kernel"));
    assertThat(Sandbox.userNamespaces(data)).contains("containers", "docs/security.md");
    Files.writeString(data.resolve("user/max_user_namespaces"), "0\n");
    assertThat(Sandbox.userNamespaces(data)).contains("user.max_user_namespaces");
    Files.writeString(data.resolve("kernel/unprivileged_userns_clone"), "0\n");
    assertThat(Sandbox.userNamespaces(data)).contains("kernel.unprivileged_userns_clone");
    Path ubuntu = data.resolve("kernel/apparmor_restrict_unprivileged_userns");
    Files.writeString(ubuntu, "1\n");
    assertThat(Sandbox.userNamespaces(data))
        .contains("AppArmor", "Ubuntu", ubuntu.getFileName().toString());
    Files.writeString(ubuntu, "0\n");
    assertThat(Sandbox.userNamespaces(data)).doesNotContain("AppArmor");
  }

  @Test
  void whatIsOffOrWholeNeedsNoAdvice() throws Exception {
    assertThat(Sandbox.none().advice()).isEmpty();
    assertThat(choose(_ -> Optional.empty()).advice()).isEmpty();
    assertThat(choose(_ -> Optional.of("no")).advice()).isPresent();
  }

  /** What is missing does not hide what is forbidden, as both have to be done. */
  @Test
  void eachLayerThatDoesNotWorkHasItsAdvice() throws Exception {
    Files.createDirectories(data.resolve("kernel"));
    Files.writeString(data.resolve("kernel/apparmor_restrict_unprivileged_userns"), "1\n");
    String missing = "no prlimit (util-linux is not installed)";
    String forbidden = "no bwrap (bwrap: setting up uid map: Permission denied)";

    assertThat(Sandbox.advice(List.of(missing), data)).contains("Install what is missing");
    assertThat(Sandbox.advice(List.of(forbidden), data)).contains(Sandbox.userNamespaces(data));
    assertThat(Sandbox.advice(List.of(missing, forbidden), data))
        .contains("Install what is missing. " + Sandbox.userNamespaces(data));
    assertThat(Sandbox.advice(List.of("no prlimit (prlimit: Operation not permitted)"), data))
        .hasValueSatisfying(words -> assertThat(words).contains("ulimit").doesNotContain("bwrap"));
  }

  /** Namespaces are not what a filter forbids, and no switch of the kernel's lets anything pass. */
  @Test
  void theAdviceTellsAFilterOfSystemCalls() {
    String filtered = "no bwrap (bwrap: Can't open source /usr: Function not implemented)";

    assertThat(Sandbox.advice(List.of(filtered), data))
        .hasValueSatisfying(
            words ->
                assertThat(words)
                    .contains("system calls", "RestrictSUIDSGID")
                    .doesNotContain("namespaces"));
  }

  private static Sandbox choose(Sandbox.Trial trial) throws Exception {
    return Sandbox.choose(SandboxMode.AUTO, List.of(), List.of(), trial);
  }

  @Test
  void bothLayersWorkWhereTheKernelLetsThem() throws Exception {
    Process byHand =
        new ProcessBuilder("bwrap", "--ro-bind", "/", "/", "--unshare-all", "true")
            .redirectErrorStream(true)
            .start();

    assertThat(Sandboxes.best(TEMP).isolates()).isEqualTo(byHand.waitFor() == 0);
    assertThat(Sandboxes.limits(Sandboxes.best(TEMP))).isTrue();
  }

  /** Else the kernel ends the largest, which is the server. */
  @ParameterizedTest
  @MethodSource("sandboxes")
  void aChildGoesBeforeTheServerWhereMemoryRunsOut(Sandbox sandbox) throws Exception {
    ChildResult result = run(sandbox, shell("cat /proc/self/oom_score_adj"), SHORT);

    // An isolated one has no /proc, so it is asked with which words it is started.
    assertThat(sandbox.words(shell(""), SHORT, temp)).contains("/usr/bin/choom");
    assertThat(result.output()).isEqualTo(sandbox.isolates() ? "" : "500\n");
  }

  @ParameterizedTest
  @MethodSource("sandboxes")
  void onlyAnIsolatedChildIsCutOffTheNetwork(Sandbox sandbox) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ChildResult result =
          run(
              sandbox,
              shell("exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort() + " && echo connected"),
              SHORT);

      // Without bwrap it does connect, so that the first half of this test proves something.
      assertThat(result.output()).isEqualTo(sandbox.isolates() ? "" : "connected\n");
    }
  }

  @ParameterizedTest
  @MethodSource("sandboxes")
  void onlyAnIsolatedChildReadsNothingThatItWasNotGiven(Sandbox sandbox) throws Exception {
    Path secret = Files.writeString(data.resolve("secret"), "secret");
    Path given = Files.writeString(data.resolve("given"), "given");

    ChildResult result = run(sandbox, shell("cat " + given + " " + secret).reading(given), SHORT);

    assertThat(result.output()).isEqualTo(sandbox.isolates() ? "given" : "givensecret");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("isolating")
  void anIsolatedChildSeesNeitherOthersNorTheMachine(Sandbox sandbox) throws Exception {
    Path other = Files.createDirectory(temp.resolve("run-other"));
    try {
      ChildResult result =
          run(
              sandbox,
              shell(
                  "for name in /root /home /proc/self /sys/kernel /tmp/hsperfdata_* /dev/shm"
                      + " /etc/passwd /var/log "
                      + other
                      + "; do [ ! -e $name ] || echo $name; done; echo $$"),
              SHORT);

      // A small number of its own: it does not see the machine's processes.
      assertThat(result.output()).matches("\\d{1,2}\n");
    } finally {
      Files.delete(other);
    }
  }

  static List<Sandbox> isolating() throws Exception {
    return Sandboxes.isolating(TEMP);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("isolating")
  void anIsolatedChildWritesOnlyItsOutputAndItsTempFolder(Sandbox sandbox) throws Exception {
    Path output = Files.createFile(data.resolve("output"));
    Path input = Files.writeString(data.resolve("input"), "input");
    Path beside = data.resolve("beside");

    ChildResult result =
        run(
            sandbox,
            shell(
                    """
                    echo a > %s; echo b > $TMPDIR/b && cat $TMPDIR/b
                    for name in %s %s /usr/x /bin/x /etc/x /x /dev/x %s/x; do
                      (echo c > $name) 2>/dev/null && echo wrote $name
                    done
                    rm -f %s 2>/dev/null && echo removed
                    chmod 777 %s 2>/dev/null && echo changed
                    mount -o remount,rw / 2>/dev/null && echo mounted
                    true
                    """
                        .formatted(output, input, beside, data, input, input))
                .reading(input)
                .writing(output),
            SHORT);

    assertThat(result.output()).isEqualTo("b\n");
    assertThat(output).hasContent("a");
    assertThat(input).hasContent("input");
    assertThat(beside).doesNotExist();
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("isolating")
  void aDataFolderInsideOfTheSystemIsCovered(Sandbox plain) throws Exception {
    // No test writes to the system's folders, so the folder to hide is one that it has.
    Path library = Path.of("/usr/share/doc");
    Sandbox hiding =
        Sandbox.choose(SandboxMode.AUTO, List.of(), List.of(library), Sandboxes.trial(TEMP));
    ChildCommand look = shell("ls " + library);

    assertThat(run(plain, look, SHORT).output()).isNotEmpty();
    assertThat(run(hiding, look, SHORT)).isEqualTo(new ChildResult(0, "", "", false, false));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("isolating")
  void anIsolatedChildHasNoPrivileges(Sandbox sandbox) throws Exception {
    // Opening another user's file is what root may do; nothing of it is left.
    Path foreign = Files.writeString(data.resolve("foreign"), "foreign");
    Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("---------"));

    ChildResult result =
        run(
            sandbox,
            shell("cat " + foreign + "; hostname x; kill -9 " + ProcessHandle.current().pid())
                .reading(foreign),
            SHORT);

    assertThat(result.output()).isEmpty();
    assertThat(result.errors()).contains("Permission denied").contains("No such process");
  }

  @ParameterizedTest
  @MethodSource("limiting")
  void memoryIsLimited(Sandbox sandbox) throws Exception {
    String hungry = "x=$(head -c %d /dev/zero | tr '\\0' x); echo ${#x}".formatted(20 * MIB);

    assertThat(run(sandbox, shell(hungry), SHORT).output()).isEqualTo(20 * MIB + "\n");
    ChildResult result = run(sandbox, shell(hungry), SHORT.withMemoryBytes(24 * MIB));

    assertThat(result.output()).isEmpty();
    assertThat(result.exitCode()).isNotZero();
  }

  @ParameterizedTest
  @MethodSource("limiting")
  void processorTimeIsLimited(Sandbox sandbox) throws Exception {
    ChildResult result =
        run(sandbox, shell("while :; do :; done"), limits(Duration.ofSeconds(1), 1 << 30, 1 << 30));

    assertThat(result.exhausted()).isTrue();
    assertThat(result.timedOut()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("limiting")
  void oneFileIsLimited(Sandbox sandbox) throws Exception {
    Path output = Files.createFile(data.resolve("output"));

    ChildResult result =
        run(
            sandbox,
            shell("exec head -c 3000000 /dev/zero > " + output).writing(output),
            SHORT.withFileBytes(MIB));

    assertThat(result.exhausted()).isTrue();
    assertThat(output).hasSize(MIB);
  }

  @ParameterizedTest
  @MethodSource("limiting")
  void openFilesAreLimited(Sandbox sandbox) throws Exception {
    String greedy = "for i in $(seq 300); do eval \"exec {f}</dev/null\" || exit 3; done";

    assertThat(run(sandbox, shell(greedy), SHORT).errors()).contains("Too many open files");
  }

  @ParameterizedTest
  @MethodSource("sandboxes")
  void manyTempFilesAreLimited(Sandbox sandbox) throws Exception {
    String full = "i=0; while :; do head -c 65536 /dev/zero > $TMPDIR/$i; i=$((i+1)); done";
    String empty = "mkdir $TMPDIR/a; i=0; while :; do : > $TMPDIR/a/$i; i=$((i+1)); done";

    for (String script : List.of(full, empty)) {
      ChildResult result = run(sandbox, shell(script), limits(SHORT.cpu(), 4 * MIB, 1 << 30));

      assertThat(result.tooLarge()).as(script).isTrue();
      assertThat(result.exhausted()).isTrue();
      assertThat(result.timedOut()).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("sandboxes")
  void whatItWritesIsLimitedWhileItRunsAndAfterwards(Sandbox sandbox) throws Exception {
    Path output = Files.createFile(data.resolve("output"));
    ChildLimits limits = limits(SHORT.cpu(), 1 << 30, MIB);

    ChildResult slow =
        run(
            sandbox,
            shell("head -c 2000000 /dev/zero > " + output + "; sleep 60").writing(output),
            limits);
    ChildResult quick =
        run(sandbox, shell("head -c 2000000 /dev/zero > " + output).writing(output), limits);

    assertThat(slow.tooLarge()).isTrue();
    assertThat(slow.timedOut()).isFalse();
    assertThat(quick.tooLarge()).isTrue();
    assertThat(quick.exhausted()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("sandboxes")
  void aFolderThatTheChildHasLockedIsRemovedToo(Sandbox sandbox) throws Exception {
    String script = "mkdir -p $TMPDIR/a/b; echo x > $TMPDIR/a/b/c; chmod 0 $TMPDIR/a/b $TMPDIR/a";

    assertThat(run(sandbox, shell(script), SHORT).exitCode()).isZero();
  }

  /** Each leaves a process behind that nobody is the parent of, and that keeps its output open. */
  @ParameterizedTest
  @MethodSource("sandboxes")
  void whatIsLeftBehindIsKilled(Sandbox sandbox) throws Exception {
    for (String left :
        List.of(
            "(sleep %s &)",
            "(setsid sleep %s &)", "(env -i /usr/bin/sleep %s &)", "nohup sleep %s &")) {
      String mark = "3" + System.nanoTime() % 1_000_000_000;

      ChildResult result = run(sandbox, shell(left.formatted(mark) + "\necho done; exit 4"), SHORT);

      assertThat(result.exitCode()).as(left).isEqualTo(4);
      assertThat(result.output()).isEqualTo("done\n");
      assertThat(result.timedOut()).as("whoever is left is waited for").isFalse();
      assertNoProcessWith(mark);
    }
  }

  @ParameterizedTest
  @MethodSource("sandboxes")
  void whatIsLeftBehindIsKilledWithTheChildWhenTimeIsOver(Sandbox sandbox) throws Exception {
    String mark = "3" + System.nanoTime() % 1_000_000_000;

    ChildResult result =
        run(
            sandbox,
            shell("(setsid sleep %s &) ; (sleep %s &) ; sleep %s".formatted(mark, mark, mark)),
            ChildLimits.of(Duration.ofMillis(500)));

    assertThat(result.timedOut()).isTrue();
    assertNoProcessWith(mark);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("isolating")
  void anIsolatedProcessThatCoversItsTracksIsKilledToo(Sandbox sandbox) throws Exception {
    String mark = "3" + System.nanoTime() % 1_000_000_000;

    run(
        sandbox,
        shell("(setsid env -i /usr/bin/sleep %s >/dev/null 2>&1 &)".formatted(mark)),
        SHORT);

    assertNoProcessWith(mark);
  }

  @Test
  void offMeansNone() throws Exception {
    Sandbox off = Sandbox.choose(SandboxMode.OFF, List.of(), List.of(), _ -> Optional.empty());

    assertThat(off.describe()).isEqualTo("off");
    assertThat(Sandboxes.limits(off) || off.isolates()).isFalse();
    assertThat(run(off, shell("ulimit -c 0; echo $TMPDIR"), SHORT).output()).contains("run-");
  }

  @Test
  void autoSaysWhatDoesNotWorkAndWhy() throws Exception {
    Sandbox.Trial forbidding =
        sandbox ->
            sandbox.isolates()
                ? Optional.of("bwrap: Creating new namespace failed: Operation not permitted")
                : Optional.empty();

    Sandbox sandbox = Sandbox.choose(SandboxMode.AUTO, List.of(), List.of(), forbidding);

    assertThat(sandbox.isolates()).isFalse();
    assertThat(Sandboxes.limits(sandbox)).isTrue();
    assertThat(sandbox.describe())
        .isEqualTo(
            "prlimit; no bwrap (bwrap: Creating new namespace failed: Operation not permitted)");
    assertThat(run(sandbox, shell("echo fine"), SHORT).output()).isEqualTo("fine\n");
  }

  @Test
  void requiredRefusesWhenOneDoesNotWork() {
    assertThatThrownBy(
            () ->
                Sandbox.choose(
                    SandboxMode.REQUIRED,
                    List.of(),
                    List.of(),
                    sandbox ->
                        sandbox.isolates() ? Optional.of("it is forbidden") : Optional.empty()))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("the sandbox is required")
        .hasMessageContaining("no bwrap (it is forbidden)")
        .hasMessageContaining("--sandbox auto");
  }

  @Test
  void aBwrapThatFailsIsNotUsed() throws Exception {
    Path broken = data.resolve("bwrap");
    Files.writeString(broken, "#!/bin/sh\necho bwrap: No permissions >&2\nexit 1\n");
    Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rwxr-xr-x"));

    Sandbox sandbox =
        Sandbox.choose(SandboxMode.AUTO, List.of(data), List.of(), Sandboxes.trial(TEMP));

    assertThat(sandbox.describe()).isEqualTo("prlimit; no bwrap (bwrap: No permissions)");
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("isolating")
  void aSandboxThatCannotBeSetUpIsNoFaultOfTheTool(Sandbox sandbox) throws Exception {
    ChildResult result = run(sandbox, shell("true").reading(data.resolve("gone")), SHORT);

    assertThat(result.notStarted()).isTrue();
  }

  private static void assertNoProcessWith(String mark) {
    await().until(() -> !alive(mark));
  }

  private static boolean alive(String mark) {
    return ProcessHandle.allProcesses()
        .anyMatch(p -> p.info().commandLine().orElse("").contains("sleep " + mark));
  }
}
