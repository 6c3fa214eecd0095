package dev.pictj.cli;

import dev.pictj.config.Settings;
import java.io.PrintStream;

/**
 * {@code pictj config}: prints the settings that a server with these options would have, or only
 * whether it could have them.
 *
 * @param out gets them, in TOML
 * @param err gets what an administrator should know of them
 */
record ConfigCommand(PrintStream out, PrintStream err) {
  void run(Settings settings) {
    tell(settings);
    out.print(settings.toToml());
  }

  /** {@code pictj config check}, where nothing was found to be wrong. */
  void check(Settings settings) {
    tell(settings);
    out.println("the settings are valid");
  }

  private void tell(Settings settings) {
    settings.notes().forEach(note -> err.println("note: " + note));
    settings.warnings().forEach(warning -> err.println("warning: " + warning));
  }
}
