package dev.pictj.catalog.rocksdb;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many changes of the catalog have been acknowledged: RocksDB's sequence number after the last
 * of them, in a small file beside its own. A database that comes back with a lower one has lost
 * some, however sound its files look: one whose newest log is missing, or ends early between two
 * records, looks like one that was never written to.
 *
 * <p>The file is not synced, for that would cost every upload another wait for the disk. It is
 * exact after anything that ends the process alone. After a power cut it may be behind, which only
 * makes it say less; so the file names the boot in which it was written. It names the log that was
 * the newest then, too, for one that is gone looks like one that was never there.
 */
final class Acknowledged implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Acknowledged.class);
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  private static final Pattern SEQUENCE = Pattern.compile("(00[0-9]{18}|[0-9]{1,18}) ");
  private static final Pattern NEWEST_LOG = Pattern.compile("\\b[0-9]{6,}\\.log\\b");

  private final RandomAccessFile file;
  private long highest;

  private Acknowledged(RandomAccessFile file) {
    this.file = file;
  }

  private static Path file(CatalogFolder folder) {
    return folder.path().resolve("ACKNOWLEDGED");
  }

  /** The text of the file; empty where it cannot be read. */
  private static String text(CatalogFolder folder) throws IOException {
    try {
      return Files.readString(file(folder));
    } catch (NoSuchFileException | CharacterCodingException _) {
      return "";
    }
  }

  /** The sequence number in the file; empty where it cannot be read. */
  static OptionalLong read(CatalogFolder folder) throws IOException {
    Matcher sequence = SEQUENCE.matcher(text(folder));
    return sequence.lookingAt()
        ? OptionalLong.of(Long.parseLong(sequence.group(1)))
        : OptionalLong.empty();
  }

  /** Whether it was written since this machine was started, so that no power cut has been since. */
  static boolean isOfThisBoot(CatalogFolder folder) throws IOException {
    return !boot().isEmpty() && text(folder).contains(boot());
  }

  /** The log that was the newest when the folder was last opened, if none since then is there. */
  static Optional<String> missingLog(CatalogFolder folder) throws IOException {
    Matcher newest = NEWEST_LOG.matcher(text(folder));
    if (!newest.find()) {
      return Optional.empty();
    }
    List<Path> logs = folder.files(".log");
    return logs.isEmpty() || logs.getLast().getFileName().toString().compareTo(newest.group()) < 0
        ? Optional.of(newest.group())
        : Optional.empty();
  }

  private static String boot() {
    try {
      return Files.readString(BOOT).strip();
    } catch (IOException _) {
      return "";
    }
  }

  /** Begins to write sequence numbers, with that of the open database. */
  static Acknowledged from(CatalogFolder folder, long sequence) throws IOException {
    Acknowledged acknowledged = new Acknowledged(new RandomAccessFile(file(folder).toFile(), "rw"));
    List<Path> logs = folder.files(".log");
    String newest = logs.isEmpty() ? "" : " " + logs.getLast().getFileName();
    acknowledged.write(sequence, " %s%s%n".formatted(boot(), newest));
    acknowledged.file.setLength(acknowledged.file.getFilePointer());
    return acknowledged;
  }

  /** Writes the file into a finished copy of a catalog, which has all changes up to this one. */
  static void leave(CatalogFolder copy, long sequence) throws IOException {
    from(copy, sequence).close();
    CatalogFolder.sync(copy.path());
  }

  /** Writes down that everything up to this change is acknowledged. */
  synchronized void upTo(long sequence) {
    if (sequence > highest) {
      try {
        write(sequence, "");
      } catch (IOException e) {
        // An older number only proves less; a disk that refuses this will soon refuse more.
        log.debug("cannot write down what was acknowledged", e);
      }
    }
  }

  private synchronized void write(long sequence, String after) throws IOException {
    file.seek(0);
    file.write("%020d%s".formatted(sequence, after).getBytes(StandardCharsets.US_ASCII));
    highest = sequence;
  }

  @Override
  public synchronized void close() throws IOException {
    try (file) {
      file.getFD().sync();
    }
  }
}
