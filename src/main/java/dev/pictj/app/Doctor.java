package dev.pictj.app;

import dev.pictj.config.EngineChoice;
import dev.pictj.config.SandboxMode;
import dev.pictj.config.Settings;
import dev.pictj.config.SettingsCatalogue;
import dev.pictj.engine.Abilities;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.child.Sandbox;
import dev.pictj.engine.ffmpeg.FfmpegLimits;
import dev.pictj.engine.ffmpeg.FfmpegTool;
import dev.pictj.engine.magick.MagickLimits;
import dev.pictj.engine.magick.MagickTools;
import dev.pictj.engine.vips.JobRunner;
import dev.pictj.engine.vips.Lacks;
import dev.pictj.media.MediaType;
import dev.pictj.media.MediaType.Trait;
import dev.pictj.nativecode.UnavailableException;
import dev.pictj.store.TempFolder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds out what this machine can do, format by format, without a server. */
public final class Doctor {
  private static final String YES = "yes";

  private final Settings settings;
  private final List<Path> programs;

  /**
   * Makes a check of this machine.
   *
   * @param settings of the server that is thought of
   * @param path where to look for programs: folders with colons between them
   */
  public Doctor(Settings settings, String path) {
    this.settings = settings;
    this.programs =
        Arrays.stream(path.split(File.pathSeparator, -1))
            .filter(folder -> folder.startsWith("/"))
            .map(Path::of)
            .toList();
  }

  /**
   * What can be done with one format.
   *
   * @param read yes, or what is missing
   * @param made yes, or what is missing; empty where it is never made
   * @param animated whether its animations keep their frames when they are changed
   * @param by what does it
   */
  public record Row(MediaType type, String read, String made, boolean animated, String by) {}

  /** Libraries of single formats, with their versions. */
  public List<String> codecs() {
    try {
      return libvips().codecs();
    } catch (UnavailableException _) {
      return List.of();
    }
  }

  /** The table, in the order of the formats. */
  public List<Row> rows() throws InterruptedException {
    String magick = magick();
    Optional<FfmpegTool> ffmpeg = ffmpeg();
    String moving = ffmpeg.map(tool -> "ffmpeg " + tool.version()).orElse("ffmpeg");
    String vips = "";
    String noVips = "";
    Lacks lacks = Lacks.NOTHING;
    try {
      JobRunner runner = libvips();
      vips = runner.describe();
      lacks = runner.lacks();
    } catch (UnavailableException e) {
      noVips = String.valueOf(e.getMessage());
    }
    boolean sequences = ffmpeg.filter(FfmpegTool::hasAv1).isPresent();
    List<Row> rows = new ArrayList<>();
    for (MediaType type : MediaType.values()) {
      boolean video = type.has(Trait.VIDEO);
      boolean alone = !video && !type.has(Trait.MAGICK);
      String read = YES;
      String made = type.has(Trait.PRODUCED) ? YES : "";
      if (video) {
        read = video(ffmpeg);
      } else if (alone) {
        String without = noVips;
        read = told(lacks.reading().get(type), without);
        made = type.has(Trait.PRODUCED) ? told(lacks.writing().get(type), without) : "";
      }
      if (type.has(Trait.SEQUENCE) && sequences && !read.equals(YES)) {
        read = "animations alone; stills: " + read;
      }
      boolean animated =
          new Abilities(
                  Set.of(), made.equals(YES) ? Set.of(type) : Set.of(), !vips.isEmpty(), sequences)
              .moves(type, type);
      String by = video ? moving : alone ? vips : vips.isEmpty() ? magick : vips + ", " + magick;
      rows.add(new Row(type, read, made, animated, by));
    }
    return rows;
  }

  private String video(Optional<FfmpegTool> ffmpeg) {
    if (!settings.get(SettingsCatalogue.ACCEPT_VIDEO)) {
      return "no: --accept-video is false";
    }
    return ffmpeg.isPresent() ? YES : "no: ffmpeg is not installed, or ffprobe beside it";
  }

  private static String told(@Nullable String lack, String noVips) {
    return !noVips.isEmpty() ? "no: " + noVips : lack != null ? "no: " + lack : YES;
  }

  private JobRunner libvips() throws UnavailableException {
    if (settings.get(SettingsCatalogue.ENGINE_CHOICE) == EngineChoice.IMAGEMAGICK) {
      throw new UnavailableException("--engine is imagemagick");
    }
    return JobRunner.load();
  }

  /**
   * Passes where a server with these settings has the tools that it needs.
   *
   * @throws StartException that says what is missing, as its start would
   */
  public void requireTools() throws StartException, IOException, InterruptedException {
    if (settings.get(SettingsCatalogue.DANGER_DUMMY_MODE)) {
      return;
    }
    Path work = Files.createTempDirectory("pictj-doctor-");
    try {
      MagickTools magick = MagickTools.find(programs);
      requireLibvips();
      requireSandbox(magick.trial(MagickLimits.of(settings), work));
      Optional<FfmpegTool> ffmpeg = FfmpegTool.find(programs);
      if (ffmpeg.isPresent()) {
        requireSandbox(ffmpeg.get().trial(FfmpegLimits.of(settings), work));
      }
    } catch (EngineException e) {
      throw new StartException("a server does not start here: " + e.getMessage(), e);
    } finally {
      TempFolder.remove(work);
    }
  }

  private void requireLibvips() throws EngineException {
    try {
      var _ = libvips();
    } catch (UnavailableException e) {
      Application.requireNotAsked(e, settings);
    }
  }

  private void requireSandbox(Sandbox.Trial trial) throws EngineException, InterruptedException {
    if (settings.get(SettingsCatalogue.SANDBOX) == SandboxMode.REQUIRED) {
      var _ = Sandbox.choose(SandboxMode.REQUIRED, programs, List.of(), trial);
    }
  }

  private String magick() throws InterruptedException {
    try {
      return MagickTools.find(programs).versionText();
    } catch (EngineException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private Optional<FfmpegTool> ffmpeg() throws InterruptedException {
    try {
      return FfmpegTool.find(programs);
    } catch (EngineException _) {
      return Optional.empty();
    }
  }
}
