"""An HTTP/1.1 client on one event loop, for arrivals that do not wait for each other."""

import asyncio
import time

REUSE = 3  # seconds a connection may rest in our hands; the server keeps it longer


class Client:
    """HTTP/1.1 over connections that are used again."""

    def __init__(self, port, host="127.0.0.1"):
        self.host = host
        self.port = port
        self.idle = []

    async def connection(self):
        while self.idle:
            reader, writer, since = self.idle.pop()
            if time.monotonic() - since < REUSE and not reader.at_eof():
                return reader, writer
            writer.close()
        return await asyncio.open_connection(self.host, self.port)

    async def request(self, method, path, body=b"", kind=None):
        """Status, headers and body of the answer."""
        reader, writer = await self.connection()
        try:
            head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\n"
            if kind:
                head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
            writer.write(head.encode() + b"\r\n" + body)
            status = int((await reader.readuntil(b"\r\n")).split()[1])
            headers = {}
            while (line := await reader.readuntil(b"\r\n")) != b"\r\n":
                name, value = line.decode("latin-1").split(":", 1)
                headers[name.lower()] = value.strip()
            data = await self._body(reader, headers)
        except BaseException:
            writer.close()
            raise
        if headers.get("connection", "").lower() == "close":
            writer.close()
        else:
            self.idle.append((reader, writer, time.monotonic()))
        return status, headers, data

    @staticmethod
    async def _body(reader, headers):
        if headers.get("transfer-encoding", "").lower() != "chunked":
            return await reader.readexactly(int(headers.get("content-length", 0)))
        data = b""
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            data += await reader.readexactly(size)
            await reader.readexactly(2)
        while await reader.readuntil(b"\r\n") != b"\r\n":
            pass
        return data

    async def upload(self, picture):
        form = (
            b'--b\r\nContent-Disposition: form-data; name="images[]"; filename="x"\r\n\r\n'
            + picture
            + b"\r\n--b--\r\n"
        )
        return await self.request("POST", "/image", form, "multipart/form-data; boundary=b")

    def close(self):
        for _, writer, _ in self.idle:
            writer.close()
        self.idle.clear()
