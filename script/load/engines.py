"""What the engines of other servers do to a picture, in a loop with nothing around it: no server that
uses them makes more of these variants a second. The picture is in memory, results are thrown away,
and encoders make no more effort than any of the servers asks of them, or pictj does.

    engines.py NAME FILE EXTENSION SIZE SECONDS OUTPUT

prints how long each took in milliseconds, and leaves the last result in OUTPUT; engines.py NAME
alone says whether it could.
"""

import ctypes
import io
import subprocess
import sys
import time

JPEG = {"Q": 80, "strip": 1}
WEBP = {"Q": 80, "strip": 1, "effort": 2}


class _Vips:
    """libvips as it is called from C (libvips.org), one thread a picture and nothing remembered."""

    def __init__(self, data):
        self._vips = ctypes.CDLL("libvips.so.42")
        self._glib = ctypes.CDLL("libglib-2.0.so.0")
        self._gobject = ctypes.CDLL("libgobject-2.0.so.0")
        self._vips.vips_error_buffer.restype = ctypes.c_char_p
        self._did(self._vips.vips_init(b"engines"))
        self._vips.vips_cache_set_max(0)
        self._vips.vips_concurrency_set(1)
        self._data = ctypes.create_string_buffer(data, len(data))
        self._size = len(data)

    def _did(self, status):
        if status:
            raise RuntimeError(self._vips.vips_error_buffer().decode(errors="replace"))

    def _call(self, name, *arguments, **options):
        """A call whose options end with a null."""
        rest = [part for key, value in options.items() for part in (key.encode(), value)]
        self._did(getattr(self._vips, f"vips_{name}")(*arguments, *rest, None))

    def _from_memory(self, name, *arguments, **options):
        image = ctypes.c_void_p()
        self._call(name, self._data, ctypes.c_size_t(self._size), ctypes.byref(image), *arguments, **options)
        return image

    def _load(self):
        """The loader's name, as it knows the picture."""
        find = self._vips.vips_foreign_find_load_buffer
        find.restype = ctypes.c_char_p
        return {b"Jpeg": "jpegload_buffer", b"Png": "pngload_buffer", b"Webp": "webpload_buffer"}[
            find(self._data, ctypes.c_size_t(self._size)).removeprefix(b"VipsForeignLoad").removesuffix(b"Buffer")
        ]

    def _save(self, image, extension):
        buffer, length = ctypes.c_void_p(), ctypes.c_size_t()
        name, options = ("jpegsave_buffer", JPEG) if extension == "jpg" else ("webpsave_buffer", WEBP)
        self._call(name, image, ctypes.byref(buffer), ctypes.byref(length), **options)
        made = ctypes.string_at(buffer, length.value)
        self._glib.g_free(buffer)
        self._gobject.g_object_unref(image)
        return made


class Thumbnail(_Vips):
    """vips_thumbnail, which is what imagor calls, and vipsthumbnail."""

    def make(self, extension, size):
        return self._save(self._from_memory("thumbnail_buffer", ctypes.c_int(size)), extension)


class ShrinkAndResize(_Vips):
    """As imgproxy does it: the decoder shrinks as far as it can, and vips_resize does the rest."""

    def make(self, extension, size):
        name = self._load()
        image = self._from_memory(name, access=1)
        width = self._vips.vips_image_get_width(image)
        shrink = width / size
        if name == "jpegload_buffer" and shrink >= 2:
            self._gobject.g_object_unref(image)
            image = self._from_memory(name, access=1, shrink=8 if shrink >= 8 else 4 if shrink >= 4 else 2)
        elif name == "webpload_buffer":
            self._gobject.g_object_unref(image)
            image = self._from_memory(name, access=1, scale=ctypes.c_double(1 / shrink))
        scale = size / self._vips.vips_image_get_width(image)
        if scale != 1:
            smaller = ctypes.c_void_p()
            self._call("resize", image, ctypes.byref(smaller), ctypes.c_double(scale))
            self._gobject.g_object_unref(image)
            image = smaller
        return self._save(image, extension)


class Pillow:
    """As thumbor does it: the decoder shrinks as far as it can, and a Lanczos filter does the rest."""

    def __init__(self, data):
        from PIL import Image

        self._image = Image
        self._data = data

    def make(self, extension, size):
        image = self._image.open(io.BytesIO(self._data))
        wanted = size, round(image.height * size / image.width)
        image.draft(None, wanted)
        out = io.BytesIO()
        image = image.resize(wanted, self._image.LANCZOS)
        if extension == "jpg":
            image.save(out, "JPEG", quality=80)
        else:
            image.save(out, "WEBP", quality=80, method=2)
        return out.getvalue()


ENGINES = {"imagor's": Thumbnail, "imgproxy's": ShrinkAndResize, "thumbor's": Pillow}


def python(name):
    """A Python that has what this engine needs, or None: the system's packages are for its own."""
    for program in (sys.executable, "/usr/bin/python3"):
        try:
            if subprocess.run([program, "-B", __file__, name], capture_output=True).returncode == 0:
                return program
        except OSError:
            continue
    return None


def main():
    name, *rest = sys.argv[1:]
    if not rest:
        ENGINES[name](b"")
        return
    file, extension, size, seconds, output = rest
    with open(file, "rb") as stream:
        engine = ENGINES[name](stream.read())
    engine.make(extension, int(size))
    times = []
    end = time.monotonic() + float(seconds)
    while not times or time.monotonic() < end:
        began = time.monotonic()
        # Neighbouring sizes, as servers are asked for them.
        engine.make(extension, int(size) - 32 + len(times) % 65)
        times.append(f"{(time.monotonic() - began) * 1000:.2f}")
    with open(output, "wb") as stream:
        stream.write(engine.make(extension, int(size)))
    print(*times)


if __name__ == "__main__":
    main()
