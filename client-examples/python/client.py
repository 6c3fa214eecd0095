#!/usr/bin/env python3
"""Uploads eight files in one streamed request, prints the reply, deletes them again.

Usage: client.py [URL]     (standard library only; KEEP=1 leaves the files on the server)

Each picture is sent twice: the server keeps the bytes once and gives out two names for them.
"""

import http.client
import json
import os
import sys
import urllib.parse
import uuid
from pathlib import Path

PICTURES = Path(__file__).resolve().parent.parent
CHUNK = 64 * 1024
FILES = [
    ("test.png", "image/png"),
    ("spin.gif", "image/gif"),
    ("photo.jpg", "image/jpeg"),
    ("scene.webp", "image/webp"),
] * 2


def multipart(boundary):
    """Yields the body piece by piece; no file is ever whole in memory."""
    for number, (name, content_type) in enumerate(FILES, start=1):
        path = PICTURES / name
        yield (
            f"--{boundary}\r\n"
            f"Content-Disposition: form-data; name=images[];"
            f' filename="image{number}{path.suffix}"\r\n'
            f"Content-Type: {content_type}\r\n\r\n"
        ).encode()
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode()


def main():
    server = urllib.parse.urlsplit(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080")
    connect = http.client.HTTPSConnection if server.scheme == "https" else http.client.HTTPConnection
    connection = connect(server.netloc, timeout=60)
    base = server.path.rstrip("/")

    boundary = uuid.uuid4().hex
    # A body of unknown length: http.client sends it chunked.
    connection.request(
        "POST",
        f"{base}/image",
        body=multipart(boundary),
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )
    response = connection.getresponse()
    text = response.read().decode()
    print(text)
    expect(response.status == 201, f"expected 201, got {response.status}")
    files = json.loads(text)["files"]

    if os.environ.get("KEEP") == "1":
        return
    refused = []
    for file in files:
        connection.request("DELETE", f"{base}/image/delete/{file['delete_token']}/{file['file']}")
        response = connection.getresponse()
        response.read()
        if response.status != 204:
            refused.append(response.status)
    # After all: one that stays must not keep the others.
    expect(not refused, f"delete: expected 204, got {refused}")
    expect(len(files) == len(FILES), f"expected {len(FILES)} files, got {len(files)}")
    print(f"deleted: {len(files)} files")


def expect(condition, message):
    """An assert that also holds under python -O."""
    if not condition:
        sys.exit(f"error: {message}")


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(f"error: {error}")
