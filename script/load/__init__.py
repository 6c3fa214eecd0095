"""What script/soak and script/bench share, and the parts of script/bench: standard library only."""

import struct


def picture_size(data):
    """Width and height of a JPEG, PNG, WebP, GIF, AVIF or JPEG XL from its header, or None."""
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return struct.unpack(">II", data[16:24])
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp_size(data)
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return struct.unpack("<HH", data[6:10])
    if data[4:12] in (b"ftypavif", b"ftypavis"):
        return _avif_size(data)
    if data[:2] == b"\xff\x0a":
        return _jxl_size(data[2:])
    if data[4:8] == b"JXL ":
        at = data.find(b"\xff\x0a", 12)  # of the first box of pixels, which is near
        return _jxl_size(data[at + 2 :]) if at > 0 else None
    if data[:2] == b"\xff\xd8":
        at = 2
        while at + 9 <= len(data) and data[at] == 0xFF:
            if 0xC0 <= data[at + 1] <= 0xCF and data[at + 1] not in (0xC4, 0xC8, 0xCC):
                height, width = struct.unpack(">HH", data[at + 5 : at + 9])
                return width, height
            at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return None


def _webp_size(data):
    kind = data[12:16]
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        bits = struct.unpack("<I", data[21:25])[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    return None


def _avif_size(data):
    """The largest of the sizes told: of the picture, its alpha, its thumbnail."""
    sizes, at = [(0, 0)], data.find(b"ispe")
    while at > 0:
        sizes.append(struct.unpack(">II", data[at + 8 : at + 16]))
        at = data.find(b"ispe", at + 4)
    return max(sizes)


def _jxl_size(data):
    """Of the bits after the signature, the lowest of each byte first."""
    bits, at = int.from_bytes(data[:16], "little"), 0

    def take(count):
        nonlocal at
        at += count
        return bits >> (at - count) & (1 << count) - 1

    def side(small):
        return 8 * (1 + take(5)) if small else 1 + take((9, 13, 18, 30)[take(2)])

    small = take(1)
    height = side(small)
    ratio = take(3)
    if not ratio:
        return side(small), height
    over, under = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))[ratio - 1]
    return height * over // under, height


def frames(data):
    """How many pictures a GIF or an animated WebP shows one after another."""
    if data[:4] == b"RIFF":
        return data.count(b"ANMF")
    count, at = 0, 13 + _colours(data[10])
    while data[at : at + 1] in (b"!", b","):
        if data[at] == 0x2C:
            count += 1
            at += 11 + _colours(data[at + 9])
        else:
            at += 2
        while data[at]:  # blocks, each with its length before it
            at += 1 + data[at]
        at += 1
    return count


def _colours(flags):
    """How many bytes a table of colours takes in a GIF."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0
