"""Medians over runs, the table and the JSON of the benchmark."""

import json
import os
import platform
import statistics
import subprocess
import time


class Row:
    """What one subject did in one line, over its runs."""

    def __init__(self, line, title, group, subject):
        self.line = line
        self.title = title
        self.group = group
        self.subject = subject
        self.runs = []
        self.problem = None
        self.unsupported = None
        self.ratios = {}

    def add(self, result):
        self.runs.append(result)
        self.problem = self.problem or result.problem

    def median(self, field):
        """Over the runs; nothing where an answer was not right, so that no failure looks fast."""
        if self.problem or self.unsupported or not self.runs:
            return None
        return statistics.median(getattr(run, field) for run in self.runs)

    def json(self):
        said = {"line": self.line, "title": self.title, "group": self.group, "subject": self.subject}
        if self.unsupported:
            return {**said, "unsupported": self.unsupported}
        said |= {"ok": not self.problem, "problem": self.problem}
        said |= {name: _rounded(self.median(field)) for name, field in _FIELDS.items()}
        said["runs_per_second"] = [_rounded(run.rate) for run in self.runs]
        said["notes"] = [run.note for run in self.runs if run.note]
        said["details"] = [run.details for run in self.runs if run.details]
        said["ratios"] = {name: _rounded(value) for name, value in self.ratios.items()}
        return said


_FIELDS = {"per_second": "rate", "p50_ms": "p50", "p90_ms": "p90", "p99_ms": "p99", "requests": "requests"}


def _rounded(value):
    return None if value is None else float(f"{value:.4g}")


def _shown(value):
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


class Report:
    """Rows and plain values as they come, shown at once and written at the end."""

    def __init__(self, out):
        self.rows = []
        self.values = []
        self._out = out

    def say(self, text=""):
        print(text, file=self._out, flush=True)

    def head(self, title):
        self.say(f"\n{title}")
        columns = f"{'a second':>10}{'p50 ms':>9}{'p90 ms':>9}{'p99 ms':>9}"
        self.say(f"  {'':<52}{'':<14}{columns}")

    def show(self, rows):
        """The rows of one line; the first is compared with the others."""
        first, others = rows[0], rows[1:]
        for other in others:
            if first.median("rate") and other.median("rate"):
                first.ratios[other.subject] = first.median("rate") / other.median("rate")
        for row in rows:
            self.rows.append(row)
            if row.unsupported:
                continue
            start = f"  {row.title if row is first else '':<52}{row.subject:<14}"
            if row.problem:
                self.say(f"{start}  FAILED: {row.problem}")
                continue
            cells = "".join(f"{_shown(row.median(f)):>9}" for f in ("p50", "p90", "p99"))
            ratios = ", ".join(f"{value:.2f} × {name}" for name, value in row.ratios.items())
            self.say(f"{start}{_shown(row.median('rate')):>10}{cells}  {ratios}".rstrip())
            for run in row.runs[:1]:
                if run.note:
                    self.say(f"    {run.note}")

    def value(self, line, title, group, subject, unit, runs, problem=None):
        """One plain figure, the median of its runs."""
        value = None if problem or not runs else statistics.median(runs)
        self.values.append(
            {"line": line, "title": title, "group": group, "subject": subject, "ok": not problem,
             "problem": problem, "unit": unit, "value": _rounded(value), "runs": [_rounded(r) for r in runs]}
        )
        if self.values[:-1] and self.values[-2]["title"] == title and self.values[-2]["subject"] == subject:
            title = subject = ""
        shown = f"FAILED: {problem}" if problem else f"{_shown(value):>10} {unit}"
        self.say(f"  {title:<52}{subject:<14}{shown}")

    @property
    def failed(self):
        return any(row.problem for row in self.rows) or any(v["problem"] for v in self.values)

    def write(self, file, settings, extra):
        """Everything as JSON."""
        said = {"date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "machine": machine()}
        said |= {"settings": settings, "lines": [row.json() for row in self.rows] + self.values}
        with open(file, "w") as stream:
            json.dump(said | extra, stream, indent=1)
            stream.write("\n")


def machine():
    """What it ran on, and how busy that was."""
    model = platform.processor()
    try:
        with open("/proc/cpuinfo") as lines:
            model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // (1 << 20)
    load = [round(value, 2) for value in os.getloadavg()]
    said = {"processor": model, "cores": os.cpu_count(), "memory_mib": memory, "load": load}
    return said | {"system": f"{platform.system()} {platform.release()}"}


def version(command):
    """The first line that a program says of its version."""
    try:
        run = subprocess.run(command, capture_output=True, text=True)
        return (run.stdout + run.stderr).strip().splitlines()[0]
    except (OSError, IndexError):
        return None
