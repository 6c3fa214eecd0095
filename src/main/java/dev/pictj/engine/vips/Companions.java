package dev.pictj.engine.vips;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The libraries that do some things faster than libvips does them, each of them optional. */
record Companions(
    Optional<LibDeflate> deflate, Optional<LibTurboJpeg> jpeg, Optional<LibSwscale> scaler) {
  /** Without any of them. */
  static final Companions NONE =
      new Companions(Optional.empty(), Optional.empty(), Optional.empty());

  /** Looked for by the first who asks. */
  private static final class Lookup {
    static final Companions FOUND =
        new Companions(LibDeflate.installed(), LibTurboJpeg.installed(), LibSwscale.installed());
  }

  /** All that there are on this machine. */
  static Companions installed() {
    return Lookup.FOUND;
  }

  /** For the log. */
  String names() {
    List<String> names = new ArrayList<>();
    deflate.ifPresent(_ -> names.add("libdeflate"));
    jpeg.ifPresent(_ -> names.add("TurboJPEG"));
    scaler.ifPresent(_ -> names.add("libswscale"));
    return String.join(", ", names);
  }
}
