package dev.pictj.app;

import dev.pictj.engine.EngineException;
import dev.pictj.engine.ffmpeg.FfmpegTool;
import dev.pictj.engine.magick.MagickTools;
import dev.pictj.engine.vips.JobRunner;
import dev.pictj.engine.vips.Lacks;
import dev.pictj.media.MediaType;
import dev.pictj.media.MediaType.Trait;
import dev.pictj.nativecode.UnavailableException;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out what this machine can do, format by format, without a server. */
public final class Doctor {
  private static final String YES = "yes";

  private final List<Path> programs;

  /**
   * Makes a check of this machine.
   *
   * @param path where to look for programs: folders with colons between them
   */
  public Doctor(String path) {
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
   * @param animated whether animations are made frame by frame
   * @param by what does it
   */
  public record Row(MediaType type, String read, String made, boolean animated, String by) {}

  /** Libraries of single formats, with their versions. */
  public List<String> codecs() {
    try {
      return JobRunner.load().codecs();
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
      JobRunner runner = JobRunner.load();
      vips = runner.describe();
      lacks = runner.lacks();
    } catch (UnavailableException e) {
      noVips = String.valueOf(e.getMessage());
    }
    List<Row> rows = new ArrayList<>();
    for (MediaType type : MediaType.values()) {
      boolean video = type.has(Trait.VIDEO);
      boolean alone = !video && !type.has(Trait.MAGICK);
      String read = YES;
      String made = type.has(Trait.PRODUCED) ? YES : "";
      if (video && ffmpeg.isEmpty()) {
        read = "no: ffmpeg is not installed, or ffprobe beside it";
      } else if (alone) {
        String without = noVips;
        read = told(lacks.reading().get(type), without);
        made = type.has(Trait.PRODUCED) ? told(lacks.writing().get(type), without) : "";
      }
      String by = video ? moving : alone ? vips : vips.isEmpty() ? magick : vips + ", " + magick;
      rows.add(new Row(type, read, made, type.has(Trait.ANIMATION), by));
    }
    return rows;
  }

  private static String told(@Nullable String lack, String noVips) {
    return !noVips.isEmpty() ? "no: " + noVips : lack != null ? "no: " + lack : YES;
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
