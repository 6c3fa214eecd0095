package dev.pictj.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the inputs that fuzzing begins with, for {@code script/fuzz}. */
final class Seeds {
  private Seeds() {}

  /**
   * Makes a folder for each target and prints its name and the class to call, a line each.
   *
   * @param arguments the folder to make them in
   */
  public static void main(String[] arguments) throws IOException {
    for (Target target : Target.values()) {
      Path folder = Files.createDirectories(Path.of(arguments[0], target.folder()));
      List<byte[]> seeds = target.seeds();
      for (int i = 0; i < seeds.size(); i++) {
        Files.write(folder.resolve("seed-" + i), seeds.get(i));
      }
      System.out.println(target.folder() + " " + target.program());
    }
  }
}
