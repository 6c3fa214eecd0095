"""The jar as a process of its own, as an administrator runs it."""

import http.client
import os
import socket
import subprocess
import time

PATIENCE = 60  # seconds for a start or a stop
JVM_OPTIONS = "@" + os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "jvm.options")


class StartFailed(Exception):
    """The server did not come up; says what it said."""


def free_port():
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def cache(jar, options):
    """The options for what script/server has learnt and unpacked, where that was of this very jar."""
    file = os.path.splitext(jar)[0] + ".aot"
    made = os.path.exists(file) and os.path.getsize(file) > 0 and os.path.getmtime(file) > os.path.getmtime(jar)
    if not made or any("AOT" in o for o in options):
        return []
    return [f"-XX:AOTCache={file}", f"-Djava.library.path={os.path.join(os.path.dirname(jar), 'native')}"]


class Jar:
    """A server on a free port of the loopback address. Settings of whoever runs this are not its."""

    def __init__(self, java, jar, data, arguments=(), options=(JVM_OPTIONS,), **streams):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.data = data
        command = [java, *options, *cache(jar, options), "-jar", jar, "-p", data, "-a", f"127.0.0.1:{self.port}", *arguments]
        skipped = ("PICTRS_", "RUST_LOG", "JAVA_TOOL")
        environment = {n: v for n, v in os.environ.items() if not n.startswith(skipped)}
        self.started = time.monotonic()
        self.process = subprocess.Popen(command, env=environment, **streams)

    @property
    def pid(self):
        return self.process.pid

    def await_healthy(self):
        """Waits for the first 200 and returns the seconds it took from the start of the process."""
        while time.monotonic() - self.started < PATIENCE:
            if self.process.poll() is not None:
                raise StartFailed("the server ended at its start, see what it said above")
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/healthz")
                healthy = connection.getresponse().status == 200
                connection.close()
                if healthy:
                    return time.monotonic() - self.started
            except (OSError, http.client.HTTPException):
                pass
            # A refused connection costs next to nothing; a client process each time would not.
            time.sleep(0.005)
        raise StartFailed("the server was not healthy in time")

    def stop(self):
        """Asks it to stop, and makes it where it does not."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
