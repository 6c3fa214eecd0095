package dev.pictj;

import dev.pictj.engine.magick.MagickTools;
import dev.pictj.media.HeaderProbe;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jetty.http.MimeTypes;

/**
 * What a start needs and no setting decides, begun on another core while the command line is still
 * being read.
 *
 * @param folders where programs are looked for, in order, as PATH says it
 * @param magick the search for ImageMagick
 */
record Headstart(List<Path> folders, Aside<MagickTools> magick) {
  /** Begins it. */
  static Headstart begin(List<Path> folders) {
    Aside<MagickTools> magick = Aside.begin(() -> MagickTools.find(folders));
    // The first one makes ImageIO look for its readers.
    Aside<HeaderProbe> _ = Aside.begin(HeaderProbe::new);
    // Jetty's table of types asks for every locale of the JDK.
    Aside<MimeTypes> _ = Aside.begin(() -> MimeTypes.DEFAULTS);
    return new Headstart(folders, magick);
  }
}
