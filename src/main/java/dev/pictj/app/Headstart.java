package dev.pictj.app;

import dev.pictj.engine.magick.MagickTools;
import dev.pictj.http.HttpServer;
import dev.pictj.media.HeaderProbe;
import java.nio.file.Path;
import java.util.List;

/**
 * What a start needs and no setting decides, begun on another core while the command line is still
 * being read.
 *
 * @param folders where programs are looked for, in order, as PATH says it
 * @param magick the search for ImageMagick
 */
public record Headstart(List<Path> folders, Aside<MagickTools> magick) {
  /** Begins it. */
  public static Headstart begin(List<Path> folders) {
    Aside<MagickTools> magick = Aside.begin(() -> MagickTools.find(folders));
    // The first one makes ImageIO look for its readers.
    Aside<HeaderProbe> _ = Aside.begin(HeaderProbe::new);
    Aside<Object> _ = Aside.begin(HttpServer::prepare);
    return new Headstart(folders, magick);
  }
}
