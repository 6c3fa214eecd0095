package dev.pictj.upkeep;

import dev.pictj.store.StoreGoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether the folders that a server works in are still those it found at its start: files
 * that are open go on living in a folder that was removed, moved or mounted over, and what is
 * written to them then is lost. The log hears of changes only.
 */
public final class DataFolders {
  private static final Logger log = LoggerFactory.getLogger(DataFolders.class);

  /** To what the system knows each by, where it does. */
  private final Map<Path, Object> keys;

  private final AtomicReference<String> told = new AtomicReference<>("");

  private DataFolders(Map<Path, Object> keys) {
    this.keys = keys;
  }

  /** These folders as they are now, which all exist. */
  public static DataFolders of(List<Path> folders) throws IOException {
    Map<Path, Object> keys = new LinkedHashMap<>();
    for (Path folder : folders) {
      keys.put(folder, key(folder));
    }
    return new DataFolders(keys);
  }

  private static Object key(Path folder) throws IOException {
    return Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
  }

  /**
   * Passes while all are there.
   *
   * @throws StoreGoneException that names the first one that is not
   */
  public void require() throws StoreGoneException {
    String trouble = trouble();
    String before = told.getAndSet(trouble);
    if (!trouble.isEmpty()) {
      if (!trouble.equals(before)) {
        log.error("nothing can be stored: {}", trouble);
      }
      throw new StoreGoneException(trouble);
    }
    if (!before.isEmpty()) {
      log.info("the data folder is there again");
    }
  }

  private String trouble() {
    for (Map.Entry<Path, Object> one : keys.entrySet()) {
      Path folder = one.getKey();
      try {
        if (!Files.isDirectory(folder)) {
          return "the folder %s is gone, or is none any more".formatted(folder);
        }
        if (!Objects.equals(key(folder), one.getValue())) {
          return "the folder %s is another one than at the start".formatted(folder);
        }
      } catch (IOException e) {
        return "the folder %s cannot be looked at: %s".formatted(folder, e);
      }
    }
    return "";
  }
}
