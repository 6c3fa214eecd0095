package dev.pictj.ingest;

import dev.pictj.media.Preview;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import dev.pictj.store.TempFile;
import java.util.Optional;

/**
 * A file fit for storing.
 *
 * @param hash of its bytes
 * @param verifiedBy who says that it is sound
 * @param preview of it, where the verification gave one
 * @param origin what it was made of, where that is to be remembered
 */
record Normal(
    TempFile file,
    Probed probed,
    String hash,
    VerifiedBy verifiedBy,
    Optional<Preview> preview,
    Optional<String> origin) {
  Normal(
      TempFile file, Probed probed, String hash, VerifiedBy verifiedBy, Optional<String> origin) {
    this(file, probed, hash, verifiedBy, Optional.empty(), origin);
  }
}
