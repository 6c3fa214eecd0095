package dev.pictj.catalog;

import java.util.List;

/**
 * Remembers work that a reply has promised and that is done later, beside uploads, which {@link
 * BackgroundUploads} has. A server that ends leaves it to the next start. Each method is one atomic
 * step.
 */
public interface OwedWork {
  /**
   * A piece of work that is owed.
   *
   * @param kind tells who does the work
   * @param id tells the work from others of its kind
   * @param text what whoever does the work has to know
   * @param attempts servers that crashed or were killed while they went on with the work
   */
  record Task(String kind, String id, String text, int attempts) {
    /** The same with so many attempts. */
    public Task withAttempts(int number) {
      return new Task(kind, id, text, number);
    }
  }

  /**
   * Writes a task down, in place of another of its kind and id. It is on the disk when this
   * returns.
   */
  void owe(Task task);

  /** The tasks of a kind, in the order of their ids. */
  List<Task> owed(String kind);

  /**
   * Notes the attempts at a task, which outlives the end of this process. Does nothing where the
   * task is settled, or another has taken its place.
   */
  void count(Task task);

  /**
   * Forgets a task that is done, or never will be; not one that has taken its place. A power cut
   * may bring it back.
   */
  void settle(Task task);
}
