package dev.pictj.app;

import dev.pictj.config.SandboxMode;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.StartTask;
import dev.pictj.engine.child.Sandbox;
import dev.pictj.engine.ffmpeg.FfmpegLimits;
import dev.pictj.engine.ffmpeg.FfmpegTool;
import dev.pictj.engine.magick.MagickLimits;
import dev.pictj.engine.magick.MagickTools;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The installed programs, and the sandbox that each of them works in. This is found out while the
 * rest of the server is built; for ffmpeg, which few requests need, once requests are answered.
 *
 * @param magick ImageMagick, which renders everything that libvips does not
 * @param sandbox around ImageMagick and libvips
 * @param ffmpeg transcodes videos, if it is installed
 * @param ffmpegSandbox around ffmpeg
 */
record Tools(
    MagickTools magick,
    StartTask<Sandbox> sandbox,
    StartTask<Optional<FfmpegTool>> ffmpeg,
    StartTask<Sandbox> ffmpegSandbox) {
  private static final Logger log = LoggerFactory.getLogger(Tools.class);

  /**
   * Begins to try ImageMagick in a sandbox.
   *
   * @param programs folders where programs are looked for, in order
   * @param work an existing folder, where the tools will work in earnest
   */
  static Tools trying(
      Settings settings,
      List<Path> programs,
      MagickTools magick,
      MagickLimits magickLimits,
      FfmpegLimits ffmpegLimits,
      Path work) {
    StartTask<Sandbox> sandbox =
        new StartTask<>(() -> sandbox(settings, programs, magick.trial(magickLimits, work)));
    StartTask<Optional<FfmpegTool>> ffmpeg = new StartTask<>(() -> FfmpegTool.find(programs));
    StartTask<Sandbox> ffmpegSandbox =
        new StartTask<>(
            () -> {
              Optional<FfmpegTool> found = ffmpeg.await();
              return found.isEmpty()
                  ? sandbox.await()
                  : sandbox(settings, programs, found.get().trial(ffmpegLimits, work));
            });
    return new Tools(magick, sandbox.begin(), ffmpeg, ffmpegSandbox);
  }

  /** No tools, for a server that never uses any. */
  static Tools none() {
    return new Tools(
        new MagickTools(Path.of("/nonexistent"), "none"),
        StartTask.done(Sandbox.none()),
        StartTask.done(Optional.empty()),
        StartTask.done(Sandbox.none()));
  }

  private boolean isNone() {
    return magick.version().equals("none");
  }

  private static Sandbox sandbox(Settings settings, List<Path> programs, Sandbox.Trial trial)
      throws EngineException, InterruptedException {
    return Sandbox.choose(
        settings.get(SettingsCatalogue.SANDBOX),
        programs,
        List.of(settings.get(SettingsCatalogue.PATH), Backends.tempDir(settings)),
        trial);
  }

  /** Begins to look for ffmpeg and to try it; requests that need it wait until then. */
  void beginFfmpeg() {
    if (isNone()) {
      return;
    }
    ffmpeg.begin();
    ffmpegSandbox.begin();
  }

  /**
   * Where a sandbox is required, waits until every tool has been tried in one.
   *
   * @throws EngineException when something does not work in one
   */
  void awaitRequired(Settings settings) throws EngineException, InterruptedException {
    if (settings.get(SettingsCatalogue.SANDBOX) == SandboxMode.REQUIRED && !isNone()) {
      beginFfmpeg();
      var _ = sandbox.await();
      var _ = ffmpegSandbox.await();
    }
  }

  /**
   * Waits for everything and logs what came out.
   *
   * @throws EngineException when a sandbox is required and something does not work in one
   */
  void report() throws EngineException, InterruptedException {
    if (isNone()) {
      log.warn("--danger-dummy-mode: any bytes are taken for pictures, and nothing is looked into");
      return;
    }
    report("sandbox", sandbox.await());
    if (!ffmpegSandbox.await().describe().equals(sandbox.await().describe())) {
      report("sandbox of ffmpeg", ffmpegSandbox.await());
    }
    if (ffmpeg.await().isEmpty()) {
      log.info("ffmpeg is missing, or ffprobe beside it: no GIF or video uploads");
    }
  }

  private static void report(String name, Sandbox sandbox) {
    sandbox
        .advice()
        .ifPresentOrElse(
            advice ->
                log.warn(
                    "{}: {}. {}. Or take the tools as they are, with --sandbox off",
                    name,
                    sandbox.describe(),
                    advice),
            () -> log.info("{}: {}", name, sandbox.describe()));
  }
}
