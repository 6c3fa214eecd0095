package dev.pictj.engine.vips;

import dev.pictj.engine.metadata.MetadataStripper;
import dev.pictj.engine.metadata.Piece;
import dev.pictj.media.MediaException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds out how much of the codestream of a JPEG XL counts. */
final class CodestreamLength {
  private CodestreamLength() {}

  /**
   * Finds out how much of a JPEG XL's codestream counts.
   *
   * @param jxl without metadata
   * @return what {@link MetadataStripper#trim} takes, nothing when the file is as it should be or
   *     there is no libjxl; empty when it is damaged
   */
  static Optional<List<Long>> of(MemorySegment jxl) throws IOException {
    Optional<LibJxl> library = LibJxl.tellingLengths();
    if (library.isEmpty()) {
      return Optional.of(List.of());
    }
    try (Arena arena = Arena.ofConfined()) {
      List<Piece> parts = MetadataStripper.codestream(jxl.asByteBuffer());
      long all = Piece.length(parts);
      MemorySegment codestream = jxl;
      if (parts.size() == 1) {
        codestream = jxl.asSlice(parts.getFirst().at(), all);
      } else {
        codestream = arena.allocate(all);
        long at = 0;
        for (Piece part : parts) {
          MemorySegment.copy(jxl, part.at(), codestream, at, part.length());
          at += part.length();
        }
      }
      OptionalLong length = library.get().length(codestream);
      return length.isEmpty()
          ? Optional.empty()
          : Optional.of(length.getAsLong() == all ? List.of() : List.of(length.getAsLong()));
    } catch (MediaException _) {
      return Optional.empty();
    }
  }
}
