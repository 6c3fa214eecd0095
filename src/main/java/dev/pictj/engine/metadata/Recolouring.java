package dev.pictj.engine.metadata;

/**
 * What has to be done to pixels so that they mean the same colours in another file.
 *
 * @param profile of {@link Change#WITH_PROFILE} the one that goes along, of {@link Change#TO_SRGB}
 *     the one that the pixels have; empty where the decoder knows it, or there is none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Recolouring(Change change, byte[] profile) {
  /** What has to be done. */
  public enum Change {
    /** Nothing: a profile goes along, where there is one. */
    NONE,
    /** The profile is left out, for it is not one of these pixels. */
    WITHOUT_PROFILE,
    /** Numbers stay, but a profile is needed that the source does not have, or not so. */
    WITH_PROFILE,
    /** Numbers stay, and chunks that say what they mean go along. */
    WITH_CHUNKS,
    /** Numbers become sRGB's, as the profile tells, which is left out then. */
    TO_SRGB
  }

  /** Nothing. */
  public static final Recolouring NONE = new Recolouring(Change.NONE, new byte[0]);
}
