package dev.pictj.engine.magick;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.child.ChildCommand;
import dev.pictj.engine.child.ChildResult;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.OutputFile;
import dev.pictj.engine.child.Programs;
import dev.pictj.engine.child.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The installed ImageMagick: {@code magick in ops out} for version 7, {@code convert in ops out}
 * for 6. Both take the same operations.
 *
 * @param tool the program, absolute
 * @param version such as {@code 6.9.11-60}
 */
public record MagickTools(Path tool, String version) {
  private static final Duration TRIAL_TIMEOUT = Duration.ofSeconds(10);
  private static final String ONE_PIXEL = "P2\n1 1\n255\n0\n";
  private static final Pattern VERSION =
      Pattern.compile("^Version: ImageMagick (\\d[^\\s]*)", Pattern.MULTILINE);

  /**
   * Looks for {@code magick} in every folder, then for {@code convert}. A program of that name is
   * asked for its version and passed over when it is something else.
   *
   * @param folders in order of preference, as on {@code PATH}
   * @throws EngineException when there is none, or no child process can be started
   */
  public static MagickTools find(List<Path> folders) throws EngineException, InterruptedException {
    List<String> passedOver = new ArrayList<>();
    for (String name : List.of("magick", "convert")) {
      // Real programs before scripts that may stand in for one: a script costs its interpreter.
      for (Path candidate :
          Programs.named(name, folders).stream()
              .sorted(Comparator.comparing(MagickTools::isScript))
              .toList()) {
        Matcher version = VERSION.matcher(ChildRunner.version(candidate).orElse(""));
        if (version.find()) {
          return new MagickTools(candidate, version.group(1));
        }
        passedOver.add(candidate.toString());
      }
    }
    throw new EngineException(
        passedOver.isEmpty()
            ? "ImageMagick is not installed: neither magick nor convert is on the PATH"
            : "ImageMagick is not installed: not ImageMagick: " + String.join(", ", passedOver));
  }

  /**
   * Reads a picture and writes another, of one pixel each, to see whether a sandbox allows it.
   *
   * @param folder an existing one, where pictures will be in earnest
   */
  public Sandbox.Trial trial(MagickLimits limits, Path folder) {
    return sandbox -> {
      Path source = folder.toAbsolutePath().resolve("trial.pgm");
      try (OutputFile output = new OutputFile(source.resolveSibling("trial.png"))) {
        Files.writeString(source, ONE_PIXEL);
        String target = "png:" + CoderName.safe(output.unfinished());
        ChildCommand command =
            new ChildCommand(tool, List.of("pgm:" + CoderName.safe(source), target), Map.of())
                .reading(source)
                .writing(output.unfinished());
        ChildResult result =
            new ChildRunner(folder, sandbox).run(command, limits.of(TRIAL_TIMEOUT));
        return result.failure().isEmpty() && !output.isWritten()
            ? Optional.of("it keeps ImageMagick from writing")
            : result.failure();
      } catch (IOException e) {
        throw new EngineException("could not write to " + folder, e);
      } finally {
        source.toFile().delete();
      }
    };
  }

  /** Name and version for people, such as {@code ImageMagick 6.9.11-60}. */
  public String versionText() {
    return "ImageMagick " + version;
  }

  private static boolean isScript(Path file) {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(2), StandardCharsets.ISO_8859_1).equals("#!");
    } catch (IOException unreadable) {
      return true;
    }
  }
}
