package dev.pictj.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The items that a HEIF or AVIF is made of, as its {@code meta} box lists them (ISO/IEC 14496-12,
 * 8.11, and ISO/IEC 23008-12): pictures, tiles of pictures, transparency, thumbnails and metadata.
 * Their number, and those of all that belongs to them, is bounded.
 */
public final class HeifItems {
  private static final int MAX_ITEMS = 10_000;
  private static final int MAX_PROPERTIES = 10_000;

  /** The most extents, references and associations of all items together. */
  private static final int MAX_LINKS = 100_000;

  /** The types of auxiliary pictures that are alpha, with the zero that ends them. */
  private static final List<String> ALPHA =
      List.of("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0", "urn:mpeg:hevc:2015:auxid:1\0");

  private final ByteSource in;
  private final Map<Long, Item> items = new HashMap<>();
  private final List<Long> order = new ArrayList<>();
  private final List<Property> properties = new ArrayList<>();
  private final List<Reference> references = new ArrayList<>();
  private final Map<Long, List<Integer>> associations = new HashMap<>();
  private final Map<Long, Place> places = new HashMap<>();
  private long primary = -1;
  private long dataAt;
  private long dataLength;
  private int links;

  /**
   * A property that items share.
   *
   * @param code of its box
   * @param at where the payload begins
   * @param length of the payload
   */
  public record Property(String code, long at, long length) {}

  /**
   * A reference from one item to others.
   *
   * @param kind such as {@code auxl}, {@code dimg}, {@code thmb}, {@code cdsc}
   */
  public record Reference(String kind, long from, List<Long> to) {}

  /** Bytes of the file. */
  public record Extent(long at, long length) {}

  private record Place(int method, List<Extent> extents) {}

  /**
   * One item.
   *
   * @param type of its coding, such as {@code av01} or {@code grid}
   * @param hidden whether it is not a picture to be shown
   * @param properties numbers of them, counted from 1, as the file has them; essential ones too
   */
  public record Item(
      long id, String type, boolean hidden, List<Integer> properties, List<Extent> extents) {
    /** Bytes of all its extents. */
    public long length() {
      return extents.stream().mapToLong(Extent::length).sum();
    }
  }

  private HeifItems(ByteSource in) {
    this.in = in;
  }

  /**
   * Reads the first {@code meta} box of a file.
   *
   * @throws MediaException where there is none, or it is damaged, or has too many items
   */
  public static HeifItems read(ByteSource in) throws IOException, MediaException {
    Chunks boxes = Chunks.ofStill(in);
    while (boxes.next()) {
      if (boxes.code().equals("meta")) {
        if (!boxes.isWhole()) {
          throw in.endsEarly();
        }
        HeifItems items = new HeifItems(in);
        items.meta(boxes.inner(4));
        items.link();
        return items;
      }
      if (!boxes.isWhole()) {
        throw in.endsEarly();
      }
    }
    throw in.invalid("no picture in it");
  }

  /**
   * The picture that counts.
   *
   * @throws MediaException where there is none
   */
  public Item primary() throws MediaException {
    return item(primary);
  }

  /**
   * An item by its number.
   *
   * @throws MediaException where there is none
   */
  public Item item(long id) throws MediaException {
    Item item = items.get(id);
    if (item == null) {
      throw in.invalid("an item that is not there");
    }
    return item;
  }

  /** All properties; they are counted from 1. */
  public List<Property> properties() {
    return Collections.unmodifiableList(properties);
  }

  /** All references between items. */
  public List<Reference> references() {
    return Collections.unmodifiableList(references);
  }

  /** The properties of an item that have this code, in order. */
  public List<Property> properties(Item item, String code) {
    return item.properties().stream()
        .filter(number -> number >= 1 && number <= properties.size())
        .map(number -> properties.get(number - 1))
        .filter(property -> property.code().equals(code))
        .toList();
  }

  /** The items that an item refers to. */
  public List<Long> from(long item, String kind) {
    return references.stream()
        .filter(reference -> reference.kind().equals(kind) && reference.from() == item)
        .flatMap(reference -> reference.to().stream())
        .toList();
  }

  /** The items that refer to an item. */
  public List<Long> to(long item, String kind) {
    return references.stream()
        .filter(reference -> reference.kind().equals(kind) && reference.to().contains(item))
        .map(Reference::from)
        .toList();
  }

  /**
   * The transparency that belongs to a picture (23008-12, 6.6.2.1.1).
   *
   * @throws MediaException where it is not among the items
   */
  public Optional<Item> alphaOf(Item picture) throws IOException, MediaException {
    for (long id : new LinkedHashSet<>(to(picture.id(), "auxl"))) {
      Item item = item(id);
      Optional<Property> kind = properties(item, "auxC").stream().findFirst();
      if (kind.isPresent() && isAlpha(in, kind.get())) {
        return Optional.of(item);
      }
    }
    return Optional.empty();
  }

  private static boolean isAlpha(ByteSource in, Property kind) throws IOException, MediaException {
    return isAlpha(in, kind.at() + 4, kind.at() + kind.length());
  }

  /** Whether the type of an auxiliary picture, between two places, is one of alpha. */
  static boolean isAlpha(ByteSource in, long from, long to) throws IOException, MediaException {
    int length = (int) Math.min(to - from, 64);
    if (length <= 0) {
      return false;
    }
    String name = new String(in.bytes(from, length), StandardCharsets.ISO_8859_1);
    return ALPHA.stream().anyMatch(name::startsWith);
  }

  private void meta(Chunks boxes) throws IOException, MediaException {
    Set<String> seen = new HashSet<>();
    while (boxes.next()) {
      if (!boxes.isWhole()) {
        throw in.invalid("a box that exceeds the one around it");
      }
      if (!boxes.code().equals("free") && !boxes.code().equals("skip") && !seen.add(boxes.code())) {
        throw in.invalid("two boxes where there is to be one");
      }
      long at = boxes.at();
      switch (boxes.code()) {
        case "pitm" -> primary = in.u8(at) == 0 ? in.u16(at + 4) : in.u32(at + 4);
        case "iinf" -> entries(boxes.inner(in.u8(at) == 0 ? 6 : 8));
        case "iloc" -> locations(at, boxes.end());
        case "iref" -> links(in.u8(at) != 0, boxes.inner(4));
        case "iprp" -> shared(boxes.inner(0));
        case "idat" -> {
          dataAt = at;
          dataLength = boxes.length();
        }
        default -> {}
      }
    }
  }

  /** ISO/IEC 14496-12, 8.11.6. */
  private void entries(Chunks boxes) throws IOException, MediaException {
    while (boxes.next() && boxes.isWhole()) {
      int version = in.u8(boxes.at());
      if (!boxes.code().equals("infe") || version < 2) {
        continue;
      }
      long id = version == 2 ? in.u16(boxes.at() + 4) : in.u32(boxes.at() + 4);
      String type = in.code(boxes.at() + (version == 2 ? 8 : 10));
      if (order.size() == MAX_ITEMS) {
        throw in.invalid("too many items");
      }
      boolean hidden = (in.u8(boxes.at() + 3) & 1) != 0;
      if (items.put(id, new Item(id, type, hidden, List.of(), List.of())) != null) {
        throw in.invalid("two items of one number");
      }
      order.add(id);
    }
  }

  /** ISO/IEC 14496-12, 8.11.3. */
  private void locations(long box, long end) throws IOException, MediaException {
    int version = in.u8(box);
    int offsetSize = in.u8(box + 4) >> 4;
    int lengthSize = in.u8(box + 4) & 15;
    int baseSize = in.u8(box + 5) >> 4;
    int indexSize = version == 0 ? 0 : in.u8(box + 5) & 15;
    boolean wide = version == 2;
    long count = wide ? in.u32(box + 6) : in.u16(box + 6);
    long at = box + (wide ? 10 : 8);
    if (version > 2 || count > MAX_ITEMS) {
      throw in.invalid("too many items");
    }
    for (long i = 0; i < count; i++) {
      final long id = wide ? in.u32(at) : in.u16(at);
      at += wide ? 4 : 2;
      int method = 0;
      if (version > 0) {
        method = in.u16(at) & 15;
        at += 2;
      }
      final boolean elsewhere = in.u16(at) != 0;
      long base = number(at + 2, baseSize);
      at += 2 + baseSize;
      int extents = in.u16(at);
      at += 2;
      List<Extent> found = new ArrayList<>();
      for (int k = 0; k < extents; k++) {
        countLink();
        at += indexSize;
        long offset = number(at, offsetSize);
        long length = number(at + offsetSize, lengthSize);
        at += offsetSize + lengthSize;
        if (at > end) {
          throw in.invalid("a list that exceeds its box");
        }
        found.add(new Extent(base + offset, length));
      }
      if (!elsewhere && places.put(id, new Place(method, found)) != null) {
        throw in.invalid("two places of one item");
      }
    }
  }

  /** Reads a number of 0, 4 or 8 bytes; one of 0 bytes is 0. */
  private long number(long at, int size) throws IOException, MediaException {
    long number =
        switch (size) {
          case 0 -> 0;
          case 4 -> in.u32(at);
          case 8 -> in.u64(at);
          default -> -1;
        };
    if (number < 0 || number > Long.MAX_VALUE / 4) {
      throw in.invalid("a place that is nowhere");
    }
    return number;
  }

  /** ISO/IEC 14496-12, 8.11.12. */
  private void links(boolean wide, Chunks boxes) throws IOException, MediaException {
    int size = wide ? 4 : 2;
    while (boxes.next() && boxes.isWhole()) {
      long at = boxes.at();
      long from = wide ? in.u32(at) : in.u16(at);
      int count = in.u16(at + size);
      List<Long> to = new ArrayList<>();
      at += size + 2;
      for (int i = 0; i < count; i++, at += size) {
        countLink();
        if (at + size > boxes.end()) {
          throw in.invalid("a list that exceeds its box");
        }
        to.add(wide ? in.u32(at) : in.u16(at));
      }
      references.add(new Reference(boxes.code(), from, List.copyOf(to)));
    }
  }

  /** ISO/IEC 23008-12, 9.3. */
  private void shared(Chunks boxes) throws IOException, MediaException {
    while (boxes.next() && boxes.isWhole()) {
      switch (boxes.code()) {
        case "ipco" -> {
          Chunks each = boxes.inner(0);
          while (each.next()) {
            if (!each.isWhole()) {
              throw in.invalid("a box that exceeds the one around it");
            }
            if (properties.size() == MAX_PROPERTIES) {
              throw in.invalid("too many properties");
            }
            properties.add(new Property(each.code(), each.at(), each.length()));
          }
        }
        case "ipma" -> associations(boxes.at(), boxes.end());
        default -> {}
      }
    }
  }

  private void associations(long box, long end) throws IOException, MediaException {
    boolean wideItems = in.u8(box) >= 1;
    boolean wideNumbers = (in.u8(box + 3) & 1) != 0;
    long count = in.u32(box + 4);
    long at = box + 8;
    for (long i = 0; i < count; i++) {
      countLink();
      long id = wideItems ? in.u32(at) : in.u16(at);
      at += wideItems ? 4 : 2;
      int many = in.u8(at++);
      List<Integer> numbers = new ArrayList<>();
      for (int k = 0; k < many; k++) {
        countLink();
        numbers.add(wideNumbers ? in.u16(at) & 0x7FFF : in.u8(at) & 0x7F);
        at += wideNumbers ? 2 : 1;
      }
      if (at > end) {
        throw in.invalid("a list that exceeds its box");
      }
      if (associations.put(id, numbers) != null) {
        throw in.invalid("properties of one item in two places");
      }
    }
  }

  private void countLink() throws MediaException {
    if (++links > MAX_LINKS) {
      throw in.invalid("too many references");
    }
  }

  /** Puts together what the boxes say of each item. */
  private void link() throws MediaException {
    for (long id : order) {
      Item item = items.get(id);
      List<Extent> extents = new ArrayList<>();
      Place place = places.get(id);
      if (item == null || place == null) {
        continue;
      }
      for (Extent extent : place.extents()) {
        extents.add(placed(place.method(), extent));
      }
      items.put(
          id,
          new Item(
              id,
              item.type(),
              item.hidden(),
              List.copyOf(associations.getOrDefault(id, List.of())),
              List.copyOf(extents)));
    }
  }

  /** Adds an extent, in the file or in the box of small items; a length of 0 means the rest. */
  private Extent placed(int method, Extent extent) throws MediaException {
    if (method > 1) {
      throw in.invalid("an item within another one");
    }
    long begin = method == 0 ? 0 : dataAt;
    long room = (method == 0 ? in.size() : dataLength) - extent.at();
    long length = extent.length() == 0 ? room : extent.length();
    if (room < 0 || length > room) {
      throw in.endsEarly();
    }
    return new Extent(begin + extent.at(), length);
  }
}
