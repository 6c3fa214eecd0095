package dev.pictj.process;

import dev.pictj.engine.EncoderSettings;
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
import dev.pictj.store.TempFolder;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** ImageMagick and libvips, to be compared, and a folder; there while the tests of a class run. */
final class BothEngines implements BeforeAllCallback, AfterAllCallback {
  private Path folder;
  private ImageEngine magick;
  private VipsEngine vips;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    folder = Files.createTempDirectory("pictj-engines-");
    Limits limits = new Limits(10_000, 10_000, 40_000_000, 50);
    PictureRules rules = new PictureRules(limits, Duration.ofSeconds(30), EncoderSettings.USUAL);
    magick =
        MagickEngine.start(
            MagickTools.find(List.of(Path.of("/usr/bin"))),
            UsualLimits.ofMagick(),
            rules,
            new ChildRunner(Files.createDirectory(folder.resolve("work")), Sandbox.none()));
    vips = VipsEngine.inProcess(magick, rules, 2, 1 << 30);
  }

  /** A file to be written. */
  Path file(String name) {
    return folder.resolve(name);
  }

  /** A picture of the subject. */
  Path stored(Subject subject, MediaType type) throws Exception {
    return subject.store(folder, type);
  }

  ImageEngine one(boolean usingVips) {
    return usingVips ? vips : magick;
  }

  /** The pixels of a picture. */
  BufferedImage decode(Path picture) throws Exception {
    Path png = folder.resolve("readable.png");
    vips.render(picture, new HeaderProbe().probe(picture), List.of(), MediaType.PNG, png);
    return ImageIO.read(png.toFile());
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    vips.close();
    TempFolder.remove(folder);
  }
}
