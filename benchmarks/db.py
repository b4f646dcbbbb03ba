#!/usr/bin/env python3
"""Compares connection pools on a real PostgreSQL; db.sh builds what it needs and starts it.

Each client is a JVM alone on one core, the server has the other, and a SCHED_IDLE spinner keeps
both awake. Clients take turns, round by round; a round that the host or another program disturbed
is repeated. Standard library only.
"""

import argparse
import json
import os
import pathlib
import select
import statistics
import subprocess
import sys
import time

import machine
from processes import Processes, keep_awake, pinned
from run import MAX_STEAL, await_quiet, say

HERE = pathlib.Path(__file__).resolve().parent
AGENT = HERE.parent / "evy-patcher" / "target" / "evy.jar"

START_SECONDS = 60
DRAIN_SECONDS = 60  # for the last callers of a round
SPIN_SECONDS = 7200

COMMON = ["-Xmx512m", "-XX:+UseSerialGC"]
EVY = [f"-javaagent:{AGENT}", "--enable-native-access=ALL-UNNAMED"]
STOCK = [
    "-Djdk.virtualThreadScheduler.parallelism=1",
    "-Djdk.virtualThreadScheduler.maxPoolSize=1",
]

# name in the table, flags of its JVM
CLIENTS = {
    "evy": ("Evy, green threads of one hub", EVY),
    "hikari-virtual": ("HikariCP, stock virtual threads on one carrier", STOCK),
    "hikari-platform": ("HikariCP, platform threads", []),
}

# workload, callers, connections, what it is
TABLES = (
    ("SELECT1", 64, 16, "`SELECT 1`"),
    ("ROWS20", 64, 16, "20 rows of 3 columns"),
    ("SELECT1", 1000, 10, "`SELECT 1`"),
    ("HOLD", 1000, 10, "`pg_sleep(1)`: the callers wait"),
)


class Client:
    """A JVM that asks when it is told to."""

    def __init__(self, processes, name, url, options):
        self.name = name
        self.title, flags = CLIENTS[name]
        command = [options.java, *COMMON, *flags, "-cp", options.class_path]
        command += ["evy.benchmarks.db.Client", name, url]
        self.process = start(processes, options.client_cpu, command)
        expect(self.process, START_SECONDS)

    def round(self, table, seconds):
        workload, threads, connections, _ = table
        order = f"{workload} {threads} {connections} {seconds}\n"
        before, stolen = time.monotonic(), stolen_seconds()
        self.process.stdin.write(order.encode())
        self.process.stdin.flush()
        figures = json.loads(expect(self.process, seconds + DRAIN_SECONDS))
        figures["steal"] = (stolen_seconds() - stolen) / (time.monotonic() - before)
        figures["per_cpu_second"] = figures["requests"] / max(0.01, figures["cpu_seconds"])
        figures["per_second"] = figures["requests"] / figures["seconds"]
        figures["cpu_share"] = figures["cpu_seconds"] / figures["seconds"]
        return figures


def start(processes, cpu, command):
    return processes.start(
        pinned(cpu, command), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def expect(process, seconds):
    """The next line of a program, or the end of this one."""
    ready, _, _ = select.select([process.stdout], [], [], seconds)
    line = process.stdout.readline().decode().strip() if ready else ""
    if not line:
        sys.exit(f"{' '.join(map(str, process.args[3:]))}: no answer within {seconds:.0f} s")
    return line


def stolen_seconds():
    """Time the host has given to others so far, of all cores."""
    fields = pathlib.Path("/proc/stat").read_text().split("\n")[0].split()
    return int(fields[8]) / os.sysconf("SC_CLK_TCK")


def measure(table, clients, options):
    rounds = {client.name: [] for client in clients}
    for client in clients:
        client.round(table, options.warmup)
    for number in range(options.rounds):
        for client in clients:
            figures = undisturbed(table, client, options)
            rounds[client.name].append(figures)
            say(f"  {client.name:16} {figures['per_cpu_second']:8.0f} per CPU second"
                f" {figures['per_second']:8.0f}/s  p99 {figures['p99_us']:.0f} us"
                f"  served {figures['served']}  CPU {figures['cpu_share']:.3f}")
    return rounds


def undisturbed(table, client, options):
    for _ in range(options.attempts):
        await_quiet(options.patience)
        figures = client.round(table, options.seconds)
        if figures["steal"] <= MAX_STEAL:
            break
    return figures


def markdown(report):
    lines = ["# Connection pools", "", machine.headline(report["environment"]), ""]
    for table in report["tables"]:
        lines += [f"## {table['what']}, {table['callers']} callers,"
                  f" {table['connections']} connections", ""]
        lines += ["| client | requests per CPU second: best | median | requests/s"
                  " | wait for a connection, p50 µs | p99 µs | callers served | CPU |"]
        lines += ["| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
        for name, rounds in table["rounds"].items():
            per_cpu = [figures["per_cpu_second"] for figures in rounds]
            best = max(rounds, key=lambda figures: figures["per_cpu_second"])
            lines.append(
                f"| {CLIENTS[name][0]} | {max(per_cpu):,.0f} | {statistics.median(per_cpu):,.0f}"
                f" | {best['per_second']:,.0f} | {best['p50_us']:,.0f} | {best['p99_us']:,.0f}"
                f" | {best['served']:,} | {best['cpu_share']:.1%} |"
            )
        lines.append("")
    return "\n".join(lines)


def parse():
    cpus = sorted(os.sched_getaffinity(0))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one short round: does it all work?")
    parser.add_argument("--clients", default=",".join(CLIENTS), help="%(default)s")
    parser.add_argument("--rounds", type=int, default=5, help="%(default)s")
    parser.add_argument("--seconds", type=float, default=3, help="of a round: %(default)s")
    parser.add_argument("--warmup", type=float, default=8, help="of each table: %(default)s")
    parser.add_argument(
        "--patience", type=float, default=60, help="s to wait for a quiet machine: %(default)s"
    )
    parser.add_argument(
        "--attempts", type=int, default=3, help="at one round, if disturbed: %(default)s"
    )
    parser.add_argument("--client-cpu", type=int, default=cpus[0], help="%(default)s")
    parser.add_argument("--server-cpu", type=int, default=cpus[-1], help="%(default)s")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "results", help="directory")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.attempts, options.patience = 1, 1, 0
        options.seconds, options.warmup = 1, 2
        options.out = HERE / "target" / "results-quick"
    options.clients = options.clients.split(",")
    for name in options.clients:
        if name not in CLIENTS:
            parser.error(f"no client '{name}'; there are {', '.join(CLIENTS)}")
    return options


def main():
    options = parse()
    java_home = machine.find_java()
    options.java = str(java_home / "bin" / "java")
    jars = (HERE / "target" / "classpath").read_text().strip()
    options.class_path = f"{HERE / 'target' / 'classes'}:{jars}"
    report = {"environment": machine.describe(java_home), "tables": []}
    options.out.mkdir(parents=True, exist_ok=True)
    with Processes() as processes:
        keep_awake(processes, {options.client_cpu, options.server_cpu}, SPIN_SECONDS)
        command = [options.java, "-cp", options.class_path, "evy.benchmarks.db.Server"]
        url = expect(start(processes, options.server_cpu, command), START_SECONDS)
        clients = [Client(processes, name, url, options) for name in options.clients]
        for table in TABLES:
            _, callers, connections, what = table
            say(f"{what}, {callers} callers, {connections} connections")
            rounds = measure(table, clients, options)
            report["tables"].append(
                {"what": what, "callers": callers, "connections": connections, "rounds": rounds}
            )
            text = json.dumps(report, indent=1, ensure_ascii=False)
            (options.out / "db.json").write_text(text + "\n")
            (options.out / "db.md").write_text(markdown(report))
    print(markdown(report))


if __name__ == "__main__":
    main()
