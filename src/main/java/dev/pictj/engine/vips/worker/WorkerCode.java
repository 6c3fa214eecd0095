package dev.pictj.engine.vips.worker;

import dev.pictj.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The jar that this server was started from, for its workers. Server and worker must be of one
 * build, so it is held open: when an upgrade or a build has put another jar in its place, or has
 * removed it, workers run from a copy of what is still open.
 */
final class WorkerCode implements AutoCloseable {
  private final Path file;
  private final Path scratch;
  private final @Nullable FileChannel jar;
  private final @Nullable Object key;
  private @Nullable Path copy;

  /**
   * Holds a jar open.
   *
   * @param file the jar, or a folder of classes, which is taken as it is
   * @param scratch where a copy is put
   */
  WorkerCode(Path file, Path scratch) throws IOException {
    this.file = file;
    this.scratch = scratch;
    this.jar = Files.isDirectory(file) ? null : FileChannel.open(file);
    this.key = key(file);
  }

  /** What this class itself comes from. */
  static WorkerCode own(Path scratch) {
    // Not from its code source, which a class out of an ahead-of-time cache does not have.
    String name = Worker.class.getName().replace('.', '/') + ".class";
    URL url = Objects.requireNonNull(Worker.class.getClassLoader().getResource(name));
    try {
      if (url.openConnection() instanceof JarURLConnection found) {
        return new WorkerCode(Path.of(found.getJarFileURL().toURI()), scratch);
      }
      Path file = Path.of(url.toURI());
      return new WorkerCode(
          file.getRoot()
              .resolve(file.subpath(0, file.getNameCount() - Path.of(name).getNameCount())),
          scratch);
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("the program cannot read its own file " + url, e);
    }
  }

  /** Tells files apart. While one is held open, no other has its key. */
  private static @Nullable Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /** Where the code is now. */
  synchronized Path path() throws EngineException {
    try {
      if (copy == null && jar != null && isReplaced()) {
        copy = copy(jar);
      }
      return copy == null ? file : copy;
    } catch (IOException e) {
      throw new EngineException("the server's jar was replaced, and cannot be copied", e);
    }
  }

  private boolean isReplaced() throws IOException {
    try {
      return !Objects.equals(key, key(file));
    } catch (NoSuchFileException _) {
      return true;
    }
  }

  private Path copy(FileChannel jar) throws IOException {
    Path made = Files.createTempFile(scratch, "pictj-", ".jar");
    try {
      // Not closed, which would close the jar.
      InputStream in = Channels.newInputStream(jar.position(0));
      Files.copy(in, made, StandardCopyOption.REPLACE_EXISTING);
      return made;
    } catch (IOException e) {
      Files.deleteIfExists(made);
      throw e;
    }
  }

  @Override
  public synchronized void close() {
    try {
      if (jar != null) {
        jar.close();
      }
      if (copy != null) {
        Files.deleteIfExists(copy);
      }
    } catch (IOException _) {
      // It is in a folder that the next start empties.
    }
  }
}
