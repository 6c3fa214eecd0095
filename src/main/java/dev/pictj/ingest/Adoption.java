package dev.pictj.ingest;

import dev.pictj.catalog.AliasTakenException;
import dev.pictj.catalog.Catalog;
import dev.pictj.catalog.Link;
import dev.pictj.catalog.Media;
import dev.pictj.catalog.MediaVanishedException;
import dev.pictj.media.MediaException;
import dev.pictj.store.BlobName;
import dev.pictj.store.BlobStore;
import dev.pictj.store.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Takes names and their pictures over from another server, one at a time. Doing it again changes
 * nothing, so that a move may be broken off and begun anew; a name that means something else here
 * is left alone.
 */
public record Adoption(Ingest ingest, Catalog catalog, BlobStore store, CpuPool cpu, Names names) {
  /** What became of a name. */
  public enum Outcome {
    /** The picture of the name was stored. */
    STORED,
    /** The name was given to a picture that was here already. */
    NAMED,
    /** The name and the picture were here already. */
    THERE,
    /** The picture is not here: its bytes are needed. */
    WANTED,
    /** The name belongs to another picture here. */
    TAKEN,
    /** The name was deleted here, and does not come back. */
    DELETED
  }

  /**
   * The result for one name.
   *
   * @param deleteToken what deletes the name; empty where it does not name the picture
   * @param objection what an upload of the picture would be refused for; empty where nothing was
   *     stored
   */
  public record Adopted(Outcome outcome, Optional<String> deleteToken, Optional<String> objection) {
    private Adopted(Outcome outcome) {
      this(outcome, Optional.empty(), Optional.empty());
    }

    /** Leaves out the token, which is a secret. */
    @Override
    public String toString() {
      return "Adopted[" + outcome + "]";
    }
  }

  /**
   * Gives a picture that is here a name, if it is here.
   *
   * @param hash SHA-256 of its bytes
   * @param deleteToken what deletes the name from now on; empty for what it is, or a fresh one
   * @throws MediaException when the picture is denied
   */
  public Adopted name(String alias, String hash, long size, Optional<String> deleteToken)
      throws IOException, MediaException {
    while (true) {
      Optional<Media> known = catalog.find(alias);
      if (known.isPresent()) {
        return there(alias, known.get(), hash, deleteToken);
      }
      if (catalog.isKeptAway(alias)) {
        return new Adopted(Outcome.DELETED);
      }
      Optional<Media> media = catalog.findByHash(hash);
      if (media.isEmpty()
          || store.size(BlobName.original(media.get().filename())).orElse(-1) != size) {
        return new Adopted(Outcome.WANTED);
      }
      DenyCheck deny = new DenyCheck(catalog.denied(), cpu);
      deny.requireStored(hash, media.get().preview());
      String token = deleteToken.orElseGet(names::token);
      try {
        var _ =
            catalog.link(
                List.of(
                    new Link(
                        alias,
                        token,
                        media.get(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        deny.version())));
        return new Adopted(Outcome.NAMED, Optional.of(token), Optional.empty());
      } catch (AliasTakenException | MediaVanishedException _) {
        // Another request has changed the name just now.
      }
    }
  }

  private Adopted there(String alias, Media known, String hash, Optional<String> deleteToken) {
    if (!known.hash().equals(hash)) {
      return new Adopted(Outcome.TAKEN);
    }
    if (deleteToken.isPresent() && !deleteToken.equals(catalog.deleteToken(alias))) {
      var _ = catalog.setDeleteToken(alias, deleteToken.get());
    }
    return new Adopted(Outcome.THERE, catalog.deleteToken(alias), Optional.empty());
  }

  /**
   * Stores a picture under its name, unless both are here.
   *
   * @param file its bytes, on disk; left to the caller to remove
   * @param announced their hash, where that is known
   * @throws MediaException when the hash is another one, and when the header cannot be read and its
   *     past tells nothing of it
   */
  public Adopted store(Path file, String alias, Optional<String> announced, Past past)
      throws Exception {
    String hash = cpu.call(() -> ContentHash.of(file));
    if (announced.isPresent() && !announced.get().equals(hash)) {
      throw new MediaException(
          MediaException.Reason.INVALID, "The bytes that came do not have the hash that was said");
    }
    Adopted before = name(alias, hash, Files.size(file), past.deleteToken());
    if (before.outcome() != Outcome.WANTED) {
      return before;
    }
    Optional<String> objection = ingest.objection(file);
    try {
      Stored stored = ingest.adopt(new Received(file, alias, past), objection.isEmpty());
      return new Adopted(Outcome.STORED, Optional.of(stored.deleteToken()), objection);
    } catch (AliasTakenException e) {
      return there(alias, catalog.find(alias).orElseThrow(() -> e), hash, past.deleteToken());
    }
  }
}
