"""script/bench --growth: what the number of aliases does to the catalog and to the start."""

import json
import math
import os
import statistics
import subprocess

from load import tree
from load.jar import Jar

SIZES = [10_000, 100_000, 1_000_000]
TEN_MILLION = 10_000_000
SOURCE = os.path.join("src", "test", "java", "dev", "pictj", "growth", "Growth.java")
LOOKALIKES = os.path.join("src", "test", "java", "dev", "pictj", "growth", "Lookalikes.java")
MEDIA = 1_000_000  # that are looked up by their perceptual hashes
CACHE = 32  # MiB, the default of --catalog-cache
STARTS = 5
CALLS = {"lookup": "lookup", "miss": "no such alias", "sync": "plain sync", "link": "link", "unlink": "unlink"}
SYNCED = ("link", "unlink")


def verdict(sizes, values):
    """How a time grows with the size, from the first size to the last."""
    if len(values) < 2 or min(values) <= 0:
        return "-"
    times = values[-1] / values[0]
    logarithmic = math.log(sizes[-1]) / math.log(sizes[0])
    if times <= 1.25:
        return "flat"
    if times <= 1.25 * logarithmic:
        return "logarithmic"
    power = math.log(times) / math.log(sizes[-1] / sizes[0])
    return f"like n^{power:.2f}"


def called(java, options, jar, root, source, *arguments):
    """What a program of the tests prints."""
    command = [java, "--enable-native-access=ALL-UNNAMED", *options, "-cp", jar, os.path.join(root, source)]
    run = subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(f"{source} {arguments} failed: {run.stderr[-500:]}")
    return json.loads(run.stdout)


class Catalog:
    """The catalog of a data folder, without a server."""

    def __init__(self, java, options, jar, root, folder):
        self._program = java, options, jar, root, SOURCE
        self._folder = folder

    def _run(self, what, *numbers):
        return called(*self._program, what, self._folder, CACHE, *numbers)

    def grow(self, before, size):
        """Fills it from one size to another; then single calls in microseconds."""
        filled = self._run("fill", before, size)
        # What filling has left to the system to write is not to be waited for by what is measured.
        os.sync()
        return filled | self._run("measure", size)


def start(java, options, jar, folder):
    """Median ms to the first 200 on that folder, each of them, and MiB resident when idle."""
    took, resident = [], 0
    for turn in range(1 + STARTS):
        server = Jar(java, jar, folder, options=options, stdout=subprocess.DEVNULL)
        try:
            seconds = server.await_healthy()
            # At the first start the catalog still tidies up what filling has left.
            if turn:
                took.append(seconds * 1000)
            resident, _ = tree.memory(server.pid)
        finally:
            server.stop()
    return statistics.median(took), took, resident


def disk(folder):
    """MiB of the catalog."""
    names = (os.path.join(place, name) for place, _, names in os.walk(folder) for name in names)
    return sum(os.path.getsize(name) for name in names) / (1 << 20)


def run(java, options, jar, root, folder, report, sizes):
    """All sizes, one upon the other; the rows as JSON."""
    report.say("aliases, and the median and 99th percentile of single calls in µs; a fifth of them are duplicates;"
               " link and unlink sync, as a plain write of 500 bytes does beside them")
    columns = "".join(f"{name:>18}" for name in CALLS.values())
    report.say(f"{'aliases':>12}{columns}{'start ms':>12}{'idle MiB':>10}{'disk MiB':>10}{'filled/s':>10}")
    rows, before = [], 0
    catalog = Catalog(java, options, jar, root, folder)
    for size in sizes:
        row = catalog.grow(before, size)
        before = size
        row["start_ms"], row["starts_ms"], row["idle_rss_mib"] = start(java, options, jar, folder)
        row["disk_mib"] = disk(os.path.join(folder, "catalog"))
        rows.append(row)
        cells = "".join(f"{row[name]['p50']:>10,.0f}{row[name]['p99']:>8,.0f}" for name in CALLS)
        report.say(f"{size:>12,}{cells}{row['start_ms']:>12,.0f}{row['idle_rss_mib']:>10,.0f}"
                   f"{row['disk_mib']:>10,.0f}{row['filled_per_second']:>10,.0f}")
    # A disk that others use is now slow, now fast: what syncs is held against a plain sync.
    grows = {
        name: verdict(sizes, [row[name]["p50"] / (row["sync"]["p50"] if name in SYNCED else 1) for row in rows])
        for name in CALLS if name != "sync"
    }
    grows["start"] = verdict(sizes, [row["start_ms"] for row in rows])
    report.say("grows, by the medians: " + ", ".join(f"{name} {how}" for name, how in grows.items()))
    return {"rows": rows, "grows": grows}


def similar(java, options, jar, root, folder, report):
    """Media by their perceptual hashes; the figures as JSON."""
    row = called(java, options, jar, root, LOOKALIKES, folder, CACHE, MEDIA)
    report.say(f"of {row['media']:,} media those within 8 bits of a perceptual hash: {row['lookups_per_second']:,.0f} "
               f"look-ups a second by one thread, each compares {row['candidates']:,.0f} hashes and finds "
               f"{row['found']:.2f}; the first one {row['first_seconds']:.1f} s; heap {row['heap_mib']} MiB")
    return row
