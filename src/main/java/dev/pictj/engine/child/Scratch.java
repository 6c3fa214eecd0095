package dev.pictj.engine.child;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** The private temp folder of one run: removed when closed, whatever the child left there. */
final class Scratch implements AutoCloseable {
  /** The size of the smallest file on most disks. */
  private static final long BLOCK_BYTES = 4096;

  private final Path folder;

  Scratch(Path parent) throws IOException {
    this.folder = Files.createTempDirectory(parent, "run-");
  }

  Path folder() {
    return folder;
  }

  /**
   * Whether there is more in it than so many bytes. Each file and folder counts as at least one
   * block, so that a million empty ones are no way around, and the count ends early.
   */
  boolean holdsMoreThan(long bytes) throws IOException {
    Counter counter = new Counter(bytes);
    Files.walkFileTree(folder, counter);
    return counter.sum > bytes;
  }

  @Override
  public void close() throws IOException {
    Files.walkFileTree(folder, new Remover());
  }

  /** Counts blocks; files that are removed meanwhile are no failure. */
  private static final class Counter extends SimpleFileVisitor<Path> {
    private final long limit;
    private long sum;

    Counter(long limit) {
      this.limit = limit;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
      return add(0);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      return add(attributes.size());
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException gone) {
      return add(0);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path dir, IOException gone) {
      return FileVisitResult.CONTINUE;
    }

    private FileVisitResult add(long size) {
      sum += (Math.max(size, 1) + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
      return sum > limit ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
    }
  }

  private static final class Remover extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    /** Gives a folder that the child has made unreadable its permissions back, once. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (!Files.isDirectory(file) || (Files.isReadable(file) && Files.isExecutable(file))) {
        throw failure;
      }
      open(file);
      Files.walkFileTree(file, this);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
        throws IOException {
      if (!Files.isWritable(dir) || !Files.isExecutable(dir)) {
        open(dir);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path dir, IOException failure) throws IOException {
      Files.deleteIfExists(dir);
      return FileVisitResult.CONTINUE;
    }

    private static void open(Path dir) throws IOException {
      Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
    }
  }
}
