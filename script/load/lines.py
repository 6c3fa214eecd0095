"""The lines of the benchmark: what is asked for, of whom, and what every answer must be."""

import collections
import concurrent.futures
import os
import subprocess
import time

from load import clients, frames, picture_size
from load.clients import Expected, Job, Result, percentile
from load.kinds import FORMATS, Refused, Unsupported, request

CORES = os.cpu_count()
MOST_JOBS = 80  # of one run, which are so many pictures
ENGINES_MAKE = ("jpg", "webp")
MAY_LACK = ("avif", "jxl")  # of tools that a distribution builds with or without
RANGE = (100_000, 65_536)  # where it begins and how long it is


class Subject:
    """A server under load, and what was put into it so far."""

    def __init__(self, name, server, pictures, pid=None):
        self.name = name
        self.server = server
        self.pid = pid
        self.rates = {}
        self._pictures = pictures
        self._placed = collections.Counter()
        self._asked = set()
        self._stored = {}

    def place(self, picture):
        """Puts a picture in that was not there before; what it is called in the server."""
        number = self._placed[picture]
        self._placed[picture] += 1
        name = f"{picture}-{number}.{self._pictures.extension(picture)}"
        return self.server.place(name, self._pictures.distinct(picture, number))

    def new_variant(self, source, extension, operation, size):
        """The path of a variant that nobody has asked for yet."""
        wanted = (source, extension, operation, size)
        if wanted in self._asked:
            raise AssertionError(f"{wanted} was asked for before")
        self._asked.add(wanted)
        return self.server.variant(*wanted)

    def stored(self, what):
        """The path of something that is stored: an original of 3 MB or a variant of 10 KB."""
        if what not in self._stored:
            self._stored[what] = self._small() if what == "variant" else self._large()
        return self._stored[what]

    def _large(self):
        return self.server.original(self.place("jpeg-12mp"))

    def _small(self):
        """The width decides how many bytes a variant has; some are tried."""
        source = self.place("jpeg-2mp")
        found, size = {}, 256
        for _ in range(6):
            path = self.new_variant(source, "webp", "thumbnail", size)
            status, _, body, _ = request(self.server.url, "GET", path)
            if status != 200 or max(picture_size(body) or [0]) != size:
                raise Refused(f"GET {path} answered {status}: {body[:200]!r}")
            found[abs(len(body) - 10_000)] = path
            size = round(size * (10_000 / len(body)) ** 0.5)
            if size in {int(each[3]) for each in self._asked if each[0] == source}:
                break
        return found[min(found)]


class Files(Subject):
    """A web server of files, which holds what the first subject stores."""

    def __init__(self, name, server, like):
        super().__init__(name, server, None)
        self._like = like

    def stored(self, what):
        if what not in self._stored:
            path = self._like.stored(what)
            _, _, body, _ = request(self._like.server.url, "GET", path)
            self._stored[what] = self.server.original(self.server.place(what, body))
        return self._stored[what]


class Tool:
    """A program that makes variants, as a process each: the floor of what an engine reaches."""

    def __init__(self, name, command, pictures, folder):
        self.name = name
        self.pid = None
        self.rates = {}
        self.pictures = pictures
        self.folder = folder
        self.command = command


class Engine(Tool):
    """What another server's engine does, in a loop in processes of its own: the most it can reach."""

    def run(self, file, extension, size, processes, seconds):
        output = os.path.join(self.folder, f"made.{extension}")
        command = [*self.command, file, extension, str(size), str(seconds), output]
        began = time.monotonic()
        loops = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
        said = [loop.communicate()[0] for loop in loops]
        if any(loop.returncode for loop in loops):
            raise Refused(f"the engine failed after {time.monotonic() - began:.1f} s")
        each = [[float(time) for time in text.split()] for text in said]
        times = [time for loop in each for time in loop]
        # They work side by side; what each needs to start is not counted.
        rate = sum(1000 * len(loop) / sum(loop) for loop in each)
        with open(output, "rb") as made:
            problem = clients.pictured(size)(made.read())
        return Result(rate, *(percentile(times, p) for p in (0.5, 0.9, 0.99)), len(times), problem)


class Stored:
    """The same stored bytes again and again, as fast as so many connections take them."""

    group = "cached"

    def __init__(self, client, name, title, what, connections, mode="whole"):
        self._client = client
        self.name = name
        self.title = title
        self._what = what
        self._connections = connections
        self._mode = mode

    def _sample(self, subject):
        url, path = subject.server.url, subject.stored(self._what)
        status, answer, body, size = request(url, "GET", path)
        if status != 200 or not picture_size(body):
            raise Refused(f"GET {path} answered {status}: {body[:100]!r}")
        if self._mode == "whole":
            return Expected(200, len(body), size), ()
        if self._mode == "unchanged":
            if "ETag" not in answer:
                raise Unsupported("it sends no ETag")
            wanted, status, length = ("If-None-Match", answer["ETag"]), 304, 0
        else:
            wanted, status, length = ("Range", f"bytes={RANGE[0]}-{sum(RANGE) - 1}"), 206, RANGE[1]
        found, _, body, size = request(url, "GET", path, headers=[wanted])
        if (found, len(body)) != (status, length):
            raise Refused(f"{wanted[0]} answered {found} with {len(body)} bytes instead of {status}")
        return Expected(status, length, size), (": ".join(wanted),)

    def run(self, subject, seconds):
        if isinstance(subject, Tool):
            raise Unsupported("a tool, not a server")
        expected, headers = self._sample(subject)
        url = subject.server.url + subject.stored(self._what)
        result = self._client(url, self._connections, seconds, expected, headers)
        # What was right before is right after.
        if self._sample(subject)[0].status != expected.status:
            result.problem = result.problem or "the answer changed meanwhile"
        return result


class _Counted:
    """So many jobs as are done in the time wanted, by the pace of the run before."""

    def __init__(self, name, title, connections):
        self.name = name
        self.title = title
        self._connections = connections

    def warm(self, subject, seconds):
        """Does some for so long, of which nothing is told."""
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            if self._some(subject, 2 * self._connections).problem:
                return

    def run(self, subject, seconds):
        pace = subject.rates.get(self.name)
        if isinstance(subject, Tool):
            # Each is a new process, which no warming up helps.
            return self._some(subject, max(3, min(2 * self._connections, round((pace or 5) * seconds))))
        if pace is None:
            # The first results warm the server up and tell its pace; they are not reported.
            first = self._some(subject, max(2, self._connections))
            if first.problem:
                return first
            pace = subject.rates[self.name] = first.rate
        count = min(MOST_JOBS, max(3, 2 * self._connections, round(pace * seconds)))
        result = self._some(subject, count)
        subject.rates[self.name] = result.rate or pace
        return result


class Variants(_Counted):
    """Variants that did not exist before, of pictures that were never rendered where fresh."""

    group = "variants"

    def __init__(self, name, title, picture, extension, operation, size, connections, fresh=True):
        super().__init__(name, title, connections)
        self._picture = picture
        self._wanted = extension, operation, size
        self._fresh = fresh
        self._next = collections.defaultdict(dict)

    def run(self, subject, seconds):
        if isinstance(subject, Engine):
            extension, _, size = self._wanted
            if extension not in ENGINES_MAKE:
                raise Unsupported(f"it was not taught {extension}")
            file = subject.pictures.base(self._picture)
            return subject.run(file, extension, size, min(self._connections, CORES), seconds)
        return super().run(subject, seconds)

    def _some(self, subject, count):
        if isinstance(subject, Tool):
            result = self._by_tool(subject, count)
            subject.rates[self.name] = result.rate
            return result
        extension, operation, size = self._wanted
        # One who makes no variants, or not these, says so before pictures are put into it.
        subject.server.variant("", extension, operation, size)
        if extension not in subject.server.makes:
            raise Unsupported(f"not asked for {extension}")
        jobs = []
        for source, side in self._sources(subject, count, size):
            path = subject.new_variant(source, extension, operation, side)
            jobs.append(Job(subject.server.url + path, kind=FORMATS[extension], check=self._check(side)))
        return clients.curl(jobs, self._connections)

    def _check(self, side):
        return clients.pictured(side)

    def _sources(self, subject, count, size):
        if self._fresh:
            # Neighbouring sizes, too, so that servers that see through our copies do all the work.
            return [(subject.place(self._picture), size - 32 + i % 65) for i in range(count)]
        known = self._next[subject]
        if not known:
            known.update(source=subject.place(self._picture), size=size - 40)
        first = known["size"] + 1
        known["size"] += count
        return [(known["source"], first + i) for i in range(count)]

    def _by_tool(self, tool, count):
        file = tool.pictures.base(self._picture)
        extension, _, size = self._wanted

        def one(number):
            output = os.path.join(tool.folder, f"{number}.{extension}")
            started = time.monotonic()
            run = subprocess.run(tool.command(file, size, output), capture_output=True)
            took = time.monotonic() - started
            try:
                with open(output, "rb") as made:
                    wrong = clients.pictured(size)(made.read())
                os.remove(output)
            except OSError:
                wrong = "no output: " + run.stderr.decode(errors="replace")[-100:]
            return took * 1000, wrong

        started = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(min(self._connections, CORES)) as pool:
            done = list(pool.map(one, range(count)))
        seconds = time.monotonic() - started
        times = [took for took, _ in done]
        problem = next((wrong for _, wrong in done if wrong), None)
        if problem and extension in MAY_LACK:
            raise Unsupported(f"no {extension} here: {problem}")
        return Result(count / seconds, *(percentile(times, p) for p in (0.5, 0.9, 0.99)), count, problem)


class Animations(Variants):
    """New variants of an animation, of which nothing is kept that would help the next one."""

    def __init__(self, name, title, picture, extension, operation, size, side, count):
        super().__init__(name, title, picture, extension, operation, size, 1, fresh=False)
        self._operation = operation
        self._side = side
        self._frames = count

    def run(self, subject, seconds):
        if isinstance(subject, Tool):
            raise Unsupported("it makes a still")
        if not hasattr(subject.server, "alias"):
            raise Unsupported("it stores nothing, or knows no identity")
        return super().run(subject, seconds)

    def _sources(self, subject, count, size):
        sources = super()._sources(subject, count, size)
        kept = request(subject.server.url, "GET", subject.server.original(sources[0][0]))[1]["Content-Type"]
        if kept.startswith("video/"):
            raise Unsupported(f"it keeps this as {kept}")
        return sources

    def _check(self, side):
        pictured = clients.pictured(self._side if self._operation == "identity" else side)

        def check(body):
            wrong = pictured(body)
            if wrong:
                return wrong
            count = frames(body)
            return None if count == self._frames else f"{count} frames instead of {self._frames}"

        return check


class Uploads(_Counted):
    """Pictures that come in: distinct ones, or one and the same."""

    group = "uploads"

    def __init__(self, name, title, picture, connections, folder, pictures, duplicate=False):
        super().__init__(name, title, connections)
        self._picture = picture
        self._folder = folder
        self._pictures = pictures
        self._duplicate = duplicate
        # Far from the numbers that are placed for other lines.
        self._number = 1_000_000 * (1 + len(name))

    def _some(self, subject, count):
        if isinstance(subject, Tool):
            raise Unsupported("a tool, not a server")
        # One who stores nothing says so before files are made.
        path, _ = subject.server.upload("")
        files = []
        for number in range(count):
            if number == 0 or not self._duplicate:
                files.append(os.path.join(self._folder, f"{number}.{self._pictures.extension(self._picture)}"))
                self._number += 0 if self._duplicate else 1
                with open(files[-1], "wb") as file:
                    file.write(self._pictures.distinct(self._picture, self._number))
        jobs, aliases = [], []
        for number in range(count):
            _, lines = subject.server.upload(files[number % len(files)])
            url = subject.server.url + path
            jobs.append(Job(url, status=subject.server.answers, check=_uploaded(subject, aliases), lines=lines))
        result = clients.curl(jobs, self._connections)
        for file in files:
            os.remove(file)
        if aliases and self._picture == "mp4-sound":
            stored = request(subject.server.url, "GET", subject.server.original(aliases[-1]))[2]
            result.note = f"{subject.name}: {'with' if b'mp4a' in stored else 'without'} sound in what is stored"
        return result


class Backgrounded(Uploads):
    """Pictures that come in and are worked on behind the reply: from the first byte until claimed."""

    def run(self, subject, seconds):
        if isinstance(subject, Tool) or not hasattr(subject.server, "upload_behind"):
            raise Unsupported("it knows no background")
        return super().run(subject, seconds)

    def _some(self, subject, count):
        self._number += count
        name = f"x.{self._pictures.extension(self._picture)}"
        bodies = [self._pictures.distinct(self._picture, self._number - i) for i in range(count)]

        def one(data):
            begun = time.monotonic()
            try:
                wrong = None if subject.server.upload_behind(name, data) else "an answer without an alias"
            except (Refused, OSError, ValueError, LookupError) as e:
                wrong = str(e) or type(e).__name__
            return (time.monotonic() - begun) * 1000, wrong

        begun = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(self._connections) as pool:
            done = list(pool.map(one, bodies))
        taken = time.monotonic() - begun
        times = [took for took, wrong in done if not wrong]
        problem = next((wrong for _, wrong in done if wrong), None)
        return Result(len(times) / taken, *(percentile(times, p) for p in (0.5, 0.9, 0.99)), count, problem)


def _uploaded(subject, aliases):
    """A check that the answer of an upload names the picture, where it does so in its body; the names go to aliases."""

    def check(body):
        if not hasattr(subject.server, "alias"):
            return None
        try:
            aliases.append(subject.server.alias(body))
            return None if aliases[-1] else "an answer without an alias"
        except (ValueError, KeyError, IndexError):
            return f"an answer without an alias: {body[:80]!r}"

    return check
