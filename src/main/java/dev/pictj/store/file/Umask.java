package dev.pictj.store.file;

import dev.pictj.nativecode.NativeLibrary;
import dev.pictj.nativecode.UnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the system takes away from the permissions of every file and folder that this process and
 * its children make: umask(2), which Java itself does not offer. Only so the files that libraries
 * make in native code are covered too.
 */
final class Umask {
  private static final Logger log = LoggerFactory.getLogger(Umask.class);

  private Umask() {}

  /**
   * Sets it.
   *
   * @param mask bits that are taken away, as chmod(1) writes them
   */
  static void set(int mask) {
    try {
      NativeLibrary.standard().function("int umask(int)").call(mask);
    } catch (UnavailableException e) {
      // Not on Unix. The folders around the files keep others out, where there are others.
      log.debug("there is no umask here", e);
    }
  }
}
