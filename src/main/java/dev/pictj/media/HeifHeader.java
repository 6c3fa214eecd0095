package dev.pictj.media;

import static dev.pictj.media.MediaException.invalid;

import dev.pictj.media.HeifItems.Item;
import dev.pictj.media.HeifItems.Property;
import dev.pictj.media.MediaException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The picture that counts in an AVIF or HEIC (ISO/IEC 23008-12; AV1 Image File Format, 1.1).
 *
 * <p>Its size is the one that is seen: decoders cut, turn and mirror by the item's properties, and
 * readers do not turn by what its EXIF says beside them. Claimed sizes must be those of the coded
 * pictures, for decoders differ in which of the two they allocate for.
 */
final class HeifHeader {
  /** Bytes of coded pixels that are read to find out what they are. */
  private static final int HEAD = 4096;

  /** The largest side; a larger number is taken for damage. */
  private static final long MAX_SIDE = 1 << 30;

  private static final int MAX_TILES = 65_536;

  /** Offset of the major brand in the file. */
  private static final int BRAND = 8;

  /** The most coded units of all pictures together; a picture has a few, or some hundred slices. */
  private static final int MAX_UNITS = 100_000;

  private final ByteSource in;
  private final MediaType type;
  private final HeifItems items;
  private final Map<Long, CodedPicture> known = new HashMap<>();
  private Dimensions coded = new Dimensions(1, 1);
  private int units;

  private HeifHeader(ByteSource in, MediaType type) throws IOException, MediaException {
    this.in = in;
    this.type = type;
    this.items = HeifItems.read(in);
  }

  static Probed read(ByteSource in, MediaType type) throws IOException, MediaException {
    return new HeifHeader(in, type).read();
  }

  private Probed read() throws IOException, MediaException {
    Optional<AvifSequence> frames = isStillFirst() ? Optional.empty() : frames();
    Item picture = items.primary();
    CodedPicture pixels = decoded(picture);
    Optional<Item> alpha = items.alphaOf(picture);
    if (alpha.isPresent()) {
      decoded(alpha.get());
    }
    // ISO/IEC 23000-22, 7.3.5.2.
    boolean premultiplied =
        alpha.isPresent() && items.from(picture.id(), "prem").contains(alpha.get().id());
    Optional<VideoTrack.Colours> meaning = meaning(picture).or(pixels::colours);
    Probed still =
        new Probed(type, seen(picture, pixels.size()), 1, Orientation.UPRIGHT, /* cmyk= */ false)
            .with(
                new Samples(
                    coded,
                    pixels.depth(),
                    alpha.isPresent(),
                    premultiplied,
                    /* grey= */ false,
                    meaning,
                    profile(picture)));
    return frames.isPresent() && frames.get().frames() > 1
        ? moving(still, pixels.size(), frames.get())
        : still;
  }

  /** Reads the frames, which need not be among the items, nor be turned like them. */
  private static Probed moving(Probed still, Dimensions coded, AvifSequence frames)
      throws MediaException {
    if (!frames.size().equals(coded)) {
      throw invalid(
          "Invalid AVIF: its picture measures %s, its frames %s".formatted(coded, frames.size()));
    }
    return still.moving(frames.frames(), frames.seen());
  }

  /** Whether browsers show the still, whatever moves beside it: by the major brand (libavif). */
  private boolean isStillFirst() throws IOException, MediaException {
    return type != MediaType.AVIF || in.code(BRAND).equals("avif");
  }

  /**
   * Frames that {@link AvifSequence} does not find would be lost; of a burst of HEIC, the picture
   * that counts is a still anyway.
   */
  private Optional<AvifSequence> frames() throws IOException, MediaException {
    Chunks boxes = Chunks.ofStill(in);
    boolean movie = false;
    while (boxes.next()) {
      movie |= boxes.code().equals("moov");
    }
    Optional<AvifSequence> frames = movie ? AvifSequence.of(in) : Optional.empty();
    if (movie && frames.isEmpty()) {
      throw unsupported("it is animated");
    }
    return frames;
  }

  /** What an item's pixels are before it is cut and turned; checks what it is made of. */
  private CodedPicture decoded(Item item) throws IOException, MediaException {
    CodedPicture before = known.get(item.id());
    if (before != null) {
      return before;
    }
    CodedPicture found =
        switch (item.type()) {
          case "av01" -> ofCodec(item, MediaType.AVIF, "av1C");
          case "hvc1", "hev1" -> ofCodec(item, MediaType.HEIC, "hvcC");
          case "grid" -> grid(item);
          case "iovl", "iden", "tmap" -> throw unsupported("a picture that is composed of others");
          default -> throw unsupported("a picture in another coding than " + coding());
        };
    Dimensions claimed = claimed(item);
    if (!claimed.equals(found.size())) {
      throw invalid(
          "Invalid %s: the header claims %s, the pixels measure %s"
              .formatted(type.label(), claimed, found.size()));
    }
    if (found.held().area() > coded.area()) {
      coded = found.held();
    }
    known.put(item.id(), found);
    return found;
  }

  private String coding() {
    return type == MediaType.AVIF ? "AV1" : "HEVC";
  }

  private CodedPicture ofCodec(Item item, MediaType of, String configuration)
      throws IOException, MediaException {
    if (of != type) {
      throw unsupported("a picture in another coding than " + coding());
    }
    List<Property> found = items.properties(item, configuration);
    if (found.size() != 1 || found.getFirst().length() > HEAD || item.length() == 0) {
      throw in.invalid("a picture without its configuration");
    }
    byte[] box = in.bytes(found.getFirst().at(), (int) found.getFirst().length());
    CodedUnits data =
        of == MediaType.AVIF
            ? CodedUnits.ofAv1(in, item, MAX_UNITS - units)
            : CodedUnits.ofHevc(in, item, MAX_UNITS - units, CodedPicture.lengthSize(box));
    units += data.count();
    return of == MediaType.AVIF
        ? CodedPicture.ofAv1(data.headers(), box)
        : CodedPicture.ofHevc(data.headers(), box);
  }

  /** ISO/IEC 23008-12, 6.6.2.3. */
  private CodedPicture grid(Item item) throws IOException, MediaException {
    if (item.extents().size() != 1 || item.length() < 8) {
      throw in.invalid("a grid without its size");
    }
    long at = item.extents().getFirst().at();
    boolean wide = (in.u8(at + 1) & 1) != 0;
    final int rows = in.u8(at + 2) + 1;
    final int columns = in.u8(at + 3) + 1;
    if (wide && item.length() < 12) {
      throw in.invalid("a grid without its size");
    }
    long width = wide ? in.u32(at + 4) : in.u16(at + 4);
    long height = wide ? in.u32(at + 8) : in.u16(at + 6);
    List<Long> tiles = items.from(item.id(), "dimg");
    if (tiles.size() != rows * columns || tiles.size() > MAX_TILES) {
      throw in.invalid("a grid of another number of tiles than it says");
    }
    CodedPicture first = tile(tiles.getFirst());
    for (long id : tiles) {
      if (!tile(id).size().equals(first.size())) {
        throw in.invalid("a grid of tiles of different sizes");
      }
    }
    Dimensions tile = first.size();
    if (width < 1
        || height < 1
        || width > (long) columns * tile.width()
        || height > (long) rows * tile.height()
        || width <= (long) (columns - 1) * tile.width()
        || height <= (long) (rows - 1) * tile.height()) {
      throw in.invalid("a grid that its tiles do not cover");
    }
    return new CodedPicture(
        new Dimensions((int) width, (int) height),
        new Dimensions((int) width, (int) height),
        first.depth(),
        first.grey(),
        first.colours());
  }

  private CodedPicture tile(long id) throws IOException, MediaException {
    Item tile = items.item(id);
    if (tile.type().equals("grid")) {
      throw in.invalid("a grid of grids");
    }
    return decoded(tile);
  }

  private Dimensions claimed(Item item) throws IOException, MediaException {
    List<Property> sizes = items.properties(item, "ispe");
    if (sizes.size() != 1 || sizes.getFirst().length() < 12) {
      throw in.invalid("a picture without its size");
    }
    long at = sizes.getFirst().at() + 4;
    long width = in.u32(at);
    long height = in.u32(at + 4);
    if (width == 0 || height == 0) {
      throw in.invalid("a side of 0 pixels");
    }
    return new Dimensions((int) Math.min(width, MAX_SIDE), (int) Math.min(height, MAX_SIDE));
  }

  /** Applies the properties that change the look, in their order (6.5.1). */
  private Dimensions seen(Item item, Dimensions stored) throws IOException, MediaException {
    Dimensions size = stored;
    List<Property> all = items.properties();
    List<String> applied = new ArrayList<>();
    for (int number : item.properties()) {
      if (number < 1 || number > all.size()) {
        continue;
      }
      Property property = all.get(number - 1);
      switch (property.code()) {
        case "clap" -> size = cut(property, size);
        case "irot" -> {
          if (property.length() < 1) {
            throw in.endsEarly();
          }
          size = (in.u8(property.at()) & 1) != 0 ? size.turned() : size;
        }
        case "imir" -> {}
        default -> {
          continue;
        }
      }
      if (applied.contains(property.code())) {
        throw in.invalid("turned or cut twice");
      }
      applied.add(property.code());
    }
    return size;
  }

  private Dimensions cut(Property clap, Dimensions from) throws IOException, MediaException {
    if (clap.length() < CleanAperture.LENGTH) {
      throw in.endsEarly();
    }
    CleanAperture seen = CleanAperture.of(in, clap.at(), from);
    if (!seen.isWithin(from)) {
      throw in.invalid("it is cut where it has no pixels");
    }
    return seen.size();
  }

  private Optional<VideoTrack.Colours> meaning(Item item) throws IOException, MediaException {
    for (Property property : items.properties(item, "colr")) {
      if (property.length() >= 11 && in.code(property.at()).equals("nclx")) {
        return Optional.of(
            new VideoTrack.Colours(
                in.u16(property.at() + 4),
                in.u16(property.at() + 6),
                in.u16(property.at() + 8),
                (in.u8(property.at() + 10) & 0x80) != 0));
      }
    }
    return Optional.empty();
  }

  private Samples.ProfilePlace profile(Item item) throws IOException, MediaException {
    for (Property property : items.properties(item, "colr")) {
      long length = property.length() - 4;
      if (length > 0 && length <= IccProfile.MAX_LENGTH) {
        String kind = in.code(property.at());
        if (kind.equals("prof") || kind.equals("rICC")) {
          return new Samples.ProfilePlace.At(property.at() + 4, (int) length);
        }
      }
    }
    return new Samples.ProfilePlace.None();
  }

  private MediaException unsupported(String what) {
    return new MediaException(Reason.UNSUPPORTED, type.label() + " is not accepted: " + what);
  }
}
