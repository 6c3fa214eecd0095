package dev.pictj.engine.metadata;

/**
 * What has to be done to pixels so that they mean the same colours in another file.
 *
 * @param profile with {@link Change#WITH_PROFILE} the profile to write, with {@link Change#TO_SRGB}
 *     the profile of the pixels; empty where the decoder has it, or there is none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Recolouring(Change change, byte[] profile) {
  /** What has to be done. */
  public enum Change {
    /** Nothing: the samples stay, and the profile, where there is one, is written. */
    NONE,
    /** The profile is left out, because it is of another colour space than the pixels. */
    WITHOUT_PROFILE,
    /** The samples stay, and a profile is written that was made of what the source says. */
    WITH_PROFILE,
    /** The samples stay, and chunks that name their colour space are written. */
    WITH_CHUNKS,
    /** The samples are converted to sRGB by the profile, which is left out. */
    TO_SRGB
  }

  /** No recolouring. */
  public static final Recolouring NONE = new Recolouring(Change.NONE, new byte[0]);
}
