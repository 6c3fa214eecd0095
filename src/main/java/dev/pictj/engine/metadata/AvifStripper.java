package dev.pictj.engine.metadata;

import dev.pictj.media.ByteSource;
import dev.pictj.media.CleanAperture;
import dev.pictj.media.Dimensions;
import dev.pictj.media.HeifItems;
import dev.pictj.media.HeifItems.Extent;
import dev.pictj.media.HeifItems.Item;
import dev.pictj.media.HeifItems.Property;
import dev.pictj.media.IccProfile;
import dev.pictj.media.MediaException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts a still AVIF together anew from the items that its picture is made of: the primary one, its
 * tiles, its transparency and the tiles of that, each with the properties that a decoder needs.
 * Coded pictures stay bit for bit, but for units (OBU) that no picture is made of.
 *
 * <p>Metadata, thumbnails, other pictures, boxes of other kinds and bytes that belong to no item
 * are left out.
 */
final class AvifStripper {
  /** Properties of these codes are copied as long as they are by their definitions; -1 is any. */
  private static final Map<String, Integer> KEPT_PROPERTIES =
      Map.ofEntries(
          Map.entry("ispe", 12),
          Map.entry("pixi", -1),
          Map.entry("pasp", 8),
          Map.entry("av1C", -1),
          Map.entry("colr", -1),
          Map.entry("clap", 32),
          Map.entry("irot", 1),
          Map.entry("imir", 1),
          Map.entry("auxC", -1),
          Map.entry("clli", 4),
          Map.entry("mdcv", 24));

  private static final String ALPHA = "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0";

  /** AV1, 6.2.2: the sequence header, a delimiter, and what pictures are made of. */
  private static final Set<Integer> PICTURE_UNITS = Set.of(1, 2, 3, 4, 6, 7);

  private static final int METADATA_UNIT = 5;

  /** AV1, 6.7.1: light levels and the display that a picture was graded on. */
  private static final Set<Integer> COLOUR_METADATA = Set.of(1, 2);

  private static final int AV1_CONFIGURATION = 4;

  /** The most bytes of all properties that are kept; a profile is the only long one. */
  private static final int MAX_PROPERTIES = 2 * IccProfile.MAX_LENGTH;

  /** The most coded units of all pictures together, the bound of {@code HeifHeader}. */
  private static final int MAX_UNITS = 100_000;

  private static final int NOT_KEPT = -1;
  private static final int MAX_SMALL_ID = 0xFFFF;

  private final ByteSource in;
  private final HeifItems items;
  private final Map<Long, Item> kept = new LinkedHashMap<>();

  /** Where each property that was looked at stands among those that are kept. */
  private final Map<Integer, Integer> places = new HashMap<>();

  private final List<Property> properties = new ArrayList<>();
  private final List<byte[]> payloads = new ArrayList<>();
  private int payloadBytes;
  private int units;
  private boolean sound = true;

  private final List<Part> parts = new ArrayList<>();

  /** What is written of the file for one item, or for several, which may share their data. */
  private record Part(List<Extent> extents, List<Item> items) {
    long length() {
      return extents.stream().mapToLong(Extent::length).sum();
    }
  }

  AvifStripper(ByteSource in) throws IOException, MediaException {
    this.in = in;
    this.items = HeifItems.read(in);
  }

  /**
   * Copies the file.
   *
   * @return false where it is not written, for it has what cannot be told apart here
   */
  boolean copy(OutputStream out) throws IOException, MediaException {
    Item primary = items.primary();
    keep(primary);
    Optional<Item> alpha = items.alphaOf(primary);
    if (alpha.isPresent()) {
      keep(alpha.get());
    }
    for (Item item : kept.values()) {
      for (int number : item.properties()) {
        add(number);
      }
    }
    divide();
    sound &= isCutAlike(primary);
    if (!sound) {
      return false;
    }
    write(primary, alpha, out);
    return true;
  }

  /** Viewers differ in whether they cut to a part that is not in the upper left corner. */
  private boolean isCutAlike(Item primary) throws IOException, MediaException {
    List<Property> parts = items.properties(primary, "clap");
    List<Property> sizes = items.properties(primary, "ispe");
    if (parts.isEmpty() || sizes.isEmpty()) {
      return true;
    }
    long at = sizes.getFirst().at() + 4;
    Dimensions picture = new Dimensions((int) in.u32(at), (int) in.u32(at + 4));
    return CleanAperture.of(in, parts.getFirst().at(), picture).beginsInCorner();
  }

  private void divide() throws IOException, MediaException {
    Map<List<Extent>, Part> pictures = new HashMap<>();
    for (Item item : kept.values()) {
      boolean grid = item.type().equals("grid");
      Part part = grid ? null : pictures.get(item.extents());
      if (part == null) {
        part = new Part(grid ? grid(item) : picture(item), new ArrayList<>());
        parts.add(part);
        if (!grid) {
          pictures.put(item.extents(), part);
        }
      }
      part.items().add(item);
    }
    if (length() > in.size()) {
      throw in.invalid("items that overlap");
    }
  }

  private long length() {
    return parts.stream().mapToLong(Part::length).sum();
  }

  private void keep(Item item) throws MediaException {
    if (kept.put(item.id(), item) == null && item.type().equals("grid")) {
      for (long tile : items.from(item.id(), "dimg")) {
        kept.put(tile, items.item(tile));
      }
    }
  }

  private void add(int number) throws IOException, MediaException {
    List<Property> all = items.properties();
    if (number < 1 || number > all.size() || places.containsKey(number)) {
      return;
    }
    Property property = all.get(number - 1);
    Optional<byte[]> payload = sound ? payload(property) : Optional.empty();
    places.put(number, payload.isPresent() ? properties.size() : NOT_KEPT);
    if (payload.isPresent()) {
      properties.add(property);
      payloads.add(payload.get());
      payloadBytes += payload.get().length;
      sound &= payloadBytes <= MAX_PROPERTIES;
    } else if (Set.of("a1op", "lsel", "a1lx").contains(property.code())) {
      // A picture in layers: this property tells which of them is seen.
      sound = false;
    }
  }

  /** What is kept of a property. */
  private Optional<byte[]> payload(Property property) throws IOException, MediaException {
    Integer length = KEPT_PROPERTIES.get(property.code());
    if (length == null) {
      return Optional.empty();
    }
    if (property.length() > IccProfile.MAX_LENGTH || property.length() < Math.max(1, length)) {
      sound = false;
      return Optional.empty();
    }
    byte[] all = in.bytes(property.at(), (int) property.length());
    return switch (property.code()) {
      case "colr" -> colours(all);
      case "av1C" -> Optional.of(Arrays.copyOf(all, AV1_CONFIGURATION));
      case "pixi" -> {
        int channels = all.length < 5 ? 0 : all[4] & 0xFF;
        sound &= all.length >= 5 + channels;
        yield Optional.of(Arrays.copyOf(all, 5 + channels));
      }
      case "auxC" -> {
        byte[] name = ALPHA.getBytes(StandardCharsets.ISO_8859_1);
        yield Optional.of(join(new byte[4], name));
      }
      default -> Optional.of(Arrays.copyOf(all, length));
    };
  }

  private Optional<byte[]> colours(byte[] all) {
    String kind = all.length < 4 ? "" : new String(all, 0, 4, StandardCharsets.ISO_8859_1);
    return switch (kind) {
      case "nclx" -> all.length < 11 ? Optional.empty() : Optional.of(Arrays.copyOf(all, 11));
      case "prof", "rICC" ->
          IccProfile.of(Arrays.copyOfRange(all, 4, all.length))
              .map(profile -> join(Arrays.copyOf(all, 4), profile));
      default -> Optional.empty();
    };
  }

  /** ISO/IEC 23008-12, 6.6.2.3.2: how many tiles, and sides of two bytes or of four. */
  private List<Extent> grid(Item item) throws IOException, MediaException {
    if (item.extents().size() != 1) {
      throw in.invalid("a grid without its size");
    }
    long at = item.extents().getFirst().at();
    int length = (in.u8(at + 1) & 1) != 0 ? 12 : 8;
    if (item.length() < length) {
      throw in.invalid("a grid without its size");
    }
    return List.of(new Extent(at, length));
  }

  /** What is kept of a coded picture. */
  private List<Extent> picture(Item item) throws IOException, MediaException {
    if (item.extents().size() != 1) {
      // Units may go on from one extent to the next.
      sound &= !item.extents().isEmpty();
      return item.extents();
    }
    List<Extent> pictures = new ArrayList<>();
    long at = item.extents().getFirst().at();
    long end = at + item.length();
    while (at < end) {
      if (++units > MAX_UNITS) {
        throw in.invalid("too many parts of coded pictures");
      }
      int header = in.u8(at);
      int type = header >> 3 & 15;
      long payload = at + ((header & 4) != 0 ? 2 : 1);
      long length = end - payload;
      if ((header & 2) != 0) {
        length = 0;
        for (int shift = 0; ; shift += 7) {
          int part = in.u8(payload++);
          length |= (long) (part & 0x7F) << shift;
          if (part < 0x80) {
            break;
          }
          if (shift == 28) {
            throw in.invalid("a unit of its picture that has no length");
          }
        }
      }
      if ((header & 0x80) != 0 || length > end - payload) {
        throw in.invalid("its coded picture is damaged");
      }
      boolean colour =
          type == METADATA_UNIT && length > 0 && COLOUR_METADATA.contains(in.u8(payload));
      if (PICTURE_UNITS.contains(type) || colour) {
        extend(pictures, at, payload + length - at);
      }
      at = payload + length;
    }
    if (pictures.isEmpty()) {
      throw in.invalid("its coded picture is damaged");
    }
    return pictures;
  }

  private static void extend(List<Extent> extents, long at, long length) {
    if (!extents.isEmpty()) {
      Extent last = extents.getLast();
      if (last.at() + last.length() == at) {
        extents.set(extents.size() - 1, new Extent(last.at(), last.length() + length));
        return;
      }
    }
    extents.add(new Extent(at, length));
  }

  private void write(Item primary, Optional<Item> alpha, OutputStream out)
      throws IOException, MediaException {
    byte[] brands = box("ftyp", ascii("avif\0\0\0\0avifmif1miaf"));
    // Its length does not depend on the places that it tells.
    int length = meta(primary, alpha, 0).length;
    out.write(brands);
    out.write(meta(primary, alpha, brands.length + length + 16L));
    out.write(join(number(1, 4), ascii("mdat"), number(length() + 16, 8)));
    for (Part part : parts) {
      for (Extent extent : part.extents()) {
        in.copy(extent.at(), extent.length(), out);
      }
    }
  }

  private byte[] meta(Item primary, Optional<Item> alpha, long dataAt) throws MediaException {
    boolean wide = kept.keySet().stream().anyMatch(number -> number > MAX_SMALL_ID);
    int id = wide ? 4 : 2;
    final byte[] located = located(dataAt, id);
    ByteArrayOutputStream entries = new ByteArrayOutputStream();
    ByteArrayOutputStream links = new ByteArrayOutputStream();
    ByteArrayOutputStream owners = new ByteArrayOutputStream();
    for (Item item : kept.values()) {
      boolean hidden = item.hidden() && item.id() != primary.id();
      entries.writeBytes(
          box(
              "infe",
              number((wide ? 3 : 2) << 24 | (hidden ? 1 : 0), 4),
              number(item.id(), id),
              number(0, 2),
              ascii(item.type()),
              number(0, 1)));
      if (item.type().equals("grid")) {
        links.writeBytes(link("dimg", item.id(), items.from(item.id(), "dimg"), id));
      }
      owners.writeBytes(owned(item, id));
    }
    if (alpha.isPresent()) {
      long of = alpha.get().id();
      links.writeBytes(link("auxl", of, List.of(primary.id()), id));
      if (items.from(primary.id(), "prem").contains(of)) {
        links.writeBytes(link("prem", primary.id(), List.of(of), id));
      }
    }
    ByteArrayOutputStream shared = new ByteArrayOutputStream();
    for (int i = 0; i < properties.size(); i++) {
      shared.writeBytes(box(properties.get(i).code(), payloads.get(i)));
    }
    return box(
        "meta",
        number(0, 4),
        box("hdlr", new byte[8], ascii("pict"), new byte[13]),
        box("pitm", number(wide ? 1 << 24 : 0, 4), number(primary.id(), id)),
        box(
            "iloc",
            number((wide ? 2 : 1) << 24, 4),
            number(0x8800, 2),
            number(kept.size(), id),
            located),
        box("iinf", number(0, 4), number(kept.size(), 2), entries.toByteArray()),
        links.size() == 0
            ? new byte[0]
            : box("iref", number(wide ? 1 << 24 : 0, 4), links.toByteArray()),
        box(
            "iprp",
            box("ipco", shared.toByteArray()),
            box(
                "ipma",
                number((wide ? 1 << 24 : 0) | 1, 4),
                number(kept.size(), 4),
                owners.toByteArray())));
  }

  /** Where the data of each item are. */
  private byte[] located(long dataAt, int id) {
    ByteArrayOutputStream located = new ByteArrayOutputStream();
    long at = dataAt;
    for (Part part : parts) {
      for (Item item : part.items()) {
        located.writeBytes(
            join(
                number(item.id(), id),
                number(0, 2),
                number(0, 2),
                number(1, 2),
                number(at, 8),
                number(part.length(), 8)));
      }
      at += part.length();
    }
    return located.toByteArray();
  }

  /** Associates an item's properties in their order. Those that change its look are essential. */
  private byte[] owned(Item item, int id) {
    ByteArrayOutputStream numbers = new ByteArrayOutputStream();
    int count = 0;
    for (int number : item.properties()) {
      int found = places.getOrDefault(number, NOT_KEPT);
      if (found >= 0) {
        boolean essential =
            Set.of("av1C", "clap", "irot", "imir").contains(properties.get(found).code());
        numbers.writeBytes(number((essential ? 0x8000 : 0) | (found + 1), 2));
        count++;
      }
    }
    return join(number(item.id(), id), number(count, 1), numbers.toByteArray());
  }

  private static byte[] link(String kind, long from, List<Long> to, int id) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    to.forEach(one -> all.writeBytes(number(one, id)));
    return box(kind, number(from, id), number(to.size(), 2), all.toByteArray());
  }

  private static byte[] box(String code, byte[]... payload) {
    byte[] all = join(payload);
    return join(number(all.length + 8L, 4), ascii(code), all);
  }

  private static byte[] number(long value, int bytes) {
    byte[] all = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      all[i] = (byte) (value >> (8 * (bytes - 1 - i)));
    }
    return all;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
