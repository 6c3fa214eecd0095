package dev.pictj.cli;

import dev.pictj.app.Doctor;
import dev.pictj.app.StartException;
import dev.pictj.config.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code pictj doctor}: what a server with these options could do on this machine, format by
 * format, and what it lacks.
 *
 * @param environment variables by name
 */
record DoctorCommand(PrintStream out, Map<String, String> environment) {
  /** The variables, and a data folder where none is named, for nothing is looked for in it. */
  Map<String, String> settingsEnvironment() {
    Map<String, String> all = new HashMap<>(environment);
    all.putIfAbsent("PICTRS_PATH", System.getProperty("java.io.tmpdir"));
    return all;
  }

  /**
   * Prints the table.
   *
   * @throws StartException when a server would not start for want of a tool
   */
  void run(Settings settings) throws StartException, IOException, InterruptedException {
    out.println("format   | in | out | animated | by");
    Doctor doctor = new Doctor(settings, environment.getOrDefault("PATH", ""));
    for (Doctor.Row row : doctor.rows()) {
      out.printf(
          "%-8s | %s | %s | %s | %s%n",
          row.type().label(), row.read(), row.made(), row.animated() ? "yes" : "", row.by());
    }
    List<String> codecs = doctor.codecs();
    if (!codecs.isEmpty()) {
      out.println("libvips goes by " + String.join(", ", codecs));
    }
    doctor.requireTools();
  }
}
