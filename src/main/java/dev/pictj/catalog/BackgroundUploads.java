package dev.pictj.catalog;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Uploads that are worked on behind their reply. The bytes as they came are stored under a filename
 * that this names, until {@link Catalog#link} names what became of them or they are refused; what
 * came of an upload waits here until somebody claims it. Each method is one atomic step.
 */
public interface BackgroundUploads {
  /**
   * An upload.
   *
   * @param id by which it is claimed
   * @param filename of the bytes as they came
   * @param hash SHA-256 of them, in hexadecimal digits
   * @param size of them
   * @param query what the client asked to be done to them, as it was written
   * @param attempts how often work on it has begun
   * @param outcome empty as long as it waits
   */
  record Upload(
      String id,
      String filename,
      String hash,
      long size,
      String query,
      int attempts,
      Instant accepted,
      Optional<Outcome> outcome) {
    /** An upload that has just been received. */
    public Upload(
        String id, String filename, String hash, long size, String query, Instant accepted) {
      this(id, filename, hash, size, query, 0, accepted, Optional.empty());
    }
  }

  /** What came of an upload. */
  sealed interface Outcome {
    /** The upload was stored, and has an alias. */
    record Stored(String alias, String deleteToken) implements Outcome {
      /** Leaves out the token, which is a secret. */
      @Override
      public String toString() {
        return "Stored[" + alias + "]";
      }
    }

    /**
     * The upload was refused, or its bytes are lost.
     *
     * @param code for programs
     * @param message for people
     */
    record Refused(String code, String message) implements Outcome {}
  }

  /**
   * Accepts uploads whose bytes are stored; on the disk when this returns.
   *
   * @throws MediaVanishedException when a filename is not announced any more; none is accepted then
   */
  void accept(Collection<Upload> uploads) throws MediaVanishedException;

  /** An upload that waits, or whose outcome nobody has claimed. */
  Optional<Upload> find(String id);

  /**
   * A page of the uploads that wait, in the order of their ids.
   *
   * @param after the last id of the page before; empty for the first page
   */
  List<Upload> waiting(String after, int most);

  /**
   * Counts an attempt, which outlives the end of this process.
   *
   * @return the upload with it; empty where it does not wait any more
   */
  Optional<Upload> begin(String id);

  /** Counts an attempt no more, where the upload still waits. */
  void takeBack(String id);

  /**
   * Ends an upload that came to nothing; the bytes as they came enter the trash journal. Does
   * nothing where it does not wait any more. On the disk when this returns.
   */
  void refuse(String id, Outcome.Refused outcome);

  /**
   * Hands out what came of an upload, once; on the disk when this returns.
   *
   * @return the upload, without outcome as long as it waits; empty where there is none
   */
  Optional<Upload> claim(String id);

  /** The uploads that ended at this moment or before and nobody has claimed, the oldest first. */
  List<Upload> unclaimed(Instant before, int most);
}
