package dev.pictj.http;

import dev.pictj.catalog.Media;
import dev.pictj.engine.Abilities;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.StartTask;
import dev.pictj.media.Dimensions;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Transparency;
import dev.pictj.process.Chain;
import dev.pictj.process.Variants;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.MissingBlobException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Chooses the format of a variant by what its client can show. It decides nothing else: what is
 * sent is the variant that the format's own name asks for.
 *
 * <p>Formats that not every client shows are sent to clients that name them. Of what is left, JPEG,
 * PNG and GIF, the one that suits the picture is as good as those; the others are for clients that
 * take nothing else. A client that accepts no format that can be made gets one that all clients
 * show.
 *
 * @param stills formats of stills that have to be named, the best first
 * @param animations formats of animations that have to be named, the best first
 * @param abilities what can be made at all, known a little after the start
 */
record Negotiation(
    List<MediaType> stills,
    List<MediaType> animations,
    StartTask<Abilities> abilities,
    BlobStore store) {
  /** The extension that stands for whichever format is chosen. */
  static final String AUTO = "auto";

  /**
   * The format for a picture with these operations.
   *
   * @param tooExpensive formats that took more time or memory than they may; one of them is chosen
   *     where there is no other
   */
  MediaType choose(Media media, Chain chain, Acceptable accept, Set<MediaType> tooExpensive)
      throws IOException, EngineException, InterruptedException {
    boolean moves =
        media.details().frames() > 1 && !media.details().type().has(MediaType.Trait.VIDEO);
    Abilities able = abilities.await();
    Dimensions size = chain.plan(media.details().dimensions()).result();
    Optional<MediaType> named =
        (moves ? animations : stills)
            .stream()
                .filter(type -> accept.weightByName(type) > 0 && type.holds(size))
                .filter(type -> !tooExpensive.contains(type))
                .filter(type -> isAble(able, media, chain, type, moves))
                .reduce((one, next) -> accept.weight(next) > accept.weight(one) ? next : one);
    int weight = named.map(accept::weight).orElse(0);
    if (named.isPresent()
        && MediaType.all(MediaType.Trait.EVERYWHERE).allMatch(it -> accept.weight(it) <= weight)) {
      // Transparency makes no difference to the choice.
      return named.get();
    }
    List<MediaType> everywhere =
        MediaType.everywhere(moves, isTransparent(media)).stream()
            .filter(
                type ->
                    isAble(able, media, chain, type, moves && type.has(MediaType.Trait.ANIMATION)))
            .toList();
    MediaType usual = everywhere.getFirst();
    if (named.isPresent() && weight >= accept.weight(usual)) {
      return named.get();
    }
    return everywhere.stream()
        .filter(type -> accept.weight(type) > 0)
        .findFirst()
        .orElseGet(() -> named.orElse(usual));
  }

  /** Whether a variant can be made in a format, or need not be made. */
  private static boolean isAble(
      Abilities able, Media media, Chain chain, MediaType type, boolean moves) {
    return Variants.changesNothing(media, chain, type)
        || (moves ? able.moves(media.details().type(), type) : able.made().contains(type));
  }

  /** Whether a picture may be transparent; one that cannot be read fails when it is rendered. */
  private boolean isTransparent(Media media) throws IOException {
    if (!media.details().type().has(MediaType.Trait.ALPHA)
        || media.details().dimensions().equals(Dimensions.NONE)) {
      return false;
    }
    AtomicBoolean transparent = new AtomicBoolean();
    try {
      store.withFile(
          BlobName.original(media.filename()),
          file -> transparent.set(Transparency.isPossible(file)));
    } catch (MediaException | MissingBlobException _) {
      return false;
    }
    return transparent.get();
  }
}
