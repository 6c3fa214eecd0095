package dev.pictj.pictures;

import static dev.pictj.pictures.Bytes.ascii;
import static dev.pictj.pictures.Bytes.big16;
import static dev.pictj.pictures.Bytes.big32;
import static dev.pictj.pictures.Bytes.join;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * AVIF, HEIC and JPEG XL of 96x64 pixels: red above blue on the left, green above yellow on the
 * right. What is coded was written once by libaom, x265 and libjxl; the boxes are put around it
 * here.
 */
public final class Stills {
  public static final int WIDTH = 96;
  public static final int HEIGHT = 64;

  private static final String AV1_CONFIGURATION = "gSAAAAoGOBlv/tEg";

  private static final String AV1 =
      "CgY4GW/+0SAyTRAAALRRtPFeqARkB6J2/fRNB5F8YAzwq8jCggRYHz2y5d5XwJT+Gnnmt7zIXUvf9fHdeFHZ"
          + "qtshmV9IwOHGo+grvH8g4Ege2NLcJR6Y";

  private static final String ALPHA_CONFIGURATION = "gQAcAAoGGBlv/tKg";

  private static final String ALPHA = "CgYYGW/+0qAyGhAAAL0kcULMMRIJ+AByp4+NEPzidkFkg0+g";

  private static final String AV1_10_CONFIGURATION = "gQBMAAoGGBlv/tQE";

  private static final String AV1_10 =
      "CgYYGW/+1AQySxAAALRRtO/XYkQRkB5bVNrRWQW/2+GFT/gWi3/styslfW6tZ+/IVp5OTNlYoOYkEW4DYDP9"
          + "mui/9gVDO14uYd2KeYu+DMFoCc7kkA==";

  private static final String PQ_CONFIGURATION = "gSBAAAoGOBlv/tUg";

  private static final String PQ =
      "CgY4GW/+1SAyTRAAALRRtPDHI6EZAeTGlF9E0HkP1jzPCryMGssoYH2EsSah0Ok/5Kno/5YtNOhs34mB9Xwf"
          + "oKtshmV+RtP0e9eu73Do6EiIcAtwlHpg";

  private static final String HEVC_CONFIGURATION =
      "AQQIAAAAn6gAAAAAHvAA/P34+AAADwOgAAEAF0ABDAH//wQIAAADAJ+oAAADAAAeugJAoQABACZCAQEECAAA"
          + "AwCfqAAAAwAAHqAwgQWW6SkwuaAgAAADACAAAAMAIaIAAQAGRAHAcYMS";

  private static final String HEVC =
      "AAAAF0ABDAH//wQIAAADAJ+oAAADAAAeugJAAAAAJkIBAQQIAAADAJ+oAAADAAAeoDCBBZbpKTC5oCAAAAMA"
          + "IAAAAwAhAAAABkQBwHGDEgAAAVwoAawZ0fhA7JGb/qd5///y0P8h/PNxoD1dEn7Zvf/+AYf/+y6lFXHFPdJC"
          + "6W+Rw6ALLu0tRNg+FvuNvT6vfrH3fXHSndNcnrf9DggJoj+64L8CYJv/xtqADOb3bdcdx4dwRmynL8eVgpaz"
          + "9YMIdo2v/PvVMcHWt0DhYUH6xJZD+14e//0tNFB4zMhnx73f8spPO+7I7GOu98Gn6zuz31fOH3IGAv2qWexl"
          + "c9HuzNtnZS1J1sDahcVAcm7m69MZBCtB8hDZB6P8YrQec9GjYvIHAQPKRf6vIf/y4lY+2hhUQIY2uiMiFwti"
          + "84h0LplRDoJXc6HBPA2wBlOL0tiobtP6/s68J/6iP/nljURKr7R+DW7OtZnisvybDLb8VSunzRdedslwEdw4"
          + "Sun/FahZ7+ILB6e+4fyTaC14FT3uOT+GV2VjTbHRDfiyuvrSiZMbafULjDiwx8YFVVfpH1s=";

  private static final String JXL =
      "/woPQUBxIQgCAQCwAEs4aZjKg/crSAiAenY/Bs0FggCwl3D09Q8kEOlvm/bvmu3v3xKktLgeZ6iQ";

  private static final String JXL_TURNED =
      "AAAADEpYTCANCocKAAAAFGZ0eXBqeGwgAAAAAGp4bCAAAAATanhscAAAAAD/CheOBWICAAAB42picmTAcNsA"
          + "giAILQMCQKoAoUaBkKtKAABAyFHZgqE4/yeIjBHKOKcUtB8hQ5ilDjLMQOkONVgfMpx8zIBDDiosctCwA9tH"
          + "Df37I8scdtyBhqL7X4xxxiSXbPLJKKc8M80123wzzjkLPTTRRRt9NNJJSz011VVbfTXWWYs9Ntllm3022mnL"
          + "PTfdddt9N955Cz444YUbfjjiiUcu+eSUV2755ZhnHrroo5Neuumno5567LLPTnvttt+Oe+7BCz888cUbfzzy"
          + "yUcv/fTUV2/99dhnD3744o9Pfvnmn49++vDHL//89Ndv//345/+vYKqqBABAyFHZgqE4/y+IhFJGWacUifGA"
          + "kM2oQYZJdaCherDh3EOOGVCQDxpy0GEHNhZZ5qjf7cOOG1rRH3lm8EmG978Y44xLNvlklFOmuWabb8Y5Z6GH"
          + "Jrpoo49GOmmpp6a6aquvxjprsccmu2yzz0Y7bbnnprtuu+/GO+/ABR+c8MINPxzxxCOXfHLKK7f8cswzD130"
          + "0Ukv3fTTUU89dtlnp71222/HPffghR+e+OKNPx755KOXfnrqq7f+euyzD1/88ckv3/zz0U8/fvnnp79+++/H"
          + "P/9/gR8AqCwACwiA4AAQSkZJRgABAQAAAQABAAADAAAAemJyb2JFeGlmG6UAAMSIuf3cQvS0WxYxQiQkQiJy"
          + "QNiOB7sb4XCOXTf5q0VZInluQe7IbZ+IHiUGyk1TBB6BgkaQEEHCZRIUCADLcX/0vVPM5+mau3s11YYfZDdk"
          + "f0kwoAB8EhPplK5/BjE9s+Tdvsp4O70cTQoAAAFHanhscIAAAAHgWwAQANAECGAIYAhg/v8OAAAYAAgAAQAA"
          + "AAAAgIAliSLj2Alp7lgBAEpOCgoKCmwqLzJejPHiMUad7kjqSqmSSIl38S5IiMFK0dHREA4xIoYR0RHMvNMC"
          + "gB48BEt8ZMrqNZAzUct5eqvRk+3hvRT191b9YZRikIoYKubcyIxbO7NTlHaOw5GP7x36lHvRM/vTwefFQaYV"
          + "AW1hWhgHIRLyylD3B5jK1ag/ShN2OrudhbATy3W9UvL5+uo68wBEuOsUozcayZcyqMCTKjwd8AuURemTz1/+"
          + "0ywqOrzkeaNFQ5JO2Amz9h0AgAkAJ4CYmd0AAHlCAABYFwDktwEAAAAAAAAAAIABIg+gVkA5GCAGEIYAiz1w"
          + "lEIBYQiQeBIYRBCy3gEAyIEAAADACAAAAAAAAAAAAAAAAAAAJQk=";

  private static final String AVIF_PREMULTIPLIED =
      "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUEAAAGbbWV0YQAAAAAAAAAoaGRscgAAAAAAAAAAcGlj"
          + "dAAAAAAAAAAAAAAAAGxpYmF2aWYAAAAADnBpdG0AAAAAAAEAAAAsaWxvYwAAAABEAAACAAEAAAABAAAB1wAA"
          + "ADAAAgAAAAEAAAHDAAAAFAAAAEJpaW5mAAAAAAACAAAAGmluZmUCAAAAAAEAAGF2MDFDb2xvcgAAAAAaaW5m"
          + "ZQIAAAAAAgAAYXYwMUFscGhhAAAAAChpcmVmAAAAAAAAAA5wcmVtAAEAAQACAAAADmF1eGwAAgABAAEAAADD"
          + "aXBycAAAAJ1pcGNvAAAAFGlzcGUAAAAAAAAAIAAAACAAAAAQcGl4aQAAAAADCAgIAAAADGF2MUOBIAAAAAAA"
          + "E2NvbHJuY2x4AAEADQAAgAAAAA5waXhpAAAAAAEIAAAADGF2MUOBABwAAAAAOGF1eEMAAAAAdXJuOm1wZWc6"
          + "bXBlZ0I6Y2ljcDpzeXN0ZW1zOmF1eGlsaWFyeTphbHBoYQAAAAAeaXBtYQAAAAAAAAACAAEEAQKDBAACBAEF"
          + "hgcAAABMbWRhdBIACgUYET/2FTIJEACG3KcFt+XYEgAKCDgRP/YQENACMiIQAACGxWJFHOczSjks7gdZ2OVv"
          + "N52BID38ENSshpOFjM9M";

  private static final String AVIF_10_PREMULTIPLIED =
      "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUEAAAGbbWV0YQAAAAAAAAAoaGRscgAAAAAAAAAAcGlj"
          + "dAAAAAAAAAAAAAAAAGxpYmF2aWYAAAAADnBpdG0AAAAAAAEAAAAsaWxvYwAAAABEAAACAAEAAAABAAAB2gAA"
          + "ADMAAgAAAAEAAAHDAAAAFwAAAEJpaW5mAAAAAAACAAAAGmluZmUCAAAAAAEAAGF2MDFDb2xvcgAAAAAaaW5m"
          + "ZQIAAAAAAgAAYXYwMUFscGhhAAAAAChpcmVmAAAAAAAAAA5wcmVtAAEAAQACAAAADmF1eGwAAgABAAEAAADD"
          + "aXBycAAAAJ1pcGNvAAAAFGlzcGUAAAAAAAAAIAAAACAAAAAQcGl4aQAAAAADCgoKAAAADGF2MUOBIEAAAAAA"
          + "E2NvbHJuY2x4AAEADQAAgAAAAA5waXhpAAAAAAEKAAAADGF2MUOBAFwAAAAAOGF1eEMAAAAAdXJuOm1wZWc6"
          + "bXBlZ0I6Y2ljcDpzeXN0ZW1zOmF1eGlsaWFyeTphbHBoYQAAAAAeaXBtYQAAAAAAAAACAAEEAQKDBAACBAEF"
          + "hgcAAABSbWRhdBIACgUYET/2NTIMEACB9WCkhNNPxDGQEgAKCDgRP/YwENACMiUQAACGxWJEyo0cNJEuxjuB"
          + "1nCRCPzedLLb5X8ENSbiCvfVoDA9";

  private static final String JXL_PREMULTIPLIED =
      "/wpHwAAoAQgQEACgAEsYixUA1DkT40xmXkAEAIHRAAADSh4owLhBglFLcHhjgIAy4o3i5gA=";

  private final String brand;
  private final List<Item> items = new ArrayList<>();
  private final List<byte[]> properties = new ArrayList<>();
  private final Map<byte[], Integer> places = new IdentityHashMap<>();
  private final List<byte[]> references = new ArrayList<>();
  private int primary = 1;

  private record Item(int id, String type, byte[] data, boolean inMeta, List<Integer> owned) {}

  private Stills(String brand) {
    this.brand = brand;
  }

  /** An AVIF of 8 bits without loss. */
  public static byte[] avif() {
    return avifWith();
  }

  /** The same with more properties, each a box. */
  public static byte[] avifWith(byte[]... more) {
    return heif("avif").av1(1, WIDTH, HEIGHT, more).file();
  }

  /** The same that is cut or turned, behind what else is said of it. */
  public static byte[] avifShaped(byte[] shape) {
    return heif("avif")
        .item(1, "av01", AV1_CONFIGURATION, AV1, size(WIDTH, HEIGHT), nclx(1, 13, 6, 1), shape)
        .file();
  }

  /**
   * AVIF of 8 and of 10 bits, and a JPEG XL, whose colours are multiplied by their transparency: 32
   * by 32 pixels, on the left 200, 100, 50 at an alpha of 128, on the right 30, 60, 220 opaque.
   * Written by libavif and libjxl.
   */
  public static List<byte[]> premultiplied() {
    return List.of(
        decoded(AVIF_PREMULTIPLIED), decoded(AVIF_10_PREMULTIPLIED), decoded(JXL_PREMULTIPLIED));
  }

  /** An AVIF whose left half is half transparent, and lower right quarter wholly. */
  public static byte[] avifAlpha() {
    Stills still = heif("avif").av1(1, WIDTH, HEIGHT);
    byte[] kind = box("auxC", new byte[4], ascii("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0"));
    return still
        .item(2, "av01", ALPHA_CONFIGURATION, ALPHA, size(WIDTH, HEIGHT), kind)
        .reference("auxl", 2, 1)
        .file();
  }

  /** An AVIF of 10 bits, a quarter of its colour, in the range of videos. */
  public static byte[] avifTenBits() {
    return heif("avif")
        .item(1, "av01", AV1_10_CONFIGURATION, AV1_10, size(WIDTH, HEIGHT), nclx(1, 13, 1, 0))
        .file();
  }

  /** An AVIF of 10 bits with highlights, by the curve of SMPTE ST 2084. */
  public static byte[] avifPq() {
    return heif("avif")
        .item(1, "av01", PQ_CONFIGURATION, PQ, size(WIDTH, HEIGHT), nclx(9, 16, 9, 1))
        .file();
  }

  /** A HEIC of 8 bits. */
  public static byte[] heic() {
    return heif("heic")
        .item(1, "hvc1", HEVC_CONFIGURATION, HEVC, size(WIDTH, HEIGHT), nclx(1, 13, 6, 0))
        .file();
  }

  /** A codestream of JPEG XL without boxes. */
  public static byte[] jxl() {
    return decoded(JXL);
  }

  /** One in boxes, to be turned by a quarter, with EXIF and what it takes to make a JPEG again. */
  public static byte[] jxlTurned() {
    return decoded(JXL_TURNED);
  }

  /** Nothing yet; its items have their properties behind them. */
  public static Stills heif(String brand) {
    return new Stills(brand);
  }

  /** Adds the coded picture of {@link #avif}, with a size that may be another. */
  public Stills av1(int id, int width, int height, byte[]... more) {
    byte[][] all = Arrays.copyOf(more, more.length + 2);
    all[more.length] = size(width, height);
    all[more.length + 1] = nclx(1, 13, 6, 1);
    return item(id, "av01", AV1_CONFIGURATION, AV1, all);
  }

  /** Adds a picture whose data are those of another item. */
  public Stills shared(int id, int of, byte[]... properties) {
    Item other = items.stream().filter(item -> item.id() == of).findFirst().orElseThrow();
    return item(id, other.type(), other.data(), properties);
  }

  /** Adds a coded picture of AV1 with these bytes before that of {@link #avif}. */
  public Stills av1Behind(int id, byte[] before) {
    byte[] data = join(before, decoded(AV1));
    byte[] configuration = box("av1C", decoded(AV1_CONFIGURATION));
    return item(id, "av01", data, size(WIDTH, HEIGHT), configuration);
  }

  /**
   * Adds the coded picture of {@link #heic} with other parameters (NAL units of type 33).
   *
   * @param listed all that the configuration has
   * @param before in front of the picture
   */
  public Stills hevc(int id, int width, int height, byte[] before, byte[]... listed) {
    byte[] all = new byte[0];
    for (byte[] one : listed) {
      all = join(all, big16(one.length), one);
    }
    byte[] fields = Arrays.copyOf(decoded(HEVC_CONFIGURATION), 22);
    byte[] lists = join(new byte[] {1, (byte) 0xA1}, big16(listed.length), all);
    byte[] data = before.length == 0 ? before : join(big32(before.length), before);
    byte[] slice = Arrays.copyOfRange(decoded(HEVC), 79, decoded(HEVC).length);
    return item(
        id, "hvc1", join(data, slice), size(width, height), box("hvcC", join(fields, lists)));
  }

  /**
   * Parameters of HEVC, of 8 bits.
   *
   * @param cutRight columns of two pixels that its window takes away
   * @param cutBottom rows of two pixels that it takes away
   */
  public static byte[] hevcParameters(int width, int height, int cutRight, int cutBottom) {
    StringBuilder bits = new StringBuilder("0000" + "000" + "1").append("0".repeat(96));
    exponential(bits, 0, 1, width, height);
    bits.append('1');
    exponential(bits, 0, cutRight, 0, cutBottom, 0, 0);
    bits.append("1".repeat(8)).append("0".repeat(8 - bits.length() % 8));
    byte[] unit = new byte[2 + bits.length() / 8];
    unit[0] = 33 << 1;
    unit[1] = 1;
    for (int i = 0; i < bits.length(); i++) {
      unit[2 + i / 8] |= (byte) ((bits.charAt(i) - '0') << (7 - i % 8));
    }
    ByteArrayOutputStream escaped = new ByteArrayOutputStream();
    int zeros = 0;
    for (byte one : unit) {
      if (zeros == 2 && one >= 0 && one <= 3) {
        escaped.write(3);
        zeros = 0;
      }
      zeros = one == 0 ? zeros + 1 : 0;
      escaped.write(one);
    }
    return escaped.toByteArray();
  }

  private static void exponential(StringBuilder bits, int... values) {
    for (int value : values) {
      String one = Integer.toBinaryString(value + 1);
      bits.append("0".repeat(one.length() - 1)).append(one);
    }
  }

  /** Adds a coded picture. */
  private Stills item(
      int id, String type, String configuration, String data, byte[]... properties) {
    byte[][] all = Arrays.copyOf(properties, properties.length + 1);
    all[properties.length] = box(type.equals("av01") ? "av1C" : "hvcC", decoded(configuration));
    return item(id, type, decoded(data), all);
  }

  /**
   * Adds an item, which may share its properties with others; those that are derived from others
   * lie in the box that has all of this.
   */
  public Stills item(int id, String type, byte[] data, byte[]... properties) {
    List<Integer> owned = new ArrayList<>();
    for (byte[] property : properties) {
      int known = places.computeIfAbsent(property, _ -> this.properties.size() + 1);
      if (known > this.properties.size()) {
        this.properties.add(property);
      }
      owned.add(known);
    }
    items.add(new Item(id, type, data, type.equals("grid"), owned));
    return this;
  }

  /** Adds a reference. */
  public Stills reference(String kind, int from, int... to) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(join(big16(from), big16(to.length)));
    for (int one : to) {
      all.writeBytes(big16(one));
    }
    references.add(box(kind, all.toByteArray()));
    return this;
  }

  /** Says which item counts; else the first does. */
  public Stills primary(int id) {
    primary = id;
    return this;
  }

  /** The whole file. */
  public byte[] file() {
    byte[] head = box("ftyp", ascii(brand + "\0\0\0\0" + brand + "mif1miaf"));
    int length = meta(0).length;
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    Set<byte[]> written = Collections.newSetFromMap(new IdentityHashMap<>());
    items.stream()
        .filter(item -> !item.inMeta() && written.add(item.data()))
        .forEach(item -> data.writeBytes(item.data()));
    return join(head, meta(head.length + length + 8), box("mdat", data.toByteArray()));
  }

  private byte[] meta(int dataAt) {
    ByteArrayOutputStream entries = new ByteArrayOutputStream();
    ByteArrayOutputStream places = new ByteArrayOutputStream();
    ByteArrayOutputStream owners = new ByteArrayOutputStream();
    ByteArrayOutputStream inMeta = new ByteArrayOutputStream();
    Map<byte[], Integer> data = new IdentityHashMap<>();
    int at = dataAt;
    for (Item item : items) {
      entries.writeBytes(
          box("infe", big32(2 << 24), big16(item.id()), big16(0), ascii(item.type() + "\0")));
      int offset = item.inMeta() ? inMeta.size() : data.getOrDefault(item.data(), at);
      places.writeBytes(
          join(
              big16(item.id()),
              big16(item.inMeta() ? 1 : 0),
              big16(0),
              big16(1),
              big32(offset),
              big32(item.data().length)));
      if (item.inMeta()) {
        inMeta.writeBytes(item.data());
      } else if (data.put(item.data(), offset) == null) {
        at += item.data().length;
      }
      owners.writeBytes(join(big16(item.id()), new byte[] {(byte) item.owned().size()}));
      item.owned().forEach(owners::write);
    }
    return box(
        "meta",
        big32(0),
        box("hdlr", new byte[8], ascii("pict"), new byte[13]),
        box("pitm", big32(0), big16(primary)),
        box("iloc", big32(1 << 24), big16(0x4400), big16(items.size()), places.toByteArray()),
        box("iinf", big32(0), big16(items.size()), entries.toByteArray()),
        box("iref", big32(0), join(references.toArray(byte[][]::new))),
        box(
            "iprp",
            box("ipco", join(properties.toArray(byte[][]::new))),
            box("ipma", big32(0), big32(items.size()), owners.toByteArray())),
        box("idat", inMeta.toByteArray()));
  }

  /** {@code ispe}. */
  public static byte[] size(int width, int height) {
    return box("ispe", big32(0), big32(width), big32(height));
  }

  /** A turn against the clock, by so many quarters. */
  public static byte[] turned(int quarters) {
    return box("irot", new byte[] {(byte) quarters});
  }

  /** A rectangle of this size around the middle. */
  public static byte[] cut(int width, int height) {
    return box(
        "clap",
        join(big32(width), big32(1), big32(height), big32(1)),
        join(big32(0), big32(1), big32(0), big32(1)));
  }

  /** What a grid is of. */
  public static byte[] grid(int rows, int columns, int width, int height) {
    return join(
        new byte[] {0, 0, (byte) (rows - 1), (byte) (columns - 1)}, big16(width), big16(height));
  }

  /** {@code colr} with code points of ITU-T H.273. */
  public static byte[] nclx(int primaries, int transfer, int matrix, int full) {
    return box(
        "colr",
        ascii("nclx"),
        join(big16(primaries), big16(transfer), big16(matrix), new byte[] {(byte) (full << 7)}));
  }

  /** A box of these parts. */
  public static byte[] box(String code, byte[]... payload) {
    byte[] all = join(payload);
    return join(big32(all.length + 8), ascii(code), all);
  }

  private static byte[] decoded(String text) {
    return Base64.getDecoder().decode(text);
  }
}
