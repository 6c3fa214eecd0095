"""A process and its descendants as /proc shows them."""

import collections
import contextlib
import glob
import os
import threading


def descendants(pid):
    """The processes below one, without it."""
    children = collections.defaultdict(list)
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path) as stat:
                text = stat.read()
            parent = int(text.rsplit(")", 1)[1].split()[1])
            children[parent].append(int(path.split("/")[2]))
        except (OSError, IndexError):
            pass  # it has ended
    found, waiting = [], [pid]
    while waiting:
        waiting = [child for parent in waiting for child in children[parent]]
        found += waiting
    return found


def _field(path, name):
    try:
        with open(path) as lines:
            for line in lines:
                if line.startswith(name + ":"):
                    return int(line.split()[1])
    except OSError:
        pass  # it has ended, or is not ours to look at
    return 0


def status(pid, name):
    """A number from /proc/PID/status, 0 where there is none; memory is in KiB."""
    return _field(f"/proc/{pid}/status", name)


def memory(pid):
    """MiB of the whole tree: resident, and with what is shared divided among its sharers."""
    pids = [pid, *descendants(pid)]
    rss = sum(status(one, "VmRSS") for one in pids)
    pss = sum(_field(f"/proc/{one}/smaps_rollup", "Pss") for one in pids)
    return rss / 1024, pss / 1024


def own(pid):
    """MiB of the process alone, what is shared divided among its sharers."""
    return _field(f"/proc/{pid}/smaps_rollup", "Pss") / 1024


class Peak:
    """The most memory that a tree was seen to use while this was open, looked at twice a second."""

    def __init__(self, pid):
        self.pid = pid
        self.rss = self.pss = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self):
        while True:
            rss, pss = memory(self.pid)
            self.rss, self.pss = max(self.rss, rss), max(self.pss, pss)
            if self._over.wait(0.5):
                return

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()


def listener(port):
    """The process that listens on a TCP port, as far as it may be looked at; else None."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError), open(table) as lines:
            for line in list(lines)[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                    inodes.add(f"socket:[{fields[9]}]")
    for link in glob.glob("/proc/[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if os.readlink(link) in inodes:
                return int(link.split("/")[2])
    return None
