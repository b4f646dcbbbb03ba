#!/usr/bin/env python3
"""Compares servers by CPU time per request, throughput and latency; see README.md.

Each server runs alone on one core, the load generator on another, and a SCHED_IDLE spinner keeps
both awake. Servers take turns, round by round; a round that the host or another program disturbed is
dropped and repeated. Standard library only.
"""

import argparse
import ctypes
import json
import os
import pathlib
import re
import resource
import select
import shutil
import signal
import statistics
import subprocess
import sys
import time

import machine

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE / "target"
C_PROGRAMS = TARGET / "c"
CLASSES = TARGET / "servers"
RIVALS = TARGET / "rivals"
LOGS = TARGET / "logs"
EVY_CLASSES = HERE.parent / "evy-core" / "target" / "classes"

MAX_STEAL = 0.05  # of a core, taken by the host
MAX_FOREIGN = 0.25  # of a core, taken by programs that are not ours; /proc/stat is not finer
MAX_ATTEMPTS = 3  # for one round
LOOK_SECONDS = 0.5  # for one look at whether the machine is quiet
START_SECONDS = 20
DRAIN_SECONDS = 0.3  # for a server to notice that its connections are gone
SPARE_DESCRIPTORS = 200
PR_SET_PDEATHSIG = 1

JAVA_FLAGS = ["-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:-UsePerfData"]


class Server:
    """One program to be measured."""

    def __init__(self, name, title, main=None, flags=(), jars=None, max_connections=None):
        self.name = name
        self.title = title
        self.main = main
        self.flags = list(flags)
        self.jars = jars
        self.max_connections = max_connections

    def command(self, java, mode):
        if self.main is None:
            return [str(C_PROGRAMS / "echo_epoll"), mode, "0"]
        return [java, *JAVA_FLAGS, *self.flags, "-cp", self.class_path(), self.main, mode, "0"]

    def class_path(self):
        return os.pathsep.join([str(CLASSES), *([self.jars] if self.jars else [])])

    def described(self):
        """The command without the places where things happen to be on this machine."""
        if self.main is None:
            return "echo_epoll MODE 0"
        return " ".join(["java", *JAVA_FLAGS, *self.flags, self.main, "MODE", "0"])


def servers(options):
    evy = options.evy_classes
    return [
        Server("c", "C, raw epoll loop"),
        Server(
            "stock",
            "stock virtual threads",
            "StockVirtual",
            [
                "-Djdk.virtualThreadScheduler.parallelism=1",
                "-Djdk.virtualThreadScheduler.maxPoolSize=1",
            ],
        ),
        Server("platform", "platform threads", "PlatformThreads", max_connections=64),
        Server(
            "netty",
            "Netty, native epoll",
            "NettyEpoll",
            [
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dio.netty.leakDetection.level=disabled",
            ],
            jars=str(RIVALS / "*"),
        ),
        Server(
            "evy",
            "Evy",
            "EvyServer",
            [
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                *options.evy_flags.split(),
            ],
            jars=evy,
        ),
    ]


# Building


def build(chosen, java_home):
    """Builds what the chosen servers need, and returns those that can run."""
    subprocess.run([str(HERE / "build-c.sh")], check=True)
    able = []
    for server in chosen:
        if server.name == "netty" and not list(RIVALS.glob("*.jar")):
            subprocess.run([str(HERE / "rivals" / "fetch.sh")], check=True)
        if server.name == "evy" and not has_evy(server.jars):
            say(f"evy: left out, no class evy.Evy in {server.jars}; build evy-core first")
            continue
        able.append(server)
    CLASSES.mkdir(parents=True, exist_ok=True)
    for server in able:
        if server.main is not None:
            sources = [HERE / "servers" / f"{name}.java" for name in ("Protocol", server.main)]
            subprocess.run(
                [java_home / "bin" / "javac", "-d", CLASSES, "-cp", server.class_path(), *sources],
                check=True,
            )
    return able


def has_evy(class_path):
    first = pathlib.Path(class_path.split(os.pathsep)[0])
    return first.suffix == ".jar" and first.exists() or (first / "evy" / "Evy.class").exists()


# Processes


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
        LOGS.mkdir(parents=True, exist_ok=True)
        with open(LOGS / f"{server.name}-{mode}.log", "wb") as log:
            self.process = processes.start(
                pinned(options.server_cpu, server.command(options.java, mode)),
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self.port = self.read_port()
        self.pause()

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
        command = [C_PROGRAMS / "load", "127.0.0.1", self.port, self.mode]
        command += [connections, seconds, warmup, self.process.pid]
        try:
            done = subprocess.run(
                [str(part) for part in pinned(self.options.load_cpu, command)],
                stdout=subprocess.PIPE,
                timeout=seconds + warmup + 120,
                preexec_fn=die_with_parent,
            )
            time.sleep(DRAIN_SECONDS)
        finally:
            self.pause()
        if done.returncode != 0:
            sys.exit(f"{self.server.name}: load generator failed; see {LOGS}")
        return json.loads(done.stdout)


# Measuring


def measure_round(running, number, connections, options):
    """Repeats the round until nothing disturbs it, but not for ever; returns every attempt."""
    attempts = []
    while len(attempts) < MAX_ATTEMPTS:
        await_quiet(options.patience)
        figures = running.load(connections, options.seconds, options.warmup)
        figures["round"] = number
        figures["cpu_us_per_request"] = figures["server_cpu_us"] / max(1, figures["requests"])
        figures["disturbed"] = disturbance(figures)
        attempts.append(figures)
        say(f"    {running.server.name:9}" + summary(figures))
        if figures["disturbed"] is None:
            break
    return attempts


def await_quiet(patience):
    """Waits until other programs leave the machine alone, but no longer than patience seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        before = busy_seconds()
        time.sleep(LOOK_SECONDS)
        if (busy_seconds() - before) / LOOK_SECONDS < MAX_FOREIGN:
            break


def busy_seconds():
    """Time all cores have spent so far, without niced programs, which the spinners are."""
    fields = pathlib.Path("/proc/stat").read_text().split("\n")[0].split()
    user, _, system, _, _, irq, softirq = (int(field) for field in fields[1:8])
    return (user + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def disturbance(figures):
    if figures["steal"] > MAX_STEAL:
        return "steal"
    if figures["foreign"] > MAX_FOREIGN:
        return "foreign"
    return None


def summary(figures):
    text = (
        f"{figures['cpu_us_per_request']:7.2f} us/request {figures['rps']:9.0f}/s"
        f"  p50 {figures['p50_us']:.0f} p99 {figures['p99_us']:.0f} us"
    )
    if figures["errors"]:
        text += f"  ERRORS {figures['errors']}"
    if figures["disturbed"]:
        text += f"  disturbed: {figures['disturbed']} {figures[figures['disturbed']]:.2f}"
    return text


def measure(mode, connections, chosen, options):
    """One table: the chosen servers in one mode with so many connections."""
    fit = [s for s in chosen if s.max_connections is None or connections <= s.max_connections]
    rounds = {server.name: [] for server in fit}
    with Processes() as processes:
        cpus = {options.server_cpu, options.load_cpu}
        keep_awake(processes, cpus, 3600)
        started = []
        for server in fit:
            running = Running(processes, server, mode, options)
            started.append(running)
            if server.main is not None:
                running.load(connections, options.jvm_warmup, 0)
        for number in range(options.rounds):
            say(f"  {mode}, {connections} connections, round {number + 1} of {options.rounds}")
            for running in started:
                rounds[running.server.name] += measure_round(
                    running, number, connections, options
                )
    return {
        "mode": mode,
        "connections": connections,
        "servers": [
            {"name": s.name, "title": s.title, **totals(rounds[s.name]), "rounds": rounds[s.name]}
            for s in fit
        ],
    }


def totals(rounds):
    """Best and median over the undisturbed rounds; over all of them if there is no such round."""
    clean = [r for r in rounds if r["disturbed"] is None]
    used = clean or rounds

    def both(key, best):
        values = [r[key] for r in used]
        return {"best": best(values), "median": statistics.median(values)}

    return {
        "disturbed": not clean,
        "rounds_used": len(used),
        "errors": sum(r["errors"] for r in rounds),
        "cpu_us_per_request": both("cpu_us_per_request", min),
        "rps": both("rps", max),
        "p50_us": both("p50_us", min),
        "p99_us": both("p99_us", min),
        "p99_9_us": both("p99_9_us", min),
        "load_busy": statistics.median(r["load_cpu_us"] / 1e6 / r["seconds"] for r in used),
    }


def environment(chosen, java_home, options):
    return {
        **machine.describe(java_home),
        "rounds": options.rounds,
        "seconds": options.seconds,
        "warmup": options.warmup,
        "jvm_warmup": options.jvm_warmup,
        "commands": {server.name: server.described() for server in chosen},
    }


# Reporting


def markdown(report):
    env = report["environment"]
    lines = [
        "# Servers",
        "",
        f"{machine.headline(env)} {env['rounds']} rounds of {env['seconds']:g} s.",
        "CPU is user + system time of the server per request. Ratios are of CPU: best to best and,",
        "in brackets, the median of the ratios within a round. Latencies are medians over the",
        "rounds. A * marks a server for which no round was undisturbed. Where the load generator was",
        "busy for more than 0.95 of its core it was the bottleneck.",
        "",
    ]
    for table in report["tables"]:
        lines += [f"## {table['mode']}, {table['connections']} connections", ""]
        lines += table_lines(table["servers"])
        lines.append("")
    return "\n".join(lines)


def table_lines(rows):
    yield (
        "| server | CPU µs best | median | × C | × stock | requests/s best | median"
        " | p50 µs | p99 µs | p99.9 µs | load busy | rounds |"
    )
    yield "| --- |" + " ---: |" * 11
    by_name = {row["name"]: row for row in rows}
    for row in rows:
        cpu, rps = row["cpu_us_per_request"], row["rps"]
        yield (
            f"| {row['title']}{'*' if row['disturbed'] else ''} | {cpu['best']:.2f}"
            f" | {cpu['median']:.2f} | {ratio(row, by_name.get('c'))}"
            f" | {ratio(row, by_name.get('stock'))} | {rps['best']:,.0f} | {rps['median']:,.0f}"
            f" | {row['p50_us']['median']:.0f} | {row['p99_us']['median']:.0f}"
            f" | {row['p99_9_us']['median']:.0f} | {row['load_busy']:.2f} | {row['rounds_used']} |"
        )


def ratio(row, base):
    if base is None:
        return "–"
    best = row["cpu_us_per_request"]["best"] / base["cpu_us_per_request"]["best"]
    return f"{best:.2f} ({paired_ratio(row, base):.2f})"


def paired_ratio(row, base):
    """The median ratio of two rounds that followed each other: the host changes pace meanwhile."""
    ours, theirs = cpu_by_round(row), cpu_by_round(base)
    return statistics.median(ours[number] / theirs[number] for number in ours)


def cpu_by_round(row):
    """The last attempt of a round is the undisturbed one, if there is one."""
    return {r["round"]: r["cpu_us_per_request"] for r in row["rounds"]}


def say(text):
    print(text, file=sys.stderr, flush=True)


# The command line


def parse():
    cpus = sorted(os.sched_getaffinity(0))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one short round: does it all work?")
    parser.add_argument("--servers", default="c,stock,platform,netty,evy", help="%(default)s")
    parser.add_argument("--modes", default="echo,hello", help="%(default)s")
    parser.add_argument("--conns", default="1,64,1000", help="%(default)s; 10000 works, too")
    parser.add_argument("--rounds", type=int, default=5, help="%(default)s")
    parser.add_argument("--seconds", type=float, default=3, help="of a round: %(default)s")
    parser.add_argument("--warmup", type=float, default=2, help="of a round: %(default)s")
    parser.add_argument("--jvm-warmup", type=float, default=5, help="of a JVM: %(default)s")
    parser.add_argument(
        "--patience", type=float, default=60, help="s to wait for a quiet machine: %(default)s"
    )
    parser.add_argument("--server-cpu", type=int, default=cpus[0], help="%(default)s")
    parser.add_argument("--load-cpu", type=int, default=cpus[-1], help="%(default)s")
    parser.add_argument("--evy-classes", default=str(EVY_CLASSES), help="class path of evy-core")
    parser.add_argument("--evy-flags", default="", help="more JVM flags for Evy")
    parser.add_argument("--out", type=pathlib.Path, help="directory; default results")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.warmup, options.jvm_warmup = 1, 1, 0.5, 2
        options.patience = 5
    if options.out is None:
        options.out = TARGET / "results-quick" if options.quick else HERE / "results"
    if options.server_cpu == options.load_cpu:
        parser.error("two cores are needed, one for the server and one for the load")
    if shutil.which("taskset") is None:
        parser.error("taskset is needed")
    return parser, options


def choose(parser, names, available):
    by_name = {server.name: server for server in available}
    for name in names:
        if name not in by_name:
            parser.error(f"no server '{name}'; there are {', '.join(by_name)}")
    return [by_name[name] for name in names]


def raise_descriptor_limit(connections):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard != resource.RLIM_INFINITY and max(connections) + SPARE_DESCRIPTORS > hard:
        sys.exit(f"{max(connections)} connections need more than {hard} descriptors (ulimit -Hn)")


def main():
    parser, options = parse()
    connections = [int(number) for number in options.conns.split(",")]
    chosen = choose(parser, options.servers.split(","), servers(options))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    raise_descriptor_limit(connections)
    java_home = machine.find_java()
    options.java = str(java_home / "bin" / "java")
    chosen = build(chosen, java_home)

    report = {"environment": environment(chosen, java_home, options), "tables": []}
    options.out.mkdir(parents=True, exist_ok=True)
    for mode in options.modes.split(","):
        for count in connections:
            report["tables"].append(measure(mode, count, chosen, options))
            # Written after each table, so that a run that is cut short leaves what it has.
            text = json.dumps(report, indent=1, ensure_ascii=False)
            (options.out / "servers.json").write_text(text + "\n")
            (options.out / "servers.md").write_text(markdown(report))
    print(markdown(report))


if __name__ == "__main__":
    main()
