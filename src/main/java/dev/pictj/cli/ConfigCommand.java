package dev.pictj.cli;

import dev.pictj.config.Settings;
import java.io.PrintStream;

/**
 * {@code pictj config}: prints the settings that a server with these options would have.
 *
 * @param out gets them, in TOML
 * @param err gets what an administrator should know of them
 */
record ConfigCommand(PrintStream out, PrintStream err) {
  void run(Settings settings) {
    settings.notes().forEach(note -> err.println("note: " + note));
    settings.warnings().forEach(warning -> err.println("warning: " + warning));
    out.print(settings.toToml());
  }
}
