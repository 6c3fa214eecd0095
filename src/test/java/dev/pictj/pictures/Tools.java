package dev.pictj.pictures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The command line programs that make what the JDK cannot write: WebP and video. */
public final class Tools {
  private static final Map<String, Path> FOUND = new ConcurrentHashMap<>();

  private Tools() {}

  /** ImageMagick's {@code convert}; programs that only share its name are passed over. */
  public static Path convert() {
    return FOUND.computeIfAbsent("convert", name -> find(name, "Version: ImageMagick"));
  }

  /** {@code ffmpeg}. */
  public static Path ffmpeg() {
    return FOUND.computeIfAbsent("ffmpeg", name -> find(name, "ffmpeg version"));
  }

  /** {@code ffprobe}, which comes with ffmpeg. */
  public static Path ffprobe() {
    return FOUND.computeIfAbsent("ffprobe", name -> find(name, "ffprobe version"));
  }

  /** Runs a program in a folder of its own and returns the file it made there. */
  public static byte[] make(
      Map<String, byte[]> inputs, String output, Path program, String... arguments) {
    return run(
        inputs,
        program,
        arguments,
        (folder, said) -> {
          Path made = folder.resolve(output);
          if (!Files.isRegularFile(made)) {
            throw new IllegalStateException(program + " made nothing: " + said);
          }
          return Files.readAllBytes(made);
        });
  }

  /** Runs a program in a folder of its own and returns what it said. */
  public static String tell(Map<String, byte[]> inputs, Path program, String... arguments) {
    return run(inputs, program, arguments, (_, said) -> said);
  }

  private interface Result<T> {
    T of(Path folder, String said) throws IOException;
  }

  private static <T> T run(
      Map<String, byte[]> inputs, Path program, String[] arguments, Result<T> result) {
    try {
      Path folder = Files.createTempDirectory("pictures");
      try {
        for (Map.Entry<String, byte[]> input : inputs.entrySet()) {
          Files.write(folder.resolve(input.getKey()), input.getValue());
        }
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(List.of(arguments));
        String said = run(folder, command);
        return result.of(folder, said);
      } finally {
        try (var files = Files.list(folder)) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first program of a name that nothing else has. */
  public static Path onPath(String name) {
    return FOUND.computeIfAbsent(name, _ -> find(name, ""));
  }

  private static Path find(String name, String mark) {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      Path candidate = Path.of(folder).resolve(name).toAbsolutePath();
      if (Files.isExecutable(candidate)
          && (mark.isEmpty() || versionOf(candidate).contains(mark))) {
        return candidate;
      }
    }
    throw new IllegalStateException("the tests need " + name + " on PATH");
  }

  private static String versionOf(Path program) {
    try {
      return run(Path.of(System.getProperty("java.io.tmpdir")), List.of("" + program, "-version"));
    } catch (IOException | IllegalStateException e) {
      return "";
    }
  }

  private static String run(Path folder, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    try {
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(command + " failed: " + said);
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
