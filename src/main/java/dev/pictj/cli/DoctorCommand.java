package dev.pictj.cli;

import dev.pictj.app.Doctor;
import java.io.PrintStream;
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
    for (Doctor.Row row : new Doctor(environment.getOrDefault("PATH", "")).rows()) {
      out.printf(
          "%-8s | %s | %s | %s | %s%n",
          row.type().label(), row.read(), row.made(), row.animated() ? "yes" : "", row.by());
    }
    return 0;
  }
}
