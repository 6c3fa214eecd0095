package dev.pictj.engine.preview;

import dev.pictj.engine.AnimationRenderer;
import dev.pictj.engine.EngineException;
import dev.pictj.engine.ImageEngine;
import dev.pictj.engine.VideoEngine;
import dev.pictj.media.Dimensions;
import dev.pictj.media.Facts;
import dev.pictj.media.HeaderProbe;
import dev.pictj.media.MediaException;
import dev.pictj.media.MediaType;
import dev.pictj.media.Preview;
import dev.pictj.media.Probed;
import dev.pictj.media.VerifiedBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Makes previews: of a still, of the first frame of an animation or a video.
 *
 * <p>The copy that they are made of has at most 64 pixels each way. The highest frequency that is
 * used has ten half periods across, so the decoder may shrink while it decodes, which is fast.
 */
public final class PreviewMaker {
  private final ImageEngine images;
  private final Set<VerifiedBy> trusted;
  private final ImageEngine unverified;
  private final VideoEngine videos;
  private final Path folder;
  private final HeaderProbe probe = new HeaderProbe();

  /**
   * Makes previews by these engines.
   *
   * @param images of what is verified
   * @param trusted by whom it must have been
   * @param unverified of all else
   * @param videos of the first frame of a video, or of an animation that is coded like one
   * @param folder for files that are gone when a preview is made
   */
  public PreviewMaker(
      ImageEngine images,
      Set<VerifiedBy> trusted,
      ImageEngine unverified,
      VideoEngine videos,
      Path folder) {
    this.images = images;
    this.trusted = Set.copyOf(trusted);
    this.unverified = unverified;
    this.videos = videos;
    this.folder = folder;
  }

  /** Computes the preview from a tiny picture. */
  public static Preview of(TinyPicture picture) {
    return new Preview(
        Blurhash.of(picture),
        Optional.of(
            new Facts(
                Thumbhash.of(picture), DominantColour.of(picture), PerceptualHash.of(picture))));
  }

  /**
   * The preview of a stored file.
   *
   * @param verifiedBy who says that it is sound
   * @throws MediaException when it cannot be decoded
   */
  public Preview make(Path file, Probed probed, VerifiedBy verifiedBy)
      throws IOException, MediaException, EngineException, InterruptedException {
    // ImageMagick reads no AVIF, and variants are made of these frames, too.
    if (probed.type().has(MediaType.Trait.VIDEO) || AnimationRenderer.isSequence(probed)) {
      Path frame = temporary();
      try {
        videos.firstFrame(file, probed, frame);
        return still(frame, probe.probeAgain(frame), unverified);
      } finally {
        Files.deleteIfExists(frame);
      }
    }
    return still(file, probed, trusted.contains(verifiedBy) ? images : unverified);
  }

  private Preview still(Path file, Probed probed, ImageEngine engine)
      throws IOException, MediaException, EngineException, InterruptedException {
    Dimensions tiny = TinyPicture.size(probed.orientation().upright(probed.dimensions()));
    Path copy = temporary();
    try {
      engine.render(TinyPicture.request(file, probed), copy);
      // The process that made the copy has read untrusted bytes, so the copy is not trusted either.
      if (!probe.probeAgain(copy).dimensions().equals(tiny)) {
        throw new EngineException(
            "a tiny copy of %s has another size than %s".formatted(probed, tiny));
      }
      return of(TinyPicture.of(copy));
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private Path temporary() {
    return folder.resolve("preview-" + UUID.randomUUID());
  }
}
