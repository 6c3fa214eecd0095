package dev.pictj.app;

import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.child.PendingSandbox;
import dev.pictj.engine.child.Sandbox;
import dev.pictj.engine.ffmpeg.FfmpegLimits;
import dev.pictj.engine.ffmpeg.FfmpegTool;
import dev.pictj.engine.ffmpeg.PendingFfmpeg;
import dev.pictj.engine.magick.MagickLimits;
import dev.pictj.engine.magick.MagickTools;
import dev.pictj.engine.magick.MagickTrial;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which tools there are and which sandbox each of them works in: found out while the rest is built,
 * and for ffmpeg, which few requests need, once requests can come.
 */
final class ToolTrials {
  private static final Logger log = LoggerFactory.getLogger(ToolTrials.class);

  private final Settings settings;
  private final List<Path> folders;
  private final MagickTools magick;
  private final Aside<Sandbox> sandbox;
  private final Aside<Optional<FfmpegTool>> ffmpeg;
  private final Aside<Sandbox> ffmpegSandbox;

  /**
   * Waits for ImageMagick to be found and begins to try it.
   *
   * @param folder an existing one, where pictures will be in earnest
   * @throws EngineException when there is no ImageMagick
   */
  ToolTrials(
      Settings settings,
      Headstart headstart,
      MagickLimits magickLimits,
      FfmpegLimits ffmpegLimits,
      Path folder)
      throws EngineException, InterruptedException {
    this.settings = settings;
    this.folders = headstart.folders();
    this.magick = headstart.magick().result();
    this.sandbox = Aside.begin(() -> choose(new MagickTrial(magick, magickLimits, folder)));
    this.ffmpeg = Aside.prepare(() -> FfmpegTool.find(folders));
    this.ffmpegSandbox =
        Aside.prepare(
            () -> {
              Optional<FfmpegTool> found = ffmpeg.result();
              return found.isEmpty()
                  ? sandbox.result()
                  : choose(found.get().trial(ffmpegLimits, folder));
            });
  }

  private Sandbox choose(Sandbox.Trial trial) throws EngineException, InterruptedException {
    return Sandbox.choose(
        settings.get(SettingsCatalogue.SANDBOX),
        folders,
        List.of(settings.get(SettingsCatalogue.PATH), FromSettings.tempDir(settings)),
        trial);
  }

  /** What renders everything that nothing else does. */
  MagickTools magick() {
    return magick;
  }

  /** Around ImageMagick and libvips. */
  PendingSandbox sandbox() {
    return sandbox::result;
  }

  /** What transcodes videos, once {@link #beginFfmpeg} was called. */
  PendingFfmpeg ffmpeg() {
    return ffmpeg::result;
  }

  /** Around ffmpeg, once {@link #beginFfmpeg} was called. */
  PendingSandbox ffmpegSandbox() {
    return ffmpegSandbox::result;
  }

  /** Begins to look for ffmpeg and to try it. */
  void beginFfmpeg() {
    ffmpeg.begin();
    ffmpegSandbox.begin();
  }

  /**
   * Waits for everything and logs what came out.
   *
   * @throws EngineException when a sandbox is required and something does not work in one
   */
  void report() throws EngineException, InterruptedException {
    String around = sandbox.result().describe();
    log.info("sandbox: {}", around);
    String aroundFfmpeg = ffmpegSandbox.result().describe();
    if (!aroundFfmpeg.equals(around)) {
      log.info("sandbox of ffmpeg: {}", aroundFfmpeg);
    }
    if (ffmpeg.result().isEmpty()) {
      log.info("ffmpeg is missing, or ffprobe beside it: no GIF or video uploads");
    }
  }
}
