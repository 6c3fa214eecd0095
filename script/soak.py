"""The load driver of script/soak: standard library only, one event loop, open-loop arrivals.

Arrivals come at random moments of a fixed mean rate, whether earlier requests are answered or
not, because people do not wait for each other. What is measured of the server is read from /proc.
"""

import argparse
import asyncio
import collections
import glob
import hashlib
import json
import os
import random
import resource
import shlex
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib

from load import tree
from load.client import Client
from load.jar import Jar, StartFailed

GIVE_UP = 40  # seconds after which a client leaves
MAX_OPEN = 900  # requests under way at a time; the server takes 1024 connections
KINDS = [("upload", 12), ("duplicate", 8), ("variant", 20), ("read", 56), ("delete", 4)]
STEADY = [("upload", 8), ("duplicate", 4), ("variant", 10), ("read", 66), ("delete", 12)]
SLICES = 20  # of a steady load, between which memory is looked at
GROWTH = 16  # MiB that it may be more at the end of a steady load
SLOW = [("slow head", 15), ("slow body", 15), ("stalled reader", 15)]


NOISE = random.Random(0).randbytes(1 << 21)


def png(rng, width, height):
    """A picture that no other call gives; stored, not deflated, as the driver has no time for it."""
    at = rng.randrange(len(NOISE) - (width * 3 + 1) * height)
    rows = bytearray(NOISE[at : at + (width * 3 + 1) * height])
    rows[:: width * 3 + 1] = bytes(height)
    rows[1:13] = rng.randbytes(12)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(rows, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


class Watch:
    """The server's process as /proc shows it, sampled."""

    def __init__(self, pid, data):
        self.pid = pid
        self.data = data
        self.peak = collections.Counter()

    def handles(self):
        """Open files and sockets; those of the catalog come and go as it compacts."""
        count = 0
        for link in glob.glob(f"/proc/{self.pid}/fd/*"):
            try:
                target = os.readlink(link)
            except OSError:
                continue
            if not target.startswith(os.path.join(self.data, "catalog")):
                count += 1
        return count

    def temporary(self):
        total = 0
        for folder, _, names in os.walk(os.path.join(self.data, "tmp")):
            for name in names:
                try:
                    total += os.path.getsize(os.path.join(folder, name))
                except OSError:
                    pass
        return total

    def now(self):
        children = tree.descendants(self.pid)
        server = tree.status(self.pid, "VmRSS") // 1024
        return {
            "server MiB": server,
            "server and children MiB": server
            + sum(tree.status(child, "VmRSS") for child in children) // 1024,
            "children": len(children),
            "threads": tree.status(self.pid, "Threads"),
            "file handles": self.handles(),
            "temp bytes": self.temporary(),
        }

    async def run(self):
        while True:
            for name, value in self.now().items():
                self.peak[name] = max(self.peak[name], value)
            await asyncio.sleep(0.5)


class Phase:
    """What was seen while one load was on."""

    def __init__(self, name):
        self.name = name
        self.times = collections.defaultdict(list)
        self.statuses = collections.defaultdict(collections.Counter)
        self.retry = collections.Counter()

    def saw(self, kind, status, headers, seconds):
        self.statuses[kind][status] += 1
        if isinstance(status, int) and status < 400:
            self.times[kind].append(seconds * 1000)
        if status == 503:
            self.retry[headers.get("retry-after", "missing")] += 1

    def print(self, seconds):
        total = sum(sum(counter.values()) for counter in self.statuses.values())
        print(f"\n{self.name}: {total} requests in {seconds:.0f} s")
        print(f"  {'kind':<15}{'served':>8}{'p50 ms':>9}{'p90':>9}{'p99':>9}{'max':>9}   statuses")
        for kind in sorted(self.statuses):
            times = sorted(self.times[kind])
            cells = [f"{times[min(len(times) - 1, int(len(times) * p))]:.0f}" if times else "-"
                     for p in (0.5, 0.9, 0.99, 1)]
            seen = ", ".join(f"{s}: {n}" for s, n in sorted(self.statuses[kind].items(), key=str))
            print(f"  {kind:<15}{len(times):>8}" + "".join(f"{c:>9}" for c in cells) + f"   {seen}")
        if self.retry:
            print("  Retry-After: " + ", ".join(f"{v} s: {n}" for v, n in sorted(self.retry.items())))


class Soak:
    def __init__(self, client, watch, rng):
        self.client = client
        self.watch = watch
        self.rng = rng
        self.kept = []  # (alias, picture) that are read and rendered and never deleted
        self.cached = []
        self.large = None  # an alias that is long to read
        self.deletable = collections.deque()
        self.uploaded = {}  # alias: (token, hash of what was sent)
        self.deleted = set()
        self.failures = []
        self.phase = None
        self.total = Phase("in all")
        self.mix = KINDS
        self.open = 0

    def picture(self):
        side = self.rng.choice([48, 64, 128, 256])
        return png(self.rng, side, side)

    def remember(self, answer, picture):
        status, _, data = answer
        if status == 201:
            file = json.loads(data)["files"][0]
            self.uploaded[file["file"]] = (file["delete_token"], hashlib.sha256(picture).digest())
            return file["file"]
        return None

    async def prepare(self):
        picture = png(self.rng, 800, 800)
        self.large = self.remember(await self.client.upload(picture), picture)
        for side in (100, 200, 300):
            picture = png(self.rng, side, side)
            alias = self.remember(await self.client.upload(picture), picture)
            self.kept.append((alias, picture))
            self.cached.append("/image/original/" + alias)
            for query in ("thumbnail=96", "crop=1x1&resize=64"):
                path = f"/image/process.webp?src={alias}&{query}"
                assert (await self.client.request("GET", path))[0] == 200
                self.cached.append(path)

    async def operation(self, kind):
        if kind == "upload":
            picture = self.picture()
            answer = await self.client.upload(picture)
            self.deletable.append(self.remember(answer, picture))
            return answer
        if kind == "duplicate":
            picture = self.rng.choice(self.kept)[1]
            answer = await self.client.upload(picture)
            self.deletable.append(self.remember(answer, picture))
            return answer
        if kind == "variant":
            alias = self.rng.choice(self.kept)[0]
            ext = self.rng.choice(["jpg", "png", "webp"])
            query = f"crop={self.rng.randint(1, 20)}x{self.rng.randint(1, 20)}"
            query += f"&thumbnail={self.rng.randint(20, 600)}"
            return await self.client.request("GET", f"/image/process.{ext}?src={alias}&{query}")
        if kind == "delete" and self.deletable and (alias := self.deletable.popleft()):
            # Should the answer not come, nobody knows which of both it is.
            token, _ = self.uploaded.pop(alias)
            answer = await self.client.request("DELETE", f"/image/delete/{token}/{alias}")
            if answer[0] == 204:
                self.deleted.add(alias)
            return answer
        return await self.client.request("GET", self.rng.choice(self.cached))

    async def one(self, kind):
        started = time.monotonic()
        headers = {}
        self.open += 1
        try:
            status, headers, data = await asyncio.wait_for(self.operation(kind), GIVE_UP)
            # All that is asked for here is right, and exists: too much of it is all that may be wrong.
            if status >= 400 and status != 503:
                self.failures.append(f"{kind} answered {status}: {data[:200]!r}")
            if status == 503 and "retry-after" not in headers:
                self.failures.append(f"{kind} answered 503 without Retry-After: {data[:200]!r}")
        except asyncio.TimeoutError:
            status = "gave up"
        except (OSError, asyncio.IncompleteReadError) as e:
            status = type(e).__name__
        finally:
            self.open -= 1
        for phase in (self.phase, self.total):
            phase.saw(kind, status, headers, time.monotonic() - started)
        return status

    def kind(self):
        kind = self.rng.choices([k for k, _ in self.mix], [w for _, w in self.mix])[0]
        while self.deletable and self.deletable[0] is None:
            self.deletable.popleft()
        return kind if kind != "delete" or self.deletable else "read"

    async def calibrate(self, seconds):
        """Twice as many patient clients as cores; how much they get done is the capacity."""
        self.phase = Phase("calibration")
        end = time.monotonic() + seconds

        async def patient():
            while time.monotonic() < end:
                await self.one(self.kind())

        await asyncio.gather(*(patient() for _ in range(2 * os.cpu_count())))
        self.phase.print(seconds)
        return sum(len(times) for times in self.phase.times.values()) / seconds

    async def load(self, name, rate, seconds, quiet=False):
        self.phase = Phase(f"{name}: {rate:.0f} arrivals a second wanted")
        started = time.monotonic()
        tasks, at, arrived = set(), 0.0, 0
        while time.monotonic() - started < seconds:
            at += self.rng.expovariate(rate)
            await asyncio.sleep(max(0, started + at - time.monotonic()))
            arrived += 1
            if self.open >= MAX_OPEN:
                for phase in (self.phase, self.total):
                    phase.saw("(none)", "not sent", {}, 0)
                continue
            task = asyncio.create_task(self.one(self.kind()))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        # A driver on the same cores may not manage as many as it should.
        self.phase.name += f", {arrived / (time.monotonic() - started):.0f} came"
        while tasks:
            await asyncio.wait(set(tasks))
        if not quiet:
            self.phase.print(time.monotonic() - started)

    async def slow(self, what):
        """One client that holds a place for as long as it is let, again and again."""
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.client.port)
                try:
                    await self.hold(what, reader, writer)
                finally:
                    writer.close()
            except (OSError, asyncio.IncompleteReadError):
                pass

    async def hold(self, what, reader, writer):
        started = time.monotonic()
        if what == "stalled reader":
            writer.transport.pause_reading()
            path = "/image/original/" + self.large
            writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 20)
            while not writer.transport.is_closing() and time.monotonic() - started < 60:
                await asyncio.sleep(1)
                writer.write(b"G")
            if writer.transport.is_closing():
                self.phase.saw(what, "cut off", {}, 0)
            else:
                self.failures.append(f"a {what} held its place for a minute")
            return
        head = b"GET /healthz HTTP/1.1\r\nX: "
        if what == "slow body":
            head = (
                b"POST /image HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n"
                b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
                b'Content-Disposition: form-data; name="images[]"; filename="x"\r\n\r\n'
            )
        writer.write(head)
        answer = asyncio.ensure_future(reader.read(12))
        try:
            while not answer.done() and time.monotonic() - started < 60:
                writer.write(b"x")
                await asyncio.wait([answer], timeout=1)
            status = answer.result().decode("latin-1")[9:] if answer.done() else "held for 60 s"
            self.phase.saw(what, status or "closed", {}, 0)
            if status == "held for 60 s":
                self.failures.append(f"a {what} held its place for a minute")
        finally:
            answer.cancel()

    async def verify(self):
        """Everything acknowledged is there byte for byte, everything deleted is not."""
        for alias, (_, digest) in self.uploaded.items():
            status, _, data = await self.client.request("GET", "/image/original/" + alias)
            if status != 200 or hashlib.sha256(data).digest() != digest:
                self.failures.append(f"an acknowledged upload reads back with {status}")
        for alias in self.deleted:
            status, _, _ = await self.client.request("GET", "/image/original/" + alias)
            if status != 404:
                self.failures.append(f"an acknowledged delete reads back with {status}")

    async def settle(self, before):
        """Waits until what was taken is given back, at most a minute and a half."""
        self.client.close()
        slack = {"threads": 4, "file handles": 4, "temp bytes": 0, "children": 0}
        after, over = {}, []
        for _ in range(90):
            after = self.watch.now()
            over = [name for name, more in slack.items() if after[name] > before[name] + more]
            if not over:
                break
            await asyncio.sleep(1)
        for name in over:
            self.failures.append(f"{name}: {before[name]} before, {after[name]} after")
        return after


async def overload(arguments, run, watch):
    """Far more than it can bear, with slow clients beside."""
    client = run.client
    capacity = await run.calibrate(arguments.seconds * 0.15)
    print(f"\ncapacity: {capacity:.0f} requests a second of this mix")
    client.close()
    await asyncio.sleep(2)
    before = watch.now()
    watching = asyncio.create_task(watch.run())
    slow = [asyncio.create_task(run.slow(what)) for what, count in SLOW for _ in range(count)]
    await run.load("twice its capacity", 2 * capacity, arguments.seconds * 0.4)
    await run.load("ten times its capacity", 10 * capacity, arguments.seconds * 0.4)
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    await run.verify()
    watching.cancel()
    after = await run.settle(before)
    print(f"\n  {'':<26}{'before':>12}{'peak':>12}{'after':>12}")
    for name in before:
        print(f"  {name:<26}{before[name]:>12}{watch.peak[name]:>12}{after[name]:>12}")


async def steady(arguments, run, watch):
    """An even load that it bears with ease, and what of its memory grows meanwhile, without garbage."""
    run.mix = STEADY
    jcmd = os.path.join(os.path.dirname(arguments.java), "jcmd")
    slice_seconds = max(1, arguments.seconds // SLICES)
    seen = []
    print(f"  {'minutes':>7}{'server MiB':>12}{'with workers':>14}{'threads':>9}{'files':>7}")
    before = watch.now()
    for number in range(1, SLICES + 1):
        await run.load("steady", arguments.rate, slice_seconds, quiet=True)
        # What it needs, not how much garbage it happens to have: that comes and goes.
        subprocess.run([jcmd, str(watch.pid), "GC.run"], check=True, stdout=subprocess.DEVNULL)
        now = watch.now()
        own, tree_pss = tree.own(watch.pid), tree.memory(watch.pid)[1]
        seen.append(own)
        minutes = number * slice_seconds / 60
        print(f"  {minutes:>7.1f}{own:>12.0f}{tree_pss:>14.0f}{now['threads']:>9}{now['file handles']:>7}", flush=True)
    run.total.print(arguments.seconds)
    for kind, counter in run.total.statuses.items():
        for status, count in counter.items():
            # Others than 503 are failures already, whatever the load.
            if not isinstance(status, int) or status == 503:
                run.failures += [f"{kind} came to {status} at an even load"] * count
    await run.verify()
    await run.settle(before)
    # The first quarter fills caches and lets the JVM compile; then it should be all.
    early, late = (statistics.median(part) for part in (seen[SLICES // 4 : SLICES // 2], seen[-SLICES // 4 :]))
    print(f"\nthe server in the second quarter: {early:.0f} MiB, in the last: {late:.0f} MiB (PSS, medians)")
    if late > early + GROWTH:
        run.failures.append(f"it grew by {late - early:.0f} MiB, which is more than {GROWTH}")


async def soak(arguments, jar):
    # Room for all clients at once.
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, limit[1]), limit[1]))
    jar.await_healthy()
    watch = Watch(jar.pid, jar.data)
    run = Soak(Client(jar.port), watch, random.Random(arguments.seed))
    await run.prepare()
    await (steady if arguments.steady else overload)(arguments, run, watch)
    print(f"\nread back: {len(run.uploaded)} uploads as sent, {len(run.deleted)} deletes gone")
    for failure, count in collections.Counter(run.failures).most_common(20):
        print(f"FAILED ({count}): {failure}")
    return 1 if run.failures else 0


def main():
    parser = argparse.ArgumentParser(prog="script/soak")
    parser.add_argument("--seconds", type=int, help="of load in all; 150, or 3600 with --steady")
    parser.add_argument("--steady", action="store_true", help="an even load; fails when memory grows")
    parser.add_argument("--rate", type=int, default=40, help="requests a second with --steady; 40")
    parser.add_argument("--java-opts", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--jar", required=True, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.seconds = arguments.seconds or (3600 if arguments.steady else 150)
    data = tempfile.mkdtemp(prefix="pictj-soak-")
    limits = ["--head-timeout", "5", "--idle-timeout", "10", "--upload-grace", "5"]
    if arguments.steady:
        # Full within the first quarter; what this load asks for takes 40 minutes to fill the usual one.
        limits += ["--blob-cache", "8"]
    jar = Jar(arguments.java, arguments.jar, data, ["--log-level", "warn", *limits],
              shlex.split(arguments.java_opts), stdout=sys.stderr)
    # Whoever ends this ends its server, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    try:
        return asyncio.run(soak(arguments, jar))
    except StartFailed as e:
        sys.exit(str(e))
    finally:
        jar.stop()
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
