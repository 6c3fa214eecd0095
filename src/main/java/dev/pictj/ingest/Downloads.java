package dev.pictj.ingest;

import dev.pictj.engine.Caller;
import dev.pictj.ingest.fetch.FetchException;
import dev.pictj.ingest.fetch.RemoteFetcher;
import dev.pictj.store.TempFile;
import dev.pictj.store.TempFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Fetches pictures from elsewhere and stores them like uploads. */
public record Downloads(
    RemoteFetcher fetcher, TempFolder temporary, SpoolBudget spool, Ingest ingest) {
  /**
   * Fetches and stores one picture.
   *
   * @param terms of the client
   * @param caller asked from time to time whether he still wants it, until the storing begins
   * @throws FetchException when there is nothing to store
   * @throws dev.pictj.engine.CallerGoneException when nobody wants it any more; the connection to
   *     the remote host is closed by then
   * @throws dev.pictj.media.MediaException when what was fetched is refused
   */
  public List<Stored> store(String url, Terms terms, Caller caller) throws Exception {
    return fetch(
        url,
        caller,
        file -> ingest.store(List.of(new Received(file, Optional.empty())), terms, caller));
  }

  /** What is done with a file that was fetched. */
  @FunctionalInterface
  public interface Use<T> {
    /** Uses the file, which is gone when this returns. */
    T of(Path file) throws Exception;
  }

  /** Fetches one picture and does something with it; see {@link #store}. */
  public <T> T fetch(String url, Caller caller, Use<T> use) throws Exception {
    try (SpoolBudget.Share share = spool.open();
        TempFile file = temporary.next("download")) {
      if (fetch(url, file, share, caller) == 0) {
        throw new FetchException(
            FetchException.Reason.BAD_STATUS, "Unable to download image, the response is empty");
      }
      return use.of(file.path());
    }
  }

  /** Fetches on a thread of its own, which alone is interrupted when the caller has gone. */
  private long fetch(String url, TempFile file, SpoolBudget.Share share, Caller caller)
      throws Exception {
    return new SideBySide<String, Long>(
            List.of(url), one -> fetcher.fetch(one, file.path(), share::take), _ -> {})
        .run(1, caller)
        .getFirst();
  }
}
