"""The load generators: wrk where answers are many and alike, curl where each one is looked at."""

import collections
import dataclasses
import math
import os
import subprocess
import tempfile
import time
from typing import Callable

from load import picture_size

HERE = os.path.dirname(os.path.abspath(__file__))
LONGEST = 90  # seconds for one answer
WRITTEN = r'"%{filename_effective}\t%{http_code}\t%{time_total}\t%{content_type}\n"'


@dataclasses.dataclass
class Result:
    """One run of a load: requests a second, and latencies in ms of those answered rightly."""

    rate: float = 0.0
    p50: float = 0.0
    p90: float = 0.0
    p99: float = 0.0
    requests: int = 0
    problem: str | None = None
    note: str | None = None  # for people
    details: dict | None = None  # the same for programs


def percentile(times, share):
    times = sorted(times)
    return times[min(len(times) - 1, int(len(times) * share))] if times else 0.0


@dataclasses.dataclass(frozen=True)
class Expected:
    """What every answer of a run must be: a status, so many bytes, so many with its head."""

    status: int
    body: int
    size: int


def wrk(url, connections, seconds, expected, headers=(), pace=None):
    """Closed loop over some connections. Statuses over 399 are counted by wrk itself; that all
    others are what the sample was is seen from the bytes: each answer is as long as another."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{math.ceil(seconds)}s", "--timeout", "20s"]
    command += ["-s", os.path.join(HERE, "wrk.lua")]
    for header in headers:
        command += ["-H", header]
    environment = {**os.environ, "PACE": str(pace or "")}
    run = subprocess.run([*command, url], env=environment, capture_output=True, text=True)
    line = next((line for line in run.stdout.splitlines() if line.startswith("RESULT ")), None)
    if line is None:
        return Result(problem="wrk failed: " + (run.stderr.strip() or run.stdout.strip())[-200:])
    requests, micros, received, *times, bad, refused, broken, late = map(int, line.split()[1:])
    result = Result(requests * 1e6 / micros, *(each / 1000 for each in times), requests)
    problems = []
    for count, what in ((bad, "error statuses"), (refused, "refused connections"),
                        (broken, "broken connections"), (late, "timeouts")):
        if count:
            problems.append(f"{count} {what}")
    # The last answers of a run are read in part. Heads may differ by some digits.
    slack = 64 + expected.size // 500
    least = requests * (expected.size - slack)
    most = requests * (expected.size + slack) + connections * expected.size
    if not requests:
        problems.append("no answer at all")
    elif not least <= received <= most:
        problems.append(f"answers of {received // requests} bytes, not {expected.size}")
    result.problem = ", ".join(problems) or None
    return result


def curl_again(url, connections, seconds, expected, headers=()):
    """The same load by curl, where there is no wrk. It is slower, so that its figures are a floor."""

    def check(body):
        right = len(body) == expected.body
        return None if right else f"{len(body)} bytes instead of {expected.body}"

    lines = tuple(f"header = {_quoted(header)}" for header in headers)
    job = Job(url, status=(expected.status,), check=check, lines=lines)
    first = curl([job] * 2 * connections, connections)
    if first.problem:
        return first
    most = min(5000, 200_000_000 // (expected.body + 1))
    return curl([job] * max(2 * connections, min(most, round(first.rate * seconds))), connections)


@dataclasses.dataclass(frozen=True)
class Job:
    """One request of a curl run, and what its answer must be."""

    url: str
    status: tuple = (200,)
    kind: str | None = None  # the content type to come
    check: Callable | None = None  # says of the body what is wrong with it, or None
    lines: tuple = ()  # of curl's configuration: a form, a header


def _quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def pictured(side):
    """A check that a body is a picture whose longer side is so long."""

    def check(body):
        sides = picture_size(body)
        return None if sides and max(sides) == side else f"a picture of {sides} instead of {side}"

    return check


def _problem(job, status, kind, file):
    if status not in job.status:
        return f"status {status}" if status else "no answer"
    if job.kind and kind.split(";")[0] != job.kind:
        return f"content type {kind or 'missing'}"
    if not job.check:
        return None
    try:
        with open(file, "rb") as stream:
            return job.check(stream.read())
    except FileNotFoundError:
        return job.check(b"")  # curl makes no file where there is no body


def curl(jobs, connections):
    """Does every job once, so many at a time, and looks at each answer."""
    with tempfile.TemporaryDirectory(prefix="pictj-bench-answers-") as folder:
        config = os.path.join(folder, "config")
        with open(config, "w") as file:
            for number, job in enumerate(jobs):
                lines = ["next"] if number else []
                lines += [f"url = {_quoted(job.url)}", f"output = {_quoted(f'{folder}/{number}')}"]
                lines.append(f"write-out = {WRITTEN}")
                lines += [f"max-time = {LONGEST}", 'noproxy = "*"', "globoff", "silent", *job.lines]
                file.write("\n".join(lines) + "\n")
        command = ["curl", "-q", "-s", "-Z", "--parallel-immediate", "--parallel-max", str(connections)]
        started = time.monotonic()
        run = subprocess.run([*command, "-K", config], capture_output=True, text=True)
        seconds = time.monotonic() - started
        answers = {}
        for line in run.stdout.splitlines():
            name, status, took, kind = line.split("\t")
            answers[int(os.path.basename(name))] = int(status), float(took) * 1000, kind
        problems, times = collections.Counter(), []
        for number, job in enumerate(jobs):
            status, took, kind = answers.get(number, (0, 0.0, ""))
            problem = _problem(job, status, kind, f"{folder}/{number}")
            if problem:
                problems[problem] += 1
            else:
                times.append(took)
    result = Result(len(times) / seconds, *(percentile(times, p) for p in (0.5, 0.9, 0.99)), len(times))
    if problems:
        result.problem = ", ".join(f"{count} × {what}" for what, count in problems.most_common(3))
    return result
