package dev.pictj.engine.metadata;

/**
 * What has to be done to pixels so that they mean the same colours in another file.
 *
 * @param profile of {@link Colours.Change#WITH_PROFILE} the one that goes along, of {@link
 *     Colours.Change#TO_SRGB} the one that the pixels have; empty where the decoder knows it, or
 *     there is none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Recolouring(Colours.Change change, byte[] profile) {
  /** Nothing. */
  public static final Recolouring NONE = new Recolouring(Colours.Change.NONE, new byte[0]);
}
