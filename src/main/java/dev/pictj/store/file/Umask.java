package dev.pictj.store.file;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
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
  @SuppressWarnings("restricted") // the jar says that it may
  static void set(int mask) {
    Linker linker = Linker.nativeLinker();
    try {
      int _ =
          (int)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("umask"),
                      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                  .invokeExact(mask);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      // Not on Unix. The folders around the files keep others out, where there are others.
      log.debug("there is no umask here", e);
    }
  }
}
