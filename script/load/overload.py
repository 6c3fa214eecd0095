"""Open loop: new variants are asked for at a fixed rate beyond what the server can do, whether
earlier ones are answered or not, while others read what is stored."""

import asyncio
import collections
import math
import threading
import time
import urllib.parse

from load import clients, picture_size
from load.client import Client
from load.clients import Expected, Result, percentile
from load.kinds import Refused, request

SOURCES = 8
TIMES = 4  # as many as it can do
LONGER = 4  # than other runs, so that queues fill
GIVE_UP = 45  # seconds after which a client leaves
REFUSALS = (429, 503)


class Overload:
    """The share that is served of four times the capacity, and what readers feel of it."""

    group = "overload"
    name = "overload"
    title = "12 MP JPEG to 256 webp, 4 times its capacity"

    def __init__(self):
        self._sources = {}
        self._side = {}

    def _jobs(self, subject, count):
        if subject not in self._sources:
            self._sources[subject] = [subject.place("jpeg-12mp") for _ in range(SOURCES)]
            self._side[subject] = 0
        jobs = []
        for _ in range(count):
            turn, which = divmod(self._side[subject], SOURCES)
            self._side[subject] += 1
            # Around 256, and never the same again.
            side = 256 + (turn + 1) // 2 * (-1 if turn % 2 else 1)
            source = self._sources[subject][which]
            jobs.append((subject.new_variant(source, "webp", "thumbnail", side), side))
        return jobs

    def run(self, subject, seconds):
        url = subject.server.url
        seconds = math.ceil(seconds * LONGER)
        jobs = [
            clients.Job(url + path, kind="image/webp", check=clients.pictured(side))
            for path, side in self._jobs(subject, 24)
        ]
        capacity = clients.curl(jobs, 8)
        if capacity.problem:
            return capacity
        rate = TIMES * capacity.rate
        paths = self._jobs(subject, max(8, round(rate * seconds)))
        path = subject.stored("variant")
        status, _, body, size = request(url, "GET", path)
        if status != 200:
            raise Refused(f"GET {path} answered {status}")
        expected = Expected(status, len(body), size)
        reads = []
        reader = threading.Thread(target=lambda: reads.append(_read(url + path, seconds, expected)))
        reader.start()
        begun = time.monotonic()
        times, seen, wrong = asyncio.run(_arrive(url, paths, rate))
        taken = time.monotonic() - begun
        reader.join()
        result = Result(len(times) / taken, *(percentile(times, p) for p in (0.5, 0.9, 0.99)), len(paths))
        said = ", ".join(f"{status}: {count}" for status, count in sorted(seen.items(), key=str))
        result.details = {
            "capacity_per_second": round(capacity.rate, 2),
            "arrivals_per_second": round(rate, 2),
            "served_share": round(len(times) / len(paths), 4),
            "statuses": {str(status): count for status, count in seen.items()},
            "cached_p50_ms": reads[0].p50,
            "cached_p99_ms": reads[0].p99,
        }
        result.note = (
            f"capacity {capacity.rate:.1f} a second, {rate:.0f} arrivals a second for {seconds} s, {len(times) / len(paths):.0%} served ({said});"
            f" stored 10 KB meanwhile p50 {reads[0].p50:.1f} ms, p99 {reads[0].p99:.1f} ms"
        )
        result.problem = wrong or reads[0].problem
        return result


def _read(url, seconds, expected):
    """Four readers who pause for 10 ms between two readings, so that they are no load themselves."""
    return clients.wrk(url, 4, seconds, expected, pace=10)


async def _arrive(url, paths, rate):
    parts = urllib.parse.urlsplit(url)
    client = Client(parts.port or 80, parts.hostname)
    times, seen, wrong = [], collections.Counter(), collections.Counter()

    async def one(path, side):
        started = time.monotonic()
        try:
            status, headers, body = await asyncio.wait_for(client.request("GET", path), GIVE_UP)
        except asyncio.TimeoutError:
            status = "gave up"
        except (OSError, asyncio.IncompleteReadError) as e:
            status = type(e).__name__
        seen[status] += 1
        if status == 200:
            times.append((time.monotonic() - started) * 1000)
            if max(picture_size(body) or [0]) != side:
                wrong["a wrong picture"] += 1
        elif status not in REFUSALS:
            wrong[f"{status}"] += 1
        elif "retry-after" not in headers:
            wrong[f"{status} without Retry-After"] += 1

    begun = time.monotonic()
    tasks = []
    for number, (path, side) in enumerate(paths):
        await asyncio.sleep(max(0, begun + number / rate - time.monotonic()))
        tasks.append(asyncio.create_task(one(path, side)))
    await asyncio.gather(*tasks)
    client.close()
    return times, seen, ", ".join(f"{count} × {what}" for what, count in wrong.items()) or None
