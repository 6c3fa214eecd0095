package dev.pictj;

import java.lang.reflect.InvocationTargetException;

/**
 * The jar's entry point. It is the one class compiled for Java 17, so that a JVM too old for the
 * rest can say so in a sentence instead of an {@code UnsupportedClassVersionError}.
 */
public final class Launcher {
  private static final int MIN_JAVA_VERSION = 25;

  private Launcher() {}

  /**
   * Checks the JVM and hands over to {@code Main}.
   *
   * @param arguments the command line, passed on unchanged
   */
  public static void main(String[] arguments) throws Throwable {
    int found = Runtime.version().feature();
    if (found < MIN_JAVA_VERSION) {
      System.err.printf(
          "pictj needs Java %d or newer, found %s at %s%n",
          MIN_JAVA_VERSION, System.getProperty("java.version"), System.getProperty("java.home"));
      System.exit(1);
    }
    try {
      Class.forName("dev.pictj.Main")
          .getMethod("main", String[].class)
          .invoke(null, (Object) arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }
}
