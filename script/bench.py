"""The benchmark behind script/bench: what it measures, and of whom."""

import argparse
import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

from load import clients, engines, growth, kinds, report, tree
from load.jar import Jar, StartFailed, free_port
from load.kinds import PEERS, Refused, Unsupported
from load.lines import Animations, Backgrounded, Engine, Files, Stored, Subject, Tool, Uploads, Variants
from load.overload import Overload
from load.pictures import Pictures

GROUPS = {
    "cached": "stored bytes",
    "variants": "new variants",
    "uploads": "uploads",
    "overload": "overload",
}
KEY = "benchmark"  # of the servers that are started here
STARTS = 5
LATE = 400  # seconds after which a line gets one run, so that ten minutes are enough on a busy machine


def lines(pictures, folder, client):
    """Every line in its order."""
    for connections in (1, 8, 64):
        title = f"variant of 10 KB, {_connections(connections)}"
        yield Stored(client, f"cached-variant/{connections}", title, "variant", connections)
    for connections in (1, 8, 64):
        title = f"original of 3 MB, {_connections(connections)}"
        yield Stored(client, f"cached-original/{connections}", title, "original", connections)
    title = "If-None-Match of that variant (304), 8 connections"
    yield Stored(client, "cached-304/8", title, "variant", 8, "unchanged")
    title = "range of 64 KB of that original, 8 connections"
    yield Stored(client, "cached-range/8", title, "original", 8, "range")
    for name, title, picture, extension, operation, size, fresh in (
        ("jpeg12", "12 MP JPEG to 256 webp", "jpeg-12mp", "webp", "thumbnail", 256, True),
        ("progressive12", "12 MP progressive JPEG to 256 webp", "progressive-12mp", "webp", "thumbnail", 256, True),
        ("thumbnail2", "2 MP JPEG to 512 jpg by thumbnail", "jpeg-2mp", "jpg", "thumbnail", 512, True),
        ("jpeg2", "2 MP JPEG to 512 jpg by resize", "jpeg-2mp", "jpg", "resize", 512, True),
        ("png", "2 MP PNG to 256 webp", "png-2mp", "webp", "thumbnail", 256, True),
        ("webp", "2 MP WebP to 256 webp", "webp-2mp", "webp", "thumbnail", 256, True),
        ("sizes", "12 MP JPEG, further sizes of one", "jpeg-12mp", "webp", "thumbnail", 256, False),
        ("avif", "2 MP JPEG to 800 avif by resize", "jpeg-2mp", "avif", "resize", 800, True),
        ("avif256", "2 MP JPEG to 256 avif", "jpeg-2mp", "avif", "thumbnail", 256, True),
        ("jxl", "2 MP JPEG to 800 jxl by resize", "jpeg-2mp", "jxl", "resize", 800, True),
        ("jxl256", "2 MP JPEG to 256 jxl", "jpeg-2mp", "jxl", "thumbnail", 256, True),
    ):
        for connections in (1, 8):
            full = f"{title}, {connections} at a time"
            shape = picture, extension, operation, size, connections, fresh
            yield Variants(f"variant-{name}/{connections}", full, *shape)
    for name, title, picture, extension, operation, size, side, count in (
        ("animation", "WebP of 120 frames of 1200x900 to 256 webp", "webp-animation", "webp", "thumbnail", 256, 1200, 120),
        ("animation-same", "WebP of 120 frames of 1200x900 as it is", "webp-animation", "webp", "identity", 256, 1200, 120),
        ("animation-small", "WebP of 60 frames of 480x270 to 256 webp", "webp-480", "webp", "thumbnail", 256, 480, 60),
        ("gif", "GIF of 60 frames of 480x270 to 240 gif", "gif-480", "gif", "resize", 240, 480, 60),
        ("gif-webp", "GIF of 60 frames of 480x270 to 240 webp", "gif-480", "webp", "resize", 240, 480, 60),
    ):
        yield Animations(f"variant-{name}/1", title, picture, extension, operation, size, side, count)
    yield Uploads("upload-1mb", "distinct JPEGs of 1 MB, 4 at a time", "jpeg-4mp", 4, folder, pictures)
    yield Uploads("upload-3mb", "distinct JPEGs of 3 MB, 4 at a time", "jpeg-12mp", 4, folder, pictures)
    title = "one JPEG of 3 MB again, 4 at a time"
    yield Uploads("upload-duplicate", title, "jpeg-12mp", 4, folder, pictures, duplicate=True)
    for name, title, picture in (
        ("mp4", "MP4 of 720p and 20 s that browsers show, one at a time", "mp4-720p"),
        ("sound", "MP4 of 720p and 20 s with sound, one at a time", "mp4-sound"),
        ("mov", "MOV of 720p and 5 s in MPEG-4, one at a time", "mov-mpeg4"),
        ("gif", "GIF of 480x270 and 60 frames, one at a time", "gif-480"),
    ):
        yield Uploads(f"upload-{name}", title, picture, 1, folder, pictures)
    for name, title, picture in (("1mb", "1 MB", "jpeg-4mp"), ("3mb", "3 MB", "jpeg-12mp")):
        full = f"JPEGs of {title} in the background, 4 at a time"
        yield Backgrounded(f"upload-behind-{name}", full, picture, 4, folder, pictures)
    if client is not clients.curl_again:  # readers who pause are wrk's
        yield Overload()


def _connections(count):
    return f"{count} connection{'' if count == 1 else 's'}"


class Bench:
    def __init__(self, arguments, folder, stack, out):
        self.arguments = arguments
        self.folder = folder
        self.stack = stack
        self.pictures = Pictures(arguments.convert, self.sub("pictures"))
        self.report = out
        self.jars = {}
        if not arguments.target or arguments.jar_given:
            self.jars["pictj"] = (arguments.jar, arguments.java_opts)
        if arguments.against:
            self.jars["against"] = (arguments.against, arguments.against_java_opts)
        self.subjects = []
        self.peaks = {}
        self.begun = time.monotonic()

    def sub(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        return path

    def wanted(self, *names):
        only = self.arguments.only
        return not only or any(name == each or name.startswith((each + "/", each + "-")) for each in only for name in names)

    def started(self, name, data):
        jar, options = self.jars[name]
        arguments = ["--api-key", KEY]
        if self.arguments.dialect:
            arguments += ["--dialect", self.arguments.dialect]
        server = Jar(
            self.arguments.java, jar, data, arguments, shlex.split(options),
            stdout=subprocess.DEVNULL, stderr=None,
        )
        return server

    def begin(self):
        """Starts what is to be measured."""
        idle = {}
        for name in self.jars:
            server = self.started(name, self.sub(f"data-{name}"))
            self.stack.callback(server.stop)
            server.await_healthy()
            subject = Subject(name, kinds.Pictj(server.url, KEY), self.pictures, server.pid)
            self.subjects.append(subject)
        served = None
        nginx = shutil.which("nginx")
        if nginx:
            served = self.sub("served"), self.nginx(nginx)
        for url, kind, files in self.arguments.peers:
            if kind not in ("pictj", "pict-rs") and not files and not served:
                sys.exit(f"--kind {kind} wants --files, as there is no nginx to serve pictures to it")
            server = kinds.peer(kind, url, self.arguments.key, files, served)
            port = urllib.parse.urlsplit(url).port
            pid = tree.listener(port)
            name = kind if kind not in {subject.name for subject in self.subjects} else f"{kind}:{port}"
            self.subjects.append(Subject(name, server, self.pictures, pid))
        if self.wanted("memory"):
            time.sleep(3)
            for subject in self.subjects:
                if subject.pid:
                    idle[subject.name] = tree.memory(subject.pid)
        if served:
            self.subjects.append(Files("nginx", kinds.Nginx(served[1], served[0]), self.subjects[0]))
        tools = self.sub("tools")
        self.subjects.append(Tool("convert", self.convert, self.pictures, tools))
        if shutil.which("vipsthumbnail"):
            self.subjects.append(Tool("vipsthumbnail", vipsthumbnail, self.pictures, tools))
        if self.arguments.engines:
            for name in engines.ENGINES:
                program = engines.python(name)
                if program:
                    command = [program, "-B", engines.__file__, name]
                    self.subjects.append(Engine(f"{name} engine", command, self.pictures, tools))
                else:
                    self.report.say(f"Without {name} engine, which lacks its library here.")
        return idle

    def convert(self, file, size, output):
        source, made = file.rsplit(".", 1)[1], output.rsplit(".", 1)[1]
        hint = ["-define", f"jpeg:size={2 * size}x{2 * size}"] if source == "jpg" else []
        command = [self.arguments.convert, *hint, f"{source}:{file}"]
        return [*command, "-thumbnail", f"{size}x{size}", f"{made}:{output}"]

    def nginx(self, program):
        """A web server of files on a port of its own, with nothing of the system's configuration."""
        port, home = free_port(), self.sub("nginx")
        temporary = "".join(
            f" {kind}_temp_path {home}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;" if os.getuid() == 0 else ""
        config = f"""
            {user} worker_processes auto; daemon off; pid {home}/pid; error_log {home}/error.log;
            events {{ worker_connections 1024; }}
            http {{
              {temporary} access_log /dev/null; sendfile on; keepalive_requests 1000000;
              types {{ image/jpeg jpg; image/png png; image/webp webp; }}
              server {{ listen 127.0.0.1:{port}; root {self.sub("served")}; }}
            }}"""
        with open(os.path.join(home, "nginx.conf"), "w") as file:
            file.write(config)
        command = [program, "-p", home, "-e", f"{home}/error.log", "-c", f"{home}/nginx.conf"]
        process = subprocess.Popen(command)
        self.stack.callback(process.wait)
        self.stack.callback(process.terminate)
        url = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                kinds.request(url, "GET", "/")
                return url
            except OSError:
                time.sleep(0.02)
        sys.exit("nginx did not start")

    def warm(self):
        """Until a just-in-time compiler has seen the paths that are to be measured."""
        for subject in self.subjects:
            if isinstance(subject, Files) or not isinstance(subject, Subject):
                continue
            for what in ("variant", "original"):
                with contextlib.suppress(Unsupported, Refused):
                    line = Stored(self.arguments.load, "warm", "", what, 8)
                    line.run(subject, self.arguments.warm_up)

    def warm_for(self, group):
        """The same for what workers do; not before it is due, for it wakes them, and they weigh."""
        shapes = {
            "variants": (Variants("warm", "", "jpeg-2mp", "jpg", "thumbnail", 300, 8), 3 if self.arguments.quick else 8),
            "uploads": (Uploads("warm", "", "jpeg-2mp", 4, self.sub("uploads"), self.pictures), 1),
        }
        if group not in shapes:
            return
        line, times = shapes[group]
        for subject in self.subjects:
            if isinstance(subject, Subject) and not isinstance(subject, Files):
                with contextlib.suppress(Unsupported, Refused, OSError):
                    line.warm(subject, times * self.arguments.warm_up)

    def measure(self, line):
        """All runs of a line, the subjects in turn, so that what disturbs disturbs all of them."""
        rows = [report.Row(line.name, line.title, line.group, s.name) for s in self.subjects]
        late = time.monotonic() - self.begun > LATE
        for _ in range(1 if late or line.group == "overload" else self.arguments.runs):
            for subject, row in zip(self.subjects, rows):
                if row.unsupported or row.problem:
                    continue
                try:
                    if line.group == "overload" and not type(subject) is Subject:
                        raise Unsupported("it makes no variants over HTTP")
                    with self.watched(subject, line.group):
                        row.add(line.run(subject, self.arguments.seconds))
                except Unsupported as e:
                    row.unsupported = str(e)
                except (Refused, OSError) as e:
                    row.problem = str(e) or type(e).__name__
        self.report.show(rows)

    @contextlib.contextmanager
    def watched(self, subject, group):
        if not subject.pid or not self.wanted("memory"):
            yield
            return
        with tree.Peak(subject.pid) as peak:
            yield
        key = subject.name, group
        before = self.peaks.get(key, (0, 0))
        self.peaks[key] = max(before[0], peak.rss), max(before[1], peak.pss)

    def memory(self, idle):
        self.report.say("\nmemory of the whole process tree (RSS counts shared pages in each process, PSS once)")
        states = {"idle": ("idle after the start", idle)}
        for group, title in GROUPS.items():
            seen = {name: value for (name, each), value in self.peaks.items() if each == group}
            states[group] = (f"most during {title}", seen)
        time.sleep(3)
        after = {s.name: tree.memory(s.pid) for s in self.subjects if s.pid}
        states["after"] = ("idle after all that", after)
        for state, (title, values) in states.items():
            for name, (rss, pss) in values.items():
                self.report.value(f"memory-rss/{state}", title, "memory", name, "MiB RSS", [rss])
                self.report.value(f"memory-pss/{state}", title, "memory", name, "MiB PSS", [pss])

    def starts(self):
        """From the start of the process to the first 200, with data that is there already."""
        took = {name: [] for name in self.jars}
        for turn in range(1 + (STARTS if self.arguments.runs > 1 else 3)):
            for name in self.jars:
                server = self.started(name, self.sub(f"start-{name}"))
                try:
                    seconds = server.await_healthy()
                finally:
                    server.stop()
                if turn:
                    took[name].append(seconds * 1000)
        self.report.say("\nstart")
        for name, times in took.items():
            self.report.value("start", "to the first 200", "start", name, "ms", times)

    def run(self):
        if self.jars and self.wanted("start"):
            self.starts()
        idle = self.begin()
        every = lines(self.pictures, self.sub("uploads"), self.arguments.load)
        due = [line for line in every if self.wanted(line.group, line.name)]
        if self.arguments.quick and not self.arguments.only:
            # How long one variant takes is seen from one shape as well as from six.
            slow = [line for line in due if line.group == "variants" and line.name.endswith("/1")]
            due = [line for line in due if line not in slow[1:]]
        if due:
            self.warm()
        group = None
        for line in due:
            if line.group != group:
                group = line.group
                self.report.head(GROUPS[group])
                self.warm_for(group)
            self.measure(line)
        if self.wanted("memory"):
            self.memory(idle)


def vipsthumbnail(file, size, output):
    return ["vipsthumbnail", file, "-s", str(size), "-o", output]


def arguments():
    parser = argparse.ArgumentParser(prog="script/bench", allow_abbrev=False)
    add = parser.add_argument
    add("--quick", action="store_true", help="one short run of each line, under two minutes")
    add("--json", metavar="FILE", help="write all figures there")
    add("--only", metavar="NAMES", help="groups or lines, with commas between: cached, cached-304, "
        "variants, variant-png, uploads, overload, memory, start")
    add("--seconds", type=float, help="of each run; 2, or 1 when quick")
    add("--runs", type=int, help="of each line, of which medians are shown; 3, or 1 when quick")
    add("--jar", metavar="FILE", help="the build to measure; target/pictj.jar")
    add("--against", metavar="FILE", help="another build to measure beside it")
    add("--dialect", help="of the builds that are started here: 0.3, 0.5 or 0.6; GIF stays GIF in the later ones")
    add("--java-opts", metavar="OPTIONS", help="for the JVM; those of script/server")
    add("--against-java-opts", metavar="OPTIONS", help="for the other build; the same")
    add("--target", metavar="URL", action="append", default=[], help="a running server to measure "
        "in place of the jar, or beside it when --jar is given; may be repeated, each with its --kind")
    add("--kind", action="append", default=[], choices=sorted(PEERS), help="what the target is")
    add("--files", metavar="FOLDER", action="append", default=[], help="where the target reads its "
        "pictures, for those that store none; else nginx serves them to it on a loopback address, which "
        "imgproxy takes only with IMGPROXY_ALLOW_LOOPBACK_SOURCE_ADDRESSES")
    add("--engines", action="store_true", help="beside them what imagor, imgproxy and thumbor do to a "
        "picture, in a loop without their servers: the most that those could reach here")
    add("--key", help="of the target's /internal/import, where it has one")
    add("--client", choices=("wrk", "curl"), default="wrk", help="of stored bytes; curl is slower")
    add("--growth", action="store_true", help="instead of all that: the catalog's speed and the "
        "server's start with 10 thousand, 100 thousand and 1 million aliases")
    add("--ten-million", action="store_true", help="and with 10 million, which takes long")
    add("--similar", action="store_true", help="instead of all that: how fast media that look alike are "
        "found among a million")
    add("--java", required=True, help=argparse.SUPPRESS)
    add("--convert", required=True, help=argparse.SUPPRESS)
    add("--root", required=True, help=argparse.SUPPRESS)
    add("--default-jar", required=True, help=argparse.SUPPRESS)
    add("--default-java-opts", required=True, help=argparse.SUPPRESS)
    found = parser.parse_args()
    if len(found.target) != len(found.kind):
        parser.error("each --target wants its --kind")
    if found.files and len(found.files) != len(found.target):
        parser.error("--files is given for each --target or for none")
    files = found.files or [None] * len(found.target)
    found.peers = [(t.rstrip("/"), k, f) for t, k, f in zip(found.target, found.kind, files)]
    found.jar_given = found.jar is not None
    found.jar = os.path.abspath(found.jar or found.default_jar)
    found.against = found.against and os.path.abspath(found.against)
    found.java_opts = found.default_java_opts if found.java_opts is None else found.java_opts
    if found.against_java_opts is None:
        found.against_java_opts = found.java_opts
    for file in [found.against, None if found.target and not found.jar_given else found.jar]:
        if file and not os.path.exists(file):
            parser.error(f"there is no {file}")
    # More servers take their turns in the same ten minutes.
    servers = len(found.peers) + bool(found.against) + (found.jar_given or not found.peers)
    found.seconds = found.seconds or (1 if found.quick else max(1, 2.5 - servers / 2))
    found.runs = found.runs or (1 if found.quick else 3)
    found.warm_up = min(5, 2 * found.seconds)
    found.only = [name for name in (found.only or "").split(",") if name]
    known = {name for line in lines(None, "", None) for name in (line.group, line.name, line.name.split("/")[0])}
    unknown = set(found.only) - known - {"memory", "start"}
    if unknown:
        parser.error(f"no such line: {', '.join(sorted(unknown))}; there are: {', '.join(sorted(known))}")
    found.load = clients.wrk if found.client == "wrk" else clients.curl_again
    return found


def grow(found, folder, out):
    sizes = growth.SIZES + ([growth.TEN_MILLION] if found.ten_million else [])
    options = shlex.split(found.java_opts)
    return growth.run(found.java, options, found.jar, found.root, os.path.join(folder, "data"), out, sizes)


def main():
    found = arguments()
    folder = tempfile.mkdtemp(prefix="pictj-bench-")
    tempfile.tempdir = folder
    # Told to stop, it stops what it started and removes its files.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begun = time.monotonic()
    out = report.Report(sys.stdout)
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        about = report.machine()
        out.say(f"{about['processor']}, {about['cores']} cores")
        extra = {}
        try:
            if found.growth:
                extra["growth"] = grow(found, folder, out)
            elif found.similar:
                extra["similar"] = growth.similar(
                    found.java, shlex.split(found.java_opts), found.jar, found.root, os.path.join(folder, "data"), out)
            else:
                out.say("The client runs on the same cores as the servers.")
                Bench(found, folder, stack, out).run()
        except (StartFailed, RuntimeError) as e:
            sys.exit(f"error: {e}")
        taken = time.monotonic() - begun
        load = about["load"][0], report.machine()["load"][0]
        out.say(f"\n{taken:.0f} s in all; load of the machine {load[0]} before and {load[1]} after")
        if found.json:
            extra["load_before"] = load[0]
            settings = {name: getattr(found, name) for name in ("seconds", "runs", "only", "jar", "dialect", "java_opts",
                                                               "against", "against_java_opts", "peers", "client")}
            out.write(found.json, settings | {"took_seconds": round(taken)}, extra)
    return 1 if out.failed else 0


if __name__ == "__main__":
    sys.exit(main())
