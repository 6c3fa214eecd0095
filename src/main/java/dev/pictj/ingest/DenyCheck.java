package dev.pictj.ingest;

import dev.pictj.catalog.Denied;
import dev.pictj.catalog.DenyList;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaException.Reason;
import dev.pictj.media.Phash;
import dev.pictj.media.Preview;
import dev.pictj.store.ContentHash;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses what is on the deny list. A list without entries of a kind costs nothing of that kind.
 */
final class DenyCheck {
  private static final Logger log = LoggerFactory.getLogger(DenyCheck.class);

  private final DenyList list;
  private final DenyList.State state;
  private final CpuPool cpu;

  /** A check by the list as it is now. */
  DenyCheck(DenyList list, CpuPool cpu) {
    this.list = list;
    this.state = list.now();
    this.cpu = cpu;
  }

  /** The version of the list. */
  long version() {
    return state.version();
  }

  /** Whether an upload can be judged only when it is known how it looks. */
  boolean needsLooks() {
    return !state.looks().isEmpty();
  }

  /**
   * Judges bytes as they were received.
   *
   * @param known their hash, where it was taken before
   * @return their hash, where it was needed
   */
  Optional<String> requireReceived(Path received, Optional<String> known) throws Exception {
    if (!state.hasBytes()) {
      return known;
    }
    String hash = known.isPresent() ? known.get() : cpu.call(() -> ContentHash.of(received));
    requireNone(list.find(hash));
    return Optional.of(hash);
  }

  /** Judges a file that is to be stored. */
  void requireStored(String hash, Optional<Preview> preview) throws MediaException {
    if (state.hasBytes()) {
      requireNone(list.find(hash));
    }
    requireNone(Phash.of(preview).flatMap(state::find));
  }

  private static void requireNone(Optional<Denied> entry) throws MediaException {
    if (entry.isPresent()) {
      log.info("an upload is refused, for {} is denied", entry.get().id());
      throw new MediaException(Reason.DENIED, "This file is denied on this server");
    }
  }
}
