"""Makes photograph-like pictures with ImageMagick, and any number of distinct ones from each.

Structure is plasma drawn small and enlarged, as out of a lens; noise is Gaussian, as of a sensor,
and strong enough that a JPEG of 12 megapixels takes about 3 MB. Seeds are fixed and one thread
draws, so that every run has the same pictures.
"""

import os
import struct
import subprocess
import zlib

# name: (width, height, strength of the noise, extension, options of the encoder)
_BASELINE = ["-sampling-factor", "4:2:0"]
SHAPES = {
    "jpeg-12mp": (4000, 3000, 0.6, "jpg", [*_BASELINE, "-quality", "85"]),
    "progressive-12mp": (4000, 3000, 0.6, "jpg", [*_BASELINE, "-quality", "85", "-interlace", "JPEG"]),
    "jpeg-4mp": (2304, 1728, 0.6, "jpg", [*_BASELINE, "-quality", "85"]),
    "jpeg-2mp": (1632, 1224, 0.6, "jpg", [*_BASELINE, "-quality", "85"]),
    "png-2mp": (1632, 1224, 0.6, "png", ["-define", "png:compression-level=1"]),
    "webp-2mp": (1632, 1224, 0.6, "webp", ["-quality", "85"]),
}

# Movies and animations, which ffmpeg draws: name: (extension, what it is told)
_MANY = "-f lavfi -i testsrc2=s={}:r={}:d={} -vf noise=alls=12:all_seed=7 "
MOVIES = {
    "mp4-720p": ("mp4", _MANY.format("1280x720", 30, 20) + "-c:v libx264 -preset fast -pix_fmt yuv420p"),
    "mp4-sound": ("mp4", "-f lavfi -i sine=f=440:r=48000:d=20 " + _MANY.format("1280x720", 30, 20) + "-c:v libx264 -preset fast -pix_fmt yuv420p -c:a aac -b:a 128k"),
    "mov-mpeg4": ("mov", _MANY.format("1280x720", 30, 5) + "-c:v mpeg4 -q:v 4 -pix_fmt yuv420p"),
    "gif-480": ("gif", "-f lavfi -i testsrc2=s=480x270:r=10:d=6"),
    "webp-480": ("webp", "-f lavfi -i testsrc2=s=480x270:r=10:d=6 -c:v libwebp_anim -q:v 75 -compression_level 1 -loop 0"),
    "webp-animation": ("webp", "-f lavfi -i testsrc2=s=1200x900:r=25:d=4.8 -c:v libwebp_anim -q:v 75 -compression_level 1 -loop 0"),
}


class Pictures:
    """Pictures in a folder, made when they are first asked for."""

    def __init__(self, convert, folder):
        self._convert = convert
        self._folder = folder
        self._makers = {}

    def base(self, name):
        """The file of a picture."""
        if name in MOVIES:
            return self._movie(name)
        width, height, noise, extension, options = SHAPES[name]
        path = os.path.join(self._folder, f"{name}.{extension}")
        if not os.path.exists(path):
            drawing = ["-size", "1000x750", "-seed", "7", "plasma:fractal", "-resize", f"{width}x{height}!"]
            drawing += ["-attenuate", str(noise), "-seed", "8", "+noise", "Gaussian", "-strip", "-depth", "8"]
            command = [self._convert, *drawing, *options, f"{extension}:{path}"]
            subprocess.run(command, check=True, env={**os.environ, "MAGICK_THREAD_LIMIT": "1"})
        return path

    def _movie(self, name):
        extension, told = MOVIES[name]
        path = os.path.join(self._folder, f"{name}.{extension}")
        if not os.path.exists(path):
            command = ["ffmpeg", "-nostdin", "-v", "error", *told.split(), "-fflags", "+bitexact", path]
            subprocess.run(command, check=True)
        return path

    def extension(self, name):
        return MOVIES[name][0] if name in MOVIES else SHAPES[name][3]

    def distinct(self, name, number):
        """The bytes of a picture that differs from the base and from that of any other number."""
        if name not in self._makers:
            with open(self.base(name), "rb") as file:
                data = file.read()
            animated = name in MOVIES and self.extension(name) == "webp"
            maker = _Animations if animated else {"jpg": _Jpegs, "png": _Pngs, "webp": _Webps, "mp4": _Movies, "mov": _Movies, "gif": _Gifs}[self.extension(name)]
            self._makers[name] = maker(data)
        return self._makers[name].make(number + 1)


class _Jpegs:
    """Others by their quantisation tables: any values are valid, and the scan stays as it is.

    The last eight entries of the first table, the finest detail, become a number in base 16.
    """

    def __init__(self, data):
        at = 2
        while data[at + 1] != 0xDB:
            at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        if data[at + 4] >> 4:
            raise ValueError("the quantisation table is not of bytes")
        self._last = at + 5 + 64
        self._data = data

    def make(self, number):
        data = bytearray(self._data)
        for digit in range(8):
            data[self._last - 1 - digit] = 1 + (data[self._last - 1 - digit] + (number >> 4 * digit) % 16) % 255
        return bytes(data)


class _Pngs:
    """Others by their last row of pixels, compressed anew; the rows before it are compressed once."""

    def __init__(self, data):
        chunks, at = [], 8
        while at < len(data):
            size = struct.unpack(">I", data[at : at + 4])[0]
            chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
            at += 12 + size
        width, _, depth, colour = struct.unpack(">IIBB", chunks[0][1][:10])
        if (depth, colour) != (8, 2):
            raise ValueError("not of 24 bits a pixel")
        rows = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
        self._row = 1 + 3 * width
        self._stream = zlib.compressobj(1)
        self._start = self._stream.compress(rows[: -self._row]) + self._stream.flush(zlib.Z_FULL_FLUSH)
        self._head = data[:8] + _chunk(b"IHDR", chunks[0][1])

    def make(self, number):
        stream = self._stream.copy()
        row = bytes(1) + struct.pack(">I", number) * (self._row // 4 + 1)
        body = self._start + stream.compress(row[: self._row]) + stream.flush()
        return self._head + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


class _Webps:
    """Others by four bytes after their coded pixels, inside of the same chunk, which no decoder reads.

    A chunk of its own would not do, as servers drop it and then know the picture.
    """

    def __init__(self, data):
        size = struct.unpack("<I", data[16:20])[0]
        if data[12:16] != b"VP8 " or len(data) != 20 + size + size % 2:
            raise ValueError("not a plain lossy WebP")
        self._pixels = data[20 : 20 + size] + bytes(size % 2)

    def make(self, number):
        pixels = self._pixels + struct.pack("<I", number)
        body = b"WEBPVP8 " + struct.pack("<I", len(pixels)) + pixels
        return b"RIFF" + struct.pack("<I", len(body)) + body


class _Animations:
    """Others by the colour around them, which no viewer shows and every server keeps."""

    def __init__(self, data):
        self._at = data.index(b"ANIM") + 8
        self._data = data

    def make(self, number):
        return self._data[: self._at] + struct.pack("<I", number) + self._data[self._at + 4 :]


class _Movies:
    """Others by a box at the end that nobody looks into: what is received differs, not what is shown."""

    def __init__(self, data):
        self._data = data

    def make(self, number):
        return self._data + struct.pack(">I4sQ", 16, b"free", number)


class _Gifs:
    """Others by the last two colours of their common palette; a comment would not do, as servers drop it."""

    def __init__(self, data):
        if not data[10] & 0x80:
            raise ValueError("without a common palette")
        self._end = 13 + (3 << (data[10] & 7) + 1)
        self._data = data

    def make(self, number):
        return self._data[: self._end - 4] + struct.pack(">I", number) + self._data[self._end :]
