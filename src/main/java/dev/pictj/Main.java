package dev.pictj;

import dev.pictj.cli.Commands;
import dev.pictj.observe.LoggingSetup;
import org.jspecify.annotations.NullMarked;

/** The entry point behind {@link Launcher}: runs a command and exits with its status. */
@NullMarked
public final class Main {
  private Main() {}

  /** Runs what the command line says. */
  public static void main(String[] arguments) {
    int status = new Commands(System.out, System.err, System.getenv()).run(arguments);
    LoggingSetup.finish();
    if (status != 0) {
      System.exit(status);
    }
  }
}
