"""How each kind of image server is spoken to: where its originals and variants are, how pictures
get into it. URL forms are those of the documentation of pict-rs 0.5, imgproxy 3, imagor 1,
thumbor 7 and ipx 3, all without signatures."""

import http.client
import json
import os
import urllib.parse
import uuid

FORMATS = {
    "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp",
    "avif": "image/avif", "jxl": "image/jxl", "gif": "image/gif",
}


class Unsupported(Exception):
    """This kind of server has no such thing."""


class Refused(Exception):
    """The server answered something else than it should, outside of any measurement."""


def request(url, method, path, body=None, headers=()):
    """One request outside of the measured load. Status, headers and body of the answer, and how
    many bytes it took with its head."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=90)
    try:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        data = answer.read()
        head = len(f"HTTP/1.1 {answer.status} {answer.reason}\r\n\r\n")
        head += sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
        return answer.status, answer.headers, data, head + len(data)
    finally:
        connection.close()


class _Uploading:
    """pictj and pict-rs: pictures are uploaded or imported and get an alias."""

    answers = (201,)
    makes = frozenset(FORMATS)

    def __init__(self, url, key=None):
        self.url = url
        self._key = key

    def place(self, name, data):
        """Puts a picture into the server, by import where a key is at hand; returns its alias."""
        form, headers = _form(name, data)
        path = "/image"
        if self._key:
            path, headers["X-Api-Token"] = "/internal/import", self._key
        status, _, body, _ = request(self.url, "POST", path, form, headers)
        if status not in self.answers:
            raise Refused(f"POST {path} answered {status}: {body[:200]!r}")
        return self.alias(body)

    @staticmethod
    def alias(body):
        """The alias that the answer to an upload names."""
        return json.loads(body)["files"][0]["file"]

    def upload_behind(self, name, data):
        """Uploads in the background and waits until the picture is there; returns its alias."""
        status, _, body, _ = request(self.url, "POST", "/image/backgrounded", *_form(name, data))
        if status != 202:
            raise Refused(f"POST /image/backgrounded answered {status}: {body[:200]!r}")
        path = "/image/backgrounded/claim?upload_id=" + json.loads(body)["uploads"][0]["upload_id"]
        status = 204
        while status == 204:  # after some seconds; the server lets who claims wait
            status, _, body, _ = request(self.url, "GET", path)
        if status not in (200, 201):
            raise Refused(f"GET {path} answered {status}: {body[:200]!r}")
        return self.alias(body)

    def original(self, source):
        return "/image/original/" + source

    def variant(self, source, extension, operation, size):
        return f"/image/process.{extension}?src={source}&{operation}={size}"

    def upload(self, file):
        """Path and further lines of curl's configuration that upload a file."""
        return "/image", (f'form = "images[]=@{file}"', 'header = "Expect:"')


def _form(name, data):
    """The body and the headers of an upload of one picture."""
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="images[]"; filename="{name}"\r\n\r\n'
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return head.encode() + data + f"\r\n--{boundary}--\r\n".encode(), headers


class Pictj(_Uploading):
    pass


class PictRs(_Uploading):
    # Not all of its versions answer an upload with 201.
    answers = (200, 201)


class _Reading:
    """imgproxy, imagor, thumbor and ipx: pictures are read from elsewhere when they are asked for."""

    answers = (200, 201)
    makes = frozenset(("jpg", "png", "webp"))  # what they make of the rest was not looked at

    def __init__(self, url, files, base):
        self.url = url
        self._files = files  # the folder that it reads or that is served to it
        self._base = base  # what stands before a name in its URLs

    def place(self, name, data):
        with open(os.path.join(self._files, name), "wb") as file:
            file.write(data)
        return name

    def upload(self, file):
        raise Unsupported("it stores no pictures")


class Imgproxy(_Reading):
    def original(self, source):
        return f"/unsafe/raw:1/plain/{self._base}{source}"

    def variant(self, source, extension, operation, size):
        return f"/unsafe/rs:fit:{size}:{size}/plain/{self._base}{source}@{extension}"


class Imagor(_Reading):
    def original(self, source):
        return f"/unsafe/filters:raw()/{self._base}{source}"

    def variant(self, source, extension, operation, size):
        name = "jpeg" if extension == "jpg" else extension
        return f"/unsafe/fit-in/{size}x{size}/filters:format({name})/{self._base}{source}"


class Thumbor(Imagor):
    """Its originals are the pictures uploaded to it, where that is enabled."""

    def original(self, source):
        with open(os.path.join(self._files, source), "rb") as file:
            data = file.read()
        extension = source.rsplit(".", 1)[1]
        headers = {"Content-Type": FORMATS[extension], "Slug": source}
        status, answer, _, _ = request(self.url, "POST", "/image", data, headers)
        if status != 201:
            raise Unsupported(f"uploads are answered with {status}")
        return answer["Location"]

    def upload(self, file):
        return "/image", (f'form = "media=@{file};type=image/jpeg"', 'header = "Expect:"')


class Ipx(_Reading):
    """Renders anew whenever it is asked, originals too."""

    def original(self, source):
        raise Unsupported("it encodes originals anew")

    def variant(self, source, extension, operation, size):
        name = "jpeg" if extension == "jpg" else extension
        return f"/f_{name},s_{size}x{size},fit_inside/{self._base}{source}"


class Nginx:
    """Files as they are: the limit of what serving stored bytes can reach."""

    def __init__(self, url, files):
        self.url = url
        self._files = files

    def place(self, name, data):
        with open(os.path.join(self._files, name), "wb") as file:
            file.write(data)
        return name

    def original(self, source):
        return "/" + source

    def variant(self, source, extension, operation, size):
        raise Unsupported("it makes no variants")

    def upload(self, file):
        raise Unsupported("it takes no uploads")


PEERS = {"pictj": Pictj, "pict-rs": PictRs, "imgproxy": Imgproxy, "imagor": Imagor, "thumbor": Thumbor, "ipx": Ipx}


def peer(kind, url, key, files, served):
    """A server that somebody else has started.

    files: the folder that it reads pictures from, or None: then it is given URLs below served,
    which is (folder, URL) of a web server of ours."""
    if issubclass(PEERS[kind], _Uploading):
        return PEERS[kind](url, key)
    if files:
        return PEERS[kind](url, files, "local:///" if kind == "imgproxy" else "")
    return PEERS[kind](url, served[0], served[1] + "/")
