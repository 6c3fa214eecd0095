package dev.pictj.engine.magick;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.child.ChildCommand;
import dev.pictj.engine.child.ChildResult;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.OutputFile;
import dev.pictj.engine.child.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a picture and writes another, of one pixel each, to see whether a sandbox allows it. */
public final class MagickTrial implements Sandbox.Trial {
  private static final Duration TRIAL_TIMEOUT = Duration.ofSeconds(10);
  private static final String ONE_PIXEL = "P2\n1 1\n255\n0\n";

  private final MagickTools tools;
  private final MagickLimits limits;
  private final Path folder;

  /**
   * A trial.
   *
   * @param folder an existing one, where pictures will be in earnest
   */
  public MagickTrial(MagickTools tools, MagickLimits limits, Path folder) {
    this.tools = tools;
    this.limits = limits;
    this.folder = folder.toAbsolutePath();
  }

  @Override
  public Optional<String> failure(Sandbox sandbox) throws EngineException, InterruptedException {
    Path source = folder.resolve("trial.pgm");
    try (OutputFile output = new OutputFile(folder.resolve("trial.png"))) {
      Files.writeString(source, ONE_PIXEL);
      ChildResult result =
          new ChildRunner(folder, sandbox)
              .run(
                  new ChildCommand(
                          tools.tool(),
                          List.of(
                              "pgm:" + CoderName.safe(source),
                              "png:" + CoderName.safe(output.unfinished())),
                          Map.of())
                      .reading(source)
                      .writing(output.unfinished()),
                  limits.of(TRIAL_TIMEOUT));
      return result.failure().isEmpty() && !output.isWritten()
          ? Optional.of("it keeps ImageMagick from writing")
          : result.failure();
    } catch (IOException e) {
      throw new EngineException("could not write to " + folder, e);
    } finally {
      source.toFile().delete();
    }
  }
}
