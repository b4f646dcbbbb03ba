"""Starts programs, each on its core, and makes sure that none is left behind."""

import ctypes
import json
import re
import select
import signal
import socket
import subprocess
import sys
import time

from catalog import C_PROGRAMS, CERTIFICATE, TARGET

LOGS = TARGET / "logs"

START_SECONDS = 20
DRAIN_SECONDS = 0.3  # for a server to notice that its connections are gone
LOAD_SECONDS = 120  # at most, beyond what it was told to take
PR_SET_PDEATHSIG = 1


class Processes:
    """Every process started here; all are gone when the with block ends, however it ends."""

    def __init__(self):
        self.started = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.started:
            self.stop(process)

    def start(self, command, **options):
        process = subprocess.Popen(
            [str(part) for part in command], preexec_fn=die_with_parent, **options
        )
        self.started.append(process)
        return process

    @staticmethod
    def stop(process):
        if process.poll() is None:
            process.kill()  # reaches a paused process, too
            process.wait()


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def pinned(cpu, command):
    return ["taskset", "-c", str(cpu), *command]


def keep_awake(processes, cpus, seconds):
    for cpu in cpus:
        processes.start([C_PROGRAMS / "spin", cpu, int(seconds)])


class Running:
    """A started server. It is paused whenever it is not the one being measured."""

    def __init__(self, processes, server, mode, options):
        self.server = server
        self.mode = mode
        self.options = options
        # Where a forwarder connects to; the load generator inherits it.
        self.upstream = socket.create_server(("127.0.0.1", 0), backlog=4096)
        LOGS.mkdir(parents=True, exist_ok=True)
        with open(LOGS / f"{server.name}-{mode.name}.log", "wb") as log:
            self.process = processes.start(
                pinned(options.server_cpu, server.command(options.java, mode, self.argument())),
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self.port = self.read_port()
        self.pause()

    def argument(self):
        if self.mode.serves == "forward":
            return [self.upstream.getsockname()[1]]
        return [CERTIFICATE] if self.mode.needs_certificate else []

    def read_port(self):
        ready, _, _ = select.select([self.process.stdout], [], [], START_SECONDS)
        line = self.process.stdout.readline().decode() if ready else ""
        match = re.match(r"listening (\d+)", line)
        if match is None:
            sys.exit(f"{self.server.name}: did not start; see {LOGS}")
        return int(match.group(1))

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def load(self, connections, seconds, warmup):
        """Puts the server under load and returns what the load generator reports."""
        self.process.send_signal(signal.SIGCONT)
        listener = self.upstream.fileno()
        command = self.mode.load_command(
            self.port, listener, connections, self.options, seconds, warmup
        )
        try:
            done = subprocess.run(
                [
                    str(part)
                    for part in pinned(self.options.load_cpu, [*command, self.process.pid])
                ],
                stdout=subprocess.PIPE,
                timeout=seconds + warmup + LOAD_SECONDS,
                preexec_fn=die_with_parent,
                pass_fds=[listener],
            )
            time.sleep(DRAIN_SECONDS)
        finally:
            self.pause()
        if done.returncode != 0:
            sys.exit(f"{self.server.name}: load generator failed; see {LOGS}")
        return json.loads(done.stdout)

    def warm_up(self, connections, seconds):
        """Lets a JVM compile; one load may be shorter than that."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.load(connections, seconds, 0)
