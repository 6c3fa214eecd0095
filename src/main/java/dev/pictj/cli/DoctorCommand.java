package dev.pictj.cli;

import dev.pictj.app.Doctor;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code pictj doctor}: what this machine can do, format by format, and what it lacks. */
@Command(
    name = "doctor",
    description = "Prints what can be done with each format here, and by what.")
final class DoctorCommand implements Callable<Integer> {
  private final PrintStream out;
  private final Map<String, String> environment;

  DoctorCommand(PrintStream out, Map<String, String> environment) {
    this.out = out;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    out.println("format   | in | out | animated | by");
    Doctor doctor = new Doctor(environment.getOrDefault("PATH", ""));
    for (Doctor.Row row : doctor.rows()) {
      out.printf(
          "%-8s | %s | %s | %s | %s%n",
          row.type().label(), row.read(), row.made(), row.animated() ? "yes" : "", row.by());
    }
    List<String> codecs = doctor.codecs();
    if (!codecs.isEmpty()) {
      out.println("libvips goes by " + String.join(", ", codecs));
    }
    return 0;
  }
}
