package dev.pictj.http.dialect;

import dev.pictj.config.DialectName;
import dev.pictj.media.Details;

/** How a line of pict-rs answers. */
public interface Dialect {
  /** The one of this name. */
  static Dialect of(DialectName name) {
    return switch (name) {
      case V0_3 -> new Dialect03();
      case V0_5 -> new Dialect05();
    };
  }

  /** The reply of the details routes. */
  Record details(Details details);

  /** Whether deleting what is not there succeeds, be it deleted before or never stored. */
  boolean isGoneDeleted();
}
