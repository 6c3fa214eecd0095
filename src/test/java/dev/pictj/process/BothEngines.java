package dev.pictj.process;

import dev.pictj.engine.EncoderEffort;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.PictureRules;
import dev.pictj.engine.child.ChildRunner;
import dev.pictj.engine.child.Sandbox;
import dev.pictj.engine.magick.MagickEngine;
import dev.pictj.engine.magick.MagickTools;
import dev.pictj.engine.magick.UsualLimits;
import dev.pictj.engine.vips.VipsEngine;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.Limits;
import dev.pictj.media.MediaType;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;

/** ImageMagick and libvips, to be compared. */
record BothEngines(Path folder, ImageEngine magick, VipsEngine vips) implements AutoCloseable {
  static BothEngines start(Path folder) throws Exception {
    Limits limits = new Limits(10_000, 10_000, 40_000_000, 50);
    PictureRules rules = new PictureRules(limits, Duration.ofSeconds(30), EncoderEffort.USUAL);
    ImageEngine magick =
        MagickEngine.start(
            MagickTools.find(List.of(Path.of("/usr/bin"))),
            UsualLimits.ofMagick(),
            rules,
            new ChildRunner(Files.createDirectory(folder.resolve("work")), Sandbox.none()));
    return new BothEngines(folder, magick, VipsEngine.inProcess(magick, rules, 2, 1 << 30));
  }

  ImageEngine one(boolean usingVips) {
    return usingVips ? vips : magick;
  }

  /** The pixels of a picture. */
  BufferedImage decode(Path picture) throws Exception {
    Path png = folder.resolve("readable.png");
    vips.render(picture, HeaderProbe.probe(picture), List.of(), MediaType.PNG, png);
    return ImageIO.read(png.toFile());
  }

  @Override
  public void close() {
    vips.close();
  }
}
