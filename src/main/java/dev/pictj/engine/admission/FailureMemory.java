package dev.pictj.engine.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.pictj.media.MediaException;
import java.time.Duration;

/**
 * Work that failed because of what it is, and would fail again: it took more time, memory or disk
 * than it may, or its picture is damaged. For a while it is answered as it was, at once.
 *
 * <p>What failed for another reason says nothing about the next time and is not kept: too much to
 * do, a stop, a client that has gone, a full disk, a tool that is missing. Those are no {@link
 * MediaException}, or one of another reason.
 */
public final class FailureMemory {
  private final Cache<String, MediaException> failures;

  /**
   * Makes an empty memory.
   *
   * @param entries most failures to remember, about half a kilobyte each
   * @param retention how long one is remembered
   */
  public FailureMemory(int entries, Duration retention) {
    this(entries, retention, Ticker.systemTicker());
  }

  FailureMemory(int entries, Duration retention, Ticker ticker) {
    failures =
        Caffeine.newBuilder()
            .maximumSize(entries)
            .expireAfterWrite(retention)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  /** Keeps a failure where it is one that would come again. */
  public void add(String work, Throwable failure) {
    if (failure instanceof MediaException refused && isLasting(refused)) {
      addFinal(work, refused);
    }
  }

  /** Keeps a failure of any reason, because it came at a cost. */
  public void addFinal(String work, MediaException failure) {
    // Without its cause, which is large and was logged.
    failures.put(work, new MediaException(failure.reason(), failure.getMessage()));
  }

  /** Whether a failure would come again. */
  public static boolean isLasting(MediaException failure) {
    return switch (failure.reason()) {
      case INVALID, TOO_EXPENSIVE -> true;
      // Limits of size are judged by the header, which costs nothing; a tool may be installed.
      case WIDTH,
          HEIGHT,
          AREA,
          FRAMES,
          FILE_SIZE,
          DISALLOWED,
          DENIED,
          UNSUPPORTED,
          VIDEO_DISABLED ->
          false;
    };
  }

  /**
   * Fails as the same work has failed lately, if it has.
   *
   * @throws MediaException with the same reason and message
   */
  public void requireNone(String work) throws MediaException {
    MediaException known = failures.getIfPresent(work);
    if (known != null) {
      throw new MediaException(known.reason(), known.getMessage());
    }
  }

  /** Whether nothing is remembered, so that a look-up is not needed. */
  public boolean isEmpty() {
    return failures.estimatedSize() == 0;
  }
}
