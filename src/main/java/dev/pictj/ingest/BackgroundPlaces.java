package dev.pictj.ingest;

import dev.pictj.engine.Party;
import dev.pictj.ingest.NoPlaceException.Reason;
import dev.pictj.media.Quantity;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The places of uploads that wait in the background, in uploads and in bytes.
 *
 * <p>A client that has places is given more only while as many stay free for others: one alone has
 * up to half of all, two have up to a third each, and the next client finds a place. A client that
 * has none may take all that are free, so that an upload which fits is not refused for ever.
 * Clients without a known address cannot be told apart, and have no such bound.
 */
final class BackgroundPlaces {
  private final int maxUploads;
  private final long maxBytes;
  private final Map<Party, Share> shares = new HashMap<>();
  private Share all = Share.NONE;

  /** The places that a client has. */
  private record Share(int uploads, long bytes) {
    static final Share NONE = new Share(0, 0);

    Share plus(int moreUploads, long moreBytes) {
      return new Share(uploads + moreUploads, bytes + moreBytes);
    }
  }

  BackgroundPlaces(int maxUploads, long maxBytes) {
    this.maxUploads = maxUploads;
    this.maxBytes = maxBytes;
  }

  /**
   * Takes places.
   *
   * @param party the client, where he is known
   * @throws NoPlaceException when there are none for him
   */
  synchronized void reserve(Optional<Party> party, int uploads, long bytes) {
    if (uploads > maxUploads) {
      throw new NoPlaceException(
          Reason.TOO_MANY,
          "%d uploads at once are over the limit of %d that may wait in the background"
              .formatted(uploads, maxUploads));
    }
    if (bytes > maxBytes) {
      throw new NoPlaceException(
          Reason.TOO_LARGE,
          "Uploads of %s at once are over the limit of %s that may wait in the background"
              .formatted(Quantity.bytes(bytes, maxBytes), Quantity.bytes(maxBytes, bytes)));
    }
    Share then = all.plus(uploads, bytes);
    if (then.uploads() > maxUploads) {
      throw new NoPlaceException(
          Reason.TAKEN,
          "%d uploads wait in the background, and %d more would exceed the limit of %d; try again"
                  .formatted(all.uploads(), uploads, maxUploads)
              + " later");
    }
    if (then.bytes() > maxBytes) {
      throw new NoPlaceException(
          Reason.TAKEN,
          "Uploads of %s wait in the background, and %s more would exceed the limit of %s; try"
                  .formatted(
                      Quantity.bytes(all.bytes()), Quantity.bytes(bytes), Quantity.bytes(maxBytes))
              + " again later");
    }
    Share his = party.map(shares::get).orElse(Share.NONE);
    if (his.uploads() > 0) {
      requireLeft(his.plus(uploads, bytes), maxUploads - then.uploads(), maxBytes - then.bytes());
    }
    change(party, uploads, bytes);
  }

  private static void requireLeft(Share his, int uploadsLeft, long bytesLeft) {
    if (his.uploads() > uploadsLeft) {
      throw new NoPlaceException(
          Reason.TAKEN,
          "%d uploads of one client would wait in the background, over his limit of the %d places"
                  .formatted(his.uploads(), uploadsLeft)
              + " that are left for others; try again later");
    }
    if (his.bytes() > bytesLeft) {
      throw new NoPlaceException(
          Reason.TAKEN,
          "Uploads of %s of one client would wait in the background, over his limit of the %s that"
                  .formatted(Quantity.bytes(his.bytes()), Quantity.bytes(bytesLeft))
              + " are left for others; try again later");
    }
  }

  /** Takes places for what waits already. */
  synchronized void take(int uploads, long bytes) {
    change(Optional.empty(), uploads, bytes);
  }

  /** Gives places back. */
  synchronized void release(Optional<Party> party, int uploads, long bytes) {
    change(party, -uploads, -bytes);
  }

  private void change(Optional<Party> party, int uploads, long bytes) {
    all = all.plus(uploads, bytes);
    party.ifPresent(
        one ->
            shares.compute(
                one,
                (_, known) -> {
                  Share share = (known == null ? Share.NONE : known).plus(uploads, bytes);
                  return share.uploads() == 0 ? null : share;
                }));
  }

  synchronized int uploads() {
    return all.uploads();
  }

  synchronized long bytes() {
    return all.bytes();
  }
}
